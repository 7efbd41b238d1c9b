/** Linux cooked headers. Bytes: a capture of `-i any`; fields as tshark 4.0.17 reads them. */
import { describe, expect, it } from 'vitest';
import { PacketType, sll, sll2 } from '../../../../src/codecs/ethernet/cooked.ts';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

describe('Linux cooked headers', () => {
  it('version 2: rarp/linux_dlt_sll2.pcap, frame 1', () => {
    checkFixedVector(sll2, '0800 0000 00000001 0304 00 06 0000000000000000', {
      protocol: 0x0800,
      interfaceIndex: 1,
      hardwareType: 772,
      packetType: PacketType['to us'],
      addressLengthBytes: 6,
      address: new Uint8Array(8),
    });
  });

  it('version 1 has the packet type first and the protocol last', () => {
    checkFixedVector(sll, '0004 0001 0006 525400aa00770000 8906', {
      packetType: PacketType['from us'],
      hardwareType: 1,
      addressLengthBytes: 6,
      address: parseHex('525400aa00770000'),
      protocol: 0x8906,
    });
  });

  it('packet types are those of sll.pkttype', () => {
    expect(Object.values(PacketType)).toEqual([0, 1, 2, 3, 4]);
    expect(PacketType['to another host']).toBe(3);
  });
});
