/**
 * A capture of somebody's fabric, judged: decoded, re-encoded, its logins and exchanges rebuilt,
 * and the invariants that frames alone can show.
 */
import { FramePlace } from '../capture/place.ts';
import type { CaptureInfo, TimedFrame } from '../capture/types.ts';
import {
  Conversation,
  decodeFrame,
  encodeFrame,
  type Frame,
  fcHeader,
  layerValue,
  type StreamPdu,
} from '../codecs/index.ts';
import { Auditor } from './auditor.ts';
import { MoveFinder, type MoveRow } from './ledger/move-finder.ts';
import { Arrivals } from './seen/arrivals.ts';
import { Copies } from './seen/copies.ts';
import type { ExchangeCounts, ExchangeKind } from './seen/exchange-row.ts';
import { ExchangeTracker } from './seen/exchange-table.ts';
import type { FcFrame, FipFrame, SeenFrame } from './seen/frame.ts';
import { type HeldFrame, HeldFrames } from './seen/held-frames.ts';
import { LoginList, type LoginRow } from './seen/login-list.ts';
import { CAPTURED_PORT, LoginWatch } from './seen/login-watch.ts';
import { type SeenPlain, seePlain } from './seen/plain-frame.ts';
import { seeDecoded } from './seen/see-frame.ts';
import type { SeenMoment } from './seen/session.ts';
import type { TappedFrame } from './seen/tapped-frame.ts';
import { Taps } from './seen/taps.ts';
import { StreamSessions } from './stream-sessions.ts';
import { TapSessions } from './tap-sessions.ts';
import { CaptureTold, type ToldReport } from './told/capture-told.ts';
import { type SessionRow, SessionRows } from './told/session-rows.ts';
import { type StreamRow, StreamRows } from './told/stream-rows.ts';
import type { AuditBounds, Verdict } from './verdict.ts';

/** Faults listed; more are counted only. */
const MALFORMED_MAX = 1000;

/** A fault in a frame. */
export interface MalformedRow {
  readonly frame: number;
  readonly layer: string;
  readonly field: string;
  readonly offset: number;
  readonly fault: string;
}

/** What `replay --json` prints for one capture. */
export interface CaptureReport extends ToldReport {
  readonly capture: {
    readonly file: string;
    readonly format: 'pcap' | 'pcapng';
    readonly linkType: number | undefined;
    readonly frames: number;
    /** Frames that a tap showed twice, as a mirror port for both directions does: each is judged once. */
    readonly copies: number;
    /** Frames that were put where their stamps belong. */
    readonly sorted: number;
    /** Frames stamped too much too early for that. */
    readonly late: number;
    /** Exchanges that were forgotten while they were open, being too many at once: their ends are not judged. */
    readonly forgotten: number;
    /** Frames of which the capture kept only a part, as `codec.cut`. */
    readonly cut: number;
    /** Bytes that it kept of the longest of them: the snap length. 0 where none is cut. */
    readonly cutAtBytes: number;
  };
  readonly codec: {
    /** Frames without a fault. */
    readonly decoded: number;
    /** Frames whose layers encode to the very bytes. */
    readonly identical: number;
    readonly malformed: readonly MalformedRow[];
    readonly crcBad: number;
    /** Frames of which the capture kept only a part. */
    readonly cut: number;
  };
  readonly protocols: Readonly<Record<string, number>>;
  readonly logins: readonly LoginRow[];
  readonly exchanges: Readonly<Record<ExchangeKind, ExchangeCounts>>;
  /** Connections of iSCSI and FCIP. */
  readonly streams: readonly StreamRow[];
  /** Units and gaps of more connections than are listed. */
  readonly streamsLeft: number;
  /** Sessions of iSCSI, and clients of NFS on a connection. */
  readonly sessions: readonly SessionRow[];
  /** Sessions that are in no row. */
  readonly sessionsLeft: number;
  /** Moves that the capture shows. */
  readonly moves: readonly MoveRow[];
  verdict: readonly Verdict[];
  /** Why the capture ended early; everything before was judged. */
  error?: string;
}

/** Bounds without meaning for a capture: nothing in it tells of a guest. */
const CAPTURE_BOUNDS: AuditBounds = {
  guestTimeoutNs: Number.MAX_SAFE_INTEGER,
  blackoutBudgetNs: Number.MAX_SAFE_INTEGER,
  rATovNs: 10e9,
};

/** Takes the frames of a capture one by one and says at the end what they show. */
export class CaptureJudge {
  readonly #info: CaptureInfo;
  readonly #conversation = new Conversation();
  readonly #moves = new MoveFinder();
  readonly #exchanges = new ExchangeTracker((row) => {
    this.#moves.exchange(row);
    this.#told.exchange(row);
  });
  #loginWatch = new LoginWatch();
  readonly #logins = new LoginList();
  readonly #auditor = new Auditor(CAPTURE_BOUNDS, { partial: true });
  readonly #told = new CaptureTold(this.#auditor.identities);
  readonly #protocols = new Map<string, number>();
  readonly #streamRows = new StreamRows();
  readonly #sessionRows = new SessionRows();
  readonly #sessions = new StreamSessions({
    units: {
      pdu: (pdu) => this.#takePdu(pdu),
      gap: (gap) => this.#streamRows.gap(gap),
      damaged: (connection, frame) => this.#streamRows.damaged(connection, frame),
      ended: (connection) => this.#streamRows.ended(connection),
    },
    sessions: (told) => {
      this.#sessionRows.hear(told);
      this.#tapSessions.hear(told);
      if (told.type === 'task-ended') this.#told.task(told.task);
    },
    conversation: this.#conversation,
  });
  readonly #tapSessions = new TapSessions();
  /** The frame that is being judged, for the units that end in it. */
  #current: { readonly held: HeldFrame; readonly tapped: TappedFrame } | undefined;
  readonly #malformed: MalformedRow[] = [];
  /** Links behind whose taps a login was seen. */
  readonly #links = new Set<string>();
  readonly #held = new HeldFrames({ keepsStamped: () => this.#hasTaps });
  readonly #arrivals = new Arrivals((held) => this.#judge(held), this.#held);
  readonly #taps = new Taps();
  readonly #shown = new Copies(this.#held);
  readonly #place = new FramePlace();
  #copies = 0;
  #frames = 0;
  /** The stamp of the first frame of the file. */
  #startNs = 0n;
  #faults = 0;
  #identical = 0;
  /** Plain frames, which are all of FCP. */
  #plain = 0;
  #crcBad = 0;
  #cut = 0;
  #cutAtBytes = 0;
  /** When the first frame to be judged passed, in nanoseconds since that of the capture. */
  #firstNs: number | undefined;

  constructor(info: CaptureInfo) {
    this.#info = info;
  }

  /** The capture is of several taps. */
  get #hasTaps(): boolean {
    return this.#info.interfaces.length > 1;
  }

  /** Takes the next frame of the capture. */
  add(timed: TimedFrame): void {
    this.#place.moveTo(timed);
    this.visit(this.#place);
  }

  /** Takes the next frame of the capture where it lies: it may be written over afterwards. */
  visit(place: FramePlace): void {
    if (this.#frames++ === 0) this.#startNs = place.timeNs;
    if (place.afterDamage) this.#lose();
    this.#arrivals.add(place);
  }

  /** Frames are missing in front of the next: nobody is accused of what is not in the file. */
  #lose(): void {
    this.#arrivals.finish();
    this.#auditor.lose();
    this.#sessions.lose();
    this.#tapSessions.lose();
    this.#loginWatch = new LoginWatch();
  }

  /** Judges a frame; its memory is free afterwards, or when no copy of it can follow any more. */
  #judge(held: HeldFrame): void {
    this.#firstNs ??= held.atNs;
    const at = held.atNs - this.#firstNs;
    const tap = this.#taps.nameOf(held);
    const plain = held.isPlain ? seePlain(held, at, tap, this.#conversation) : undefined;
    if (plain === undefined) this.#judgeLayers(held, at, tap);
    else this.#judgePlain(held, plain);
  }

  /** A plain frame has no fault, and encodes to the very bytes: test/property/audit/plain.test.ts. */
  #judgePlain(held: HeldFrame, { fc, request }: SeenPlain): void {
    this.#plain++;
    const { header, link, fabric, tapped } = fc;
    if (this.#shown.has(held, header, link)) {
      this.#copies++;
      return;
    }
    if (request !== undefined) this.#exchanges.takeCommand(header, request, held, fabric);
    else if (fc.response !== undefined)
      this.#exchanges.takeResponse(header, fc.response, held, fabric);
    else this.#exchanges.takeData(header, held.unit === 'data' ? fc.payloadBytes : 0, held, fabric);
    this.#auditor.see(tapped, fc);
    if (this.#hasTaps) this.#tapSessions.takeFc(fc, momentOf(held, tapped));
    if (fc.exchange?.gap === true) this.#told.data(fc, held, fabric);
  }

  #judgeLayers(held: HeldFrame, at: number, tap: string): void {
    const { index, linkType, originalLength, fcsBytes } = held;
    const bytes = held.bytes.subarray(held.at, held.end);
    const frame = decodeFrame(bytes, {
      linkType,
      originalLength,
      fcsBytes,
      conversation: this.#conversation,
    });
    this.#protocols.set(frame.protocol, (this.#protocols.get(frame.protocol) ?? 0) + 1);
    if (isIdentical(frame)) this.#identical++;
    if (frame.crc === 'bad') this.#crcBad++;
    if (frame.cut) {
      this.#cut++;
      this.#cutAtBytes = Math.max(this.#cutAtBytes, bytes.length);
    }
    if (frame.malformed !== undefined && !frame.cut) this.#fault(frame, index);
    const tapped = { at, number: index, tap, fabric: '', direction: 'unknown', bytes } as const;
    const seen = seeDecoded(frame, tapped);
    const header = layerValue(frame, fcHeader);
    if (header === undefined) {
      this.#current = { held, tapped };
      const moment = momentOf(held, tapped);
      const isFollowed = this.#sessions.take(frame, moment, tap);
      if (this.#hasTaps) this.#tapSessions.take(tap, frame, moment);
      this.#takeIn(frame, held, tapped, seen);
      if (!isFollowed) this.#told.other(frame);
      this.#held.giveBack(held);
      return;
    }
    // The frame is given back by those who look for copies.
    if (this.#shown.has(held, header, 'link' in seen ? seen.link : tap)) this.#copies++;
    else {
      this.#takeIn(frame, held, tapped, seen);
      if (this.#hasTaps && seen.protocol === 'fc')
        this.#tapSessions.takeFc(seen, momentOf(held, tapped));
    }
  }

  #takeIn(frame: Frame, place: HeldFrame, tapped: TappedFrame, seen: SeenFrame): void {
    const fabric = 'fabric' in seen ? seen.fabric : '';
    this.#logins.add(frame, place.index, fabric);
    this.#exchanges.take(frame, place, fabric);
    this.#auditor.see(tapped, seen);
    this.#told.frame(frame, seen, place, fabric);
    if (seen.protocol === 'fip' || seen.protocol === 'fc') this.#noteLogins(seen, place.timeNs);
  }

  /** A unit of a stream: a frame of FCIP is judged like one of a link, the connection being that link. */
  #takePdu(pdu: StreamPdu): void {
    this.#streamRows.pdu(pdu);
    const { frame, connection } = pdu;
    if (connection.protocol !== 'fcip' || this.#current === undefined) return;
    const { held, tapped } = this.#current;
    const { client, server } = connection;
    const tap = `${tapped.tap === '' ? '' : `${tapped.tap}, `}FCIP ${client} ${server}`;
    const inside: TappedFrame = { ...tapped, tap, bytes: frame.bytes };
    this.#takeIn(frame, held, inside, seeDecoded(frame, inside));
  }

  /** Logins that the frame shows happen at the switch behind its tap. */
  #noteLogins(seen: FipFrame | FcFrame, timeNs: bigint): void {
    const { at, link, fabric } = seen;
    for (const change of this.#loginWatch.changes(seen)) {
      if (!this.#links.has(link)) {
        this.#links.add(link);
        this.#auditor.addPort({ node: link, port: CAPTURED_PORT, link, fabric });
      }
      this.#told.login(change, fabric);
      this.#moves.login(change, timeNs, fabric);
      this.#auditor.observe({ at, node: link, event: change.event });
    }
  }

  #fault(frame: Frame, number: number): void {
    this.#faults++;
    const { malformed } = frame;
    if (malformed === undefined || this.#malformed.length >= MALFORMED_MAX) return;
    const { layer, field, offset, fault } = malformed;
    this.#malformed.push({ frame: number, layer, field, offset, fault });
  }

  /** The events of the capture, once it is over. */
  events(): ReturnType<CaptureTold['events']> & { readonly startNs: bigint } {
    return { ...this.#told.events(), startNs: this.#startNs };
  }

  /** The report. `error` says why the capture ended early. */
  finish(error?: string): CaptureReport {
    this.#arrivals.finish();
    this.#sessions.finish();
    this.#tapSessions.finish();
    this.#exchanges.finish();
    const { sorted, late } = this.#arrivals.counts;
    if (this.#plain > 0)
      this.#protocols.set('fcp', (this.#protocols.get('fcp') ?? 0) + this.#plain);
    const forgotten = Math.max(this.#exchanges.forgotten, this.#auditor.forgotten);
    const { file, format, linkType } = this.#info;
    const { fcp, els, ct, nvme } = this.#exchanges.counts;
    return {
      capture: {
        file,
        format,
        linkType,
        frames: this.#frames,
        copies: this.#copies,
        sorted,
        late,
        forgotten,
        cut: this.#cut,
        cutAtBytes: this.#cutAtBytes,
      },
      codec: {
        decoded: this.#frames - this.#faults,
        identical: this.#identical + this.#plain,
        malformed: this.#malformed,
        crcBad: this.#crcBad,
        cut: this.#cut,
      },
      protocols: Object.fromEntries([...this.#protocols].sort(([a], [b]) => (a < b ? -1 : 1))),
      logins: this.#logins.rows,
      exchanges: { fcp, els, ct, nvme },
      streams: this.#streamRows.rows(),
      streamsLeft: this.#streamRows.left,
      moves: this.#moves.finish(),
      ...this.#told.report(),
      sessions: this.#sessionRows.rows(),
      sessionsLeft: this.#sessionRows.left,
      verdict: this.#tapSessions.join(this.#sessions.join(this.#auditor.conclude())),
      ...(error === undefined ? {} : { error }),
    };
  }
}

/** A number for the queue that brought a frame, among those of all interfaces. */
const queueOf = ({ interfaceId, queue }: HeldFrame): number | undefined =>
  queue === undefined ? undefined : interfaceId * 2 ** 32 + queue;

const momentOf = (held: HeldFrame, { at, number }: TappedFrame): SeenMoment => ({
  at,
  frame: number,
  queue: queueOf(held),
});

function isIdentical(frame: Frame): boolean {
  const again = encodeFrame(frame);
  if (again.length !== frame.bytes.length) return false;
  for (let i = 0; i < again.length; i++) if (again[i] !== frame.bytes[i]) return false;
  return true;
}
