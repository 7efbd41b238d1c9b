import { describe, expect, it } from 'vitest';
import {
  arp,
  CodecError,
  ethernet,
  isGratuitous,
  macControl,
  parseHex,
  pause,
  pfc,
  vlanTag,
  vnTag,
  vxlan,
} from '../../../../src/codecs/index.ts';

describe('ethernet', () => {
  it('reads and writes the header of an FCoE frame', () => {
    const bytes = parseHex('0efc00010e01 8c604f18a7b6 8906');
    const value = {
      destination: '0e:fc:00:01:0e:01',
      source: '8c:60:4f:18:a7:b6',
      etherType: 0x8906,
    };
    expect(ethernet.decode(bytes)).toEqual(value);
    expect(ethernet.encode(value)).toEqual(bytes);
    for (let length = 0; length < 14; length++)
      expect(() => ethernet.decode(bytes.subarray(0, length))).toThrow(CodecError);
  });

  it('reads a VLAN tag: priority 3, VID 923', () => {
    const bytes = parseHex('639b 8914');
    expect(vlanTag.decode(bytes)).toEqual({ priority: 3, dei: 0, vid: 923, etherType: 0x8914 });
    expect(vlanTag.encode({ priority: 3, vid: 923, etherType: 0x8914 })).toEqual(bytes);
  });

  it('reads a VN-Tag', () => {
    // direction 1, pointer 0, destination 0x1234, looped 0, version 1, source 0x567
    const bytes = Uint8Array.of(0x80 | 0x12, 0x34, 0x10 | 0x05, 0x67, 0x81, 0x00);
    expect(vnTag.decode(bytes)).toMatchObject({
      direction: 1,
      pointer: 0,
      destinationVif: 0x1234,
      looped: 0,
      version: 1,
      sourceVif: 0x567,
      etherType: 0x8100,
    });
    expect(vnTag.encode(vnTag.decode(bytes))).toEqual(bytes);
  });
});

describe('MAC control', () => {
  it('reads PAUSE and keeps the padding', () => {
    const bytes = new Uint8Array(46);
    bytes.set([0x00, 0x01, 0xff, 0xfe]);
    const value = macControl.decode(bytes);
    expect(value).toMatchObject({ kind: 'PAUSE', quanta: 0xfffe });
    expect(macControl.encode(value)).toEqual(bytes);
    expect(pause.encode({ quanta: 0xfffe })).toEqual(parseHex('0001 fffe'));
  });

  it('reads PFC: priority 3 stopped, priority 4 let go', () => {
    const bytes = parseHex('0101 0018 0000 0000 0000 ffff 0000 0000 0000 0000');
    const value = macControl.decode(bytes);
    expect(value).toMatchObject({
      kind: 'PFC',
      classEnableVector: 0x18,
      quanta: [0, 0, 0, 0xffff, 0, 0, 0, 0],
    });
    expect(pfc.encode({ classEnableVector: 0x18, quanta: [0, 0, 0, 0xffff, 0, 0, 0, 0] })).toEqual(
      bytes,
    );
    for (let length = 2; length < bytes.length; length++)
      expect(() => macControl.decode(bytes.subarray(0, length))).toThrow(CodecError);
  });

  it('keeps an unknown opcode', () => {
    const bytes = parseHex('1234 5678');
    expect(macControl.decode(bytes)).toEqual({ kind: 'unknown', raw: bytes });
  });
});

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
});

describe('vxlan', () => {
  it('reads flags and VNI', () => {
    const bytes = parseHex('08000000 00007b00');
    expect(vxlan.decode(bytes)).toMatchObject({ flags: 8, vni: 123 });
    expect(vxlan.encode({ vni: 123 })).toEqual(bytes);
  });
});
