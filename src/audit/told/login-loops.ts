/** Logins that go round in circles: the same name asks for the same login over and over. */
import { type FcHeader, fcHeader } from '../../codecs/fc/index.ts';
import { type Frame, layerOf, layerValue, rejectOf } from '../../codecs/frame/index.ts';
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import { remember } from '../ledger/remember.ts';
import type { EventPlace } from './events.ts';
import { fipClears } from './marks.ts';

/** So many requests within so long are a circle. A port that boots logs in once or twice. */
const LOGINS_MIN = 5;
const WITHIN_NS = 10_000_000_000n;
/** Names that are watched, and places kept of each. */
const NAMES_MAX = 100_000;
const PLACES_MAX = 16;

/** A name whose logins go round in circles. */
export interface LoginLoopRow {
  readonly wwpn: string;
  readonly by: 'FLOGI' | 'FDISC' | 'PLOGI';
  /** The N_Port_ID that it logs in to. */
  readonly to: string;
  /** Requests, and what came in between. */
  readonly requests: number;
  readonly rejects: number;
  readonly clears: number;
  /** MAC addresses or N_Port_IDs that the requests came from: two where a name is there twice. */
  readonly places: readonly string[];
  readonly firstFrame: number;
  readonly lastFrame: number;
  readonly firstNs: bigint;
  readonly lastNs: bigint;
}

interface Watched {
  readonly wwpn: string;
  readonly by: LoginLoopRow['by'];
  readonly to: string;
  readonly places: Set<string>;
  /** Times of the last requests, at most `LOGINS_MIN`. */
  readonly recent: bigint[];
  isLoop: boolean;
  requests: number;
  rejects: number;
  clears: number;
  lastOxId: number;
  firstFrame: number;
  lastFrame: number;
  firstNs: bigint;
  lastNs: bigint;
}

const LOGINS: ReadonlySet<string | undefined> = new Set(['FLOGI', 'FDISC', 'PLOGI']);
/** The same request at a second tap is not a second request. */
const SECOND_TAP_NS = 1_000_000n;

/** Watches the logins of a capture. */
export class LoginLoops {
  readonly #watched = new Map<string, Watched>();
  /** Of what was asked, by who asked and OX_ID: refusals name nobody. */
  readonly #asked = new Map<string, Watched>();

  /** Takes the next frame. `from` is where it comes from, where its header has no address. */
  take(frame: Frame, place: EventPlace, fabric: string, from: string): void {
    if (fipClears(frame)) this.#cleared(fabric);
    const els = layerOf(frame, 'els')?.value as { kind?: string; portName?: bigint } | undefined;
    const header = headerOf(frame);
    if (els === undefined || header === undefined) return;
    if (LOGINS.has(els.kind) && els.portName !== undefined)
      this.#request(els.kind as LoginLoopRow['by'], els.portName, header, place, fabric, from);
    else if (rejectOf(frame) !== undefined) {
      const asked = this.#asked.get(`${fabric} ${header.sId} ${header.oxId}`);
      if (asked !== undefined) asked.rejects++;
    }
  }

  #request(
    by: LoginLoopRow['by'],
    portName: bigint,
    header: FcHeader,
    { index, timeNs }: EventPlace,
    fabric: string,
    from: string,
  ): void {
    const to = formatFcId(header.dId);
    const wwpn = formatWwn(portName);
    const key = `${fabric} ${by} ${wwpn} ${to}`;
    let one = this.#watched.get(key);
    if (one === undefined) {
      one = newWatched(wwpn, by, to);
      remember(this.#watched, key, one, NAMES_MAX);
    } else if (one.lastOxId === header.oxId && timeNs - one.lastNs < SECOND_TAP_NS) return;
    const at = header.sId === 0 ? from : formatFcId(header.sId);
    if (one.places.size < PLACES_MAX) one.places.add(at);
    if (one.requests++ === 0) {
      one.firstFrame = index;
      one.firstNs = timeNs;
    }
    one.lastFrame = index;
    one.lastNs = timeNs;
    one.lastOxId = header.oxId;
    one.recent.push(timeNs);
    if (one.recent.length > LOGINS_MIN) one.recent.shift();
    if (one.recent.length === LOGINS_MIN && timeNs - one.recent[0]! <= WITHIN_NS) one.isLoop = true;
    remember(this.#asked, `${fabric} ${header.dId} ${header.oxId}`, one, NAMES_MAX);
  }

  #cleared(fabric: string): void {
    for (const [key, one] of this.#watched)
      if (one.by !== 'PLOGI' && key.startsWith(`${fabric} `)) one.clears++;
  }

  /** The circles that were met. */
  rows(): LoginLoopRow[] {
    return [...this.#watched.values()]
      .filter(({ isLoop }) => isLoop)
      .map(({ places, recent: _recent, isLoop: _isLoop, lastOxId: _oxId, ...row }) => ({
        ...row,
        places: [...places],
      }));
  }
}

function newWatched(wwpn: string, by: LoginLoopRow['by'], to: string): Watched {
  return {
    wwpn,
    by,
    to,
    places: new Set(),
    recent: [],
    isLoop: false,
    requests: 0,
    rejects: 0,
    clears: 0,
    lastOxId: -1,
    firstFrame: 0,
    lastFrame: 0,
    firstNs: 0n,
    lastNs: 0n,
  };
}

/** The header of the ELS, in FIP too. */
function headerOf(frame: Frame): FcHeader | undefined {
  const own = layerValue(frame, fcHeader);
  return own ?? (layerOf(frame, 'fc')?.value as FcHeader | undefined);
}
