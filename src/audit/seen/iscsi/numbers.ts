/** CmdSN and StatSN of a connection, and the window between them. Source: RFC 7143, 4.2.2. */
import { type IscsiPdu, RESERVED_TAG } from '../../../codecs/index.ts';
import type { SeenMoment } from '../session.ts';
import { after, distance, isBefore } from './serial.ts';

/** A command that the target has not taken by then was out of its window for sure. */
const LATE_NS = 1e9;

/** What numbers are told to. */
export interface NumberSink {
  checked(): void;
  fault(what: string, frames: readonly number[]): void;
  /** The session has other connections, which use up CmdSNs too. */
  isShared(): boolean;
}

/** What of a request bears a number. */
export interface NumberedRequest {
  readonly immediate: number;
  readonly cmdSn: number;
  readonly initiatorTaskTag: number;
}

/** What of a response bears one. */
export interface NumberedResponse {
  readonly kind?: IscsiPdu['kind'];
  readonly statSn: number;
  readonly expCmdSn: number;
  readonly maxCmdSn?: number;
  readonly hasStatus?: number;
  readonly initiatorTaskTag?: number;
}

/** Follows them. */
export class ConnectionNumbers {
  readonly #sink: NumberSink;
  #cmdSn: number | undefined;
  #statSn: number | undefined;
  /** Highest MaxCmdSN so far; commands beyond it wait for more of the target's PDUs. */
  #maxCmdSn: number | undefined;
  #beyond: { readonly cmdSn: number; readonly moment: SeenMoment }[] = [];

  constructor(sink: NumberSink) {
    this.#sink = sink;
  }

  /** The CmdSN that is next; `undefined` where nobody knows. */
  get cmdSn(): number | undefined {
    return this.#cmdSn;
  }

  /** The StatSN that is next. */
  get statSn(): number | undefined {
    return this.#statSn;
  }

  /** A Login Request: it has the number of the first command, and does not take it. */
  begin(cmdSn: number): void {
    this.#cmdSn = cmdSn;
  }

  /** PDUs of one end are missing. */
  lose(isClient: boolean): void {
    this.#beyond = [];
    if (isClient) this.#cmdSn = undefined;
    else this.#statSn = undefined;
  }

  /** Every request but data has the number of the next command, and takes it unless it is immediate. */
  request({ immediate, cmdSn, initiatorTaskTag }: NumberedRequest, moment: SeenMoment): void {
    const expected = this.#cmdSn;
    const { frame } = moment;
    if (expected !== undefined && !this.#sink.isShared()) {
      this.#sink.checked();
      if (cmdSn !== expected)
        this.#sink.fault(`CmdSN ${cmdSn} in frame ${frame}, ${expected} was next`, [frame]);
    }
    const takes = immediate !== 1 && initiatorTaskTag !== RESERVED_TAG;
    if (expected === undefined || !isBefore(cmdSn, expected))
      this.#cmdSn = takes ? after(cmdSn) : cmdSn;
    if (takes && this.#maxCmdSn !== undefined && isBefore(this.#maxCmdSn, cmdSn))
      this.#beyond.push({ cmdSn, moment });
  }

  /** StatSN counts what has a status; the others say which is next. Source: RFC 7143, 11.4.8, 11.7.6, 11.8.3, 11.19.2. */
  response(pdu: NumberedResponse, moment: SeenMoment): void {
    const { kind, statSn, hasStatus, initiatorTaskTag } = pdu;
    const { frame } = moment;
    this.#window(pdu, moment);
    if (kind === 'SCSI Data-In' && hasStatus !== 1) return;
    const isOwn = kind !== 'R2T' && !(kind === 'NOP-In' && initiatorTaskTag === RESERVED_TAG);
    const expected = this.#statSn;
    if (expected !== undefined) {
      this.#sink.checked();
      if (statSn !== expected)
        this.#sink.fault(`StatSN ${statSn} of ${kind} in frame ${frame}, ${expected} was next`, [
          frame,
        ]);
    }
    this.#statSn = isOwn ? after(statSn) : statSn;
  }

  /** Commands outside the window: by what the target had offered when it took them, or a second later. */
  #window({ expCmdSn, maxCmdSn }: NumberedResponse, { at }: SeenMoment): void {
    for (const { cmdSn, moment } of this.#beyond) {
      const offered = this.#maxCmdSn;
      const isDecided = isBefore(cmdSn, expCmdSn) || at - moment.at > LATE_NS;
      if (offered === undefined || !isBefore(offered, cmdSn) || !isDecided) continue;
      const { frame } = moment;
      this.#sink.fault(
        `CmdSN ${cmdSn} in frame ${frame}, the target had offered up to ${offered}`,
        [frame],
      );
    }
    // A pair where MaxCmdSN lies in front of ExpCmdSN - 1 is to be ignored. Source: RFC 7143, 4.2.2.1.
    if (maxCmdSn === undefined || distance(expCmdSn, maxCmdSn) < -1) return;
    if (this.#maxCmdSn === undefined || isBefore(this.#maxCmdSn, maxCmdSn))
      this.#maxCmdSn = maxCmdSn;
    const most = this.#maxCmdSn;
    this.#beyond = this.#beyond.filter(
      ({ cmdSn, moment }) =>
        isBefore(most, cmdSn) && !isBefore(cmdSn, expCmdSn) && at - moment.at <= LATE_NS,
    );
  }
}
