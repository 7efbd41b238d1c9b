/** CT_IUs by server and command, and by what they answer: sessions of ESXi, a Cisco switch and Linux. */
import { describe, expect, test } from 'vitest';
import { applicationRequests } from '../../../../src/codecs/ct/application-server.ts';
import { configurationRequests } from '../../../../src/codecs/ct/configuration.ts';
import {
  type CtReply,
  type CtRequest,
  ctExplanationName,
  ctReply,
  ctRequest,
  ctRequests,
} from '../../../../src/codecs/ct/family.ts';
import { fc4TypesOf } from '../../../../src/codecs/ct/fc4-types.ts';
import { fdmiRequests } from '../../../../src/codecs/ct/fdmi.ts';
import { nameServerRequests } from '../../../../src/codecs/ct/name-server.ts';
import { enhancedZoneRequests } from '../../../../src/codecs/ct/zone-enhanced.ts';
import { zoneRequests } from '../../../../src/codecs/ct/zone-server.ts';
import {
  type AnyCodec,
  formatHex,
  formatWwn,
  parseHex,
} from '../../../../src/codecs/layout/index.ts';
import { checkEveryLength, checkTiled } from '../../../helpers/every-length.ts';
import {
  type FcPayload,
  fcPayloads,
  haveCaptures,
  SESSION_CAPTURES,
} from '../../../helpers/fc-payloads.ts';

const CT = 0x20;
const REQUEST = 0x02;

interface Iu {
  readonly one: FcPayload;
  /** The codec of a request, or of the reply to the request it answers. */
  readonly codec: AnyCodec;
}

function* iusOf(frames: FcPayload[]): Generator<Iu> {
  const open = new Map<string, [number, number, number]>();
  for (const one of frames) {
    if (one.type !== CT) continue;
    const { payload } = one;
    if (one.rCtl === REQUEST) {
      const command = (payload[8]! << 8) | payload[9]!;
      open.set(`${one.sId} ${one.oxId}`, [payload[4]!, payload[5]!, command]);
      yield { one, codec: ctRequest };
    } else {
      const asked = open.get(`${one.dId} ${one.oxId}`);
      if (asked === undefined) throw new Error(`frame ${one.frame} answers nothing`);
      yield { one, codec: ctReply(...asked) };
    }
  }
}

/** The first message of this kind that the ESXi host or its switch sends. */
function esxi<K extends (CtRequest | CtReply)['kind']>(kind: K) {
  type Message = Extract<CtRequest | CtReply, { kind: K }>;
  for (const { one, codec } of iusOf(fcPayloads('esxi-cisco/fcoe1-both.pcap'))) {
    const value = codec.decode(one.payload) as CtRequest | CtReply;
    if (value.kind === kind) return value as Message;
  }
  throw new Error(`there is no ${kind}`);
}

/** The value of the attribute of this kind. */
function attributeIn(
  attributes: readonly { kind: string; value?: unknown }[],
  kind: string,
): unknown {
  return attributes.find((one) => one.kind === kind)?.value;
}

describe.skipIf(!haveCaptures)('CT of captures (skipped without ../shared/captures)', () => {
  const names = SESSION_CAPTURES.filter((name) => !name.includes('vn2vn'));

  test.each(names)('%s: decoded by name and encoded again', (name) => {
    let ius = 0;
    for (const { one, codec } of iusOf(fcPayloads(name))) {
      const where = `${name} frame ${one.frame}`;
      const value = codec.decode(one.payload) as { kind: string };
      expect(value.kind, where).not.toBe('unknown');
      expect(value.kind, where).not.toBe('CT_ACC');
      expect(formatHex(codec.encode(value)), where).toBe(formatHex(one.payload));
      checkTiled(codec, one.payload);
      ius++;
    }
    expect(ius).toBeGreaterThan(5);
  });

  test('every length of every payload of a session', () => {
    for (const { one, codec } of iusOf(fcPayloads('esxi-cisco/fcoe1-both.pcap')))
      checkEveryLength(codec, one.payload);
  });

  test('a Cisco switch answers GPN_FT (frame 39)', () => {
    const value = esxi('CT_ACC GPN_FT');
    expect(value.ports).toMatchObject([
      { control: 0, portId: 0x01_0800, portName: 0x5005_0768_0210_31e6n },
      { control: 0, portId: 0x01_0600, portName: 0x5005_0768_0210_31e7n },
      { control: 0x80, portId: 0x01_0e01, portName: 0x2000_001b_2184_7463n },
    ]);
  });

  test('ESXi registers its HBA (frames 18 and 20)', () => {
    const rhba = esxi('RHBA');
    expect(rhba).toMatchObject({
      hbaIdentifier: 0x2000_001b_2184_7463n,
      portCount: 1,
      portNames: [0x2000_001b_2184_7463n],
      attributeCount: 1,
    });
    const rhat = esxi('RHAT');
    expect(rhat.attributeCount).toBe(8);
    const value = (kind: string) => attributeIn(rhat.attributes, kind);
    expect(formatWwn(value('NODE_NAME') as bigint)).toBe('10:00:00:1b:21:84:74:63');
    const text = (kind: string) => String(value(kind)).replace(/\0+$/, '');
    expect(text('MANUFACTURER')).toBe('VMW');
    expect(text('MODEL')).toBe('vmkfcoe');
    expect(text('DRIVER_VERSION')).toBe('1.0.0.0');
    expect(text('OS_NAME_AND_VERSION')).toBe('VMware ESXi 6.7');
  });

  test('ESXi registers its port (frame 22)', () => {
    const rpa = esxi('RPA');
    const value = (kind: string) => attributeIn(rpa.attributes, kind);
    expect(fc4TypesOf(value('SUPPORTED_FC4_TYPES') as Uint8Array)).toEqual([0x08, 0x20]);
    expect(value('SUPPORTED_SPEED')).toBe(4);
    expect(value('MAX_FRAME_SIZE')).toBe(2112);
    expect(String(value('HOST_NAME')).replace(/\0+$/, '')).toBe('ESXi');
  });

  test('the switch refuses a second RHBA (frame 111): 09h, 10h', () => {
    const reject = esxi('CT_RJT');
    expect(reject.preamble).toMatchObject({ reason: 9, explanation: 0x10 });
    const { gsType, gsSubtype, explanation } = reject.preamble;
    expect(ctExplanationName(gsType, gsSubtype, explanation)).toBe('HBA_ALREADY_REGISTERED');
  });

  test('RHBA without attributes, made by hand', () => {
    const [iu] = [...iusOf(fcPayloads('handmade/wireshark-gaps.pcap'))];
    expect(iu!.codec.decode(iu!.one.payload)).toMatchObject({
      kind: 'RHBA',
      hbaIdentifier: 0x5001_0203_0405_0607n,
      portNames: [0x5001_0203_0405_0607n],
      attributes: [],
    });
  });
});

describe('names', () => {
  test('names of refusals depend on the server', () => {
    expect(ctExplanationName(0xfc, 2, 0x10)).toBe('ACCESS_DENIED');
    expect(ctExplanationName(0xfa, 3, 0x10)).toBe('ZONE_SET_NAME_UNKNOWN');
    expect(ctExplanationName(0xfa, 1, 0x10)).toBe('INTERCONNECT_ELEMENT_LIST_NOT_AVAILABLE');
    expect(ctExplanationName(0xfa, 0x20, 0x40)).toBe('APPLICATION_ID_NOT_AVAILABLE');
    expect(ctExplanationName(0xf7, 0, 1)).toBeUndefined();
  });

  test('no two servers have a request of one name', () => {
    const all = [
      nameServerRequests,
      fdmiRequests,
      zoneRequests,
      enhancedZoneRequests,
      configurationRequests,
      applicationRequests,
    ].flatMap((requests) => Object.keys(requests));
    expect(Object.keys(ctRequests)).toHaveLength(all.length + 1);
    expect(new Set(all).size).toBe(all.length);
  });

  test('the unzoned name server is asked the same', () => {
    const asked = parseHex('01000000fa020000017200000000000000000008');
    const value = ctRequest.decode(asked);
    expect(value.kind).toBe('GPN_FT');
    expect(value).toMatchObject({ preamble: { gsType: 0xfa, gsSubtype: 2 } });
    expect(formatHex(ctRequest.encode(value))).toBe(formatHex(asked));
  });
});
