/** Where captured frames travel: behind tags, in tunnels, in mirror sessions. */
import { describe, expect, it } from 'vitest';
import { placeOf } from '../../../../src/audit/seen/frame-place.ts';
import { readFrames } from '../../../../src/capture/index.ts';
import { decodeFrame } from '../../../../src/codecs/index.ts';

async function placesIn(file: string) {
  const places: [string, Record<string, unknown>, number][] = [];
  for await (const { bytes, linkType, index } of readFrames(`fixtures/field/${file}`)) {
    const tapped = {
      at: 0,
      number: index,
      tap: 'eth0',
      fabric: '',
      direction: 'unknown',
      bytes,
    } as const;
    const { tapped: seen, marks } = placeOf(decodeFrame(bytes, { linkType }), tapped);
    const told = Object.entries(marks).filter(([, value]) => value !== undefined);
    places.push([seen.tap, Object.fromEntries(told), bytes.length - seen.bytes.length]);
  }
  return places;
}

describe('the place of a frame', () => {
  // Sessions, VSID, VNIs, VLANs, VSANs and places: tshark, -T fields erspan.spanid gre.key vxlan.vni.
  it('is the network that a tunnel names, at the tap that a session names', async () => {
    expect(await placesIn('10-fcoe-in-erspan-gre.pcap')).toEqual([
      ['eth0, ERSPAN session 101', { vlan: 1002 }, 50],
      ['eth0', { vlan: 1002 }, 38],
      ['eth0, ERSPAN session 101', { vlan: 1002 }, 54],
      ['eth0', { vlan: 1002 }, 38],
      ['eth0', { vlan: 1002, network: 'VSID 4660' }, 42],
    ]);
  });

  it('is told by VNI, VLAN and VSAN', async () => {
    const vxlan = await placesIn('11-fcoe-in-vxlan-geneve.pcap');
    expect(new Set(vxlan.map(([, { network }]) => network))).toEqual(new Set(['VNI 4660']));
    const tags = await placesIn('12-fcoe-tags.pcap');
    expect(tags.map(([, { vlan }]) => vlan)).toEqual([
      1002,
      1002,
      1002,
      undefined,
      1002,
      undefined,
      1002,
      1002,
      1004,
    ]);
    const mds = await placesIn('13-cisco-mds-header.pcap');
    expect(mds.map(([, { vfId }]) => vfId)).toEqual([10, 10, 10]);
  });
});
