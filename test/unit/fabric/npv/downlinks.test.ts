/** FIP on the servers' side of a virtualizer. */
import { describe, expect, it } from 'vitest';
import { fipDescriptorOf, fipDescriptorsOf } from '../../../../src/codecs/fip/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { ALL_FCFS, FABRIC_NAME, Host } from '../../../helpers/fcf.ts';
import { NPV_MAC, NPV_NAME, NpvRig, SERVER_1, SERVER_2 } from '../../../helpers/npv.ts';

const H1 = '52:54:00:aa:00:01';
const [W1, VM] = [0x2000_5254_00aa_0001n, 0x2100_5254_00cc_0001n];

function make(...options: ConstructorParameters<typeof NpvRig>) {
  const rig = NpvRig.ready(...options);
  return { rig, one: new Host(rig, SERVER_1, H1, { fcfMac: NPV_MAC }) };
}
const cleared = (rig: NpvRig) =>
  rig
    .takeFip()
    .filter(({ message }) => message.operation === 3)
    .map(({ message }) => fipDescriptorsOf(message, 'vxPort').map(({ nPortId }) => nPortId));

describe('an advertisement', () => {
  it('is of its own switch and of the fabric of the core, by every port of servers', () => {
    const { rig } = make();
    rig.advance(8 * SECOND);
    const [first, second] = rig.takeFip();
    expect([first!.port, second!.port]).toEqual([SERVER_1, SERVER_2]);
    const { message, source } = first!;
    expect(source).toBe(NPV_MAC);
    expect(fipDescriptorOf(message, 'nameIdentifier')!.name).toBe(NPV_NAME);
    expect(fipDescriptorOf(message, 'fabric')).toMatchObject({ fabricName: FABRIC_NAME });
  });

  it('answers who solicits, as large as asked', () => {
    const { rig, one } = make();
    one.solicit(2158);
    const [answer] = rig.takeFip();
    expect(answer).toMatchObject({ port: SERVER_1, destination: H1 });
    expect(answer!.bytes).toHaveLength(14 + 2158);
  });

  it('comes at once when the first uplink is ready', () => {
    const rig = new NpvRig();
    rig.link(0, true);
    rig.advance(SECOND);
    expect(rig.takeFip().map(({ port }) => port)).toEqual([SERVER_1, SERVER_2]);
  });
});

it('names its VLAN also while no uplink is ready, and takes nothing in another', () => {
  const rig = new NpvRig({ vlan: 1002 }, { vlan: 1002 });
  const one = new Host(rig, SERVER_1, H1, { fcfMac: NPV_MAC });
  const request = { operation: 4, subcode: 1, descriptors: [{ kind: 'mac', mac: H1 } as const] };
  one.fip(request, { destination: ALL_FCFS });
  const [answer] = rig.takeFip();
  expect(fipDescriptorOf(answer!.message, 'vlan')!.vid).toBe(1002);
  one.solicit();
  expect(rig.told.map((event) => event.type === 'dropped' && event.reason)).toEqual(['wrong-vlan']);
});

describe('keep-alives', () => {
  it('keep a server logged in; without them it is cleared and logged out after 2.5 periods', () => {
    const { rig, one } = make();
    const ids = [one.flogi(W1), one.fdisc(VM)].map(({ nPortId }) => nPortId);
    rig.advance(19 * SECOND);
    one.keepAlive();
    rig.advance(19 * SECOND);
    expect(cleared(rig)).toEqual([]);
    rig.advance(SECOND);
    expect(cleared(rig)).toEqual([ids]);
    expect(rig.core.logins()).toHaveLength(2);
  });

  it('of a port that is not logged in are answered by clearing it', () => {
    const { rig, one } = make();
    one.flogi(W1);
    rig.take();
    one.vnPortKeepAlive(0x01_0077, VM);
    expect(cleared(rig)).toEqual([[0x01_0077]]);
  });

  it('of an ENode from before a power cycle are answered by clearing all, once', () => {
    const { rig, one } = make();
    one.flogi(W1);
    rig.manage((npv, _, now) => npv.restart(now));
    rig.manage((npv, _, now) => npv.handleLink(SERVER_1, true, now));
    rig.take();
    one.keepAlive();
    one.keepAlive();
    expect(cleared(rig)).toEqual([[]]);
  });
});

it('tells a port again that goes on after it was cleared', () => {
  const { rig, one } = make();
  const { nPortId } = one.flogi(W1);
  rig.link(0, false);
  rig.take();
  rig.advance(2 * SECOND);
  rig.feed(SERVER_1, one.frame(nPortId, 0x01_0001, Uint8Array.of(1)));
  rig.feed(SERVER_1, one.frame(nPortId, 0x01_0001, Uint8Array.of(1)));
  expect(cleared(rig)).toEqual([[nPortId]]);
});

it('counts a message that is none', () => {
  const { rig, one } = make();
  one.fip({ operation: 1, subcode: 1, descriptors: [] });
  expect(rig.told.at(-1)).toMatchObject({ type: 'dropped', reason: 'malformed' });
});
