/** A switch in N_Port virtualizer mode: frames between servers and core, and uplinks that fail. */
import { describe, expect, it } from 'vitest';
import { fipDescriptorsOf } from '../../../../src/codecs/fip/index.ts';
import { macAt } from '../../../../src/codecs/layout/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { FCF_MAC, Host, look } from '../../../helpers/fcf.ts';
import { NPV_MAC, NpvRig, SERVER_1, SERVER_2 } from '../../../helpers/npv.ts';

const [H1, H2, TARGET] = ['52:54:00:aa:00:01', '52:54:00:aa:00:02', '52:54:00:aa:00:03'];
const [W1, W2] = [0x2000_5254_00aa_0001n, 0x2000_5254_00aa_0002n];
const [WT, VM] = [0x2000_5254_00aa_0003n, 0x2000_5254_00aa_0004n];

/** Two servers logged in, one over each uplink, and a target at the core. */
function atWork() {
  const rig = NpvRig.ready();
  const one = new Host(rig, SERVER_1, H1, { fcfMac: NPV_MAC });
  const two = new Host(rig, SERVER_2, H2, { fcfMac: NPV_MAC });
  const [first, second] = [one.flogi(W1), two.flogi(W2)];
  const guest = one.fdisc(VM);
  const take = () => rig.fromCore.splice(0).map(({ port, bytes }) => look(port, rig.now, bytes));
  const feed = (port: number, frame: Uint8Array) => rig.feedCore(port, frame);
  const target = new Host({ feed, take }, 2, TARGET);
  const third = target.flogi(WT);
  rig.take();
  take();
  return { rig, one, two, target, first, second, guest, third };
}

describe('frames', () => {
  it('go to the core as their port sends them, but to the core', () => {
    const { rig, one, guest, third } = atWork();
    rig.feed(SERVER_1, one.frame(guest.nPortId, third.nPortId, Uint8Array.of(1, 2, 3, 4)));
    expect(rig.fromCore).toHaveLength(1);
    const { bytes, port } = rig.fromCore[0]!;
    expect(port).toBe(2);
    expect([macAt(bytes, 0), macAt(bytes, 6)]).toEqual([third.mac, FCF_MAC]);
    expect(look(2, 0, bytes)).toMatchObject({
      header: { sId: guest.nPortId, dId: third.nPortId },
      crcGood: true,
    });
  });

  it('go to a server from the virtualizer, at the port that has the address', () => {
    const { rig, target, guest, second, third } = atWork();
    for (const { nPortId } of [guest, second]) {
      rig.feedCore(2, target.frame(third.nPortId, nPortId, Uint8Array.of(1)));
    }
    expect(rig.take()).toMatchObject([
      { port: SERVER_1, destination: guest.mac, source: NPV_MAC, crcGood: true },
      { port: SERVER_2, destination: second.mac, source: NPV_MAC },
    ]);
  });

  it('are taken from nobody else, at no other port, and not in another VLAN', () => {
    const { rig, one, two, guest, third } = atWork();
    const payload = Uint8Array.of(1);
    const dropped = (...frames: Uint8Array[]) => {
      rig.told.length = 0;
      for (const frame of frames) rig.feed(SERVER_1, frame);
      expect(rig.fromCore).toEqual([]);
      return rig.told.map((event) => event.type === 'dropped' && event.reason);
    };
    expect(dropped(one.frame(0x01_0099, third.nPortId, payload))).toEqual(['no-login']);
    const asAnother = { source: '0e:fc:00:01:00:99' };
    expect(dropped(one.frame(guest.nPortId, third.nPortId, payload, {}, asAnother))).toEqual([
      'no-login',
    ]);
    expect(dropped(one.frame(guest.nPortId, third.nPortId, payload, {}, { vid: 7 }))).toEqual([
      'wrong-vlan',
    ]);
    rig.feed(SERVER_2, two.frame(guest.nPortId, third.nPortId, payload));
    expect(rig.fromCore).toEqual([]);
    expect(dropped(one.frame(guest.nPortId, third.nPortId, payload).subarray(0, 40))).toEqual([
      'malformed',
    ]);
  });

  it('that are lent are not changed', () => {
    const { rig, one, guest, third } = atWork();
    const frame = one.frame(guest.nPortId, third.nPortId, Uint8Array.of(1));
    const before = frame.slice();
    rig.feed(SERVER_1, frame);
    expect(frame).toEqual(before);
  });
});

describe('an uplink that fails', () => {
  const clears = (rig: NpvRig) =>
    rig
      .takeFip()
      .filter(({ message }) => message.operation === 3)
      .map(({ destination, message, port }) => [
        port,
        destination,
        fipDescriptorsOf(message, 'vxPort').map(({ nPortId }) => nPortId),
      ]);

  it('takes the logins behind it along, which come again over another under other addresses', () => {
    const { rig, one, first, guest } = atWork();
    expect([rig.npv.loginsBehind(0), rig.npv.loginsBehind(1)]).toEqual([2, 1]);
    rig.link(0, false);
    expect(clears(rig)).toEqual([[SERVER_1, H1, [first.nPortId, guest.nPortId]]]);
    expect([rig.npv.loginsBehind(0), rig.npv.loginsBehind(1)]).toEqual([0, 1]);
    const again = [one.flogi(W1), one.fdisc(VM)];
    expect(again.every(({ accepted }) => accepted)).toBe(true);
    const former = new Set([first.nPortId, guest.nPortId]);
    expect(again.some(({ nPortId }) => former.has(nPortId))).toBe(false);
    expect(rig.npv.loginsBehind(1)).toBe(3);
    // It comes back, and nobody moves.
    rig.link(0, true);
    rig.advance(SECOND);
    expect(clears(rig)).toEqual([]);
    expect(rig.npv.loginsBehind(1)).toBe(3);
  });

  it('is also one whose switch is not heard for 2.5 periods', () => {
    const { rig } = atWork();
    rig.passes = (_, uplink) => uplink !== 0;
    rig.advance(21 * SECOND);
    expect(rig.npv.loginsBehind(0)).toBe(0);
    expect(rig.told).toContainEqual({
      type: 'port',
      port: 0,
      state: 'disabled',
      reason: 'no advertisement for 2.5 periods',
    });
  });

  it('leaves a login alone that the core cleared beside it', () => {
    const { rig, guest, first } = atWork();
    rig.manage((_, core, now) => core.clearVirtualLinks({ nPortId: guest.nPortId }, now));
    expect(clears(rig)).toEqual([[SERVER_1, H1, [guest.nPortId]]]);
    expect(rig.npv.loginsBehind(0)).toBe(1);
    rig.manage((_, core, now) => core.clearVirtualLinks({ nPortId: first.nPortId }, now));
    expect(clears(rig)).toEqual([[SERVER_1, H1, [first.nPortId]]]);
  });

  it('leaves nothing to choose where it was the last: no advertisement, no answer', () => {
    const { rig, one } = atWork();
    for (const uplink of [0, 1]) rig.link(uplink, false);
    rig.take();
    one.solicit();
    rig.advance(9 * SECOND);
    expect(rig.takeFip()).toEqual([]);
  });
});

describe('a server that goes', () => {
  it('is logged out of the core, and a power cycle forgets all of them without a word', () => {
    const { rig, first, guest } = atWork();
    rig.manage((npv, _, now) => npv.handleLink(SERVER_1, false, now));
    const gone = rig.coreTold.flatMap((event) =>
      event.type === 'logout' ? [[event.nPortId, event.reason]] : [],
    );
    expect(gone).toEqual([
      [first.nPortId, 'LOGO'],
      [guest.nPortId, 'LOGO'],
    ]);
    rig.take();
    rig.manage((npv, _, now) => npv.restart(now));
    expect(rig.take()).toEqual([]);
    expect(rig.npv.kept()).toMatchObject({ logins: 0, 'fabric logins under way': 0 });
  });
});

it('keeps the links of its servers alive at the core, for hours', () => {
  const { rig, one, two } = atWork();
  for (let i = 0; i < 60; i++) {
    rig.advance(8 * SECOND);
    one.keepAlive();
    two.keepAlive();
  }
  const ended = rig.coreTold.flatMap((event) => (event.type === 'logout' ? [event.wwpn] : []));
  // The target keeps nothing alive.
  expect(ended).toEqual([WT]);
  expect(rig.npv.loginsBehind(0) + rig.npv.loginsBehind(1)).toBe(3);
});
