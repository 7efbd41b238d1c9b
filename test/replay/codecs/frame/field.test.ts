/** Captures as people take them: what each of them shows, in one line a frame. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readFrames } from '../../../../src/capture/index.ts';
import { Conversation, decodeFrame, type Frame, summarize } from '../../../../src/codecs/index.ts';

const FOLDER = '../shared/captures/field';

async function framesOf(name: string): Promise<Frame[]> {
  const conversation = new Conversation();
  const frames: Frame[] = [];
  for await (const timed of readFrames(`${FOLDER}/${name}`)) {
    const { linkType, originalLength, fcsBytes } = timed;
    frames.push(decodeFrame(timed.bytes, { linkType, originalLength, fcsBytes, conversation }));
  }
  return frames;
}

describe.skipIf(!existsSync(FOLDER))('captures of the field', () => {
  it.each([
    ['04-read.pcap.gz', 4],
    ['05-caplen-over-snaplen.pcap', 4],
    ['07-modified.pcap', 4],
    ['31-block-length-unpadded.pcapng', 2],
  ])('%s is read whole', async (name, count) => {
    expect(await framesOf(name)).toHaveLength(count);
  });

  it.each([
    '10-fcoe-in-erspan-gre.pcap',
    '11-fcoe-in-vxlan-geneve.pcap',
    '12-fcoe-tags.pcap',
    '42-raw-ip-vxlan.pcap',
  ])('%s: READ(10), its CRC good, in every frame', async (name) => {
    for (const frame of await framesOf(name)) {
      expect(summarize(frame)).toMatch(/^SCSI READ\(10\)/);
      expect(frame).toMatchObject({ crc: 'good', unread: undefined });
    }
  });

  it.each(['02-read-snaplen96.pcap', '03e-move-with-fcs.pcap', '15-scsi-short-answers.pcap'])(
    '%s: nothing malformed, no bad CRC',
    async (name) => {
      for (const frame of await framesOf(name)) {
        expect(frame.malformed).toBeUndefined();
        expect(frame.crc).not.toBe('bad');
      }
    },
  );

  it('short sense has its key, and its code where the cut is behind it', async () => {
    const lines = (await framesOf('15-scsi-short-answers.pcap')).map(summarize);
    expect(lines[43]).toMatch(/\(TEST UNIT READY\) [A-Z ]+$/);
    expect(lines[47]).toContain('29/00');
  });

  it('names what has no CDB, and counts 256 blocks', async () => {
    const lines = (await framesOf('28-fcp-variety.pcap')).map(summarize);
    expect(lines[14]).toContain('(LOGICAL UNIT RESET)');
    expect(lines[25]).toContain('length 256');
  });

  it('puts no control character into a line', async () => {
    for (const frame of await framesOf('20-texts.pcapng'))
      expect(summarize(frame)).toMatch(/^[^\p{Cc}]*$/u);
    const lines = (await framesOf('20-texts.pcapng')).map(summarize);
    expect(lines.some((line) => line.includes('Zürich'))).toBe(true);
  });
});
