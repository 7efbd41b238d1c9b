import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FaultRule } from '../../../src/link/faults.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import { Recorder, tagged } from '../../helpers/sim-machines.ts';

/** Counts in the second byte of a frame how often it passed; changes only what is its own. */
class Marker extends Recorder {
  taken = 0;
  copied = 0;

  override handleFrame(port: number, frame: Uint8Array, given: boolean): void {
    if (given) this.taken++;
    else this.copied++;
    const own = given ? frame : frame.slice();
    own[1]!++;
    this.outputs.push({ port: 1 - port, send: own, given: true });
  }
}

/** left - marker - right; `given`: left keeps nothing of what it sends. */
function line(given = true) {
  const simulator = new Simulator<unknown>({ seed: 1 });
  const left = new Recorder();
  const right = new Recorder();
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
      for (const frame of frames) left.outputs.push({ port: 0, send: frame, given });
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
  const { simulator, right, marker, send } = line(false);
  const frame = tagged(7);
  send(frame, frame);
  simulator.run();
  expect(marker).toMatchObject({ taken: 0, copied: 2 });
  expect(frame).toEqual(tagged(7));
  expect(marks(right)).toEqual([1, 1]);
});

it('nor one that a fault sends twice, but one that it only holds back', () => {
  const doubled = line();
  doubled.simulator.addFault({ nth: 1, action: { kind: 'duplicate', afterNs: 10 } });
  doubled.send(tagged(7));
  doubled.simulator.run();
  expect(doubled.marker).toMatchObject({ taken: 0, copied: 2 });
  expect(marks(doubled.right)).toEqual([1, 1]);
  const held = line();
  held.simulator.addFault({ link: 'first', nth: 1, action: { kind: 'reorder' } });
  held.send(tagged(7), tagged(8));
  held.simulator.run();
  expect(held.marker).toMatchObject({ taken: 2, copied: 0 });
  expect(held.right.tags).toEqual([8, 7]);
});

it('each frame by itself, whatever its sender did with the one before', () => {
  const { simulator, left, marker } = line();
  simulator.act('left', () => {
    for (const given of [true, false, true]) left.outputs.push({ port: 0, send: tagged(7), given });
  });
  simulator.call(100, () => simulator.restartNode('left', new Recorder()));
  simulator.run();
  expect(marker).toMatchObject({ taken: 2, copied: 1 });
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
