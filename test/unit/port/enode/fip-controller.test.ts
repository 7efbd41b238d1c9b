/** Finding an FCF, and losing it. */
import { describe, expect, it } from 'vitest';
import { MILLISECOND, SECOND } from '../../../../src/machine/machine.ts';
import {
  FipController,
  type FipControllerOptions,
} from '../../../../src/port/enode/fip-controller.ts';
import {
  type Advertised,
  advertisement,
  clearVirtualLinks,
  ENODE_MAC,
  FakeFipPort,
  FCF_MAC,
  fip,
} from '../../../helpers/fip-port.ts';

const ALL_FCFS = '01:10:18:01:00:02';
const B = '02:fc:f0:00:00:02';
const DELAY = 100 * MILLISECOND;

function make(options: Partial<FipControllerOptions> = {}) {
  const port = new FakeFipPort();
  const controller = new FipController(
    {
      mac: ENODE_MAC,
      nodeName: 7n,
      vlanDiscovery: false,
      vlan: 0,
      maxFcoeSizeBytes: 2158,
      fcfSelectionDelayNs: DELAY,
      ...options,
    },
    port,
  );
  const { vlan = 0 } = options;
  const hear = (said: Advertised = {}) =>
    controller.handle(advertisement(said), said.mac ?? FCF_MAC, vlan);
  return { port, controller, hear };
}

/** With an FCF chosen. */
function selected(said: Advertised = {}) {
  const made = make();
  made.controller.linkUp();
  made.hear(said);
  made.port.clock.run(DELAY);
  expect(made.controller.state).toBe('selected');
  made.port.take();
  made.port.log = [];
  return made;
}

describe('VLAN discovery', () => {
  it('asks outside any VLAN, again each 2 s, and goes on in the first VLAN of the answer', () => {
    const { port, controller } = make({ vlanDiscovery: true, vlan: 5 });
    controller.linkUp();
    port.clock.run(2 * SECOND);
    expect(port.sent.map(({ at, destination, vlan }) => [at, destination, vlan])).toEqual([
      [0, ALL_FCFS, 0],
      [2 * SECOND, ALL_FCFS, 0],
    ]);
    expect(port.take()[0]!.message).toMatchObject({ operation: 4, subcode: 1 });
    const notification = fip(4, 2, 0, [
      { kind: 'mac', mac: FCF_MAC },
      { kind: 'vlan', vid: 1002 },
      { kind: 'vlan', vid: 1003 },
    ]);
    controller.handle(notification, FCF_MAC, 0);
    expect(controller).toMatchObject({ state: 'soliciting', vlan: 1002 });
    expect(port.sent).toMatchObject([{ vlan: 1002, message: { operation: 1, subcode: 1 } }]);
    // A second answer changes nothing.
    controller.handle(
      fip(4, 2, 0, [
        { kind: 'mac', mac: B },
        { kind: 'vlan', vid: 9 },
      ]),
      B,
      0,
    );
    expect(controller.vlan).toBe(1002);
  });

  const named = (...vids: number[]) =>
    fip(4, 2, 0, [
      { kind: 'mac', mac: FCF_MAC },
      ...vids.map((vid) => ({ kind: 'vlan' as const, vid })),
    ]);

  it('tries each VLAN that was named with three solicitations, and then asks anew', () => {
    const { port, controller } = make({ vlanDiscovery: true });
    controller.linkUp();
    controller.handle(named(1002, 1003), FCF_MAC, 0);
    controller.handle(named(1003, 9), B, 0);
    port.take();
    port.clock.run(18 * SECOND);
    expect(port.sent.map(({ at, vlan }) => [at / SECOND, vlan])).toEqual([
      ...[2, 4].map((at) => [at, 1002]),
      ...[6, 8, 10].map((at) => [at, 1003]),
      ...[12, 14, 16].map((at) => [at, 9]),
      [18, 0],
    ]);
    expect(controller.state).toBe('vlan');
  });

  it('hears no FCF of the VLAN before, and stays in the one where an FCF was chosen', () => {
    const { port, controller } = make({ vlanDiscovery: true });
    controller.linkUp();
    controller.handle(named(1002, 1003), FCF_MAC, 0);
    port.clock.run(6 * SECOND - 1);
    controller.handle(advertisement({ mac: B }), B, 1002);
    port.clock.run(1);
    controller.handle(advertisement(), FCF_MAC, 1003);
    port.clock.run(10 * SECOND);
    expect(port.log).toEqual([`selected ${FCF_MAC}`]);
    expect(controller.vlan).toBe(1003);
  });

  it('takes the last VLAN alone where it is told to, and nothing of an empty list', () => {
    const { controller, port } = make({ vlanDiscovery: true, vlanChoice: 'last' });
    controller.linkUp();
    port.take();
    controller.handle(named(), FCF_MAC, 0);
    expect([controller.state, port.take()]).toEqual(['vlan', []]);
    controller.handle(named(1002, 1010), FCF_MAC, 0);
    expect(controller.vlan).toBe(1010);
    port.clock.run(6 * SECOND);
    expect(controller.state).toBe('vlan');
  });

  it('passes over advertisements before it has a VLAN', () => {
    const { port, controller, hear } = make({ vlanDiscovery: true });
    controller.linkUp();
    hear();
    port.clock.run(DELAY);
    expect(controller.state).toBe('vlan');
  });
});

describe('FCF discovery', () => {
  it('solicits all FCFs each 2 s, with the size that the port takes', () => {
    const { port, controller } = make({ vlan: 1002 });
    controller.linkUp();
    controller.linkUp();
    port.clock.run(4 * SECOND);
    expect(port.sent.map(({ at, destination, vlan }) => [at, destination, vlan])).toEqual([
      [0, ALL_FCFS, 1002],
      [2 * SECOND, ALL_FCFS, 1002],
      [4 * SECOND, ALL_FCFS, 1002],
    ]);
    expect(port.sent[0]!.message.descriptors).toEqual([
      { kind: 'mac', mac: ENODE_MAC },
      { kind: 'nameIdentifier', name: 7n },
      { kind: 'maxFcoeSize', maxFcoeSizeBytes: 2158 },
    ]);
  });

  it('asks an FCF that it only heard by multicast for itself', () => {
    const { port, controller, hear } = make();
    controller.linkUp();
    port.take();
    hear({ solicited: false });
    expect(port.take()).toMatchObject([{ destination: FCF_MAC, message: { operation: 1 } }]);
    port.clock.run(DELAY);
    expect(controller.state).toBe('soliciting');
  });

  it('collects answers for a while and chooses the lowest priority', () => {
    const { port, controller, hear } = make();
    controller.linkUp();
    hear({ priority: 9 });
    port.clock.run(DELAY - 1);
    hear({ mac: B, priority: 8 });
    expect(port.log).toEqual([]);
    port.clock.run(1);
    expect(port.log).toEqual([`selected ${B}`]);
    expect(controller.selected!.mac).toBe(B);
    port.take();
    port.clock.run(4 * SECOND);
    expect(port.sent).toEqual([]);
  });

  it('chooses none of two fabrics, says so, and goes on asking', () => {
    const { port, controller, hear } = make();
    controller.linkUp();
    hear();
    hear({ mac: B, fabricName: 1n });
    port.clock.run(2 * SECOND);
    expect(port.contradictions).toEqual(['FCFs of different fabrics answer: none is chosen']);
    expect(controller.state).toBe('soliciting');
    expect(port.sent.at(-1)!.at).toBe(2 * SECOND);
  });

  it('chooses none of another fabric in the place of its own, and says so once', () => {
    const { port, controller, hear } = selected({ fkaAdvPeriodMs: 1000 });
    port.clock.run(2500 * MILLISECOND);
    for (let i = 0; i < 3; i++) {
      hear({ mac: B, fabricName: 1n, priority: 1 });
      port.clock.run(SECOND);
    }
    const complaint = 'no FCF of fabric 10:00:02:fc:f0:00:00:01 answers, others do: none is chosen';
    expect(port.contradictions).toEqual([complaint]);
    expect(controller).toMatchObject({ state: 'soliciting', complaint });
    // Its own comes back beside the other.
    hear({ priority: 9 });
    port.clock.run(DELAY);
    expect(controller).toMatchObject({ selected: { mac: FCF_MAC }, complaint: '' });
  });

  it('chooses one of another fabric behind another cable', () => {
    const { port, controller, hear } = selected();
    controller.linkDown();
    controller.linkUp();
    hear({ mac: B, fabricName: 1n });
    port.clock.run(DELAY);
    expect(controller.selected!.mac).toBe(B);
  });

  it('hears nothing of another VLAN, or without a link', () => {
    const { port, controller } = make({ vlan: 1002 });
    controller.handle(advertisement(), FCF_MAC, 1002);
    controller.linkUp();
    controller.handle(advertisement(), FCF_MAC, 0);
    port.clock.run(SECOND);
    expect(controller.state).toBe('soliciting');
  });

  it('drops a message that lacks a descriptor, and says so', () => {
    const { port, controller } = make();
    controller.linkUp();
    controller.handle(fip(1, 2, 0x8007, [{ kind: 'priority', priority: 1 }]), FCF_MAC, 0);
    expect(port.contradictions).toHaveLength(1);
    expect(port.contradictions[0]).toContain(`FIP from ${FCF_MAC} dropped`);
  });
});

describe('the end of the virtual links', () => {
  it('comes when the FCF is not heard for 2.5 periods', () => {
    const { port, controller, hear } = selected({ fkaAdvPeriodMs: 1000 });
    port.clock.run(2000 * MILLISECOND);
    hear({ fkaAdvPeriodMs: 1000 });
    port.clock.run(2500 * MILLISECOND - 1);
    expect(port.log).toEqual([]);
    port.clock.run(1);
    expect(port.log).toEqual(['lost: no advertisement for 2.5 periods']);
    expect(controller).toMatchObject({ state: 'soliciting', selected: undefined });
    expect(port.sent.at(-1)).toMatchObject({ destination: ALL_FCFS, message: { operation: 1 } });
  });

  it('does not come when another FCF falls silent', () => {
    const { port, controller, hear } = selected({ fkaAdvPeriodMs: 60_000 });
    hear({ mac: B, fkaAdvPeriodMs: 1000 });
    port.clock.run(10 * SECOND);
    expect(port.log).toEqual([]);
    expect(controller.selected!.mac).toBe(FCF_MAC);
  });

  it('comes with the link, and no timer goes on', () => {
    const { port, controller } = selected();
    controller.linkDown();
    expect(port.log).toEqual(['lost: link down']);
    port.take();
    port.clock.run(600 * SECOND);
    expect([port.sent, port.log.length, controller.state]).toEqual([[], 1, 'link-down']);
    controller.linkUp();
    expect(controller.state).toBe('soliciting');
  });

  it('without an FCF loses nothing', () => {
    const { port, controller } = make();
    controller.linkUp();
    controller.linkDown();
    controller.restart('why');
    expect([port.log, controller.state]).toEqual([[], 'link-down']);
  });

  it('follows what the FCF says of itself while it is chosen', () => {
    const { controller, hear } = selected();
    hear({ dBit: true });
    expect(controller.selected!.noKeepAlive).toBe(true);
  });
});

describe('Clear Virtual Links', () => {
  const port1 = { mac: '0e:fc:00:01:00:01', nPortId: 0x01_0001, portName: 1n };
  const port2 = { mac: '0e:fc:00:01:00:02', nPortId: 0x01_0002, portName: 2n };

  it('for listed ports clears those that are ours, word for word', () => {
    const { port, controller } = selected();
    port.ports = [port1, port2];
    const strangers = [
      { ...port2, portName: 9n },
      { ...port2, mac: port1.mac },
      { ...port2, nPortId: 5 },
    ];
    controller.handle(clearVirtualLinks([...strangers, port1]), FCF_MAC, 0);
    expect(port.log).toEqual(['cleared 10001']);
    controller.handle(clearVirtualLinks(strangers), FCF_MAC, 0);
    expect(port.log).toEqual(['cleared 10001']);
    expect(controller.state).toBe('selected');
  });

  it('without a list means all: the FCF is looked for anew', () => {
    const { port, controller } = selected();
    controller.handle(clearVirtualLinks(), FCF_MAC, 0);
    expect(port.log).toEqual(['lost: Clear Virtual Links: all']);
    expect(controller.state).toBe('soliciting');
  });

  it.each([
    ['another address', {}, B],
    ['another FCF by its MAC descriptor', { mac: B }, FCF_MAC],
    ['another switch by its name', { switchName: 1n }, FCF_MAC],
  ])('from %s is not for us', (_, said, source) => {
    const { port, controller } = selected();
    controller.handle(clearVirtualLinks([], said), source, 0);
    expect([port.log, controller.state]).toEqual([[], 'selected']);
  });
});
