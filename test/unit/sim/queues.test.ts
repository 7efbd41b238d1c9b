/** Links with queues by priority: real PFC frames, buffers that fill, shares, and what a slow device does to a fabric. */
import { describe, expect, it } from 'vitest';
import { Auditor } from '../../../src/audit/auditor.ts';
import { ethernet, macControl, vlanTag } from '../../../src/codecs/ethernet/index.ts';
import type { QosEvent, QueueConfiguration } from '../../../src/history/qos.ts';
import { headroomBytes } from '../../../src/link/headroom.ts';
import {
  BUFFER_DEFAULTS,
  type BufferOptions,
  GROUPS_DEFAULT,
  type QosEnd,
} from '../../../src/link/qos-options.ts';
import type { Machine, Output } from '../../../src/machine/machine.ts';
import { Simulator } from '../../../src/sim/simulator.ts';

const MS = 1e6;
const FCOE = 0x8906;
const QUEUES: QueueConfiguration = { ...GROUPS_DEFAULT, pfcEnabled: 1 << 3, fcoePriority: 3 };

/** A frame of FCoE with a priority in its tag, of so many bytes, whose source is a number. */
function framed(priority: number, bytes: number, mark = 0): Uint8Array {
  const frame = new Uint8Array(bytes);
  frame.set(
    ethernet.encode({
      destination: '02:00:00:00:00:01',
      source: '02:00:00:00:00:02',
      etherType: 0x8100,
    }),
  );
  frame.set(vlanTag.encode({ priority, vid: 1002, etherType: FCOE }), 14);
  frame[18 + 14 + 7] = mark;
  return frame;
}

/** Sends what it is told to, keeps what came, and hands frames on to a port. */
class Node implements Machine<never> {
  readonly came: { readonly at: number; readonly frame: Uint8Array }[] = [];
  readonly outputs: Output<never>[] = [];
  readonly deadline = undefined;
  forwardTo: ((port: number) => number | undefined) | undefined;

  handleFrame(port: number, frame: Uint8Array, _given: boolean, now: number): void {
    this.came.push({ at: now, frame });
    const to = this.forwardTo?.(port);
    if (to !== undefined) this.outputs.push({ port: to, send: frame, given: false });
  }
  handleLink(): void {}
  handleTimeout(): void {}
  poll(): Output<never> | undefined {
    return this.outputs.shift();
  }
}

const PROPAGATION_NS = 500;
const HEADROOM = headroomBytes({
  rateBitsPerSecond: 10e9,
  propagationNs: PROPAGATION_NS,
  largestBytes: 9216,
  largestNoDropBytes: 2240,
});

interface Made {
  readonly hosts?: number;
  readonly buffer?: Partial<BufferOptions>;
  readonly queues?: QueueConfiguration;
  readonly host?: Partial<QosEnd>;
  readonly holdNs?: number;
}

/** Hosts around a switch that sends everything to an array, which is its port 0. */
function incast({ buffer, holdNs, host, hosts = 8, queues = QUEUES }: Made = {}) {
  const simulator = new Simulator<never>();
  const of = (mac: string): QosEnd => ({
    queues,
    mac,
    buffer: { ...BUFFER_DEFAULTS, headroomBytes: HEADROOM, ...buffer },
  });
  const atSwitch = (port: number): QosEnd => ({
    ...of(`02:00:00:00:01:0${port}`),
    forwards: true,
    ...(holdNs === undefined ? {} : { holdNs }),
  });
  const fabric = new Node();
  fabric.forwardTo = (port) => (port === 0 ? undefined : 0);
  const array = new Node();
  simulator.addNode('switch', fabric);
  simulator.addNode('array', array);
  const link = simulator.connect(
    { node: 'array', port: 0 },
    { node: 'switch', port: 0 },
    {
      name: 'array',
      propagationNs: PROPAGATION_NS,
      qos: { ends: [of('02:00:00:00:00:aa'), atSwitch(0)] },
    },
  );
  const nodes = [...Array(hosts).keys()].map((i) => {
    const node = new Node();
    simulator.addNode(`h${i + 1}`, node);
    const ends = [{ ...of(`02:00:00:00:00:0${i + 1}`), ...host }, atSwitch(i + 1)] as const;
    simulator.connect(
      { node: `h${i + 1}`, port: 0 },
      { node: 'switch', port: i + 1 },
      { name: `h${i + 1}`, propagationNs: PROPAGATION_NS, qos: { ends } },
    );
    return node;
  });
  const told: (QosEvent & { readonly at: number })[] = [];
  simulator.observe({ qos: (event, at) => told.push({ ...event, at }) });
  const of_ = <T extends QosEvent['type']>(type: T) =>
    told.filter((one): one is Extract<QosEvent, { type: T }> & { at: number } => one.type === type);
  const send = (count: number, bytes = 2200, priority = 3) => {
    for (const [i, node] of nodes.entries()) {
      for (let n = 0; n < count; n++)
        node.outputs.push({ port: 0, send: framed(priority, bytes, i + 1), given: false });
      simulator.act(`h${i + 1}`, () => {});
    }
  };
  return { simulator, fabric, array, nodes, link, told, of: of_, send };
}

describe('hosts that all send to one port', () => {
  it('are paused by PFC frames on the wire, and nothing is lost', () => {
    const world = incast({ buffer: { totalBytes: 1_500_000 } });
    const pfcs: { readonly at: number; readonly quanta: number }[] = [];
    world.simulator.tap('h1', 'a', (_link, direction, at, frame) => {
      if (frame[12] !== 0x88 || frame[13] !== 0x08) return;
      expect(direction).toBe('b-to-a');
      const said = macControl.decode(frame, 14);
      if (said.kind !== 'PFC') throw new Error('no PFC');
      expect(said.classEnableVector).toBe(8);
      pfcs.push({ at, quanta: said.quanta[3]! });
    });
    world.send(1000);
    world.simulator.run();
    expect(world.array.came).toHaveLength(8000);
    expect(world.of('queue-drop')).toEqual([]);
    expect(world.simulator.stats().framesDropped).toBe(0);
    expect(world.simulator.stats().framesInFlight).toBe(0);
    expect(pfcs.some(({ quanta }) => quanta === 0xffff)).toBe(true);
    expect(pfcs.some(({ quanta }) => quanta === 0)).toBe(true);
    const pauses = world.of('priority-pause');
    expect(pauses.filter(({ state }) => state === 'paused').length).toBeGreaterThan(8);
    expect(pauses.find(({ state }) => state === 'paused')?.waitsFor).toEqual(['array b-to-a']);
  });

  it('get equal shares of the port: nobody is paused for ever', () => {
    const world = incast({ buffer: { totalBytes: 1_500_000 } });
    world.send(1000);
    world.simulator.run({ untilNs: 3 * MS });
    const counts = new Array<number>(9).fill(0);
    for (const { frame } of world.array.came) counts[frame[39]!]!++;
    for (const one of counts.slice(1)) expect(one).toBeGreaterThan(counts[1]! / 2);
  });

  it('lose frames where the headroom is too small, and where PFC is off', () => {
    const small = incast({ buffer: { totalBytes: 600_000, headroomBytes: 2200 } });
    small.send(1000);
    small.simulator.run();
    expect(small.of('queue-drop').every(({ where }) => where === 'buffer')).toBe(true);
    expect(small.of('queue-drop').length).toBeGreaterThan(0);
    expect(small.array.came.length + small.of('queue-drop').length).toBe(8000);
    const off = incast({ buffer: { totalBytes: 1_500_000 }, queues: { ...QUEUES, pfcEnabled: 0 } });
    off.send(1000);
    off.simulator.run();
    expect(off.of('queue-drop').length).toBeGreaterThan(0);
    expect(off.of('priority-pause')).toEqual([]);
  });

  it('begin no frame of a paused priority later than the response time; one that is slow to obey does', () => {
    const sound = incast({ buffer: { totalBytes: 1_500_000 } });
    sound.send(1000);
    sound.simulator.run();
    const bound = 3891;
    for (const { afterNs } of sound.of('started-paused'))
      expect(afterNs).toBeLessThanOrEqual(bound);
    expect(sound.of('started-paused').length).toBeGreaterThan(0);
    const slow = incast({ buffer: { totalBytes: 1_500_000 }, host: { responseNs: 40_000 } });
    slow.send(1000);
    slow.simulator.run();
    expect(Math.max(...slow.of('started-paused').map(({ afterNs }) => afterNs))).toBeGreaterThan(
      bound,
    );
    expect(slow.of('queue-drop').length).toBeGreaterThan(0);
  });

  it('pause one priority and let the others go', () => {
    const world = incast({ hosts: 1 });
    world.link.drainSlowly('b-to-a', MS, 50 * MS);
    const [host] = world.nodes;
    for (let n = 0; n < 3000; n++)
      host!.outputs.push({ port: 0, send: framed(3, 2200), given: false });
    world.simulator.act('h1', () => {});
    world.simulator.run({ untilNs: 10 * MS });
    const before = world.array.came.length;
    for (let n = 0; n < 5; n++) host!.outputs.push({ port: 0, send: framed(0, 600), given: false });
    world.simulator.act('h1', () => {});
    world.simulator.run({ untilNs: 10 * MS + 100_000 });
    const since = world.array.came.slice(before);
    expect(since.filter(({ frame }) => frame[14]! >> 5 === 0)).toHaveLength(5);
    expect(since.length).toBeLessThan(10);
    world.simulator.run();
    expect(world.array.came).toHaveLength(3005);
  });
});

describe('a slow device', () => {
  it('has the switch and the hosts behind it wait, and all goes on when it does', () => {
    const world = incast({ buffer: { totalBytes: 1_000_000 } });
    world.link.drainSlowly('b-to-a', 20_000, 20 * MS);
    world.send(300);
    world.simulator.run({ untilNs: 15 * MS });
    const links = new Set(world.of('priority-pause').map(({ link }) => link));
    expect(links.has('array') && links.has('h3')).toBe(true);
    world.simulator.run();
    expect(world.array.came).toHaveLength(2400);
    expect(world.of('queue-drop')).toEqual([]);
    const last = (link: string) => world.of('priority-pause').findLast((one) => one.link === link);
    expect(last('h3')?.state).toBe('resumed');
  });

  it('costs frames that a switch has held for too long', () => {
    const world = incast({ buffer: { totalBytes: 1_000_000 }, holdNs: 5 * MS });
    world.link.drainSlowly('b-to-a', 100 * MS, 30 * MS);
    world.send(300);
    world.simulator.run();
    const held = world.of('queue-drop').filter(({ where }) => where === 'held');
    expect(held.length).toBeGreaterThan(0);
    expect(world.array.came.length + held.length).toBe(2400);
    expect(world.simulator.stats().framesInFlight).toBe(0);
  });
});

describe('groups of priorities', () => {
  it.each([
    [50, 50],
    [70, 30],
    [10, 90],
  ])('share a link %d to %d while both have frames', (storage, rest) => {
    const queues = { ...QUEUES, bandwidth: [rest, storage, 0, 0, 0, 0, 0, 0] };
    const world = incast({ hosts: 1, queues });
    world.simulator.sendOther('h1', 'a-to-b', {
      priority: 0,
      frameBytes: 1500,
      everyNs: 600,
      untilNs: 6 * MS,
    });
    world.send(6000, 2200);
    world.simulator.run({ untilNs: 5 * MS });
    const served = world.of('group-served');
    expect(served.length).toBeGreaterThanOrEqual(6);
    for (const { bandwidth, bytes, capacityBytes } of served) {
      expect(bytes).toBeGreaterThan((((bandwidth as number) - 2) / 100) * capacityBytes);
      expect(bytes).toBeLessThan((((bandwidth as number) + 2) / 100) * capacityBytes);
    }
    expect(world.array.came.every(({ frame }) => frame[14]! >> 5 === 3)).toBe(true);
  });

  it('that are strict go before the others', () => {
    const queues = { ...QUEUES, bandwidth: [100, 'strict' as const, 0, 0, 0, 0, 0, 0] };
    const world = incast({ hosts: 1, queues });
    const [host] = world.nodes;
    for (let n = 0; n < 50; n++)
      host!.outputs.push({ port: 0, send: framed(0, 1500), given: false });
    for (let n = 0; n < 50; n++)
      host!.outputs.push({ port: 0, send: framed(3, 1500), given: false });
    world.simulator.act('h1', () => {});
    world.simulator.run();
    const order = world.fabric.came.map(({ frame }) => frame[14]! >> 5);
    expect(order.slice(0, 51).filter((one) => one === 3)).toHaveLength(50);
  });
});

describe('a link with queues', () => {
  it('takes other queues, says so, and refuses what is none', () => {
    const { of, simulator } = incast({ hosts: 1 });
    simulator.setQueues('h1', 0, { ...QUEUES, pfcEnabled: 0x18 }, 'dcbx');
    expect(of('queues')).toMatchObject([
      { link: 'h1', end: 0, by: 'dcbx', queues: { pfcEnabled: 0x18 } },
    ]);
    expect(() => simulator.setQueues('h1', 0, { ...QUEUES, pfcEnabled: 256 }, 'dcbx')).toThrow(
      RangeError,
    );
    expect(() => simulator.setQueues('h1', 0, { ...QUEUES, groups: [0] }, 'dcbx')).toThrow(
      RangeError,
    );
    expect(() =>
      simulator.setQueues('h1', 0, { ...QUEUES, bandwidth: [60, 60, 0, 0, 0, 0, 0, 0] }, 'dcbx'),
    ).toThrow(RangeError);
  });

  it('tells once which priority carries what, and whose it is', () => {
    const { of, send, simulator } = incast({ hosts: 2 });
    send(3);
    simulator.run();
    expect(of('priority-used').filter(({ link }) => link === 'array')).toMatchObject([
      { direction: 'b-to-a', etherType: FCOE, priority: 3, sId: 1, csCtl: 0 },
      { direction: 'b-to-a', etherType: FCOE, priority: 3, sId: 2, csCtl: 0 },
    ]);
  });

  it('forgets pauses and loses what waits when it goes down', () => {
    const world = incast({ hosts: 2, buffer: { totalBytes: 1_000_000 } });
    world.link.drainSlowly('b-to-a', 1000 * MS, 3000 * MS);
    world.send(500);
    world.simulator.run({ untilNs: 5 * MS });
    world.link.cut(MS);
    world.simulator.run();
    const { framesDelivered, framesDropped, framesInFlight, framesSent } = world.simulator.stats();
    expect(framesInFlight).toBe(0);
    expect(framesSent).toBe(framesDelivered + framesDropped);
    expect(world.of('priority-pause').findLast(({ link }) => link === 'h1')?.state).toBe('resumed');
  });

  it('does the same twice', () => {
    const digest = () => {
      const world = incast({ buffer: { totalBytes: 1_500_000 } });
      world.send(200);
      world.simulator.run();
      return world.simulator.digest();
    };
    expect(digest()).toBe(digest());
  });
});

describe('switches in a ring', () => {
  it('wait for each other for ever where each sends on by the next: a circle that is told', () => {
    const simulator = new Simulator<never>();
    const told: (QosEvent & { readonly at: number })[] = [];
    const end = (mac: string): QosEnd => ({
      queues: QUEUES,
      mac,
      buffer: { ...BUFFER_DEFAULTS, headroomBytes: HEADROOM, reserveBytes: 0, threshold: 5000 },
      forwards: true,
    });
    const names = ['s1', 's2', 's3'];
    const hosts = names.map((name) => {
      const [host, fabric] = [new Node(), new Node()];
      simulator.addNode(name, fabric);
      simulator.addNode(`h-${name}`, host);
      // Port 0 leads to the next switch, 1 to the one before, 2 to the host. From a host frames go on over two switches.
      fabric.handleFrame = (_port, frame, given) => {
        const hops = frame[39]!;
        if (hops === 0) return;
        const next = frame.slice();
        next[39] = hops - 1;
        fabric.outputs.push({ port: 0, send: next, given });
      };
      return host;
    });
    const macs = names.map((_, i) => `02:00:00:00:01:0${i}`);
    for (const [i, name] of names.entries()) {
      const next = (i + 1) % 3;
      const ends = [end(macs[i]!), end(macs[next]!)] as const;
      const options = { propagationNs: 500, rateBitsPerSecond: 10e9, qos: { ends } };
      simulator.connect(
        { node: name, port: 0 },
        { node: names[next]!, port: 1 },
        { name, ...options },
      );
      const hostEnds = [{ ...end(macs[i]!), forwards: false }, end(macs[i]!)] as const;
      const up = { propagationNs: 500, qos: { ends: hostEnds } };
      simulator.connect(
        { node: `h-${name}`, port: 0 },
        { node: name, port: 2 },
        { name: `up-${name}`, ...up },
      );
    }
    simulator.observe({ qos: (event, at) => told.push({ ...event, at }) });
    for (const [i, host] of hosts.entries()) {
      for (let n = 0; n < 500; n++)
        host.outputs.push({ port: 0, send: framed(3, 2200, 2), given: false });
      simulator.act(`h-${names[i]}`, () => {});
    }
    simulator.run({ untilNs: 200 * MS });
    const places = { nodes: [], ports: [] };
    const auditor = new Auditor(
      {
        guestTimeoutNs: 0,
        blackoutBudgetNs: 0,
        rATovNs: 0,
        qos: { pauseNs: 100 * MS, responseNs: 4000, largestBytes: 9216, quantumBytes: 10_000 },
      },
      { places },
    );
    for (const name of names)
      for (const at of [0, 1])
        auditor.observe({
          at: 0,
          node: '',
          event: { type: 'queues', link: name, end: at, by: 'configuration', queues: QUEUES },
        });
    for (const { at, ...event } of told) auditor.observe({ at, node: '', event });
    auditor.observe({ at: 200 * MS, node: '', event: { type: 'node-paused' } });
    const verdict = auditor.conclude().find(({ invariant }) => invariant === 'I26')!;
    expect(simulator.stats().framesInFlight).toBeGreaterThan(0);
    expect(verdict.result).toBe('violated');
    expect(verdict.detail).toMatch(
      /a circle of pauses, s\d a-to-b waits for s\d a-to-b waits for s\d a-to-b waits for s\d/,
    );
  });
});
