/** The page's workers without a page: frames by number, filters, exchanges, ladders, of a capture and of a run. */
import { openAsBlob, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../../src/capture/index.ts';
import { RunRecord } from '../../../src/report/index.ts';
import { CaptureStore } from '../../../web/src/worker/capture-store.ts';
import { exchangesOf, ladderOfExchange } from '../../../web/src/worker/exchanges.ts';
import { FrameReader } from '../../../web/src/worker/frame-reader.ts';
import { RunStore } from '../../../web/src/worker/run-store.ts';
import { PLACES, seen } from '../../helpers/run-record.ts';

async function storeOf(path: string): Promise<CaptureStore> {
  const file = await openAsBlob(path);
  const capture = await openCapture(file);
  const store = new CaptureStore(file, capture.info);
  await capture.visitAll((place) => store.add(place));
  return store;
}

const calm = (): void => {};

describe.each(['fixtures/fabric-io.pcap', 'fixtures/lun-reuse.pcapng'])(
  'the frames of %s',
  (path) => {
    it('are read again from where they lie', async () => {
      const store = await storeOf(path);
      const frames: { bytes: Uint8Array; timeNs: bigint }[] = [];
      const capture = await openCapture(new Uint8Array(readFileSync(path)));
      for await (const batch of capture.frames) frames.push(...batch);
      expect(store.count).toBe(frames.length);
      const again = await store.read(0, store.count);
      for (const [i, { bytes, number, timeNs }] of again.entries()) {
        expect(number).toBe(i + 1);
        expect(Buffer.compare(bytes, frames[i]!.bytes)).toBe(0);
        expect(timeNs).toBe(frames[i]!.timeNs);
      }
      expect(await store.read(3, 3)).toEqual([]);
    });

    it('are the same in any order, and read as what they answer', async () => {
      const reader = new FrameReader(await storeOf(path));
      const all = await reader.rows(Array.from({ length: 41 }, (_, i) => i));
      const [one] = await reader.rows([30]);
      expect(one).toEqual(all[30]);
      const detail = await reader.detail(30);
      expect(detail).toMatchObject({ number: 31, summary: one!.summary, fault: undefined });
      expect(detail!.layers.flatMap(({ fields }) => fields).length).toBeGreaterThan(10);
      expect(await reader.detail(1_000_000)).toBeUndefined();
    });
  },
);

describe('a filter', () => {
  it('gives the places of the frames that pass, and says how far it has come', async () => {
    const reader = new FrameReader(await storeOf('fixtures/fabric-io.pcap'));
    const told: string[] = [];
    const places = await reader.passing('scsi.opcode == 0x2a', ({ words }) => told.push(words));
    const rows = await reader.rows([...places]);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.every(({ summary }) => summary.includes('WRITE(10)'))).toBe(true);
    expect(told.at(-1)).toMatch(/^\d+ frames looked at, \d+ pass$/);
    await expect(reader.passing('fc.sid == 1', calm)).rejects.toThrow('did you mean fc.s_id?');
  });

  it('sees a bad CRC where it asks for one', async () => {
    const reader = new FrameReader(await storeOf('fixtures/fabric-io.pcap'));
    const all = await reader.passing('fcoe', calm);
    expect(await reader.passing('fcoe && sanmotion.crc == good', calm)).toEqual(all);
  });
});

describe('units of streams', () => {
  const path = 'fixtures/iscsi/ipxe-login-read-tgt.pcap';

  it('stand in the line and the tree of the frame in which they end, and pass filters', async () => {
    const reader = new FrameReader(await storeOf(path));
    const places = [...(await reader.passing('scsi.opcode in {0x28, 0x88}', calm))];
    expect(places.length).toBeGreaterThan(0);
    const [row] = await reader.rows(places.slice(0, 1));
    expect(row!.summary).toMatch(/READ\(1[06]\)/);
    const detail = await reader.detail(places[0]!);
    const titles = detail!.layers.filter(({ isOfStream }) => isOfStream).map(({ title }) => title);
    expect(titles.length).toBeGreaterThan(0);
  });
});

describe('exchanges', () => {
  it('are in the order of their requests, and one is drawn as a ladder of its own frames', async () => {
    const store = await storeOf('fixtures/fabric-io.pcap');
    const { left, rows } = await exchangesOf(store, calm);
    expect(left).toBe(0);
    expect(rows.map(({ firstFrame }) => firstFrame)).toEqual(
      rows.map(({ firstFrame }) => firstFrame).toSorted((a, b) => a - b),
    );
    const write = rows.find(({ command }) => command === 'WRITE(10)')!;
    expect(write).toMatchObject({ status: 'GOOD', lun: '0' });
    const key = { ...write, firstPlace: write.firstFrame - 1, lastPlace: write.lastFrame - 1 };
    const markup = await ladderOfExchange(store, new FrameReader(store), key);
    expect(markup.match(/<g class="arrow/g)!.length).toBeGreaterThanOrEqual(4);
    expect(markup).toContain('FCP_XFER_RDY');
    expect(markup).not.toContain('INQUIRY');
  });
});

describe('the frames of a run', () => {
  it('are served from its record, with what is said of them', async () => {
    const record = new RunRecord();
    record.begin(PLACES);
    for (let n = 5; n <= 20; n++) record.see(seen(n));
    const note = { around: [], texts: ['is held'], marks: [] };
    const store = new RunStore(record.frames.values(), new Map([[7, note]]));
    expect([store.count, store.placeOf(7), store.placeOf(99)]).toEqual([16, 2, -1]);
    const [row] = await new FrameReader(store).rows([2]);
    expect(row).toMatchObject({ number: 7, where: 'left', comment: 'is held', seconds: 0.000007 });
  });
});
