/** The JavaScript engine, set up for simulations, and for captures of any size. */
import { setFlagsFromString } from 'node:v8';

/**
 * V8 takes called functions into the code of their callers up to a budget, in bytes of bytecode, of
 * 920 for all of them together and 460 for each. A frame on its way through machines, ports and
 * exchanges is handled by many small functions: with a larger budget it costs about a seventh less.
 */
const INLINING = [
  '--max-inlined-bytecode-size-cumulative=4000',
  '--max-inlined-bytecode-size=1000',
] as const;

/** For the whole process, its workers included; code that is compiled already stays as it is. */
export function tuneEngine(): void {
  for (const flag of INLINING) setFlagsFromString(flag);
}

/**
 * V8 lets its heap grow to several times what lives in it before it looks for what does not. Of a
 * capture little lives on: half as much again is enough, and costs no time that can be measured.
 */
export function boundHeap(): void {
  setFlagsFromString('--heap-growing-percent=50');
}
