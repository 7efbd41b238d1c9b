import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FaultRule } from '../../../src/link/faults.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import { Recorder, tagged } from '../../helpers/sim-machines.ts';

/** Counts in the second byte of a frame how often it passed; changes only what is its own. */
class Marker extends Recorder {
  taken = 0;
  copied = 0;

  override handleFrame(port: number, frame: Uint8Array): void {
    this.copied++;
    this.#pass(port, frame.slice());
  }

  takeFrame(port: number, frame: Uint8Array): void {
    this.taken++;
    this.#pass(port, frame);
  }

  #pass(port: number, frame: Uint8Array): void {
    frame[1]!++;
    this.outputs.push({ port: 1 - port, send: frame });
  }
}

class Giver extends Recorder {
  readonly givesFramesAway = true;
}

/** left - marker - right */
function line(left: Recorder = new Giver()) {
  const simulator = new Simulator<unknown>({ seed: 1 });
  const right = new Giver();
  const marker = new Marker();
  simulator.addNode('left', left);
  simulator.addNode('marker', marker);
  simulator.addNode('right', right);
  const slow = { rateBitsPerSecond: 1e9, propagationNs: 1_000 };
  simulator.connect(
    { node: 'left', port: 0 },
    { node: 'marker', port: 0 },
    { ...slow, name: 'first' },
  );
  simulator.connect(
    { node: 'marker', port: 1 },
    { node: 'right', port: 0 },
    { ...slow, name: 'second' },
  );
  const send = (...frames: Uint8Array[]) =>
    simulator.act('left', () => {
      for (const frame of frames) left.outputs.push({ port: 0, send: frame });
    });
  return { simulator, left, right, marker, send };
}

const marks = ({ received }: Recorder) => received.map(({ frame }) => frame[1]);

it('a frame that nobody else keeps is the receiver’s own', () => {
  const { simulator, right, marker, send } = line();
  const frame = tagged(7);
  send(frame);
  simulator.run();
  expect(marker).toMatchObject({ taken: 1, copied: 0 });
  expect(right.received[0]!.frame).toBe(frame);
});

it('one that its sender may keep is not', () => {
  const { simulator, right, marker, send } = line(new Recorder());
  const frame = tagged(7);
  send(frame, frame);
  simulator.run();
  expect(marker).toMatchObject({ taken: 0, copied: 2 });
  expect(frame).toEqual(tagged(7));
  expect(marks(right)).toEqual([1, 1]);
});

it('nor one that was under way when its sender was started anew', () => {
  const { simulator, marker, send } = line(new Recorder());
  send(tagged(7));
  simulator.call(100, () => simulator.restartNode('left', new Giver()));
  simulator.run();
  expect(marker).toMatchObject({ taken: 0, copied: 1 });
});

const duration = fc.integer({ min: 1, max: 20_000 });
const action = fc.oneof(
  fc.record({ kind: fc.constant('delay' as const), delayNs: duration }),
  fc.record({ kind: fc.constant('duplicate' as const), afterNs: fc.nat(5_000) }),
  fc.record({ kind: fc.constant('reorder' as const), withinNs: duration }),
  fc.record({ kind: fc.constant('corrupt' as const), bits: fc.integer({ min: 1, max: 4 }) }),
);
const rules: fc.Arbitrary<FaultRule[]> = fc.array(fc.record({ chance: fc.constant(0.3), action }), {
  maxLength: 3,
});

it('whoever looks on sees frames that never change, and changes nothing', () => {
  const run = fc.property(
    rules,
    fc.array(duration, { minLength: 1, maxLength: 20 }),
    fc.constantFrom('observer', 'tap'),
    fc.nat(30_000),
    (faults, times, looksBy, fromNs) => {
      const play = (looks: boolean) => {
        const { simulator, right, send } = line();
        const seen: { frame: Uint8Array; was: Uint8Array }[] = [];
        const see = (frame: Uint8Array) => seen.push({ frame, was: frame.slice() });
        for (const rule of faults) simulator.addFault(rule);
        for (const [i, atNs] of times.entries()) simulator.call(atNs, () => send(tagged(i)));
        const look = () => {
          if (looksBy === 'observer') simulator.observe({ frame: ({ frame }) => see(frame) });
          else simulator.tap('first', 'a', (_link, _direction, _now, frame) => see(frame));
        };
        if (looks) simulator.call(fromNs, look);
        simulator.run();
        for (const { frame, was } of seen) expect(frame).toEqual(was);
        return { digest: simulator.digest(), frames: right.received.map(({ frame }) => frame) };
      };
      expect(play(true)).toEqual(play(false));
    },
  );
  fc.assert(run, { seed: 20261128, numRuns: 300 });
});
