/**
 * BGP-4 with Ethernet VPNs. Bytes: FRR 8.4.4 in fixtures/lan/frr-evpn-moves.pcap; the layouts that RFC 4271, 4760, 5492 and
 * 7432 print.
 */
import { describe, expect, it } from 'vitest';
import {
  type BgpMessageOf,
  bgpFramer,
  bgpLengthAt,
  bgpMessage,
} from '../../../../src/codecs/bgp/index.ts';
import { decodeBgp, encodeFrame } from '../../../../src/codecs/frame/index.ts';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import { bareHex, checkRead, checkVector } from '../../../helpers/vector.ts';

const MARKER = 'ffffffffffffffffffffffffffffffff';
const RD = '00010a0001020002';
const ESI = '00000000000000000000';
/** The first UPDATE of the fixture behind the one without a number: frame 21, as the reflector passes it on. */
const UPDATE = `${MARKER} 0071 02 0000 005a
  900e002c 0019 46 04 0a000202 00 0221 00010a0002020002 ${ESI} 00000000 30 525400aa0021 00 000064
  400101 00 50020000 40050400000064 c01018 0002fde800000064 030c000000000008 0600000000000001`;

describe('messages', () => {
  it('an UPDATE of FRR: where the MAC is, and how often it has moved', () => {
    checkRead(bgpMessage, UPDATE, { kind: 'UPDATE', lengthBytes: 113, attributesLengthBytes: 90 });
    const update = bgpMessage.decode(parseHex(bareHex(UPDATE))) as BgpMessageOf<'UPDATE'>;
    expect(update.attributes.map(({ kind }) => kind)).toEqual([
      'mpReach',
      'origin',
      'asPath',
      'localPref',
      'extendedCommunities',
    ]);
    expect(update.attributes[0]).toMatchObject({
      afi: 25,
      safi: 70,
      nextHop: Uint8Array.of(10, 0, 2, 2),
      routes: [{ kind: 'macIp', mac: '52:54:00:aa:00:21', label: 100, ipLengthBits: 0 }],
    });
    expect(update.attributes[4]).toMatchObject({
      communities: [
        { kind: 'routeTarget', as: 65_000, number: 100 },
        { kind: 'encapsulation', tunnelType: 8 },
        { kind: 'macMobility', flags: 0, sequenceNumber: 1 },
      ],
    });
  });

  it('an OPEN with capabilities', () => {
    checkVector(
      bgpMessage,
      `${MARKER} 0031 01 04 fde8 00b4 0a000001 14 0212 010400190046 0200 41040000fde8 8002abcd`,
      {
        kind: 'OPEN',
        myAs: 65_000,
        holdTimeSeconds: 180,
        bgpIdentifier: Uint8Array.of(10, 0, 0, 1),
        parameters: [
          {
            kind: 'capabilities',
            capabilities: [
              { kind: 'multiprotocol', afi: 25, safi: 70 },
              { kind: 'routeRefresh' },
              { kind: 'fourOctetAs', as: 65_000 },
              { kind: 'other', code: 128, information: Uint8Array.of(0xab, 0xcd) },
            ],
          },
        ],
      },
    );
  });

  it('KEEPALIVE, NOTIFICATION, ROUTE-REFRESH', () => {
    checkVector(bgpMessage, `${MARKER} 0013 04`, { kind: 'KEEPALIVE' });
    checkVector(bgpMessage, `${MARKER} 0017 05 0019 00 46`, {
      kind: 'ROUTE-REFRESH',
      afi: 25,
      safi: 70,
    });
    checkVector(bgpMessage, `${MARKER} 0017 03 06 02 0102`, {
      kind: 'NOTIFICATION',
      errorCode: 6,
      errorSubcode: 2,
      data: Uint8Array.of(1, 2),
    });
  });

  it('another type is kept as bytes; a length below the header, or above what is there, is refused', () => {
    expect(bgpMessage.decode(parseHex(`${MARKER}001363`))).toMatchObject({ kind: 'unknown' });
    for (const length of ['0000', '0012', '0014', 'ffff'])
      expect(() => bgpMessage.decode(parseHex(`${MARKER}${length}04`)), length).toThrow(CodecError);
  });
});

describe('a bad member', () => {
  it('one bad route spoils itself: what stands around it is read', () => {
    const good = bareHex(`0311 ${RD} 00000000 20 0a000102`);
    const nlri = `${good}02050102030405${good}`;
    const hexOf = (value: number, bytes: number) => value.toString(16).padStart(2 * bytes, '0');
    const attribute = `900f${hexOf(3 + nlri.length / 2, 2)}001946${nlri}`;
    const body = `0000${hexOf(attribute.length / 2, 2)}${attribute}`;
    const bytes = parseHex(`${MARKER}${hexOf(19 + body.length / 2, 2)}02${body}`);
    const frame = decodeBgp(bytes);
    expect(encodeFrame(frame)).toEqual(bytes);
    expect(frame.malformed?.message).toContain('EVPN MAC/IP Advertisement route');
    expect(frame.layers[0]!.value).toMatchObject({
      attributes: [
        {
          routes: [
            { kind: 'inclusiveMulticast' },
            { kind: 'unknown' },
            { kind: 'inclusiveMulticast' },
          ],
        },
      ],
    });
  });
});

describe('in a stream', () => {
  it('a message begins with the marker and a length that can be', () => {
    expect(bgpFramer.lengthAt(parseHex(`${MARKER}001304`), 0)).toBe(19);
    expect(bgpFramer.lengthAt(parseHex(`${MARKER}001204`), 0)).toBeUndefined();
    expect(bgpFramer.lengthAt(parseHex(`fe${MARKER.slice(2)}001304`), 0)).toBeUndefined();
    expect(bgpLengthAt(parseHex(`${MARKER}100104`), 0)).toBeUndefined();
    expect(bgpFramer.begins(parseHex(`${MARKER}001304`), 0, 19)).toBe(true);
    expect(bgpFramer.begins(parseHex(`${MARKER}001309`), 0, 19)).toBe(false);
  });
});
