import { describe, expect, it } from 'vitest';
import type { QosEvent } from '../../../src/history/qos.ts';
import { BUFFER_DEFAULTS, GROUPS_DEFAULT, type QosEnd } from '../../../src/link/qos-options.ts';
import { pfcFrame } from '../../../src/link/queue-frames.ts';
import type { Machine, Output } from '../../../src/machine/machine.ts';
import { Simulator } from '../../../src/sim/simulator.ts';

/** A node that sends what it is told. */
class Sender implements Machine<never> {
  readonly outputs: Output<never>[] = [];
  readonly deadline = undefined;
  handleFrame(): void {}
  handleLink(): void {}
  handleTimeout(): void {}
  poll(): Output<never> | undefined {
    return this.outputs.shift();
  }
}

const end = (mac: string): QosEnd => ({
  queues: { ...GROUPS_DEFAULT, pfcEnabled: 8 },
  mac,
  buffer: { ...BUFFER_DEFAULTS, headroomBytes: 20_000 },
});

/** End b is told by PFC frames that end a sends. */
function make() {
  const simulator = new Simulator<never>();
  const a = new Sender();
  simulator.addNode('a', a);
  simulator.addNode('b', new Sender());
  const ends = [end('02:00:00:00:00:01'), end('02:00:00:00:00:02')] as const;
  simulator.connect(
    { node: 'a', port: 0 },
    { node: 'b', port: 0 },
    { name: 'cable', propagationNs: 500, qos: { ends } },
  );
  const told: (QosEvent & { readonly at: number })[] = [];
  simulator.observe({ qos: (event, at) => told.push({ ...event, at }) });
  const send = (mask: number, quanta: number) => {
    a.outputs.push({ port: 0, send: pfcFrame('02:00:00:00:00:01', mask, quanta), given: true });
    simulator.act('a', () => {});
  };
  return { simulator, send, told };
}
/** 84 bytes at 10 Gb/s, the way, and until it is obeyed. */
const TAKES_NS = 68 + 500 + 3891;

describe('a pause', () => {
  it('takes effect after the response time and ends after its quanta', () => {
    const { send, simulator, told } = make();
    send(8, 1000);
    simulator.run();
    expect(told).toEqual([
      expect.objectContaining({
        type: 'priority-pause',
        state: 'paused',
        at: TAKES_NS,
        waitsFor: [],
      }),
      expect.objectContaining({ state: 'resumed', direction: 'b-to-a', at: 568 + 51_200 }),
    ]);
  });

  it('is prolonged by another one, and ended by one of no quanta', () => {
    const { send, simulator, told } = make();
    send(8, 1000);
    simulator.call(40_000, () => send(8, 1000));
    simulator.run();
    expect(told.map(({ at }) => at)).toEqual([TAKES_NS, 40_568 + 51_200]);
    const again = make();
    again.send(8, 1000);
    again.simulator.call(20_000, () => again.send(8, 0));
    again.simulator.run();
    expect(again.told.map(({ at }) => at)).toEqual([TAKES_NS, 20_568]);
  });

  it('is none where it is over before it is obeyed, or where PFC is off', () => {
    const { send, simulator, told } = make();
    send(8, 10);
    send(0xf7, 0xffff);
    simulator.run();
    expect(told).toEqual([]);
  });
});
