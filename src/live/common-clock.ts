/**
 * A clock that all programs of this machine have in common: Linux's CLOCK_MONOTONIC, which `process.hrtime` reads, in
 * one boot of one machine and one time namespace.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import type { HistoryClock } from '../audit/told-history.ts';

/** The one of so many readings that took the shortest time counts: a process may stand still between two. */
const READINGS = 16;

/** What the times of `now`, in nanoseconds, are on it; `undefined` where there is no such clock. */
export function commonClock(now: () => number): HistoryClock | undefined {
  let machine: string;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    machine = `CLOCK_MONOTONIC ${boot} ${readlinkSync('/proc/self/ns/time')}`;
  } catch {
    return undefined;
  }
  let zeroNs = 0n;
  let withinNs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < READINGS; i++) {
    const before = process.hrtime.bigint();
    const at = now();
    const took = Number(process.hrtime.bigint() - before);
    if (took >= withinNs) continue;
    zeroNs = before - BigInt(at);
    withinNs = took;
  }
  return { machine, zeroNs, withinNs };
}
