/** The sessions in frames of TCP: segments put together, sessions followed, and judged. */
import {
  type Conversation,
  type Frame,
  type StreamGap,
  type StreamListener,
  type StreamPdu,
  TcpStreams,
} from '../codecs/index.ts';
import type { SeenMoment, SessionListener } from './seen/session.ts';
import { SessionWatch } from './seen/session-watch.ts';
import { StreamVlans } from './seen/stream-vlans.ts';
import { SessionAudit } from './session-audit.ts';
import type { Verdict } from './verdict.ts';

/** Who else hears what streams and sessions tell. */
export interface StreamSessionsOptions {
  /** Units of streams, behind the rules. */
  readonly units?: Pick<StreamListener, 'pdu' | 'gap' | 'damaged' | 'ended'>;
  readonly sessions?: SessionListener;
  /** Requests of Fibre Channel that FCIP carries. */
  readonly conversation?: Conversation;
  /** What judges them; one of their own when left out. */
  readonly audit?: SessionAudit;
}

/** Follows and judges the sessions of one run or one capture. */
export class StreamSessions {
  readonly #audit: SessionAudit;
  readonly #units: StreamSessionsOptions['units'];
  readonly #watch: SessionWatch;
  readonly #vlans: StreamVlans;
  readonly #streams: TcpStreams;
  /** The frame that is being read, for the units that end in it. */
  #moment: SeenMoment = { at: 0, frame: 0 };

  constructor(options: StreamSessionsOptions = {}) {
    const { audit = new SessionAudit(), units, sessions, conversation } = options;
    this.#audit = audit;
    this.#units = units;
    const tell: SessionListener = (told) => {
      this.#audit.hear(told);
      sessions?.(told);
    };
    this.#watch = new SessionWatch(tell);
    this.#vlans = new StreamVlans(tell);
    this.#streams = new TcpStreams(
      {
        pdu: (pdu) => this.#pdu(pdu),
        gap: (gap) => this.#gap(gap),
        damaged: (connection, frame) => this.#units?.damaged?.(connection, frame),
        closed: (connection, _fromClient, how) => {
          this.#watch.closed(connection, this.#moment, how);
        },
        ended: (connection) => {
          this.#units?.ended?.(connection);
          this.#watch.forget(connection);
        },
      },
      conversation,
    );
  }

  #pdu(pdu: StreamPdu): void {
    this.#watch.pdu(pdu, this.#moment);
    this.#units?.pdu(pdu);
  }

  #gap(gap: StreamGap): void {
    this.#units?.gap(gap);
    this.#watch.gap(gap);
  }

  /** Takes a decoded frame, its time and its number, and the tap that saw it. True where it is of a connection that is followed. */
  take(frame: Frame, moment: SeenMoment, tap = ''): boolean {
    this.#moment = moment;
    const isFollowed = this.#streams.take(frame, moment.frame);
    if (isFollowed) this.#vlans.take(frame, moment, tap);
    return isFollowed;
  }

  /** Frames are missing in front of the next. */
  lose(): void {
    this.#watch.lose();
  }

  /** No frame follows. */
  finish(): void {
    this.#streams.finish();
    this.#watch.finish();
    this.#vlans.finish();
  }

  /** Verdicts with what sessions add to them. Call it once, behind `finish`. */
  join(verdicts: readonly Verdict[]): Verdict[] {
    return this.#audit.join(verdicts);
  }
}
