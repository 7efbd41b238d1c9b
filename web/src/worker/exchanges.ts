/** The exchanges of a store, a row each, and the frames of one as a ladder. */
import type { ExchangeRow } from '../../../src/audit/seen/exchange-row.ts';
import { ExchangeTracker } from '../../../src/audit/seen/exchange-table.ts';
import {
  Conversation,
  decodeFrame,
  detailLines,
  type FcHeader,
  formatFcId,
  formatLun,
  layerOf,
  summarize,
} from '../../../src/codecs/index.ts';
import { drawLadder, type LadderRow } from '../../../src/report/index.ts';
import type { Tell } from '../progress.ts';
import type { FrameReader, FrameStore } from './frame-reader.ts';

/** Rows that are kept. */
const ROWS_MAX = 200_000;
/** Frames of an exchange that are looked for behind its first. */
const SPAN_MAX = 100_000;
/** Frames of a ladder. */
const LADDER_MAX = 60;
const BATCH_FRAMES = 4096;
/** F_CTL: the sender answers. Source: FC-FS, F_CTL bit 23. */
const EXCHANGE_CONTEXT = 0x80_0000;

/** An exchange for a page. */
export interface ExchangeLine {
  readonly originator: number;
  readonly responder: number;
  readonly oxId: number;
  readonly command: string;
  readonly lun: string;
  readonly lba: string;
  readonly status: string;
  readonly firstFrame: number;
  readonly lastFrame: number;
  /** Seconds since the first frame, and milliseconds from request to the last frame. */
  readonly seconds: number;
  readonly tookMs: number;
}

/** Exchanges that were rebuilt, in the order in which they ended; and how many more there are. */
export interface Exchanges {
  readonly rows: readonly ExchangeLine[];
  readonly left: number;
}

/** Rebuilds the exchanges of a store. */
export async function exchangesOf(store: FrameStore, tell: Tell): Promise<Exchanges> {
  const rows: ExchangeLine[] = [];
  let left = 0;
  const tracker = new ExchangeTracker((row) => {
    if (rows.length >= ROWS_MAX) left += 1;
    else rows.push(lineOf(row, store.firstTimeNs));
  });
  const conversation = new Conversation();
  for (let from = 0; from < store.count; from += BATCH_FRAMES) {
    const batch = await store.read(from, Math.min(store.count, from + BATCH_FRAMES));
    for (const raw of batch) {
      const { bytes, fcsBytes, interfaceId, linkType, number, originalLength, timeNs } = raw;
      const frame = decodeFrame(bytes, {
        linkType,
        originalLength,
        fcsBytes,
        conversation,
        checkCrc: false,
      });
      tracker.add(frame, number, timeNs, interfaceId);
    }
    tell({ share: from / store.count, words: `${rows.length} exchanges` });
  }
  tracker.finish();
  return { rows: rows.sort((a, b) => a.firstFrame - b.firstFrame), left };
}

function lineOf(row: ExchangeRow, firstTimeNs: bigint): ExchangeLine {
  const {
    blocks,
    command,
    end,
    firstFrame,
    lastFrame,
    lba,
    lun,
    originator,
    oxId,
    responder,
    status,
  } = row;
  return {
    originator,
    responder,
    oxId,
    command,
    lun: lun === undefined ? '' : formatLun(lun),
    lba: lba === undefined ? '' : `${lba}${blocks === undefined ? '' : `+${blocks}`}`,
    status: end === 'completed' ? (status ?? 'answered') : end,
    firstFrame,
    lastFrame,
    seconds: Number(row.startNs - firstTimeNs) / 1e9,
    tookMs: Number(row.endNs - row.startNs) / 1e6,
  };
}

/** What tells an exchange from others, and where its frames lie: places from 0. */
export interface ExchangeKey extends Pick<ExchangeLine, 'originator' | 'responder' | 'oxId'> {
  readonly firstPlace: number;
  readonly lastPlace: number;
}

/** The ladder of an exchange, as markup. */
export async function ladderOfExchange(
  store: FrameStore,
  reader: FrameReader,
  { firstPlace, lastPlace, originator, oxId, responder }: ExchangeKey,
): Promise<string> {
  const places = Array.from(
    { length: Math.min(lastPlace - firstPlace + 1, SPAN_MAX) },
    (_, i) => firstPlace + i,
  );
  const rows: LadderRow[] = [];
  let leftOut = 0;
  await reader.decode(places, (raw, frame) => {
    const fc = layerOf(frame, 'fc')?.value as FcHeader | undefined;
    if (fc?.oxId !== oxId) return;
    const isAnswer = (fc.fCtl & EXCHANGE_CONTEXT) !== 0;
    const [from, to] = isAnswer ? [fc.dId, fc.sId] : [fc.sId, fc.dId];
    if (from !== originator || to !== responder) return;
    if (rows.length >= LADDER_MAX) leftOut += 1;
    else
      rows.push({
        frame: { number: raw.number, at: Number(raw.timeNs - store.firstTimeNs) },
        from: formatFcId(fc.sId),
        to: formatFcId(fc.dId),
        summary: summarize(frame),
        details: detailLines(frame),
        note: undefined,
      });
  });
  const lanes = [formatFcId(originator), formatFcId(responder)];
  const startNs = rows[0]?.frame.at ?? 0;
  return drawLadder(rows, lanes, { startNs, leftOut }).text;
}
