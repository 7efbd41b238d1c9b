/** The frames that tshark 4.0.17 names wrongly or not at all: each layer by name, all of it in fields. */
import { describe, expect, it } from 'vitest';
import { Conversation, decodeFrame, summarize } from '../../../../src/codecs/index.ts';
import { readPcap } from '../../../helpers/shared-captures.ts';

const { linkType, frames } = readPcap('fixtures/wireshark-gaps.pcap');

/** What each frame is, from the description of the capture. */
const EXPECTED: readonly (readonly [summary: RegExp, layers: string])[] = [
  [/^FIP Clear Virtual Links /, 'fip'],
  [/^FIP VLAN VN2VN Notification /, 'fip'],
  [/^FIP Discovery Advertisement .* FKA 8000 ms D \[FP FCF FDF A F\]$/, 'fip'],
  [/^FIP Discovery Solicitation vendor /, 'fip'],
  [/^FPIN /, 'fcoe fc els fcoe-trailer'],
  [/^EVFP /, 'fcoe fc els fcoe-trailer'],
  [/^RTV /, 'fcoe fc els fcoe-trailer'],
  [/^LS_ACC \(RTV\) /, 'fcoe fc els fcoe-trailer'],
  [/^RHBA /, 'fcoe fc ct fcoe-trailer'],
  [/^NVMe_CMND /, 'fcoe fc nvme fcoe-trailer'],
  [/^RTV /, 'fcoe ifr fc els fcoe-trailer'],
  [/^SCSI REPORT TARGET PORT GROUPS /, 'fcoe fc fcp scsi fcoe-trailer'],
  [/^FCP_DATA .*\(REPORT TARGET PORT GROUPS\)/, 'fcoe fc scsi fcoe-trailer'],
  [/^FCP_RSP CHECK CONDITION .* UNIT ATTENTION 2A\/06 /, 'fcoe fc fcp sense fcoe-trailer'],
  [/^FCP_DATA .* offset 0 length 2112$/, 'fcoe fc data fcoe-trailer'],
  [/^FCP_DATA .* offset 2112 length 512$/, 'fcoe fc data fcoe-trailer'],
  [/^SCSI INQUIRY .* VPD page 86 /, 'fcoe fc fcp scsi fcoe-trailer'],
];

/** Fill behind data of odd length: FC-FS fills frames up to whole words. */
const FILL_BYTES_MAX = 3;

/** Parts of a value that are bytes without a name: of unknown kind, or longer than fill. */
function nameless(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (value instanceof Uint8Array) {
    const isTrailing = path.endsWith('.trailing') && value.length > FILL_BYTES_MAX;
    return isTrailing || path.endsWith('.raw') ? [path] : [];
  }
  const own = 'kind' in value && value.kind === 'unknown' ? [`${path}: unknown`] : [];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, inner]) => nameless(inner, `${path}.${key}`)),
  ];
}

describe('wireshark-gaps.pcap', () => {
  it('has 17 frames', () => {
    expect(frames).toHaveLength(17);
  });

  const conversation = new Conversation();
  const decoded = frames.map(({ bytes, originalLength }) =>
    decodeFrame(bytes, { linkType, originalLength, conversation }),
  );

  it.each(EXPECTED.map(([summary, layers], i) => ({ number: i + 1, summary, layers })))(
    'frame $number, $summary: $layers',
    ({ number, summary, layers }) => {
      const frame = decoded[number - 1]!;
      expect(summarize(frame)).toMatch(summary);
      expect(frame.layers.map(({ layer }) => layer).join(' ')).toBe(`ethernet ${layers}`);
      expect(frame.malformed).toBeUndefined();
      expect(nameless(frame.layers, `frame ${number}`)).toEqual([]);
    },
  );
});
