/** The rules of a lane: the same frames arrive in the same order, whoever drives it. */
import { describe, expect, it } from 'vitest';
import { arrivalSteps, FaultLane } from '../../../src/link/fault-lane.ts';
import { FaultPlan, type FaultRule } from '../../../src/link/faults.ts';
import { MILLISECOND } from '../../../src/machine/machine.ts';
import { streams } from '../../../src/machine/random.ts';
import {
  type Arrival,
  alone,
  type Lane,
  liveInwards,
  liveOutwards,
  type Sending,
  simulated,
} from '../../helpers/fault-lanes.ts';

const lanes: Readonly<Record<string, Lane>> = { alone, simulated, liveInwards, liveOutwards };

interface Case {
  readonly what: string;
  readonly rules: readonly FaultRule[];
  readonly sent: readonly Sending[];
  readonly arrives: readonly Arrival[];
}

const ms = (count: number) => count * MILLISECOND;
const tagged = (tag: number) => (frame: Uint8Array) => frame[0] === tag;
const drop = { kind: 'drop' } as const;
const reorder = { kind: 'reorder', withinNs: ms(9) } as const;
/** Sets the uppermost bit of a frame's tag. */
const corrupt = { kind: 'corrupt', offsetBytes: 0, mask: 0x80 } as const;

const cases: readonly Case[] = [
  {
    what: 'no rule',
    rules: [],
    sent: [
      [0, 1, 2],
      [3, 3],
    ],
    arrives: [
      [0, 1, 2],
      [3, 3],
    ],
  },
  {
    what: 'a rule behind one that drops sees the same frame',
    rules: [
      { nth: 1, action: drop },
      { nth: 1, action: corrupt },
    ],
    sent: [[0, 1, 2, 3]],
    arrives: [[0, 2, 3]],
  },
  {
    what: 'a rule behind one that damages sees what that made of the frame',
    rules: [
      { times: 1, action: corrupt },
      { matches: tagged(0x81), action: drop },
    ],
    sent: [[0, 1, 2]],
    arrives: [[0, 2]],
  },
  {
    what: 'delays add up',
    rules: [
      { nth: 1, action: { kind: 'delay', delayNs: ms(4) } },
      { nth: 1, action: { kind: 'delay', delayNs: ms(3) } },
    ],
    sent: [
      [0, 1, 2],
      [8, 3],
    ],
    arrives: [
      [0, 2],
      [7, 1],
      [8, 3],
    ],
  },
  {
    what: 'a copy comes right behind its frame, or later',
    rules: [
      { matches: tagged(1), action: { kind: 'duplicate', afterNs: 0 } },
      { matches: tagged(3), action: { kind: 'duplicate', afterNs: ms(5) } },
    ],
    sent: [
      [0, 1, 2],
      [1, 3],
      [2, 4],
    ],
    arrives: [
      [0, 1, 1, 2],
      [1, 3],
      [2, 4],
      [6, 3],
    ],
  },
  {
    what: 'the copy of a frame that is late is later, and is damaged as it is',
    rules: [
      { nth: 1, action: { kind: 'duplicate', afterNs: ms(2) } },
      { nth: 1, action: { kind: 'delay', delayNs: ms(4) } },
      { nth: 1, action: corrupt },
    ],
    sent: [[0, 1, 2]],
    arrives: [
      [0, 2],
      [4, 0x81],
      [6, 0x81],
    ],
  },
  {
    what: 'a frame that is lost has no copy',
    rules: [
      { nth: 1, action: { kind: 'duplicate', afterNs: ms(2) } },
      { nth: 1, action: drop },
    ],
    sent: [[0, 1, 2]],
    arrives: [[0, 2]],
  },
  {
    what: 'reorder of every frame swaps them in pairs',
    rules: [{ action: reorder }],
    sent: [
      [0, 1],
      [1, 2],
      [2, 3, 4],
    ],
    arrives: [
      [1, 2, 1],
      [2, 4, 3],
    ],
  },
  {
    what: 'a frame is held once, whatever rules there are to hold it',
    rules: [{ action: reorder }, { action: reorder }],
    sent: [[0, 1, 2, 3]],
    arrives: [
      [0, 2, 1],
      [9, 3],
    ],
  },
  {
    what: 'a frame that is lost on its way lets the one held go all the same',
    rules: [
      { nth: 1, action: reorder },
      { matches: tagged(2), action: drop },
    ],
    sent: [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
    arrives: [
      [1, 1],
      [2, 3],
    ],
  },
  {
    what: 'a frame that is late lets the one held go before it',
    rules: [
      { nth: 1, action: reorder },
      { matches: tagged(2), action: { kind: 'delay', delayNs: ms(5) } },
    ],
    sent: [
      [0, 1],
      [1, 2],
    ],
    arrives: [
      [1, 1],
      [6, 2],
    ],
  },
  {
    what: 'what else hits a frame that is held happens when it has gone',
    rules: [
      { nth: 1, action: reorder },
      { nth: 1, action: { kind: 'delay', delayNs: ms(5) } },
      { nth: 1, action: corrupt },
    ],
    sent: [
      [0, 1],
      [2, 2],
    ],
    arrives: [
      [2, 2],
      [7, 0x81],
    ],
  },
  {
    what: 'a frame is held no longer than the rule says',
    rules: [{ nth: 1, action: reorder }],
    sent: [
      [0, 1],
      [12, 2],
    ],
    arrives: [
      [9, 1],
      [12, 2],
    ],
  },
  {
    what: 'each frame is held for its own time',
    rules: [{ action: reorder }],
    sent: [
      [0, 1, 2],
      [5, 3],
    ],
    arrives: [
      [0, 2, 1],
      [14, 3],
    ],
  },
  {
    what: 'a clog keeps the order',
    rules: [{ nth: 2, action: { kind: 'clog', forNs: ms(10) } }],
    sent: [
      [0, 1],
      [1, 2, 3],
      [5, 4],
      [11, 5],
    ],
    arrives: [
      [0, 1],
      [11, 2, 3, 4, 5],
    ],
  },
  {
    what: 'the end of a clog that comes last counts',
    rules: [
      { nth: 1, action: { kind: 'clog', forNs: ms(10) } },
      { nth: 2, action: { kind: 'clog', untilNs: ms(20) } },
      { nth: 3, action: { kind: 'clog', forNs: ms(1) } },
    ],
    sent: [
      [0, 1],
      [1, 2],
      [2, 3],
      [30, 4],
    ],
    arrives: [
      [20, 1, 2, 3],
      [30, 4],
    ],
  },
  {
    what: 'a frame is late by so much, counted from the end of the clog',
    rules: [
      { nth: 1, action: { kind: 'clog', forNs: ms(10) } },
      { nth: 1, action: { kind: 'delay', delayNs: ms(5) } },
    ],
    sent: [[0, 1, 2]],
    arrives: [
      [10, 2],
      [15, 1],
    ],
  },
  {
    what: 'a frame held in front of a clog waits behind the one it was held for',
    rules: [
      { nth: 1, action: reorder },
      { nth: 2, action: { kind: 'clog', forNs: ms(10) } },
    ],
    sent: [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
    arrives: [[11, 2, 1, 3]],
  },
  {
    what: 'a cut loses its frame, and those that come while the link is down',
    rules: [{ nth: 2, action: { kind: 'cut', forNs: ms(10) } }],
    sent: [
      [0, 1],
      [1, 2, 3],
      [10, 4],
      [12, 5],
    ],
    arrives: [
      [0, 1],
      [12, 5],
    ],
  },
  {
    what: 'a cut loses what is late, copied, held or clogged',
    rules: [
      { matches: tagged(1), action: { kind: 'delay', delayNs: ms(20) } },
      { matches: tagged(2), action: { kind: 'duplicate', afterNs: ms(20) } },
      { matches: tagged(3), action: reorder },
      { matches: tagged(5), action: { kind: 'clog', forNs: ms(8) } },
      { matches: tagged(7), action: { kind: 'cut', forNs: ms(5) } },
    ],
    sent: [
      [0, 1, 2],
      [1, 3],
      [2, 5, 6],
      [4, 7],
      [12, 8],
    ],
    arrives: [
      [0, 2],
      [12, 8],
    ],
  },
  {
    what: 'a clog outlasts a cut',
    rules: [
      { nth: 1, action: { kind: 'clog', forNs: ms(30) } },
      { nth: 2, action: { kind: 'cut', forNs: ms(5) } },
    ],
    sent: [
      [0, 1],
      [1, 2],
      [10, 3],
    ],
    arrives: [[30, 3]],
  },
  {
    what: 'frames sent while the link is down are not counted',
    rules: [
      { nth: 1, action: { kind: 'cut', forNs: ms(5) } },
      { nth: 3, action: drop },
    ],
    sent: [
      [0, 1],
      [1, 2, 3, 4],
      [10, 5, 6, 7],
    ],
    arrives: [[10, 5, 7]],
  },
  {
    what: 'a rule ends by its number of frames and by its time',
    rules: [
      { nth: 2, times: 2, action: drop },
      { fromNs: ms(10), untilNs: ms(12), action: corrupt },
    ],
    sent: [
      [0, 1, 2, 3, 4],
      [9, 5],
      [10, 6],
      [11, 7],
      [12, 8],
    ],
    arrives: [
      [0, 1, 4],
      [9, 5],
      [10, 0x86],
      [11, 0x87],
      [12, 8],
    ],
  },
];

describe.each(Object.entries(lanes))('%s', (_, lane) => {
  it.each(cases)('$what', ({ rules, sent, arrives }) => {
    expect(lane(rules, sent)).toEqual(arrives);
  });
});

describe('a lane', () => {
  const laneOf = (...rules: FaultRule[]) => {
    const plan = new FaultPlan(streams(1).stream);
    const lane = new FaultLane();
    lane.rules = rules.map((rule) => plan.add(rule));
    return lane;
  };
  const frame = Uint8Array.of(1, 2, 3);

  it('has no step for a frame that no rule hits', () => {
    const lane = laneOf({ nth: 2, action: drop });
    expect(lane.send(frame, false, 1, 0)).toBeUndefined();
    expect(lane.send(frame, false, 2, 0)?.map(({ kind }) => kind)).toEqual(['hit', 'queue']);
  });

  it('tells each rule that hit, with the frame as that rule left it', () => {
    const lane = laneOf(
      { name: 'late', action: { kind: 'delay', delayNs: 5 } },
      { action: corrupt },
    );
    const damaged = Uint8Array.of(0x81, 2, 3);
    expect(lane.send(frame, false, 7, 0)).toEqual([
      { kind: 'hit', rule: lane.rules[0], frame },
      { kind: 'hit', rule: lane.rules[1], frame: damaged },
      {
        kind: 'queue',
        sent: {
          frame: damaged,
          given: false,
          ordinal: 7,
          fate: { drop: false, delayNs: 5, copyAfterNs: undefined },
        },
      },
    ]);
    expect(frame).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('holds a frame, and gives it back once: behind the next, in its time, or when asked', () => {
    const held = { frame, given: false, ordinal: 1, fate: undefined };
    const hold = () => {
      const lane = laneOf({ times: 1, action: { kind: 'reorder', withinNs: 100 } });
      const steps = lane.send(frame, false, 1, 5);
      expect(steps?.at(-1)).toEqual({ kind: 'hold', untilNs: 105 });
      expect([lane.isHolding, lane.isIdle]).toEqual([true, false]);
      return lane;
    };
    const next = hold();
    const other = Uint8Array.of(9);
    expect(next.send(other, false, 2, 6)).toEqual([
      { kind: 'queue', sent: { frame: other, given: false, ordinal: 2, fate: undefined } },
      { kind: 'release', sent: held },
    ]);
    expect(next.handleHeld(105)).toBeUndefined();
    const inTime = hold();
    expect(inTime.handleHeld(104)).toBeUndefined();
    expect(inTime.handleHeld(105)).toEqual(held);
    expect(inTime.isHolding).toBe(false);
    const lost = hold();
    expect(lost.takeHeld()).toEqual(held);
    expect(lost.takeHeld()).toBeUndefined();
  });

  it('is idle without rules, once it holds nothing', () => {
    const lane = laneOf({ action: { kind: 'reorder', withinNs: 100 } });
    lane.send(frame, false, 1, 0);
    lane.rules = [];
    expect(lane.isIdle).toBe(false);
    lane.takeHeld();
    expect(lane.isIdle).toBe(true);
  });

  it('cuts for the longest time that a rule says, and its frame is lost', () => {
    const lane = laneOf(
      { action: { kind: 'cut', forNs: 50 } },
      { action: { kind: 'cut', forNs: 20 } },
      { action: drop },
    );
    expect(lane.send(frame, false, 1, 0)?.slice(-2)).toEqual([
      { kind: 'lose', frame },
      { kind: 'cut', forNs: 50 },
    ]);
  });
});

describe('a fate', () => {
  const fate = { drop: false, delayNs: 0, copyAfterNs: undefined };

  it.each([
    { fate, steps: [{ kind: 'deliver' }] },
    { fate: { drop: true, delayNs: 5, copyAfterNs: 7 }, steps: [{ kind: 'drop' }] },
    {
      fate: { ...fate, copyAfterNs: 7 },
      steps: [{ kind: 'copy', atNs: 107 }, { kind: 'deliver' }],
    },
    { fate: { ...fate, delayNs: 5 }, steps: [{ kind: 'later', atNs: 105, fate: undefined }] },
    {
      fate: { drop: false, delayNs: 5, copyAfterNs: 7 },
      steps: [{ kind: 'later', atNs: 105, fate: { drop: false, delayNs: 0, copyAfterNs: 7 } }],
    },
  ])('is fulfilled at the far end: $steps', ({ fate: one, steps }) => {
    expect(arrivalSteps(one, 100)).toEqual(steps);
  });
});

it('chance falls alike for one seed', () => {
  // Five milliseconds apart, so that nothing that is late or held comes when a frame is sent.
  const rules: FaultRule[] = [
    { chance: 0.3, action: drop },
    { chance: 0.2, action: { kind: 'delay', delayNs: ms(7) } },
    { chance: 0.2, action: reorder },
  ];
  const sent = Array.from({ length: 40 }, (_, i): Sending => [i * 5, i + 1]);
  const expected = simulated(rules, sent);
  for (const [name, lane] of Object.entries(lanes)) {
    expect(lane(rules, sent), name).toEqual(expected);
  }
});
