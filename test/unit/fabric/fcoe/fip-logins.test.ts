import { describe, expect, it } from 'vitest';
import { flogiAccept } from '../../../../src/codecs/els/index.ts';
import { formatHex } from '../../../../src/codecs/layout/index.ts';
import type { FcfOptions } from '../../../../src/fabric/fcoe/options.ts';
import { FABRIC_NAME, Host, Rig } from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';
const H2 = '52:54:00:aa:00:02';
const W1 = 0x2000_5254_00aa_0001n;
const W2 = 0x2000_5254_00aa_0002n;
const VM = 0x2100_5254_00cc_0001n;

function twoHosts(options: Partial<FcfOptions> = {}) {
  const rig = new Rig(options);
  const [one, two] = [new Host(rig, 0, H1), new Host(rig, 1, H2)];
  one.flogi(W1);
  two.flogi(W2);
  rig.events = [];
  return { rig, one, two };
}
const logouts = (rig: Rig) => rig.eventsOf('logout').map(({ wwpn, reason }) => [wwpn, reason]);
describe('logins inside FIP', () => {
  it('is answered as initiators read it: ELS first, granted MAC address second', () => {
    const rig = new Rig({ eDTovMs: 2000, rATovMs: 10_000 });
    const { seen, nPortId, mac, payload } = new Host(rig, 2, H1).flogi(W1);
    expect(seen).toMatchObject({ port: 2, destination: H1 });
    expect(seen.message.descriptors.map((one) => one.kind)).toEqual(['flogi', 'mac']);
    expect(nPortId).toBe(0x010001);
    expect(mac).toBe('0e:fc:00:01:00:01');
    // Descriptor: type 7, 36 words; then the FC header by hand: R_CTL 23, F_CTL 990000, RX_ID FFFF.
    expect(formatHex(seen.bytes.subarray(24, 52))).toBe(
      '0724000023010001'.concat('00fffffe', '01990000', '00000000', '0100ffff', '00000000'),
    );
    // FLOGI LS_ACC common parameters: F_Port, NPIV and clean address; 10 s; 2 s.
    expect(formatHex(payload.subarray(0, 36))).toBe(
      '02000000'.concat('20200000', 'b0000840', '00002710', '000007d0', '200302fcf0000001') +
        '100002fcf0000001',
    );
    expect(flogiAccept.decode(payload).nodeName).toBe(FABRIC_NAME);
    expect(payload.length).toBe(116);
  });

  it.each([
    ['an address of the ENode alone', { flags: 0x4000 }, W1, '20/60'],
    ['a proposal with another FC-MAP', { proposed: '0e:fd:00:00:00:01' }, W1, '20/61'],
  ])('is refused with %s', (_, options, wwpn, refusal) => {
    const rig = new Rig();
    const answer = new Host(rig, 0, H1).flogi(wwpn, options);
    expect(answer.refusal).toBe(refusal);
    // LS_RJT: a descriptor of 9 words, and no address.
    expect(answer.seen.message.descriptors.map((one) => one.kind)).toEqual(['flogi']);
    expect(formatHex(answer.seen.bytes.subarray(24, 26))).toBe('0709');
    expect(rig.eventsOf('login-rejected')).toHaveLength(1);
    expect(rig.fcf.logins()).toEqual([]);
  });
  it('may propose an address of the fabric, or its own as a second choice', () => {
    const rig = new Rig();
    const host = new Host(rig, 0, H1);
    expect(host.flogi(W1, { proposed: '0e:fc:00:01:00:09' }).mac).toBe('0e:fc:00:01:00:01');
    expect(host.flogi(W1, { proposed: H1, flags: 0xc000 }).accepted).toBe(true);
  });

  it('is accepted with the address, and ends the login', () => {
    const { rig, one } = twoHosts();
    const { nPortId } = one.fdisc(VM);
    const answer = one.logo(nPortId, VM);
    expect(answer.seen.message.descriptors.map((d) => d.kind)).toEqual(['logo', 'mac']);
    expect(formatHex(answer.payload)).toBe('02000000');
    expect([answer.nPortId, answer.mac]).toEqual([nPortId, '0e:fc:00:01:00:03']);
    expect(logouts(rig)).toEqual([[VM, 'LOGO']]);
    expect(answer.frames).toHaveLength(1);
  });
});
