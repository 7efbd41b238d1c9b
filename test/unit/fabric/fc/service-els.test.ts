import { describe, expect, it } from 'vitest';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  F_PORT_CONTROLLER,
  FABRIC_CONTROLLER,
  Host,
  NAME_SERVER,
  Rig,
} from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';
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
});
