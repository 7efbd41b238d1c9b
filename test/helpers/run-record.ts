/** Places, frames and happenings of a small world, for those who follow a run. */
import type { TappedFrame } from '../../src/audit/seen/tapped-frame.ts';
import type { Happening, HistoryEntry, Places } from '../../src/history/index.ts';
import { command } from './fc-frames.ts';

/** A host and an array at one switch; no name says what its node is. */
export const PLACES: Places = {
  nodes: [
    { name: 'alpha', kind: 'host' },
    { name: 'beta', kind: 'switch', fabric: 'A' },
    { name: 'gamma', kind: 'array' },
  ],
  ports: [
    { node: 'alpha', port: 0, link: 'left', fabric: 'A' },
    { node: 'beta', port: 0, link: 'left', fabric: 'A' },
    { node: 'gamma', port: 0, link: 'right', fabric: 'A' },
    { node: 'beta', port: 1, link: 'right', fabric: 'A' },
  ],
};

/** A frame at a tap of that world: a SCSI command where nothing else is said. */
export function seen(number: number, other: Partial<TappedFrame> = {}): TappedFrame {
  return {
    at: number * 1000,
    number,
    tap: 'left',
    fabric: 'A',
    direction: 'in',
    bytes: command(number),
    ...other,
  };
}

/** A happening with its time and node. */
export const entry = (at: number, node: string, event: Happening): HistoryEntry => ({
  at,
  node,
  event,
});

/** An I/O of the guest `vm`, from asking to its end. */
export const io = {
  submit: (number: number, other: object = {}) =>
    ({
      type: 'io-submit',
      vm: 'vm',
      io: number,
      op: 'write',
      fua: false,
      luName: '60',
      lba: 8,
      blocks: 2,
      version: number,
      writerId: 1,
      ...other,
    }) as Happening,
  complete: (number: number, result: 'good' | 'failed' = 'good') =>
    ({ type: 'io-complete', vm: 'vm', io: number, result }) as Happening,
};

/** A step of the move of `vm` from `alpha` to `omega`. */
export const step = (phase: string, detail = '') =>
  ({ type: 'move-step', vm: 'vm', from: 'alpha', to: 'omega', phase, detail }) as Happening;

/** The end of that move. */
export const moved = {
  type: 'move-end',
  vm: 'vm',
  from: 'alpha',
  to: 'omega',
  outcome: 'moved',
  reason: '',
} as Happening;
