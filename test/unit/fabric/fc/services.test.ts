import { describe, expect, it } from 'vitest';
import { ctRequest } from '../../../../src/codecs/ct/index.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  F_PORT_CONTROLLER,
  FABRIC_CONTROLLER,
  Host,
  NAME_SERVER,
  Rig,
} from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';
const H2 = '52:54:00:aa:00:02';
const W1 = 0x2000_5254_00aa_0001n;
const W2 = 0x2000_5254_00aa_0002n;
const MANAGEMENT_SERVER = 0xff_fffa;

function make(options = {}) {
  const rig = new Rig(options);
  const host = new Host(rig, 0, H1);
  const id = host.flogi(W1).nPortId;
  const ask = (dId: number, payload: string) => {
    rig.take();
    host.els(id, dId, parseHex(payload));
    return rig.takeFc();
  };
  return { rig, host, id, ask };
}

describe('services at well-known addresses', () => {
  it.each([
    ['name server', NAME_SERVER],
    ['fabric controller', FABRIC_CONTROLLER],
    ['F_Port controller', F_PORT_CONTROLLER],
    ['management server', MANAGEMENT_SERVER],
  ])('accept PLOGI: %s', (_, address) => {
    const { rig, host, id } = make();
    host.plogi(id, address, W1);
    const [reply] = rig.takeFc();
    expect(reply).toMatchObject({
      port: 0,
      destination: '0e:fc:00:01:00:01',
      source: '02:fc:f0:00:00:01',
      sof: 0x2e,
      eof: 0x42,
      crcGood: true,
      header: { rCtl: 0x23, sId: address, dId: id, type: 1, fCtl: 0x99_0000, oxId: 0x101 },
    });
    expect(reply!.payload.length).toBe(116);
    expect(reply!.payload[0]).toBe(2);
    // Port name: NAA 2, made from the switch's; class 3 valid with 2112 bytes.
    expect(formatHex(reply!.payload.subarray(20, 28))).toBe(
      `2f${(address & 0xff).toString(16)}02fcf0000001`,
    );
    expect(formatHex(reply!.payload.subarray(68, 76))).toBe('8000000000000840');
  });

  it('refuse PLOGI under another name', () => {
    const { rig, host, id } = make();
    host.plogi(id, NAME_SERVER, W2);
    expect(formatHex(rig.takeFc()[0]!.payload)).toBe('0100000000030d00');
  });

  it('accept PRLI for CT once there is a PLOGI, and for nothing else', () => {
    const { rig, host, id, ask } = make();
    const prli = (type: string) => `20100014 ${type}002000 00000000 00000000 00000000`;
    const text = (payload: string) => formatHex(ask(NAME_SERVER, payload)[0]!.payload);
    expect(text(prli('20'))).toBe('0100000000091e00');
    host.plogi(id, NAME_SERVER, W1);
    rig.take();
    // Response code 1 in the low half of the flags byte.
    expect(text(prli('20'))).toBe('0210001420002100000000000000000000000000');
    expect(text(prli('08'))).toBe('01000000000b2c00');
    expect(text('21100014 20000000 00000000 00000000 00000000')).toBe(
      '0210001420000100000000000000000000000000',
    );
  });

  it('forget a login by LOGO, and say so when asked on', () => {
    const { rig, host, id, ask } = make();
    host.plogi(id, NAME_SERVER, W1);
    expect(formatHex(ask(NAME_SERVER, '05000000 00010001 2000525400aa0001')[0]!.payload)).toBe(
      '02000000',
    );
    host.ct(id, { kind: 'GNN_ID', portId: id });
    expect(host.ctFrames).toEqual([]);
    expect(rig.eventsOf('protocol')).toMatchObject([{ what: 'CT request without PLOGI' }]);
  });

  it('answer RTV with the values of the FLOGI accept', () => {
    const { ask } = make({ rATovMs: 7000, eDTovMs: 1500 });
    expect(formatHex(ask(F_PORT_CONTROLLER, '0e000000')[0]!.payload)).toBe(
      '0200000000001b58000005dc00000000',
    );
  });

  it('answer ADISC of a port that is logged in', () => {
    const { rig, host, id, ask } = make();
    const adisc = '52000000 00000000 2000525400aa0001 2000525400aa0001 00010001';
    expect(formatHex(ask(NAME_SERVER, adisc)[0]!.payload)).toBe('0100000000091e00');
    host.plogi(id, NAME_SERVER, W1);
    rig.take();
    expect(formatHex(ask(NAME_SERVER, adisc)[0]!.payload)).toBe(
      '020000000000000'.concat('02ffc02fcf0000001', '100002fcf0000001', '00fffffc'),
    );
  });

  it('reject what they do not know, and what is too short', () => {
    const { ask } = make();
    expect(formatHex(ask(FABRIC_CONTROLLER, '7a000000 00000000')[0]!.payload)).toBe(
      '01000000000b2c00',
    );
    expect(formatHex(ask(FABRIC_CONTROLLER, '62000000')[0]!.payload)).toBe('0100000000072d00');
    expect(formatHex(ask(FABRIC_CONTROLLER, '62000000 00000004')[0]!.payload)).toBe(
      '0100000000030000',
    );
    expect(formatHex(ask(NAME_SERVER, '62000000 00000003')[0]!.payload)).toBe('01000000000b2c00');
  });

  it('take a LOGO to the F_Port controller for the end of the fabric login', () => {
    const { rig, ask } = make();
    const [reply] = ask(F_PORT_CONTROLLER, '05000000 00010001 2000525400aa0001');
    expect(formatHex(reply!.payload)).toBe('02000000');
    expect(rig.eventsOf('logout')).toMatchObject([{ reason: 'LOGO', wwpn: W1 }]);
  });

  it('answer ABTS by BA_RJT: their exchanges are over', () => {
    const { rig, host, id } = make();
    rig.feed(
      0,
      host.frame(id, NAME_SERVER, new Uint8Array(0), { rCtl: 0x81, type: 0, oxId: 0x77 }),
    );
    const [reply] = rig.takeFc();
    expect(reply!.header).toMatchObject({ rCtl: 0x85, type: 0, oxId: 0x77 });
    expect(formatHex(reply!.payload)).toBe('00030300');
  });

  it('drop a bad CRC, and what is for no service', () => {
    const { rig, host, id } = make();
    const frame = host.frame(id, NAME_SERVER, parseHex('0e000000'), { rCtl: 0x22, type: 1 });
    frame[frame.length - 8]! ^= 1;
    rig.feed(0, frame);
    host.els(id, 0xff_fffb, parseHex('0e000000'));
    rig.feed(0, host.frame(id, NAME_SERVER, parseHex('0e000000')));
    expect(rig.take().filter((one) => one.kind === 'fc')).toEqual([]);
    expect(rig.dropped()).toEqual(['bad-crc', 'unknown-d-id', 'unsupported']);
  });

  it('reject CT requests to servers that are not there', () => {
    const { host, id } = make();
    host.plogi(id, MANAGEMENT_SERVER, W1);
    // FDMI RHBA: rejected as not supported, to the same GS_Type and subtype.
    const reply = host.ct(id, parseHex('01000000 fa100000 02000000 00000000'), MANAGEMENT_SERVER);
    expect(formatHex(reply)).toBe('01000000fa10000080010000000b0000');
  });
});

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

  it('answers at length in several frames of one sequence', () => {
    const rig = new Rig();
    const host = new Host(rig, 0, H1);
    const a = host.join('FLOGI', W1);
    host.plogi(a, NAME_SERVER, W1, 256);
    for (let i = 1; i < 40; i++) host.join('FDISC', W1 + BigInt(i));
    const reply = host.ct(a, { kind: 'GPN_FT', fc4Type: 8 });
    expect(reply.length).toBe(16 + 40 * 16);
    const frames = host.ctFrames;
    expect(frames.map(({ payload }) => payload.length)).toEqual([256, 256, 144]);
    expect(frames.map(({ sof, eof }) => [sof, eof])).toEqual([
      [0x2e, 0x41],
      [0x36, 0x41],
      [0x36, 0x42],
    ]);
    expect(frames.map(({ header }) => [header.seqCnt, header.fCtl])).toEqual([
      [0, 0x80_0000],
      [1, 0x80_0000],
      [2, 0x99_0000],
    ]);
    expect(new Set(frames.map(({ header }) => `${header.seqId} ${header.oxId}`)).size).toBe(1);
    expect([...reply].filter((byte, i) => i >= 16 && i % 16 === 0 && byte === 0x80)).toHaveLength(
      1,
    );
    // With room for 8 words: two entries, and what is missing in the residual field.
    const cut = ctRequest.encode({ kind: 'GPN_FT', fc4Type: 8 });
    cut[11] = 8;
    const part = host.ct(a, cut);
    expect(part.length).toBe(16 + 32);
    expect((part[10]! << 8) | part[11]!).toBe(40 * 4 - 8);
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
