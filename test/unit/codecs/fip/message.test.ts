import { describe, expect, it } from 'vitest';
import {
  CodecError,
  checkFip,
  type FipDescriptorInput,
  type FipMessage,
  fcHeader,
  fipDescriptor,
  fipDescriptorOf,
  fipDescriptorsOf,
  fipElsOf,
  fipEncapsulate,
  fipMessage,
  fipMessageName,
  parseHex,
} from '../../../../src/codecs/index.ts';

// Frame 3 of shared/captures/esxi-cisco/fcoe1-both.pcap, read by tshark: Advertisement, priority
// 128, switch 10:00:00:05:33:d7:27:c2, VF_ID 923, FC-MAP 0e:fc:00, FKA_ADV_PERIOD 8000.
const ADVERTISEMENT = parseHex(`1000 0001 0002 000c 8007
  0101 0080  0202 8c604f18a7b6  0403 0000 1000000533d727c2
  0504 039b 000efc00 1000000533d727c2  0c02 0000 00001f40`);

const mac = (address: string): FipDescriptorInput => ({ kind: 'mac', mac: address });
const ENODE = '02:00:00:00:00:01';

function message(
  operation: number,
  subcode: number,
  descriptors: FipDescriptorInput[],
): FipMessage {
  return fipMessage.decode(fipMessage.encode({ operation, subcode, flags: 0x8000, descriptors }));
}

describe('fipMessage', () => {
  it('deconstructs an advertisement', () => {
    const value = fipMessage.decode(ADVERTISEMENT);
    expect(value).toMatchObject({ version: 1, operation: 1, subcode: 2, descriptorWords: 12 });
    expect(value.flags).toBe(0x8007);
    expect(value.descriptors.map((one) => one.kind)).toEqual([
      'priority',
      'mac',
      'nameIdentifier',
      'fabric',
      'fkaAdvPeriod',
    ]);
    expect(fipDescriptorOf(value, 'fabric')).toMatchObject({
      vfId: 923,
      fcMap: 0x0e_fc00,
      fabricName: 0x1000_0005_33d7_27c2n,
    });
    expect(fipDescriptorOf(value, 'fkaAdvPeriod')?.fkaAdvPeriodMs).toBe(8000);
    expect(fipMessageName(value)).toBe('Discovery Advertisement');
    expect(checkFip(value)).toBeUndefined();
  });

  it('constructs it again, deriving every length', () => {
    const bytes = fipMessage.encode({
      operation: 1,
      subcode: 2,
      flags: 0x8007,
      descriptors: [
        { kind: 'priority', priority: 128 },
        mac('8c:60:4f:18:a7:b6'),
        { kind: 'nameIdentifier', name: 0x1000_0005_33d7_27c2n },
        { kind: 'fabric', vfId: 923, fcMap: 0x0e_fc00, fabricName: 0x1000_0005_33d7_27c2n },
        { kind: 'fkaAdvPeriod', fkaAdvPeriodMs: 8000 },
      ],
    });
    expect(bytes).toEqual(ADVERTISEMENT);
  });

  it('keeps the padding of the frame', () => {
    const padded = new Uint8Array(ADVERTISEMENT.length + 7).fill(0xa5);
    padded.set(ADVERTISEMENT);
    const value = fipMessage.decode(padded);
    expect(value.pad).toHaveLength(7);
    expect(fipMessage.encode(value)).toEqual(padded);
  });

  it('refuses every cut', () => {
    for (let length = 0; length < ADVERTISEMENT.length; length++)
      expect(() => fipMessage.decode(ADVERTISEMENT.subarray(0, length))).toThrow(CodecError);
  });

  it('refuses a descriptor of no length and one that runs past the list', () => {
    const empty = ADVERTISEMENT.slice();
    empty[11] = 0;
    expect(() => fipMessage.decode(empty)).toThrow('says it has 0 bytes');
    const long = ADVERTISEMENT.slice();
    long[51] = 3;
    expect(() => fipMessage.decode(long)).toThrow('says it has 12 bytes, 8 remain');
  });
});

describe('descriptors', () => {
  const header = { rCtl: 0x22, dId: 0xff_fffe, sId: 0, type: 1, fCtl: 0x29_0000, oxId: 1 };

  // Sizes in words as fc_fip.h and FC-BB-5 give them.
  it.each<[FipDescriptorInput, number, number]>([
    [{ kind: 'priority' }, 1, 1],
    [mac(ENODE), 2, 2],
    [{ kind: 'fcMap', fcMap: 0x0e_fc00 }, 3, 2],
    [{ kind: 'nameIdentifier', name: 1n }, 4, 3],
    [{ kind: 'fabric', fcMap: 0x0e_fc00, fabricName: 1n }, 5, 4],
    [{ kind: 'maxFcoeSize', maxFcoeSizeBytes: 2158 }, 6, 1],
    [fipEncapsulate('flogi', header, new Uint8Array(116)), 7, 36],
    [fipEncapsulate('flogi', header, new Uint8Array(8)), 7, 9],
    [fipEncapsulate('fdisc', header, new Uint8Array(116)), 8, 36],
    [fipEncapsulate('logo', header, new Uint8Array(16)), 9, 11],
    [fipEncapsulate('logo', header, new Uint8Array(4)), 9, 8],
    [fipEncapsulate('elp', header, new Uint8Array(100)), 10, 32],
    [{ kind: 'vxPort', mac: ENODE, nPortId: 0x01_0203, portName: 1n }, 11, 5],
    [{ kind: 'fkaAdvPeriod', fkaAdvPeriodMs: 8000 }, 12, 2],
    [{ kind: 'vendorId', vendorId: 'VENDOR' }, 13, 3],
    [{ kind: 'vendorId', vendorId: 'VENDOR', data: new Uint8Array(4) }, 13, 4],
    [{ kind: 'vlan', vid: 100 }, 14, 1],
    [
      { kind: 'fc4Attributes', fc4Types: new Uint8Array(32), fc4Features: new Uint8Array(128) },
      15,
      41,
    ],
    [{ kind: 'cvlReason', data: new Uint8Array(6) }, 128, 2],
    [{ kind: 'vendor', data: new Uint8Array(2) }, 241, 1],
  ])('%#: has its type and its length in words', (input, type, words) => {
    const bytes = fipDescriptor.encode(input);
    expect([bytes[0], bytes[1], bytes.length]).toEqual([type, words, 4 * words]);
    const value = fipDescriptor.decode(bytes);
    expect(value.kind).toBe(input.kind);
    expect(fipDescriptor.encode(value)).toEqual(bytes);
  });

  it('keeps an unknown type, a vendor type and a descriptor longer than its layout', () => {
    const unknown = parseHex('1001 abcd');
    expect(fipDescriptor.decode(unknown)).toEqual({ kind: 'unknown', raw: unknown });
    const vendor = parseHex('f102 010203040506');
    expect(fipDescriptor.decode(vendor)).toMatchObject({ kind: 'vendor', type: 241 });
    const long = parseHex('0203 020000000001 deadbeef');
    const value = fipDescriptor.decode(long);
    expect(value).toMatchObject({ kind: 'mac', trailing: parseHex('deadbeef') });
    expect(fipDescriptor.encode(value)).toEqual(long);
  });

  it('holds an FC frame without SOF, EOF and CRC', () => {
    const flogi = fipEncapsulate('flogi', header, Uint8Array.of(4, 0, 0, 0));
    const value = message(2, 1, [flogi, mac(ENODE)]);
    const els = fipElsOf(value);
    expect(els?.header).toEqual(fcHeader.decode(fcHeader.encode(header)));
    expect(els?.payload).toEqual(Uint8Array.of(4, 0, 0, 0));
    expect(fipMessageName(value)).toBe('FLOGI Request');
  });
});

describe('checkFip', () => {
  const name: FipDescriptorInput = { kind: 'nameIdentifier', name: 1n };
  const port = (nPortId: number): FipDescriptorInput => ({
    kind: 'vxPort',
    mac: ENODE,
    nPortId,
    portName: 1n,
  });
  const unknown = (type: number): FipDescriptorInput => ({
    kind: 'unknown',
    raw: Uint8Array.of(type, 1, 0, 0),
  });

  it('lets a Clear Virtual Links name no, one or several VN_Ports', () => {
    for (const ports of [[], [1], [1, 2, 3]]) {
      const value = message(3, 2, [mac(ENODE), name, ...ports.map(port)]);
      expect(checkFip(value)).toBeUndefined();
      expect(fipDescriptorsOf(value, 'vxPort')).toHaveLength(ports.length);
    }
  });

  it('lets an FCF leave MAC and name out of it only when asked to be lenient', () => {
    const value = message(3, 2, [port(1)]);
    expect(checkFip(value)).toBe('FIP Clear Virtual Links without MAC address descriptor');
    expect(checkFip(value, { lenient: true })).toBeUndefined();
  });

  it('is voided by an unknown descriptor below 128, not by one from 128 on', () => {
    expect(checkFip(message(3, 1, [mac(ENODE), unknown(100)]))).toBe(
      'unknown critical descriptor 100',
    );
    expect(checkFip(message(3, 1, [mac(ENODE), unknown(0)]))).toBe('unknown critical descriptor 0');
    expect(checkFip(message(3, 1, [mac(ENODE), unknown(129)]))).toBeUndefined();
  });

  it('is voided by a duplicate critical descriptor', () => {
    expect(checkFip(message(3, 1, [mac(ENODE), mac(ENODE)]))).toBe('two MAC address descriptors');
  });

  it('misses what the message must hold', () => {
    expect(checkFip(message(2, 1, [mac(ENODE)]))).toContain('FLOGI or NPIV FDISC or LOGO or ELP');
    expect(checkFip(message(4, 2, [mac(ENODE)]))).toContain('VLAN descriptor');
    expect(checkFip(message(1, 1, [mac(ENODE), name]))).toContain('Max FCoE Size descriptor');
  });

  it('is not asked about operations it does not know, but about their version', () => {
    expect(checkFip(message(0xfff8, 1, []))).toBeUndefined();
    const old = ADVERTISEMENT.slice();
    old[0] = 0x20;
    expect(checkFip(fipMessage.decode(old))).toBe('version 2 is not 1');
  });
});
