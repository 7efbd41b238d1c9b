/** ARP and RARP. */
import { describe, expect, it } from 'vitest';
import { ArpOperation, arp, isGratuitous } from '../../../../src/codecs/ethernet/arp.ts';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import { checkVector } from '../../../helpers/vector.ts';

describe('arp', () => {
  const bytes = parseHex('0001 0800 06 04 0001 8e360644acaf c0000201 000000000000 c0000202');

  it('reads a request and derives its lengths', () => {
    const value = arp.decode(bytes);
    expect(value).toMatchObject({
      hardwareAddressBytes: 6,
      protocolAddressBytes: 4,
      operation: 1,
      senderProtocolAddress: Uint8Array.of(192, 0, 2, 1),
      targetProtocolAddress: Uint8Array.of(192, 0, 2, 2),
    });
    const { hardwareAddressBytes: _hardware, protocolAddressBytes: _protocol, ...rest } = value;
    expect(arp.encode(rest)).toEqual(bytes);
    expect(isGratuitous(value)).toBe(false);
  });

  it('knows a gratuitous ARP and a RARP that announces its sender', () => {
    const gratuitous = bytes.slice();
    gratuitous.set([192, 0, 2, 1], 24);
    expect(isGratuitous(arp.decode(gratuitous))).toBe(true);
    const rarp = bytes.slice();
    rarp[7] = 3;
    expect(isGratuitous(arp.decode(rarp))).toBe(false);
    rarp.copyWithin(18, 8, 14);
    expect(isGratuitous(arp.decode(rarp))).toBe(true);
  });

  it('refuses every cut', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => arp.decode(bytes.subarray(0, length))).toThrow(CodecError);
  });

  it('reads how QEMU announces a machine (network/qemu-announce-self-rarp.pcap, frame 1)', () => {
    const value = {
      hardwareType: 1,
      protocolType: 0x0800,
      operation: ArpOperation['RARP request'],
      senderHardwareAddress: parseHex('525400aa0077'),
      senderProtocolAddress: new Uint8Array(4),
      targetHardwareAddress: parseHex('525400aa0077'),
      targetProtocolAddress: new Uint8Array(4),
    };
    const hex = '0001 0800 06 04 0003 525400aa0077 00000000 525400aa0077 00000000';
    checkVector(arp, hex, value);
    expect(isGratuitous(arp.decode(arp.encode(value)))).toBe(true);
  });

  it('takes addresses of any length, and none announces nothing', () => {
    const hex = '0006 0800 08 00 0002 0102030405060708 1112131415161718';
    checkVector(arp, hex, {
      hardwareType: 6,
      hardwareAddressBytes: 8,
      protocolAddressBytes: 0,
      operation: ArpOperation['ARP reply'],
      senderHardwareAddress: parseHex('0102030405060708'),
      senderProtocolAddress: new Uint8Array(0),
      targetHardwareAddress: parseHex('1112131415161718'),
      targetProtocolAddress: new Uint8Array(0),
    });
    expect(isGratuitous(arp.decode(parseHex(hex.replaceAll(' ', ''))))).toBe(false);
  });

  it('has the operations of the registry', () => {
    expect(Object.values(ArpOperation)).toEqual([1, 2, 3, 4]);
  });
});
