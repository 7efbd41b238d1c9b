import { describe, expect, it } from 'vitest';
import { formatHex } from '../../../../src/codecs/layout/index.ts';
import { Host, Rig } from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';
const H2 = '52:54:00:aa:00:02';
const W1 = 0x2000_5254_00aa_0001n;
const W2 = 0x2000_5254_00aa_0002n;

describe('the name server', () => {
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

  it('takes registrations of Linux and gives them back', () => {
    const { one, a } = populated();
    const name = 'fcoe v0.1 over eth0';
    expect(asText(one.ct(a, { kind: 'RNN_ID', portId: a, nodeName: 5n }))).toBe(accepted);
    expect(asText(one.ct(a, { kind: 'RSNN_NN', nodeName: 5n, name: 'node' }))).toBe(accepted);
    expect(asText(one.ct(a, { kind: 'RSPN_ID', portId: a, name }))).toBe(accepted);
    expect(asText(one.ct(a, { kind: 'RFF_ID', portId: a, fc4Features: 2, fc4Type: 8 }))).toBe(
      accepted,
    );
    expect(asText(one.ct(a, { kind: 'GNN_ID', portId: a }))).toBe(`${accepted}0000000000000005`);
    expect(asText(one.ct(a, { kind: 'GSPN_ID', portId: a })).slice(32)).toBe(
      `13${formatHex(new TextEncoder().encode(name))}`,
    );
    expect(asText(one.ct(a, { kind: 'GSNN_NN', nodeName: 5n })).slice(32)).toBe('046e6f6465');
    expect(asText(one.ct(a, { kind: 'GID_NN', nodeName: 5n }))).toBe(`${accepted}80010001`);
    // GFF_ID: FCP's nibble is the low one of byte 7, where lpfc reads it.
    const features = one.ct(a, { kind: 'GFF_ID', portId: a }).subarray(16);
    expect(features.length).toBe(128);
    expect([...features].findIndex((byte) => byte !== 0)).toBe(7);
    expect(features[7]).toBe(2);
    expect(asText(one.ct(a, { kind: 'GPT_ID', portId: a }))).toBe(`${accepted}01000000`);
  });

  it('forgets a port by DA_ID, by logout and by a power cycle', () => {
    const { rig, one, two, a, b } = populated();
    const fcpPorts = () => asText(one.ct(a, { kind: 'GID_FT', fc4Type: 8 }));
    two.ct(b, { kind: 'DA_ID', portId: b });
    expect(fcpPorts()).toBe(`${accepted}80010001`);
    const c = two.join('FDISC', W2 + 1n);
    expect(fcpPorts()).toBe(`${accepted}0001000180010003`);
    two.logo(c, W2 + 1n);
    expect(fcpPorts()).toBe(`${accepted}80010001`);
    expect(asText(one.ct(a, { kind: 'GPN_ID', portId: c }))).toBe(rejected('0901'));
    expect(asText(one.ct(a, { kind: 'GID_NN', nodeName: W2 + 1n }))).toBe(rejected('0903'));
    rig.manage((fcf, now) => fcf.restart(now));
    const d = two.join('FLOGI', W2);
    expect(asText(two.ct(d, { kind: 'GID_FT', fc4Type: 8 }))).toBe(`${accepted}80010001`);
    expect(asText(two.ct(d, { kind: 'GID_NN', nodeName: W1 }))).toBe(rejected('0903'));
  });
});
