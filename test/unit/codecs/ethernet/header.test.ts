/** Ethernet II header and VLAN tag. Bytes: esxi-cisco/fcoe1-both.pcap, as tshark reads them. */
import { describe, expect, it } from 'vitest';
import { ethernet, vlanTag } from '../../../../src/codecs/ethernet/header.ts';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

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
});

describe('VLAN tag', () => {
  it('has 3 bits of priority, one of drop eligibility and 12 of VID', () => {
    checkFixedVector(vlanTag, '639b 8914', { priority: 3, dei: 0, vid: 923, etherType: 0x8914 });
    checkFixedVector(vlanTag, 'f001 8906', { priority: 7, dei: 1, vid: 1, etherType: 0x8906 });
  });

  it('shows the EtherType by its name, a length as a number', () => {
    const shown = (hex: string) =>
      ethernet.spans(parseHex(`000000000001000000000002${hex}`)).at(-1);
    expect(shown('8906')?.text).toContain('FCoE');
    expect(shown('88cc')?.text).toContain('LLDP');
    expect(shown('002e')?.text).not.toMatch(/[A-Z]/);
  });
});
