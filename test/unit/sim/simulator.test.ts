import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../src/link/faults.ts';
import type { Output } from '../../../src/machine/machine.ts';
import { SimulationError } from '../../../src/sim/nodes.ts';
import { Simulator, type SimulatorOptions } from '../../../src/sim/simulator.ts';
import { accounted, Echo, pair, Recorder, tagged } from '../../helpers/sim-machines.ts';

describe('machines', () => {
  it('are drained at the start and after each input, outputs in order', () => {
    const { simulator, left, right } = pair();
    const seen: string[] = [];
    simulator.observe({
      event: ({ node, event, timeNs }) => seen.push(`${node} ${event} ${timeNs}`),
      frame: ({ what, frame }) => what === 'sent' && seen.push(`sent ${frame[0]}`),
    });
    left.outputs.push(
      { event: 'up' },
      { port: 0, send: tagged(1), given: false },
      { event: 'sent' },
    );
    right.outputs.push({ event: 'waiting' });
    expect(seen).toEqual([]);
    simulator.run();
    expect(seen).toEqual(['left up 0', 'sent 1', 'left sent 0', 'right waiting 0']);
  });

  it('are woken at their deadline, however often it moved', () => {
    const simulator = new Simulator();
    const machine = new Recorder();
    simulator.addNode('n', machine);
    machine.deadline = 1_000;
    simulator.run({ untilNs: 500 });
    simulator.act('n', () => {
      machine.deadline = 3_000;
    });
    simulator.run({ untilNs: 2_000 });
    expect(machine.timeouts).toEqual([]);
    simulator.act('n', () => {
      machine.deadline = 2_500;
    });
    simulator.run();
    expect(machine.timeouts).toEqual([2_500]);
    expect(simulator.nowNs).toBe(2_500);
  });

  it('are not woken, and time does not pass, for a deadline that was given up', () => {
    const simulator = new Simulator();
    const machine = new Recorder();
    simulator.addNode('n', machine);
    machine.deadline = 1_000_000;
    simulator.run({ untilNs: 10 });
    simulator.act('n', () => {
      machine.deadline = undefined;
    });
    expect(simulator.run()).toMatchObject({ why: 'idle', timeNs: 10 });
    expect(machine.timeouts).toEqual([]);
    expect(simulator.stats().timeouts).toBe(0);
  });

  it('whose deadline has passed are woken at once', () => {
    const simulator = new Simulator();
    const machine = new Recorder();
    simulator.run({ untilNs: 700 });
    machine.deadline = 5;
    simulator.addNode('n', machine);
    simulator.run();
    expect(machine.timeouts).toEqual([700]);
  });

  it('may send on ports without a link', () => {
    const { simulator, left } = pair();
    left.outputs.push({ port: 7, send: tagged(1), given: false });
    simulator.run();
    expect(simulator.stats()).toMatchObject({ framesUnconnected: 1, framesSent: 0 });
  });

  it('are told of a link that is cut, and of its coming back', () => {
    const { simulator, left, right, link } = pair();
    link.cut(1_000);
    expect(simulator.run().why).toBe('idle');
    const told = [
      { port: 0, up: false, now: 0 },
      { port: 0, up: true, now: 1_000 },
    ];
    expect([left.links, right.links]).toEqual([told, told]);
  });
});

describe('act', () => {
  it('inside an observer of the same node leaves the order of outputs alone', () => {
    const { simulator, left, right } = pair();
    simulator.observe({
      event: () =>
        simulator.act('left', () => left.outputs.push({ port: 0, send: tagged(3), given: false })),
    });
    left.outputs.push({ event: 1 }, { port: 0, send: tagged(2), given: false });
    simulator.run();
    expect(right.tags).toEqual([2, 3]);
  });

  it('inside an observer, for ever, ends by the bound on outputs', () => {
    const simulator = new Simulator({ outputsPerDrainMax: 50 });
    const machine = new Recorder();
    const more = () => machine.outputs.push({ event: 'more' });
    simulator.addNode('n', machine);
    simulator.observe({ event: () => simulator.act('n', more) });
    more();
    expect(() => simulator.run()).toThrow(/node n: poll gave more than 50 outputs/);
  });

  it('does nothing to a node that does not run', () => {
    const { simulator } = pair();
    simulator.pauseNode('left');
    let called = false;
    const acted = simulator.act('left', () => {
      called = true;
    });
    expect([acted, called]).toEqual([false, false]);
    expect(() => simulator.act('nobody', () => {})).toThrow(TypeError);
  });
});

describe('run', () => {
  it('stops at a time, a condition, or when nothing is left', () => {
    const { simulator, right, sendAt } = pair();
    sendAt(0, [1, 2, 3]);
    expect(simulator.run({ untilNs: 2_000 })).toMatchObject({ why: 'time', timeNs: 2_000 });
    expect(right.tags).toEqual([1]);
    const when = () => right.tags.length === 2;
    expect(simulator.run({ when })).toMatchObject({ why: 'condition', timeNs: 3_000, events: 1 });
    expect(simulator.run({ when })).toMatchObject({ why: 'condition', events: 0 });
    expect(simulator.run()).toMatchObject({ why: 'idle', timeNs: 4_000 });
    expect(simulator.run({ untilNs: 9_000 })).toMatchObject({ why: 'idle', timeNs: 9_000 });
  });

  it('calls at virtual times, in order, and not in the past', () => {
    const simulator = new Simulator();
    const calls: [string, number][] = [];
    simulator.call(200, (now) => calls.push(['b', now]));
    simulator.call(100, (now) => {
      calls.push(['a', now]);
      simulator.call(100, (then) => calls.push(['a2', then]));
      expect(() => simulator.call(99, () => {})).toThrow(RangeError);
      expect(() => simulator.run()).toThrow(TypeError);
    });
    simulator.run();
    expect(calls).toEqual([
      ['a', 100],
      ['a2', 100],
      ['b', 200],
    ]);
  });

  it('ends a conversation without end by its bound on events', () => {
    const simulator = new Simulator();
    const echo = new Echo();
    echo.outputs.push({ port: 0, send: tagged(1), given: false });
    simulator.addNode('left', echo);
    simulator.addNode('right', new Echo());
    simulator.connect({ node: 'left', port: 0 }, { node: 'right', port: 0 });
    expect(() => simulator.run({ eventsMax: 1_000 })).toThrow(
      /^node (left|right): .*more than 1000 events in a run at \d+ ns$/,
    );
    expect(simulator.stats().framesDelivered).toBeGreaterThan(900);
  });

  it('ends a machine whose deadline never moves by the bound on one instant', () => {
    const simulator = new Simulator({ eventsPerInstantMax: 100 });
    const stuck = new Recorder();
    stuck.handleTimeout = () => {};
    stuck.deadline = 5;
    simulator.addNode('stuck', stuck);
    expect(() => simulator.run()).toThrow(
      'node stuck: this was active last: more than 100 events at 5 ns',
    );
  });

  it('ends a machine that has always one more output', () => {
    const simulator = new Simulator({ outputsPerDrainMax: 50 });
    const chatty = new Recorder();
    chatty.poll = (): Output<unknown> => ({ event: 'more' });
    simulator.addNode('chatty', chatty);
    expect(() => simulator.run()).toThrow(/node chatty: poll gave more than 50 outputs/);
  });

  it('names the node and the time when a machine throws or breaks the contract', () => {
    const { simulator, right, sendAt } = pair();
    const cause = new RangeError('field too long');
    right.handleFrame = () => {
      throw cause;
    };
    sendAt(0, [1]);
    let error: unknown;
    try {
      simulator.run();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(SimulationError);
    expect(error).toMatchObject({ node: 'right', timeNs: 2_000, cause });
    expect((error as Error).message).toBe(
      'node right: handleFrame on port 0 threw: field too long at 2000 ns',
    );
    const fraction = new Simulator();
    const machine = new Recorder();
    machine.deadline = 0.5;
    fraction.addNode('n', machine);
    expect(() => fraction.run()).toThrow(/node n: deadline 0.5 is not an integer/);
  });
});

describe('nodes that stop', () => {
  it('paused: frames vanish, timers wait, link changes are learned on resuming', () => {
    const { simulator, right, link, sendAt } = pair();
    const nodes: string[] = [];
    simulator.observe({
      node: ({ what, node, timeNs }) => nodes.push(`${node} ${what} ${timeNs}`),
    });
    right.deadline = 5_000;
    simulator.call(1_000, () => simulator.pauseNode('right'));
    sendAt(0, [1]);
    simulator.call(6_000, () => link.cut());
    simulator.call(10_000, () => simulator.resumeNode('right'));
    simulator.run();
    expect(right.received).toEqual([]);
    expect(link.stats('a-to-b').nodeDropped).toBe(1);
    expect(right.links).toEqual([{ port: 0, up: false, now: 10_000 }]);
    expect(right.timeouts).toEqual([10_000]);
    expect(nodes).toEqual(['right paused 1000', 'right resumed 10000']);
  });

  it('paused: a link that is as it was needs no telling', () => {
    const { simulator, right, link } = pair();
    simulator.pauseNode('right');
    simulator.call(1_000, () => link.cut(1_000));
    simulator.call(9_000, () => simulator.resumeNode('right'));
    simulator.run();
    expect(right.links).toEqual([]);
  });

  it('crashed: what it sent still arrives, its timers are gone, another machine takes over', () => {
    const { simulator, left, right, link, sendAt } = pair();
    left.deadline = 4_000;
    sendAt(0, [1, 2]);
    simulator.call(500, () => simulator.crashNode('left'));
    simulator.call(600, () => right.outputs.push({ port: 0, send: tagged(9), given: false }));
    simulator.call(600, () => simulator.act('right', () => {}));
    simulator.run();
    expect(right.tags).toEqual([1, 2]);
    expect(left.timeouts).toEqual([]);
    expect(left.received).toEqual([]);
    expect(simulator.nodeState('left')).toBe('crashed');
    expect(() => simulator.resumeNode('left')).toThrow(TypeError);
    expect(() => simulator.crashNode('left')).toThrow(TypeError);

    link.cut();
    const reborn = new Recorder();
    reborn.deadline = 20_000;
    reborn.outputs.push({ event: 'born' });
    simulator.restartNode('left', reborn);
    simulator.call(10_000, () => link.restore());
    simulator.call(11_000, () => right.outputs.push({ port: 0, send: tagged(7), given: false }));
    simulator.call(11_000, () => simulator.act('right', () => {}));
    simulator.run();
    expect(reborn.links.map(({ up }) => up)).toEqual([false, true]);
    expect(reborn.tags).toEqual([7]);
    expect(reborn.timeouts).toEqual([20_000]);
    expect(left.links).toEqual([]);
    expect(accounted(link.stats('b-to-a'))).toBe(2);
  });

  it('restarted on a link that is down: the new machine is told, whatever the old one knew', () => {
    const { simulator, left, link } = pair();
    link.cut();
    simulator.run();
    expect(left.links.map(({ up }) => up)).toEqual([false]);
    const next = new Recorder();
    simulator.restartNode('left', next);
    simulator.run();
    expect(next.links.map(({ up }) => up)).toEqual([false]);
  });

  it('crashed by an observer of its own event: it says nothing more', () => {
    const { simulator, left, right } = pair();
    simulator.observe({
      event: ({ event, node }) => event === 'die' && simulator.crashNode(node),
    });
    left.outputs.push(
      { port: 0, send: tagged(1), given: false },
      { event: 'die' },
      { port: 0, send: tagged(2), given: false },
    );
    simulator.run();
    expect(right.tags).toEqual([1]);
  });

  it('restarted while running: the old timer is not the new machine’s', () => {
    const { simulator, left } = pair();
    left.deadline = 1_000;
    simulator.run({ untilNs: 500 });
    const next = new Recorder();
    next.deadline = 3_000;
    simulator.restartNode('left', next);
    simulator.run();
    expect(left.timeouts).toEqual([]);
    expect(next.timeouts).toEqual([3_000]);
  });
});

describe('wiring', () => {
  it('refuses names and ports that are taken or unknown', () => {
    const { simulator, link } = pair();
    expect(simulator.link('wire')).toBe(link);
    expect(simulator.links).toEqual([link]);
    expect(() => simulator.link('other')).toThrow(TypeError);
    expect(() => simulator.addNode('left', new Recorder())).toThrow(TypeError);
    const connect = (a: [string, number], b: [string, number], name?: string) => () =>
      simulator.connect(
        { node: a[0], port: a[1] },
        { node: b[0], port: b[1] },
        name === undefined ? {} : { name },
      );
    expect(connect(['left', 0], ['right', 1])).toThrow(/port 0 of node left has a link/);
    expect(connect(['left', 1], ['nobody', 1])).toThrow(/no node nobody/);
    expect(connect(['left', 1], ['left', 1])).toThrow(/to itself/);
    expect(connect(['left', 1], ['right', -1])).toThrow(/is not 0..65535/);
    expect(connect(['left', 1], ['right', 1], 'wire')).toThrow(/a link wire already/);
    expect(connect(['left', 1], ['right', 1])().name).toBe('left.1-right.1');
  });

  it('allows a cable from a node to itself', () => {
    const simulator = new Simulator();
    const machine = new Recorder();
    machine.outputs.push({ port: 0, send: tagged(1), given: false });
    simulator.addNode('n', machine);
    simulator.connect({ node: 'n', port: 0 }, { node: 'n', port: 3 });
    simulator.run();
    expect(machine.received.map(({ port }) => port)).toEqual([3]);
  });
});

describe('digest', () => {
  it('changes with any byte, time, event or drop, and with nothing else', () => {
    const digest = (change: (world: ReturnType<typeof pair>) => void) => {
      const world = pair();
      world.left.outputs.push({ event: { io: 1 } });
      change(world);
      world.sendAt(100, [1, 2]);
      world.simulator.run();
      return world.simulator.digest();
    };
    const plain = digest(() => {});
    expect(digest(() => {})).toBe(plain);
    expect(digest(({ simulator }) => simulator.tap('wire', 'a', () => {}))).toBe(plain);
    expect(digest(({ simulator }) => simulator.observe({ frame() {}, event() {} }))).toBe(plain);
    const different = [
      digest(({ sendAt }) => sendAt(50, [1])),
      digest(({ sendAt }) => sendAt(50, [3])),
      digest(({ sendAt }) => sendAt(51, [3])),
      digest(({ left }) => left.outputs.push({ event: { io: 2 } })),
      digest(({ right }) => right.outputs.push({ event: { io: 2 } })),
      digest(({ right }) => right.outputs.push({ event: { io: 3 } })),
      digest(({ simulator }) => simulator.addFault({ nth: 2, action: { kind: 'drop' } })),
      digest(({ simulator }) => simulator.addFault({ nth: 1, action: { kind: 'drop' } })),
      digest(({ link }) => link.cut(10)),
      digest(({ link }) => link.pause('a-to-b', 10)),
      digest(({ simulator }) => simulator.pauseNode('right')),
    ];
    expect(new Set([plain, ...different]).size).toBe(different.length + 1);
  });

  describe('of long frames', () => {
    const LENGTH = 1514;
    const digest = (
      frame: Uint8Array,
      options: SimulatorOptions = {},
      rules: readonly FaultRule[] = [],
    ) => {
      const simulator = new Simulator(options);
      const left = new Recorder();
      simulator.addNode('left', left);
      simulator.addNode('right', new Recorder());
      simulator.connect({ node: 'left', port: 0 }, { node: 'right', port: 0 });
      for (const rule of rules) simulator.addFault(rule);
      left.outputs.push({ port: 0, send: frame, given: false });
      simulator.run();
      return simulator.digest();
    };
    const everyByte = (frame: Uint8Array, digestOf: (changed: Uint8Array, at: number) => string) =>
      new Set([
        digestOf(frame, LENGTH),
        ...Array.from(frame, (_, at) => {
          const changed = frame.slice();
          changed[at]! ^= 1;
          return digestOf(changed, at);
        }),
      ]).size;
    const plain = Uint8Array.from({ length: LENGTH }, (_, i) => i * 37);

    it('takes each whole', () => {
      expect(everyByte(plain, (frame) => digest(frame))).toBe(LENGTH + 1);
    });

    it('takes head and end where the owner says that a CRC vouches for the rest', () => {
      const options = {
        vouchedFrom: (frame: Uint8Array) => (frame[0] === 1 ? frame.length : 64),
      };
      expect(everyByte(plain, (frame) => digest(frame, options))).toBe(64 + 8 + 1);
      const other = Uint8Array.from(plain).fill(1, 0, 1);
      // One change makes it one that is vouched for.
      expect(everyByte(other, (frame) => digest(frame, options))).toBe(LENGTH + 1);
    });

    it('takes whole what a fault has made of one', () => {
      const options = { vouchedFrom: () => 64 };
      const corrupted = (_: Uint8Array, at: number) =>
        at === LENGTH
          ? digest(plain, options)
          : digest(plain, options, [
              { name: 'bit', action: { kind: 'corrupt', offsetBytes: at, mask: 1 } },
            ]);
      expect(everyByte(plain, corrupted)).toBe(LENGTH + 1);
    });
  });
});
