/** The driver: one turn, one write; defects, power, links and faults at a port. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FaultPlan, type FaultRule } from '../../../src/link/faults.ts';
import { LiveDriver } from '../../../src/live/driver.ts';
import type { Instant, Machine, Output } from '../../../src/machine/machine.ts';
import { streams } from '../../../src/machine/random.ts';

/** Sends back what it gets by the same port, and what it got twice as an event. */
class Echo implements Machine<string> {
  readonly links: string[] = [];
  deadline: Instant | undefined;
  #out: Output<string>[] = [];

  handleFrame(port: number, frame: Uint8Array): void {
    if (frame[0] === 0xff) throw new Error('a defect');
    this.#out.push({ event: `got ${frame[0]}` });
    this.#out.push({ port, send: frame, given: false });
  }

  handleTimeout(): void {
    this.deadline = undefined;
    this.#out.push({ event: 'timeout' });
  }

  handleLink(port: number, up: boolean): void {
    this.links.push(`${port} ${up ? 'up' : 'down'}`);
  }

  poll(): Output<string> | undefined {
    return this.#out.shift();
  }
}

const drivers: LiveDriver<string>[] = [];
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const driver of drivers.splice(0)) driver.stop();
  vi.useRealTimers();
});

function rig() {
  const events: string[] = [];
  const defects: string[] = [];
  const turns: number[][] = [];
  let nowNs = 0;
  let gathered: number[] = [];
  const machine = new Echo();
  const driver = new LiveDriver<string>({
    onEvent: (_node, event) => events.push(event),
    onDefect: (_node, error) => defects.push((error as Error).message),
    clock: () => nowNs,
  });
  drivers.push(driver);
  driver.addNode('echo', machine);
  driver.attach('echo', 0, {
    send: (frame) => void gathered.push(frame[0]!),
    flush: () => {
      turns.push(gathered);
      gathered = [];
    },
  });
  const receive = (...firsts: number[]) =>
    driver.receive(
      'echo',
      0,
      firsts.map((one) => Uint8Array.of(one, 0, 0, 0)),
    );
  const fault = (rule: FaultRule, direction: 'a-to-b' | 'b-to-a') =>
    driver.setFaults('echo', 0, direction, [new FaultPlan(streams(1).stream).add(rule)]);
  /** Time passes, and the driver's timer fires where it is due. */
  const pass = (ms: number) => {
    nowNs += ms * 1e6;
    vi.advanceTimersByTime(ms);
  };
  /** Time passes, and nothing of this process runs. */
  const sleep = (ms: number) => {
    nowNs += ms * 1e6;
  };
  return { driver, machine, events, defects, turns, receive, fault, pass, sleep };
}

describe('a turn', () => {
  it('is one write, however many frames came', () => {
    const { turns, receive } = rig();
    receive(1, 2, 3);
    receive(4);
    expect(turns).toEqual([[1, 2, 3], [4]]);
  });

  it('goes on after a machine has thrown', () => {
    const { turns, defects, receive } = rig();
    receive(1, 0xff, 2);
    expect(turns).toEqual([[1, 2]]);
    expect(defects).toEqual(['a defect']);
  });

  it('runs what is due at once, without waiting for a timer', () => {
    const { driver, machine, events } = rig();
    driver.act('echo', (_, now) => {
      machine.deadline = now;
    });
    expect(events).toEqual(['timeout']);
  });

  it('begins with what was due before its frames came', () => {
    const { driver, machine, events, receive, sleep } = rig();
    driver.act('echo', (_, now) => {
      machine.deadline = now + 2e6;
    });
    sleep(5);
    receive(1);
    expect(events).toEqual(['timeout', 'got 1']);
  });

  it('comes when a deadline is due', () => {
    const { driver, machine, events, pass } = rig();
    driver.act('echo', (_, now) => {
      machine.deadline = now + 2e6;
    });
    expect(events).toEqual([]);
    pass(1);
    expect(events).toEqual([]);
    pass(1);
    expect(events).toEqual(['timeout']);
  });
});

describe('power and links', () => {
  it('a machine without power neither hears nor speaks, and is not told', () => {
    const { driver, machine, turns, events, receive } = rig();
    driver.setPower('echo', false);
    receive(1);
    driver.setLink('echo', 0, false);
    expect([turns, events, machine.links]).toEqual([[], [], ['0 up']]);
    driver.setPower('echo', true);
    driver.setLink('echo', 0, true);
    receive(2);
    expect([turns, machine.links]).toEqual([[[2]], ['0 up', '0 up']]);
  });

  it('frames on a link that is down are lost both ways', () => {
    const { driver, machine, events, receive } = rig();
    driver.setLink('echo', 0, false);
    receive(1);
    expect(events).toEqual([]);
    expect(machine.links).toEqual(['0 up', '0 down']);
  });

  it('frames between machines inside pass through the queue', () => {
    const { driver, events } = rig();
    const other = new Echo();
    driver.addNode('other', other);
    driver.connect({ node: 'other', port: 1 }, { node: 'echo', port: 3 });
    expect(other.links).toEqual(['1 up']);
    driver.detach('echo', 0);
    expect(events).toEqual([]);
  });
});

describe('faults at a port', () => {
  it('drop, damage and double frames on the side they name', () => {
    const { receive, fault, events, turns } = rig();
    fault({ nth: 2, action: { kind: 'drop' } }, 'a-to-b');
    receive(1, 2, 3);
    expect(events).toEqual(['got 1', 'got 3']);
    fault({ times: 1, action: { kind: 'corrupt', offsetBytes: 0, mask: 0x40 } }, 'b-to-a');
    receive(4, 5);
    expect(turns.at(-1)).toEqual([0x44, 5]);
    fault({ times: 1, action: { kind: 'duplicate', afterNs: 0 } }, 'b-to-a');
    receive(6, 7);
    expect(turns.at(-1)).toEqual([6, 6, 7]);
  });

  it('reorder lets the next frame go first', () => {
    const { receive, fault, turns } = rig();
    fault({ times: 1, action: { kind: 'reorder' } }, 'b-to-a');
    receive(1, 2, 3);
    expect(turns).toEqual([[2, 1, 3]]);
  });

  it('delay lets others overtake, clog does not', () => {
    const { receive, fault, turns, pass } = rig();
    const all = () => turns.flat();
    fault({ times: 1, action: { kind: 'delay', delayNs: 2e6 } }, 'b-to-a');
    receive(1, 2);
    expect(all()).toEqual([2]);
    pass(2);
    fault({ times: 1, action: { kind: 'clog', forNs: 2e6 } }, 'b-to-a');
    receive(3, 4);
    expect(all()).toEqual([2, 1]);
    pass(2);
    expect(all()).toEqual([2, 1, 3, 4]);
  });

  it('cut takes the link down for a time', () => {
    const { receive, fault, machine, pass } = rig();
    fault({ times: 1, action: { kind: 'cut', forNs: 2e6 } }, 'a-to-b');
    receive(1);
    expect(machine.links).toEqual(['0 up', '0 down']);
    pass(2);
    expect(machine.links).toEqual(['0 up', '0 down', '0 up']);
  });
});
