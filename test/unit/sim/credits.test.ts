/** Buffer credit of native links: how fast a link is, what is lost with a primitive, and what gives it back. */
import { describe, expect, it } from 'vitest';
import { flogi, flogiAccept } from '../../../src/codecs/els/index.ts';
import { encodeLinkFrame } from '../../../src/codecs/fc/index.ts';
import type { CreditChanged, CreditEvent } from '../../../src/history/credit.ts';
import type { LinkOptions } from '../../../src/link/channel.ts';
import type { CreditEnd } from '../../../src/link/credit.ts';
import type { Machine, Output } from '../../../src/machine/machine.ts';
import { frameHeader } from '../../../src/port/n-port/frame-header.ts';
import { Simulator } from '../../../src/sim/simulator.ts';

const F_PORT = 0xff_fffe;
const room = (bytes: number) => new Uint8Array(bytes);
const MS = 1e6;
/** SOF, header, 2112 bytes, CRC, EOF, and the gap behind it. */
const WIRE_BYTES = 4 + 24 + 2112 + 8 + 24;

const common = (bbCredit: number, bbScN: number) => ({
  bbCredit,
  bbScN,
  bbReceiveDataFieldSizeBytes: 2112,
});
const names = { portName: 1n, nodeName: 2n };
const login = (bbCredit: number, bbScN: number): Uint8Array =>
  encodeLinkFrame(
    frameHeader(1, 0x22, F_PORT, 0, 0x29_0000, 0, 1, 0xffff),
    flogi.encode({ common: { ...common(bbCredit, bbScN), features: 0 }, ...names }),
    true,
    room,
  );
const accept = (bbCredit: number, bbScN: number): Uint8Array =>
  encodeLinkFrame(
    frameHeader(1, 0x23, 0x01_0001, F_PORT, 0x99_0000, 0, 1, 0xffff),
    flogiAccept.encode({
      common: { ...common(bbCredit, bbScN), features: 0, rATovMs: 10_000, eDTov: 2000 },
      ...names,
    }),
    true,
    room,
  );
const data = (): Uint8Array =>
  encodeLinkFrame(
    frameHeader(8, 1, 0x01_0002, 0x01_0001, 0, 0, 7, 0xffff),
    new Uint8Array(2112),
    true,
    room,
  );

/** Sends what it is told to, keeps when frames came, and may hand them on. */
class Port implements Machine<never> {
  readonly came: number[] = [];
  readonly outputs: Output<never>[] = [];
  readonly deadline = undefined;
  answer: ((port: number, frame: Uint8Array) => Output<never> | undefined) | undefined;

  handleFrame(port: number, frame: Uint8Array, _given: boolean, now: number): void {
    this.came.push(now);
    const output = this.answer?.(port, frame);
    if (output !== undefined) this.outputs.push(output);
  }
  handleLink(): void {}
  handleTimeout(): void {}
  poll(): Output<never> | undefined {
    return this.outputs.shift();
  }
  send(frame: Uint8Array, port = 0): void {
    this.outputs.push({ port, send: frame, given: false });
  }
}

interface Made {
  readonly credit?: number;
  readonly bbScN?: number;
  readonly propagationNs?: number;
  readonly ends?: readonly [CreditEnd, CreditEnd];
  readonly eDTovNs?: number;
}

/** A port at end a and a switch's at end b of a link of 8 Gb/s, logged in with so much credit. */
function make({ credit = 4, bbScN = 0, propagationNs = 500, ends, eDTovNs }: Made = {}) {
  const simulator = new Simulator<never>();
  const [port, fabric] = [new Port(), new Port()];
  simulator.addNode('port', port);
  simulator.addNode('switch', fabric);
  const options: LinkOptions = {
    rateBitsPerSecond: 8e9,
    propagationNs,
    credit: { ends: ends ?? [{}, {}], ...(eDTovNs === undefined ? {} : { eDTovNs }) },
  };
  const link = simulator.connect(
    { node: 'port', port: 0 },
    { node: 'switch', port: 0 },
    { name: 'cable', ...options },
  );
  const told: CreditEvent[] = [];
  simulator.observe({ credit: (event) => told.push(event) });
  fabric.answer = (at, frame) =>
    frame[4] === 0x22 ? { port: at, send: accept(credit, bbScN), given: false } : undefined;
  port.send(login(credit, bbScN));
  simulator.run({ untilNs: MS });
  const changes = (what: CreditChanged['what']) =>
    told.filter((one) => one.type === 'credit' && one.what === what);
  port.came.length = 0;
  fabric.came.length = 0;
  const sendMany = (count: number) => {
    for (let i = 0; i < count; i++) port.send(data());
    simulator.act('port', () => {});
  };
  return { simulator, port, fabric, link, told, changes, sendMany };
}

describe('a link with buffer credit', () => {
  it('has one credit before the login, and what both ends gave in it afterwards', () => {
    const { changes, link } = make({ credit: 12 });
    expect(changes('login').map(({ credit }) => credit)).toEqual([11, 12]);
    expect(link.credit!.lanes.map(({ max }) => max)).toEqual([12, 12]);
  });

  it.each([
    { km: 2, credit: 2 },
    { km: 20, credit: 8 },
    { km: 50, credit: 16 },
    { km: 50, credit: 64 },
    { km: 100, credit: 32 },
  ])('over $km km with $credit credits is as fast as credit, round trip and frame say', (one) => {
    const propagationNs = one.km * 5000;
    const { fabric, sendMany, simulator } = make({ credit: one.credit, propagationNs });
    sendMany(2000);
    simulator.run({ untilNs: 10_000 * MS });
    expect(fabric.came).toHaveLength(2000);
    const frameNs = Math.ceil(WIRE_BYTES);
    // From the last bit of a frame its R_RDY is back after a round trip: so many frames each.
    const cycleNs = Math.max(frameNs + 2 * propagationNs, one.credit * frameNs);
    const tookNs = fabric.came.at(-1)! - fabric.came[0]!;
    const expectedNs = (1999 / one.credit) * cycleNs;
    expect(Math.abs(tookNs - expectedNs) / expectedNs).toBeLessThan(0.02);
  });

  it('needs round trip x rate / frame size credits to be full', () => {
    const propagationNs = 50_000;
    const frameNs = WIRE_BYTES;
    const enough = Math.ceil((2 * propagationNs + frameNs) / frameNs);
    const took = (credit: number) => {
      const { fabric, sendMany, simulator } = make({ credit, propagationNs });
      sendMany(1000);
      simulator.run({ untilNs: 10_000 * MS });
      return fabric.came.at(-1)! - fabric.came[0]!;
    };
    expect(took(enough)).toBe(999 * frameNs);
    expect(took(enough - 1)).toBeGreaterThan(999 * frameNs);
  });

  it('loses a credit with each R_RDY that is lost, and comes to a stop until a link reset', () => {
    const { changes, fabric, link, sendMany, simulator } = make({ credit: 4, eDTovNs: 2000 * MS });
    link.loseCredits(simulator.nowNs + 100 * MS);
    sendMany(20);
    simulator.run({ untilNs: 1500 * MS });
    expect(fabric.came).toHaveLength(4);
    expect(changes('r-rdy-lost')).toHaveLength(4);
    expect(changes('none-left')).toHaveLength(1);
    expect(changes('link-reset')).toEqual([]);
    simulator.run({ untilNs: 5000 * MS });
    expect(changes('link-reset')).toHaveLength(2);
    expect(fabric.came).toHaveLength(20);
  });

  it('loses one with each SOF that is lost as well', () => {
    const { changes, fabric, sendMany, simulator, link } = make({ credit: 4 });
    simulator.addFault({ link: 'cable', direction: 'a-to-b', nth: 2, action: { kind: 'drop' } });
    sendMany(20);
    simulator.run({ untilNs: 100 * MS });
    expect(fabric.came).toHaveLength(19);
    expect(changes('frame-lost')).toHaveLength(1);
    expect(link.credit!.lanes[0].available).toBe(3);
  });

  it('finds by BB_SC what was lost, after so many frames and R_RDYs', () => {
    const { changes, fabric, link, sendMany, simulator } = make({ credit: 4, bbScN: 3 });
    simulator.addFault({ link: 'cable', direction: 'a-to-b', nth: 2, action: { kind: 'drop' } });
    sendMany(4);
    simulator.run({ untilNs: 10 * MS });
    expect(link.credit!.lanes[0].available).toBe(3);
    sendMany(4);
    simulator.run({ untilNs: 20 * MS });
    expect(changes('recovered')).toHaveLength(1);
    expect(link.credit!.lanes[0].available).toBe(4);
    link.loseCredits(simulator.nowNs + 1);
    sendMany(1);
    simulator.run({ untilNs: 20 * MS + 1 });
    link.loseCredits(simulator.nowNs + 2 * MS);
    simulator.run({ untilNs: 22 * MS });
    expect(changes('r-rdy-lost')).toHaveLength(1);
    sendMany(8);
    simulator.run({ untilNs: 40 * MS });
    expect(link.credit!.lanes[0].available).toBe(4);
    expect(fabric.came).toHaveLength(16);
  });

  it('has as many R_RDYs told as frames came', () => {
    const { fabric, sendMany, simulator, told } = make();
    told.length = 0;
    sendMany(30);
    simulator.run({ untilNs: 10 * MS });
    const back = told.filter((one) => one.type === 'r-rdy' && one.direction === 'a-to-b');
    expect([fabric.came.length, back.length]).toEqual([30, 30]);
  });

  it('forgets login and credit with the link, and what waited is lost', () => {
    const { fabric, link, sendMany, simulator } = make({ credit: 4, propagationNs: 100_000 });
    sendMany(10);
    link.cut();
    simulator.run({ untilNs: 100 * MS });
    expect(fabric.came).toEqual([]);
    expect(link.stats('a-to-b')).toMatchObject({ linkDropped: 10, inFlight: 0 });
    link.restore();
    expect(link.credit!.lanes[0]).toMatchObject({ max: 1, available: 1 });
  });

  it('has no credit to lose where it is none of Fibre Channel', () => {
    const simulator = new Simulator<never>();
    simulator.addNode('a', new Port());
    simulator.addNode('b', new Port());
    const link = simulator.connect({ node: 'a', port: 0 }, { node: 'b', port: 0 });
    expect(() => link.loseCredits(5)).toThrow(/no credit/);
    expect(() => link.drainSlowly('a-to-b', 1, 2)).toThrow(/no credit/);
  });
});

describe('a switch between two links', () => {
  /** What comes in at port 0 goes out at port 1, which leads to a device that may be slow. */
  function chain(holdNs: number) {
    const { simulator, fabric, port, link, sendMany, changes } = make({
      credit: 4,
      ends: [{}, { forwards: true, holdNs }],
    });
    const device = new Port();
    simulator.addNode('device', device);
    const out = simulator.connect(
      { node: 'device', port: 0 },
      { node: 'switch', port: 1 },
      {
        name: 'out',
        rateBitsPerSecond: 8e9,
        propagationNs: 500,
        credit: { ends: [{}, { forwards: true, holdNs }] },
      },
    );
    device.send(login(4, 0));
    simulator.run({ untilNs: 2 * MS });
    device.came.length = 0;
    fabric.answer = (at, frame) => (at === 0 ? { port: 1, send: frame, given: false } : undefined);
    return { simulator, port, fabric, device, link, out, sendMany, changes };
  }

  it('keeps frames for a slow device, and its buffers fill up to where they come from', () => {
    const { device, fabric, out, sendMany, simulator } = chain(500 * MS);
    out.drainSlowly('b-to-a', 10 * MS, 10_000 * MS);
    sendMany(40);
    simulator.run({ untilNs: 3 * MS });
    // Four under way to the device, four in the switch; the others wait where they were sent.
    expect([device.came.length, fabric.came.length - 1]).toEqual([4, 8]);
    simulator.run({ untilNs: 1000 * MS });
    expect(device.came).toHaveLength(40);
    expect(out.stats('b-to-a').heldDropped).toBe(0);
    // A frame each 10 ms.
    expect(device.came.at(-1)! - device.came[4]!).toBe(35 * 10 * MS);
  });

  it('discards what it has kept for longer than its hold time', () => {
    const { changes, device, out, sendMany, simulator } = chain(20 * MS);
    out.drainSlowly('b-to-a', 50 * MS, 10_000 * MS);
    sendMany(12);
    simulator.run({ untilNs: 15 * MS });
    expect(out.stats('b-to-a').heldDropped).toBe(0);
    simulator.run({ untilNs: 1000 * MS });
    const { heldDropped } = out.stats('b-to-a');
    expect(heldDropped).toBeGreaterThan(0);
    expect(changes('held-too-long')).toHaveLength(heldDropped);
    expect(device.came.length + heldDropped).toBe(12);
  });
});
