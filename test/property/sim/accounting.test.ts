import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FaultRule } from '../../../src/link/faults.ts';
import { accounted, pair, type Recorder } from '../../helpers/sim-machines.ts';

const duration = fc.integer({ min: 1, max: 20_000 });
const action = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const) }),
  fc.record({ kind: fc.constant('delay' as const), delayNs: duration }),
  fc.record({ kind: fc.constant('duplicate' as const), afterNs: fc.nat(5_000) }),
  fc.record({ kind: fc.constant('reorder' as const), withinNs: duration }),
  fc.record({ kind: fc.constant('corrupt' as const), bits: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('clog' as const), forNs: duration }),
  fc.record({ kind: fc.constant('cut' as const), forNs: duration }),
);
const rule: fc.Arbitrary<FaultRule> = fc.record({ chance: fc.constant(0.3), action });

const step = fc.record({
  atNs: fc.nat(60_000),
  what: fc.constantFrom(
    ...([
      'send',
      'send',
      'send',
      'pause',
      'resume',
      'cut',
      'restore',
      'stop',
      'go',
      'heal',
    ] as const),
  ),
  frames: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 }),
  forNs: duration,
});

it('accounts for every frame at any time, and ends with none in flight', () => {
  const run = fc.property(
    fc.array(rule, { maxLength: 4 }),
    fc.array(step, { maxLength: 40, size: 'max' }),
    fc.constantFrom(0, 500, 5_000),
    (rules, steps, queueLimitBytes) => {
      const { simulator, left, right, link } = pair({ queueLimitBytes });
      for (const each of rules) simulator.addFault(each);
      for (const { atNs, what, frames, forNs } of steps) {
        simulator.call(atNs, () => {
          const [name, machine] = forNs % 2 === 0 ? ['left', left] : ['right', right];
          const direction = forNs % 2 === 0 ? 'a-to-b' : 'b-to-a';
          if (what === 'send') {
            simulator.act(name as string, () => {
              for (const length of frames) {
                (machine as Recorder).outputs.push({
                  port: 0,
                  send: new Uint8Array(length),
                  given: false,
                });
              }
            });
          } else if (what === 'pause') link.pause(direction, atNs + forNs);
          else if (what === 'resume') link.resume(direction);
          else if (what === 'cut') link.cut(forNs);
          else if (what === 'restore') link.restore();
          else if (what === 'heal') simulator.heal();
          else if (what === 'stop' && simulator.nodeState('right') === 'running') {
            simulator.pauseNode('right');
          } else if (what === 'go') simulator.restartNode('right', right);
        });
      }
      const check = () => {
        for (const direction of ['a-to-b', 'b-to-a'] as const) {
          const stats = link.stats(direction);
          expect(accounted(stats)).toBe(stats.sent + stats.duplicated);
        }
        return false;
      };
      expect(simulator.run({ when: check }).why).toBe('idle');
      const { framesInFlight, framesSent, framesDuplicated, ...stats } = simulator.stats();
      expect(framesInFlight).toBe(0);
      expect(stats.framesDelivered + stats.framesDropped).toBe(framesSent + framesDuplicated);
      expect(left.received.length + right.received.length).toBe(stats.framesDelivered);
    },
  );
  fc.assert(run, { seed: 20260103, numRuns: 500 });
});

it('without faults keeps the order and the spacing of frames through any pauses', () => {
  const run = fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
    const { simulator, left, right, link } = pair();
    let sent = 0;
    for (const { atNs, what, frames, forNs } of steps) {
      simulator.call(atNs, () => {
        if (what === 'pause') link.pause('a-to-b', atNs + forNs);
        else if (what === 'resume') link.resume('a-to-b');
        else {
          simulator.act('left', () => {
            for (const length of frames) {
              const frame = new Uint8Array(Math.max(length, 60));
              new DataView(frame.buffer).setUint16(0, sent++);
              left.outputs.push({ port: 0, send: frame, given: false });
            }
          });
        }
      });
    }
    simulator.run();
    const numbers = right.received.map(({ frame }) => frame[0]! * 256 + frame[1]!);
    expect(numbers).toEqual(Array.from({ length: sent }, (_, i) => i));
    for (const [i, { frame, now }] of right.received.entries()) {
      // A frame is in the wire for its own length after the one before it.
      const before = right.received[i - 1]?.now ?? 1_000;
      expect(now - before).toBeGreaterThanOrEqual((frame.length + 24) * 8);
    }
  });
  fc.assert(run, { seed: 20260104, numRuns: 300 });
});

it('wakes a machine at the deadlines in force and at no other time', () => {
  // A machine whose deadline jumps about is woken at its deadlines alone, whatever came before.
  const run = fc.property(
    fc.array(fc.record({ atNs: fc.nat(1_000), deadline: fc.option(fc.nat(2_000)) }), {
      size: 'large',
    }),
    (moves) => {
      const { simulator, left } = pair();
      const expected: number[] = [];
      const model = { deadline: undefined as number | undefined };
      const inOrder = moves.toSorted((x, y) => x.atNs - y.atNs);
      for (const [i, { atNs, deadline }] of inOrder.entries()) {
        simulator.call(atNs, () => {
          simulator.act('left', () => {
            left.deadline = deadline ?? undefined;
          });
        });
        const next = inOrder[i + 1]?.atNs ?? Infinity;
        model.deadline = deadline === null ? undefined : Math.max(deadline, atNs);
        // A deadline at the very time of the next move is met after it: the move was called first.
        if (model.deadline !== undefined && model.deadline < next) expected.push(model.deadline);
      }
      simulator.run();
      expect(left.timeouts).toEqual(expected);
    },
  );
  fc.assert(run, { seed: 20260105, numRuns: 500 });
});
