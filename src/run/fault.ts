/**
 * Faults of a campaign as plain data: what happens to the n-th frame of a move, or to a node when
 * that frame is sent.
 *
 * Frames are counted from 1 as machines give them to links that are up, from the instant the move
 * starts; a frame counts once for each link it passes. The same scenario, seed and earlier faults
 * give the same frames, so a number names one frame for good.
 */
import { asChosen } from '../history/index.ts';
import { MILLISECOND, SECOND } from '../machine/machine.ts';

/** The kinds of faults by their names. */
export const FAULT_KINDS = [
  'drop',
  'duplicate',
  'delay',
  'hold',
  'corrupt',
  'cut',
  'crash',
] as const;
/** A kind of fault. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One fault. Times are integer nanoseconds. */
export type Fault =
  /** The frame is lost on its link. */
  | { readonly frame: number; readonly fault: 'drop' }
  /** The frame arrives, and `delayNs` (50 us) later arrives again. */
  | { readonly frame: number; readonly fault: 'duplicate'; readonly delayNs?: number }
  /** The frame arrives so much later; frames behind it overtake it. */
  | { readonly frame: number; readonly fault: 'delay'; readonly delayNs: number }
  /** The frame and those that follow it in its exchange on this hop arrive so much later. */
  | { readonly frame: number; readonly fault: 'hold'; readonly delayNs: number }
  /** One bit of the frame is flipped inside a switch, behind the Ethernet FCS. */
  | { readonly frame: number; readonly fault: 'corrupt' }
  /** The frame's link goes down for `forNs` (100 ms), with all that is in flight on it. */
  | { readonly frame: number; readonly fault: 'cut'; readonly forNs?: number }
  /** A node stops when the frame is sent, and starts anew after `forNs` (2 s). */
  | {
      readonly frame: number;
      readonly fault: 'crash';
      readonly node: string;
      readonly forNs?: number;
    };

/** A duplicate comes so much later where its fault does not say. */
export const DUPLICATE_AFTER_NS = 50_000;
/** A link stays down for so long where its fault does not say. */
export const CUT_FOR_NS = 100 * MILLISECOND;
/** A node that crashed stays down for so long where its fault does not say. */
export const CRASH_FOR_NS = 2 * SECOND;
/** Longer times than this make a run that nobody waits for. */
const TIME_NS_MAX = 3600 * SECOND;
const FAULTS_MAX = 64;

/** A fault that makes no sense, in words for a person. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
}

const KEYS: Readonly<Record<FaultKind, readonly string[]>> = {
  drop: [],
  duplicate: ['delayNs'],
  delay: ['delayNs'],
  hold: ['delayNs'],
  corrupt: [],
  cut: ['forNs'],
  crash: ['node', 'forNs'],
};

/** Faults from what JSON gave. Errors: `FaultError` naming the place and what is allowed. */
export function parseFaults(value: unknown, where = 'faults'): Fault[] {
  if (!Array.isArray(value)) throw new FaultError(`${where}: a list of faults is needed`);
  if (value.length > FAULTS_MAX) throw new FaultError(`${where}: at most ${FAULTS_MAX} faults`);
  return value.map((one: unknown, index) => parseFault(one, `${where}[${index}]`));
}

function parseFault(value: unknown, where: string): Fault {
  if (typeof value !== 'object' || value === null) {
    throw new FaultError(`${where}: an object with frame and fault is needed`);
  }
  const given = value as Record<string, unknown>;
  const kind = given.fault as FaultKind;
  if (!FAULT_KINDS.includes(kind)) {
    throw new FaultError(
      `${where}: fault is ${JSON.stringify(kind)}; allowed: ${FAULT_KINDS.join(', ')}`,
    );
  }
  whole(given.frame, `${where}: frame`, 1, Number.MAX_SAFE_INTEGER);
  const allowed = ['frame', 'fault', ...KEYS[kind]];
  const unknown = Object.keys(given).find((key) => !allowed.includes(key));
  if (unknown !== undefined) {
    throw new FaultError(`${where}: ${kind} has no ${unknown}; it has ${allowed.join(', ')}`);
  }
  if (kind === 'delay' || kind === 'hold' || given.delayNs !== undefined) {
    whole(given.delayNs, `${where}: delayNs`, 1, TIME_NS_MAX);
  }
  if (given.forNs !== undefined) whole(given.forNs, `${where}: forNs`, 1, TIME_NS_MAX);
  if (kind === 'crash' && typeof given.node !== 'string') {
    throw new FaultError(`${where}: a crash names its node`);
  }
  return given as unknown as Fault;
}

function whole(value: unknown, what: string, least: number, most: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) {
    return;
  }
  throw new FaultError(`${what} is ${JSON.stringify(value)}; a whole number ${least} to ${most}`);
}

/** A fault in a few words, without its frame: `delay 9 s`, `crash of h1`. */
export function faultName(fault: Fault): string {
  switch (fault.fault) {
    case 'delay':
    case 'hold':
      return `${fault.fault} ${asChosen(fault.delayNs)}`;
    case 'crash':
      return `crash of ${fault.node}`;
    default:
      return fault.fault;
  }
}
