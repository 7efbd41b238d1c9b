/** Exchanges that passed a server's switches: how many, and the last of them. */
import type { ExchangeRow } from '../audit/seen/exchange-row.ts';
import { ExchangeTracker } from '../audit/seen/exchange-table.ts';
import { Conversation, decodeFrame } from '../codecs/frame/index.ts';
import { formatFcId } from '../codecs/layout/index.ts';
import { formatLun } from '../codecs/scsi/index.ts';
import type { LiveServer } from './server.ts';

/** Exchanges that are kept. */
const KEPT_MAX = 100;

/** An exchange for a person. */
export interface RecentExchange {
  readonly fabric: string;
  readonly originator: string;
  readonly responder: string;
  readonly oxId: number;
  readonly command: string;
  readonly lun: string | undefined;
  readonly lba: string | undefined;
  readonly blocks: number | undefined;
  /** The status, or how it ended without one. */
  readonly status: string;
  /** Since the server began, and how long it took. */
  readonly atMs: number;
  readonly tookMs: number;
}

/** Follows the frames of a server from here on. */
export class RecentExchanges {
  readonly #conversation = new Conversation();
  readonly #tracker = new ExchangeTracker((row) => this.#ended(row));
  readonly #last: RecentExchange[] = [];
  readonly #taps = new Map<string, number>();
  #frames = 0;

  constructor(server: LiveServer) {
    server.onFrame((link, _direction, bytes, at) => {
      // What a guest and the array say to each other passes the links of both: it is read at the guest's.
      if ('targetPort' in link.to) return;
      const frame = decodeFrame(bytes, { conversation: this.#conversation, checkCrc: false });
      this.#tracker.add(
        frame,
        ++this.#frames,
        BigInt(Math.round(at)),
        this.#tapOf(link.name),
        link.fabric,
      );
    });
  }

  /** How many there were, by kind. */
  get counts(): ExchangeTracker['counts'] {
    return this.#tracker.counts;
  }

  /** The last that ended, the latest first. */
  get last(): readonly RecentExchange[] {
    return [...this.#last].reverse();
  }

  #tapOf(link: string): number {
    const known = this.#taps.get(link) ?? this.#taps.size;
    this.#taps.set(link, known);
    return known;
  }

  #ended({
    blocks,
    command,
    end,
    endNs,
    fabric,
    lba,
    lun,
    originator,
    oxId,
    responder,
    startNs,
    status,
  }: ExchangeRow): void {
    if (this.#last.length >= KEPT_MAX) this.#last.shift();
    this.#last.push({
      fabric,
      originator: formatFcId(originator),
      responder: formatFcId(responder),
      oxId,
      command,
      lun: lun === undefined ? undefined : formatLun(lun),
      lba: lba === undefined ? undefined : `${lba}`,
      blocks,
      status: end === 'completed' ? (status ?? 'answered') : end,
      atMs: Number(endNs / 1_000_000n),
      tookMs: Number(endNs - startNs) / 1e6,
    });
  }
}
