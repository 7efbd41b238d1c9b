import { describe, expect, it } from 'vitest';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import { Host, Rig } from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';
const H2 = '52:54:00:aa:00:02';
const W1 = 0x2000_5254_00aa_0001n;
const W2 = 0x2000_5254_00aa_0002n;

describe('name server queries', () => {
  function populated(options = {}) {
    const rig = new Rig(options);
    const [one, two] = [new Host(rig, 0, H1), new Host(rig, 1, H2)];
    const a = one.join('FLOGI', W1);
    const b = two.join('FLOGI', W2);
    return { rig, one, two, a, b };
  }
  const head = '01000000fc020000';
  const accepted = `${head}8002000000000000`;
  const rejected = (code: string) => `${head}8001000000${code}00`;
  const asText = (bytes: Uint8Array) => formatHex(bytes);

  it('answers initiators by hand-written requests', () => {
    const { one, a } = populated();
    const ct = (request: string) => asText(one.ct(a, parseHex(request)));
    // GPN_FT, type FCP: control, N_Port_ID, reserved, WWPN; 80h on the last.
    expect(ct('01000000 fc020000 0172 0000 00000000 00000008')).toBe(
      `${accepted}00010001000000002000525400aa000180010002000000002000525400aa0002`,
    );
    // GID_FT.
    expect(ct('01000000 fc020000 0171 0000 00000000 00000008')).toBe(`${accepted}0001000180010002`);
    // GPN_ID and GID_PN.
    expect(ct('01000000 fc020000 0112 0000 00000000 00010002')).toBe(`${accepted}2000525400aa0002`);
    expect(ct('01000000 fc020000 0121 0000 00000000 2000525400aa0002')).toBe(`${accepted}00010002`);
    // The IN_ID comes back.
    expect(ct('01abcdef fc020000 0113 0000 00000000 00010002').slice(0, 8)).toBe('01abcdef');
  });

  it('rejects with the explanations that initiators look for', () => {
    const { one, a, b } = populated();
    const ct = (request: Parameters<Host['ct']>[1]) => asText(one.ct(a, request));
    expect(ct({ kind: 'GPN_FT', fc4Type: 0x28 })).toBe(rejected('0907'));
    expect(ct({ kind: 'GPN_FT', fc4Type: 8, domainIdScope: 9 })).toBe(rejected('0913'));
    expect(ct({ kind: 'GPN_ID', portId: 0x010009 })).toBe(rejected('0901'));
    expect(ct({ kind: 'GPN_ID', portId: 0x020001 })).toBe(rejected('0901'));
    expect(ct({ kind: 'GID_PN', portName: 9n })).toBe(rejected('0902'));
    expect(ct({ kind: 'GID_NN', nodeName: 9n })).toBe(rejected('0903'));
    expect(ct({ kind: 'GSPN_ID', portId: b })).toBe(rejected('0908'));
    expect(ct({ kind: 'GFF_ID', portId: b })).toBe(rejected('090f'));
    expect(ct({ kind: 'RNN_ID', portId: b, nodeName: 5n })).toBe(rejected('0910'));
    expect(ct({ kind: 'RSNN_NN', nodeName: 99n, name: 'x' })).toBe(rejected('0903'));
    expect(ct({ kind: 'RPN_ID', portId: a, portName: 99n })).toBe(rejected('0910'));
    expect(ct(parseHex('01000000 fc020000 7777 0000 00000000'))).toBe(rejected('0b00'));
    expect(ct(parseHex('02000000 fc020000 0171 0000 00000000 00000008'))).toBe(rejected('0200'));
    expect(ct(parseHex('01000000 fc020000 0171 0000 00000000'))).toBe(rejected('0400'));
  });

  it('walks all ports by GA_NXT, round and round', () => {
    const { one, a, b } = populated();
    const next = (portId: number) => {
      const reply = one.ct(a, { kind: 'GA_NXT', portId });
      expect(reply.length).toBe(16 + 620);
      return (reply[17]! << 16) | (reply[18]! << 8) | reply[19]!;
    };
    expect([next(0), next(a), next(b), next(0xffffff)]).toEqual([a, b, a, a]);
  });

  it('takes all ports of the port type Nx_Port', () => {
    const { one, a } = populated();
    expect(asText(one.ct(a, { kind: 'GID_PT', portType: 0x7f }))).toBe(
      `${accepted}0001000180010002`,
    );
    expect(asText(one.ct(a, { kind: 'GID_PT', portType: 2 }))).toBe(rejected('090a'));
    one.ct(a, { kind: 'RFF_ID', portId: a, fc4Features: 2, fc4Type: 8 });
    expect(asText(one.ct(a, { kind: 'GID_FF', fc4Features: 2, fc4Type: 8 }))).toBe(
      `${accepted}80010001`,
    );
    expect(asText(one.ct(a, { kind: 'GID_FF', fc4Features: 1, fc4Type: 8 }))).toBe(
      rejected('090f'),
    );
  });
});
