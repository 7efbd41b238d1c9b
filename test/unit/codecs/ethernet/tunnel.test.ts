/** IP, UDP and VXLAN. Bytes: vxlan/vxlan.pcap, frame 1; fields as tshark 4.0.17 reads them. */
import { describe, expect, it } from 'vitest';
import {
  IpProtocol,
  ipv4,
  ipv6,
  udp,
  VXLAN_PORT,
  VXLAN_PORT_LINUX,
  VxlanFlags,
  vxlan,
} from '../../../../src/codecs/ethernet/tunnel.ts';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

describe('headers of a captured VXLAN packet', () => {
  it('IPv4: do not fragment, 134 bytes, UDP', () => {
    checkVector(ipv4, '45 00 0086 d2c0 4000 40 11 5152 c0a8cb01 c0a8ca01', {
      version: 4,
      headerWords: 5,
      totalLengthBytes: 134,
      identification: 0xd2c0,
      flags: 2,
      fragmentOffset: 0,
      timeToLive: 64,
      protocol: IpProtocol.UDP,
      headerChecksum: 0x5152,
      source: Uint8Array.of(192, 168, 203, 1),
      destination: Uint8Array.of(192, 168, 202, 1),
      options: new Uint8Array(0),
    });
  });

  it('UDP to port 4789 without a checksum', () => {
    checkFixedVector(udp, 'b05d 12b5 0072 0000', {
      sourcePort: 45149,
      destinationPort: VXLAN_PORT,
      lengthBytes: 114,
      checksum: 0,
    });
  });

  it('VXLAN: network 100', () => {
    checkFixedVector(vxlan, '08 000000 000064 00', { flags: VxlanFlags.I, vni: 100 });
  });
});

describe('what that packet does not show', () => {
  it('options of IPv4: header words beyond five', () => {
    checkVector(ipv4, '46 00 0018 0000 2001 40 06 0000 c0000201 c0000202 94040000', {
      headerWords: 6,
      totalLengthBytes: 24,
      flags: 1,
      fragmentOffset: 1,
      protocol: IpProtocol.TCP,
      source: Uint8Array.of(192, 0, 2, 1),
      destination: Uint8Array.of(192, 0, 2, 2),
      options: parseHex('94040000'),
    });
  });

  it('IPv6: the fixed header (dcbx/dcb_ets.pcap, frame 1: hop by hop, from a link-local address)', () => {
    checkFixedVector(
      ipv6,
      '60000000 0024 00 01 fe800000000000000a0027fffe46e884 ff020000000000000000000000000016',
      {
        version: 6,
        trafficClass: 0,
        flowLabel: 0,
        payloadLengthBytes: 36,
        nextHeader: 0,
        hopLimit: 1,
        source: parseHex('fe800000000000000a0027fffe46e884'),
        destination: parseHex('ff020000000000000000000000000016'),
      },
    );
    const labelled = ipv6.decode(parseHex(`6ab12345${'00'.repeat(36)}`));
    expect(labelled).toMatchObject({ trafficClass: 0xab, flowLabel: 0x12345 });
  });

  it('reads flags and VNI', () => {
    const bytes = parseHex('08000000 00007b00');
    expect(vxlan.decode(bytes)).toMatchObject({ flags: 8, vni: 123 });
    expect(vxlan.encode({ vni: 123 })).toEqual(bytes);
  });

  it('has the ports and protocols of the registry', () => {
    expect([VXLAN_PORT, VXLAN_PORT_LINUX]).toEqual([4789, 8472]);
    expect(IpProtocol).toMatchObject({ ICMP: 1, TCP: 6, UDP: 17, GRE: 47, ICMPv6: 58 });
    expect([IpProtocol.routing, IpProtocol.fragment]).toEqual([43, 44]);
  });
});
