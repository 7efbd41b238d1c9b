/** Machines in the simulator: how they are stepped, drained and timed. */
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../src/machine/machine.ts';
import { SimulationError } from '../../../src/sim/nodes.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import { pair, Recorder, tagged } from '../../helpers/sim-machines.ts';

/** Notes every call and the deadline it had then. */
class Diary extends Recorder {
  readonly calls: string[] = [];

  override handleFrame(port: number, frame: Uint8Array, given: boolean, now: number): void {
    super.handleFrame(port, frame, given, now);
    this.calls.push(`frame ${frame[0]} ${given ? 'given' : 'lent'} at ${now}`);
  }

  override handleTimeout(now: number): void {
    super.handleTimeout(now);
    this.calls.push(`timeout at ${now}`);
  }

  override handleLink(port: number, up: boolean, now: number): void {
    super.handleLink(port, up, now);
    this.calls.push(`port ${port} ${up ? 'up' : 'down'} at ${now}`);
  }
}

function diary() {
  const simulator = new Simulator<unknown>({ seed: 1 });
  const left = new Recorder();
  const machine = new Diary();
  simulator.addNode('left', left);
  simulator.addNode('diary', machine);
  const link = simulator.connect(
    { node: 'left', port: 0 },
    { node: 'diary', port: 2 },
    { rateBitsPerSecond: 1e9, propagationNs: 1_000, name: 'link' },
  );
  const send = (tag: number, given = false) =>
    simulator.act('left', () => left.outputs.push({ port: 0, send: tagged(tag), given }));
  return { simulator, left, machine, link, send };
}

describe('a machine', () => {
  it('is told of frames, links and time, each at its instant', () => {
    const { simulator, machine, link, send } = diary();
    machine.deadline = 500;
    simulator.call(0, () => send(1));
    simulator.call(10, () => send(2, true));
    simulator.call(9_000, () => link.cut(1_000));
    simulator.run();
    expect(machine.calls).toEqual([
      'timeout at 500',
      'frame 1 lent at 2000',
      'frame 2 given at 3000',
      'port 2 down at 9000',
      'port 2 up at 10000',
    ]);
  });

  it('is not woken for a deadline that it has moved away, and time does not go there', () => {
    const { simulator, machine, send } = diary();
    machine.deadline = 5_000;
    simulator.call(0, () => send(1));
    const handle = machine.handleFrame.bind(machine);
    machine.handleFrame = (port, frame, given, now) => {
      handle(port, frame, given, now);
      machine.deadline = undefined;
    };
    expect(simulator.run().timeNs).toBe(2_000);
    expect(machine.timeouts).toEqual([]);
    expect(simulator.stats().timeouts).toBe(0);
  });

  it('is woken earlier when its deadline moves there', () => {
    const { simulator, machine } = diary();
    machine.deadline = 5_000;
    simulator.call(10, () => simulator.act('diary', () => (machine.deadline = 700)));
    simulator.run();
    expect(machine.timeouts).toEqual([700]);
  });

  it('that is overdue is woken now, not in the past', () => {
    const { simulator, machine } = diary();
    simulator.call(1_000, () => simulator.act('diary', () => (machine.deadline = 3)));
    simulator.run();
    expect(machine.calls).toEqual(['timeout at 1000']);
  });

  it('that is paused learns of its links when it goes on, and of frames never', () => {
    const { simulator, machine, link, send } = diary();
    simulator.pauseNode('diary');
    simulator.call(0, () => send(1));
    simulator.call(5_000, () => link.cut());
    simulator.call(6_000, () => simulator.resumeNode('diary'));
    simulator.run();
    expect(machine.calls).toEqual(['port 2 down at 6000']);
  });

  it('that is put in the place of another takes its links for up until it is told', () => {
    const { simulator, machine, link } = diary();
    const next = new Diary();
    link.cut();
    simulator.run();
    simulator.restartNode('diary', next);
    simulator.run();
    expect(machine.calls).toEqual(['port 2 down at 0']);
    expect(next.calls).toEqual(['port 2 down at 0']);
  });
});

describe('a machine that breaks the contract is named when it', () => {
  const failures: [string, (machine: Recorder) => void, RegExp][] = [
    [
      'throws at a frame',
      (machine) => {
        machine.handleFrame = () => {
          throw new Error('no');
        };
      },
      /node right: handleFrame on port 0 threw: no at 2000 ns/,
    ],
    [
      'throws at a link',
      (machine) => {
        machine.handleLink = () => {
          throw new Error('no');
        };
      },
      /node right: handleLink on port 0 threw: no at 9000 ns/,
    ],
    [
      'throws at a timeout',
      (machine) => {
        machine.deadline = 7;
        machine.handleTimeout = () => {
          throw new Error('no');
        };
      },
      /node right: handleTimeout threw: no at 7 ns/,
    ],
    [
      'is due at a part of a nanosecond',
      (machine) => {
        machine.deadline = 7.5;
      },
      /node right: deadline 7.5 is not an integer of nanoseconds at 0 ns/,
    ],
  ];
  it.each(failures)('%s', (_what, break_, message) => {
    const { simulator, right, link, sendAt } = pair();
    break_(right);
    sendAt(0, [1]);
    simulator.call(9_000, () => link.cut());
    expect(() => simulator.run()).toThrow(message);
  });

  it('gives outputs for ever', () => {
    const simulator = new Simulator<unknown>({ outputsPerDrainMax: 9 });
    const endless: Machine<unknown> = new Recorder();
    endless.poll = () => ({ event: 'more' });
    simulator.addNode('endless', endless);
    expect(() => simulator.run()).toThrow(SimulationError);
  });
});

describe('nodes', () => {
  it('have names and ports that are given once', () => {
    const { simulator } = pair();
    expect(() => simulator.addNode('left', new Recorder())).toThrow(/node left already/);
    expect(() => simulator.connect({ node: 'left', port: 0 }, { node: 'right', port: 1 })).toThrow(
      /port 0 of node left has a link already/,
    );
    for (const port of [-1, 0.5, 65_536])
      expect(() => simulator.connect({ node: 'left', port }, { node: 'right', port: 1 })).toThrow(
        /is not 0..65535/,
      );
    expect(() => simulator.act('nobody', () => {})).toThrow(/there is no node nobody/);
  });

  it('stop and go on only from where they are', () => {
    const { simulator } = pair();
    expect(() => simulator.resumeNode('left')).toThrow(/running, not paused/);
    simulator.pauseNode('left');
    expect(() => simulator.pauseNode('left')).toThrow(/paused already/);
    simulator.crashNode('left');
    expect(() => simulator.resumeNode('left')).toThrow(/crashed, not paused/);
    expect(simulator.nodeState('left')).toBe('crashed');
    expect(simulator.act('left', () => {})).toBe(false);
    simulator.restartNode('left', new Recorder());
    expect(simulator.nodeState('left')).toBe('running');
  });
});
