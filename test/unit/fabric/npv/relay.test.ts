/** Logins of servers, as the core sees them and as the servers are answered. */
import { describe, expect, it } from 'vitest';
import { FlogiAcceptFeatures, flogiAccept } from '../../../../src/codecs/els/index.ts';
import { fipElsOf } from '../../../../src/codecs/fip/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { Host } from '../../../helpers/fcf.ts';
import { NPV_MAC, NpvRig, SERVER_1, SERVER_2, uplink } from '../../../helpers/npv.ts';

const [H1, H2] = ['52:54:00:aa:00:01', '52:54:00:aa:00:02'];
const [W1, W2, VM] = [0x2000_5254_00aa_0001n, 0x2000_5254_00aa_0002n, 0x2100_5254_00cc_0001n];

function make(...options: ConstructorParameters<typeof NpvRig>) {
  const rig = NpvRig.ready(...options);
  const one = new Host(rig, SERVER_1, H1, { fcfMac: NPV_MAC });
  const two = new Host(rig, SERVER_2, H2, { fcfMac: NPV_MAC });
  return { rig, one, two };
}
const logouts = ({ coreTold }: NpvRig) =>
  coreTold.flatMap((event) => (event.type === 'logout' ? [[event.wwpn, event.reason]] : []));

describe('a login', () => {
  it('by FLOGI is one by FDISC at the core, over the uplink with fewer', () => {
    const { rig, one, two } = make();
    const answer = one.flogi(W1);
    expect(answer).toMatchObject({ accepted: true, mac: '0e:fc:00:01:00:03' });
    expect(fipElsOf(answer.seen.message)!.kind).toBe('flogi');
    const { common } = flogiAccept.decode(answer.payload);
    expect(common.features & FlogiAcceptFeatures.MULTIPLE_N_PORT_ID_ASSIGNMENT).not.toBe(0);
    two.flogi(W2);
    one.fdisc(VM);
    const atCore = rig.core.logins().slice(2);
    expect(atCore.map(({ by, enodeMac, port, wwpn }) => [by, enodeMac, port, wwpn])).toEqual([
      ['FDISC', '02:fc:f0:00:01:00', 0, W1],
      ['FDISC', '02:fc:f0:00:01:01', 1, W2],
      ['FDISC', '02:fc:f0:00:01:00', 0, VM],
    ]);
  });

  it('that the core refuses is refused with its reason', () => {
    const { one } = make({ uplinks: [uplink(0)] }, { npivLoginsMax: 1 });
    expect(one.flogi(W1).accepted).toBe(true);
    expect(one.fdisc(VM)).toMatchObject({ accepted: false, refusal: '09/29' });
  });

  it('again by FLOGI ends what the adapter had, at the core too', () => {
    const { rig, one } = make();
    one.flogi(W1);
    one.fdisc(VM);
    one.flogi(W1);
    expect(logouts(rig)).toEqual([
      [W1, 'LOGO'],
      [VM, 'LOGO'],
    ]);
    expect(rig.npv.kept()).toMatchObject({ logins: 1 });
  });

  it('that comes twice by the network is carried out once', () => {
    const { rig, one } = make();
    const before = one.oxId;
    one.flogi(W1);
    one.oxId = before;
    expect(() => one.flogi(W1)).toThrow('no FIP reply');
    expect(logouts(rig)).toEqual([]);
  });

  it('of a name that another server has takes it over, and the loser is told', () => {
    const { rig, one, two } = make({ uplinks: [uplink(0)], downlinks: 3 });
    one.flogi(W1);
    const mine = one.fdisc(VM);
    two.flogi(W2);
    const theirs = two.fdisc(VM);
    expect(theirs.accepted).toBe(true);
    const told = theirs.frames.filter(({ port }) => port === SERVER_1);
    expect(told).toMatchObject([{ destination: H1, message: { operation: 3, subcode: 2 } }]);
    expect(mine.nPortId).not.toBe(theirs.nPortId);
    expect(rig.npv.kept()).toMatchObject({ logins: 3 });
  });

  it('whose port is gone when the core answers is given back', () => {
    const { rig, one } = make();
    const held: Uint8Array[] = [];
    rig.passes = (from, _, frame) => {
      if (from !== 'npv' || held.length > 0) return true;
      held.push(frame.slice());
      return false;
    };
    expect(() => one.flogi(W1)).toThrow('no FIP reply');
    rig.manage((npv, _, now) => npv.handleLink(SERVER_1, false, now));
    rig.feedCore(0, held[0]!);
    expect(logouts(rig)).toEqual([[W1, 'LOGO']]);
    expect(rig.npv.kept()).toMatchObject({ logins: 0, 'fabric logins under way': 0 });
  });

  it('that the core does not answer is forgotten after a while', () => {
    const { rig, one } = make();
    rig.passes = () => false;
    expect(() => one.flogi(W1)).toThrow('no FIP reply');
    expect(rig.npv.kept()).toMatchObject({ 'fabric logins under way': 1 });
    rig.advance(31 * SECOND);
    expect(rig.npv.kept()).toMatchObject({ 'fabric logins under way': 0 });
  });
});

describe('a logout', () => {
  it('is carried to the core, and its answer back', () => {
    const { rig, one } = make();
    one.flogi(W1);
    const { nPortId } = one.fdisc(VM);
    expect(one.logo(nPortId, VM).accepted).toBe(true);
    expect(logouts(rig)).toEqual([[VM, 'LOGO']]);
    expect(rig.npv.kept()).toMatchObject({ logins: 1 });
  });

  it('of a port of another server is not', () => {
    const { rig, one, two } = make();
    one.flogi(W1);
    const { nPortId } = one.fdisc(VM);
    two.flogi(W2);
    expect(() => two.logo(nPortId, VM)).toThrow('no FIP reply');
    expect(logouts(rig)).toEqual([]);
    expect(rig.told.at(-1)).toMatchObject({ type: 'protocol', port: SERVER_2 });
  });
});

it('takes no login while no uplink is ready', () => {
  const one = new Host(new NpvRig(), SERVER_1, H1, { fcfMac: NPV_MAC });
  expect(() => one.flogi(W1)).toThrow('no FIP reply');
});
