/** What speakers of LAN control planes sent that nobody here wrote. */
import { describe, expect, it } from 'vitest';
import { readFrames } from '../../../../src/capture/index.ts';
import {
  arp,
  bgpNameOf,
  decodeFrame,
  encodeFrame,
  layerValue,
  type PathAttribute,
  summarizePdu,
} from '../../../../src/codecs/index.ts';
import { streamsOf } from '../../../helpers/iscsi-pdus.ts';

describe('FRR, twelve moves of a MAC address', () => {
  it('every message is read, and encodes to its own bytes; numbers rise by one', async () => {
    const counts = new Map<string, number>();
    const numbers: (number | undefined)[] = [];
    const lines: string[] = [];
    await streamsOf('fixtures/lan/frr-evpn-moves.pcap', {
      pdu: (pdu) => {
        const { frame } = pdu;
        expect(frame.malformed).toBeUndefined();
        expect(encodeFrame(frame)).toEqual(frame.bytes);
        counts.set(bgpNameOf(frame), (counts.get(bgpNameOf(frame)) ?? 0) + 1);
        lines.push(summarizePdu(pdu));
        const { attributes = [] } = frame.layers[0]!.value as { attributes?: PathAttribute[] };
        // Of the two copies that the reflector passes on, and the one that it is sent, the last.
        if (!attributes.some(({ kind }) => kind === 'mpReach')) return;
        if (attributes.some(({ kind }) => kind === 'clusterList')) return;
        const communities = attributes.find(({ kind }) => kind === 'extendedCommunities');
        if (communities?.kind !== 'extendedCommunities') return;
        const mobility = communities.communities.find(({ kind }) => kind === 'macMobility');
        numbers.push(mobility?.kind === 'macMobility' ? mobility.sequenceNumber : undefined);
      },
      gap: () => expect.unreachable(),
    });
    // Counted with tshark: `bgp.type`.
    expect(Object.fromEntries(counts)).toEqual({ 'BGP UPDATE': 75, 'BGP KEEPALIVE': 4 });
    expect(numbers).toEqual([undefined, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(lines.at(3)).toContain('BGP UPDATE');
    expect(lines.join('\n')).toContain('MAC 52:54:00:aa:00:21 VNI 100 at 10.0.2.2 mobility 1');
  });
});

describe('QEMU', () => {
  it('announces a guest five times', async () => {
    const seen: { readonly ms: number; readonly mac: string }[] = [];
    let firstNs: bigint | undefined;
    for await (const { timeNs, bytes, linkType } of readFrames(
      'fixtures/lan/qemu-announce-self.pcap',
    )) {
      const frame = decodeFrame(bytes, { linkType });
      expect(frame.protocol).toBe('rarp');
      firstNs ??= timeNs;
      seen.push({
        ms: Math.round(Number(timeNs - firstNs) / 1e6),
        mac: Buffer.from(layerValue(frame, arp)!.senderHardwareAddress).toString('hex'),
      });
    }
    expect(seen.map(({ ms }) => ms)).toEqual([0, 52, 202, 459, 809]);
    expect(new Set(seen.map(({ mac }) => mac)).size).toBe(1);
  });
});
