/**
 * The initiator's side of FCP: a SCSI command as an exchange.
 *
 * A command ends in one of four ways, and whoever issues it again must know which: the target
 * answered; the target confirmed that it ended the exchange; the login under it ended; or it was
 * never sent. Source: FCP-4, clauses 9 and 12.
 */
import {
  FC_PAYLOAD_BYTES_MAX,
  FCTL_DATA_FROM_ORIGINATOR,
  FCTL_END_SEQUENCE,
  FCTL_LAST_DATA_FROM_ORIGINATOR,
  FCTL_LAST_SEQUENCE,
  FCTL_REQUEST,
  FCTL_SEQUENCE_INITIATIVE,
  type FcHeader,
  FcType,
  RCtl,
} from '../../codecs/fc/index.ts';
import {
  CDB_FIELD_BYTES,
  cdbFields,
  type FcpXferRdy,
  fcpCmnd,
  fcpRsp,
  fcpXferRdy,
  RspFlags,
  ScsiStatus,
} from '../../codecs/fcp/index.ts';
import { CodecError, partOf } from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import { roomFor } from '../../machine/slab.ts';
import type { Timer } from '../../machine/timers.ts';
import { Exchange } from '../n-port/exchange.ts';
import { frameHeader } from '../n-port/frame-header.ts';
import { FIRST_BURST_BYTES } from '../n-port/login-parameters.ts';
import type { Lport } from '../n-port/lport.ts';
import type { Rport } from '../n-port/rport.ts';
import { FcpRecovery } from './recovery.ts';

/** Write data goes out in payloads of whole blocks: the largest such size a port of 2112 takes. */
const PAYLOAD_ALIGN_BYTES = 512;

/** A command to send. */
export interface FcpRequest {
  readonly rport: Rport;
  readonly lun: bigint;
  readonly cdb: Uint8Array;
  readonly dataOut?: Uint8Array | undefined;
  /** Bytes of data-in that the command may bring; 0 when left out. */
  readonly dataInBytes?: number | undefined;
  /** After this long without an end the exchange is aborted. */
  readonly timeoutNs: number;
  /** Called once. */
  onDone(outcome: FcpOutcome): void;
}

export type FcpOutcome =
  /** FCP_RSP came, and all data it speaks of. */
  | {
      readonly end: 'response';
      readonly status: number;
      readonly sense: Uint8Array;
      readonly data: Uint8Array;
      readonly residual: number;
    }
  /** FCP_RSP came but data frames are missing: the target has ended the exchange. */
  | { readonly end: 'data-lost' }
  /** ABTS was answered: the target works on the exchange no more. */
  | { readonly end: 'aborted' }
  /** We forgot it without a word: the target may still work on it. */
  | { readonly end: 'purged' }
  /** The login ended under the command; `cleared`: the target confirmed that it ended it too. */
  | { readonly end: 'login-lost'; readonly cleared: boolean }
  /** No frame of it was sent. */
  | { readonly end: 'not-sent' };

/** A command under way, which is an exchange. */
export class FcpCommand extends Exchange {
  readonly request: FcpRequest;
  readonly initiator: FcpInitiator;
  phase: 'open' | 'aborting' | 'waiting-for-relogin' | 'done' = 'open';
  /** Made when the first of it comes: room that waits for data is cold when the data is there. */
  dataIn: Uint8Array | undefined = undefined;
  dataInReceived = 0;
  /** When it is aborted. */
  readonly dueAt: Instant;
  /** When the last frame of it came or was asked for. */
  progressAt: Instant;
  /** A REC or SRR for it is under way. */
  asking: 'rec' | 'srr' | undefined = undefined;
  /** RECs and SRRs without an answer, since the last frame came. */
  recoveryTries = 0;
  /** Parts of it were sent again: frames of both kinds may still be under way when it ends. */
  recovered = false;

  constructor(initiator: FcpInitiator, request: FcpRequest, now: Instant) {
    super(request.rport.portId);
    this.initiator = initiator;
    this.request = request;
    this.progressAt = now;
    this.dueAt = now + request.timeoutNs;
  }

  handleFrame(header: FcHeader, frame: Uint8Array, at: number, end: number): void {
    this.initiator.handleFrame(this, header, frame, at, end);
  }

  handleClosed(): void {
    this.initiator.handleClosed(this);
  }
}

export class FcpInitiator {
  readonly #lport: Lport;
  readonly #recovery: FcpRecovery;
  /** Fires when the first command may be due. */
  #timeout: Timer | undefined;
  #timeoutAt: Instant = Infinity;
  /** Recovery watches over commands. */
  #isWatched = false;

  constructor(lport: Lport) {
    this.#lport = lport;
    this.#recovery = new FcpRecovery(lport, {
      openCommands: () => this.#openCommands(),
      abort: (command) => this.abort(command),
      watchEnded: () => {
        this.#isWatched = false;
      },
    });
  }

  /** Sends a command; `onDone` may be called before this returns only with `not-sent`. */
  execute(request: FcpRequest): FcpCommand | undefined {
    const lport = this.#lport;
    if (request.rport.state === 'ready') {
      const command = new FcpCommand(this, request, lport.now);
      if (lport.exchanges.open(command)) {
        this.#sendCommand(command);
        this.#watch(command);
        if (!this.#isWatched && request.rport.retry) {
          this.#isWatched = true;
          this.#recovery.watch();
        }
        return command;
      }
    }
    request.onDone({ end: 'not-sent' });
    return undefined;
  }

  /** The port may have other users too: another initiator, logins. */
  #openCommands(): FcpCommand[] {
    const isOurs = (one: Exchange): one is FcpCommand =>
      one instanceof FcpCommand && one.initiator === this && one.phase === 'open';
    return this.#lport.exchanges.all().filter(isOurs);
  }

  /** One timer looks after all time-outs: hardly a command ever meets its own. */
  #watch({ dueAt }: FcpCommand): void {
    if (this.#timeoutAt <= dueAt) return;
    this.#timeout?.cancel();
    this.#timeoutAt = dueAt;
    const delayNs = Math.max(0, dueAt - this.#lport.now);
    this.#timeout = this.#lport.after(delayNs, () => this.#handleTimeout());
  }

  #handleTimeout(): void {
    this.#timeoutAt = Infinity;
    const { now } = this.#lport;
    let next: FcpCommand | undefined;
    for (const command of this.#openCommands()) {
      if (command.dueAt <= now) this.abort(command);
      else if (next === undefined || command.dueAt < next.dueAt) next = command;
    }
    if (next !== undefined) this.#watch(next);
  }

  #sendCommand(command: FcpCommand): void {
    const { lun, cdb, dataOut, dataInBytes = 0, rport } = command.request;
    const isShort = cdb.length <= CDB_FIELD_BYTES;
    const fields = isShort ? undefined : cdbFields(cdb);
    const additionalCdb = fields?.additionalCdb ?? NO_DATA;
    const iu = {
      lun,
      cdb: fields?.cdb ?? cdb,
      additionalCdb,
      additionalCdbLengthWords: additionalCdb.length / 4,
      rddata: dataInBytes > 0 ? 1 : 0,
      wrdata: dataOut === undefined ? 0 : 1,
      fcpDl: dataOut?.length ?? dataInBytes,
    };
    const unasked =
      dataOut !== undefined && rport.firstBurst ? Math.min(dataOut.length, FIRST_BURST_BYTES) : 0;
    const fCtl = unasked > 0 ? FCTL_REQUEST & ~FCTL_SEQUENCE_INITIATIVE : FCTL_REQUEST;
    const header = this.#headerOf(command, RCtl['Unsolicited Command'], fCtl);
    this.#lport.transmitMessage(header, fcpCmnd, iu);
    if (unasked > 0) this.#sendDataOut(command, 0, unasked);
  }

  /** The header of a command's next sequence: good until the next header is asked for. */
  #headerOf(command: FcpCommand, rCtl: number, fCtl: number) {
    const { nPortId, exchanges } = this.#lport;
    const { dId, oxId, rxId } = command;
    return frameHeader(
      FcType.FCP,
      rCtl,
      dId,
      nPortId,
      fCtl,
      exchanges.nextSeqId(command),
      oxId,
      rxId,
    );
  }

  /** A frame of a command's exchange. */
  handleFrame(
    command: FcpCommand,
    header: FcHeader,
    frame: Uint8Array,
    at: number,
    end: number,
  ): void {
    if (command.phase !== 'open') return;
    try {
      if (header.rCtl === RCtl['Command Status']) this.#handleRsp(command, rspOf(frame, at, end));
      else if (header.rCtl === RCtl['Solicited Data']) {
        this.#noteProgress(command);
        handleData(command, header, partOf(frame, at, end));
      } else if (header.rCtl === RCtl['Data Descriptor']) {
        this.#noteProgress(command);
        this.#handleXferRdy(command, fcpXferRdy.decode(frame, at, end));
      }
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#lport.contradiction(
        `${error.message} from ${command.request.rport.portId.toString(16)}`,
      );
    }
  }

  /** A frame came that is not the last. */
  #noteProgress(command: FcpCommand): void {
    command.progressAt = this.#lport.now;
    command.recoveryTries = 0;
  }

  #handleXferRdy(command: FcpCommand, { relativeOffset, burstLengthBytes }: FcpXferRdy): void {
    const { dataOut } = command.request;
    if (dataOut === undefined || relativeOffset + burstLengthBytes > dataOut.length) {
      this.#lport.contradiction(
        `XFER_RDY for bytes ${relativeOffset} to ${relativeOffset + burstLengthBytes} of ${dataOut?.length ?? 0}`,
      );
      this.abort(command);
      return;
    }
    this.#sendDataOut(command, relativeOffset, relativeOffset + burstLengthBytes);
  }

  /** The login ended under a command. */
  handleClosed(command: FcpCommand): void {
    this.#finish(command, { end: 'login-lost', cleared: command.request.rport.cleared });
  }

  /** One sequence with the write data from `begin` to `end`. */
  #sendDataOut(command: FcpCommand, begin: number, end: number): void {
    const { rport } = command.request;
    const dataOut = command.request.dataOut!;
    const { dId, oxId, rxId } = command;
    const { exchanges, nPortId } = this.#lport;
    const frameBytes = payloadBytes(rport.receiveBytes);
    const seqId = exchanges.nextSeqId(command);
    let seqCnt = 0;
    for (let at = begin; at < end; at += frameBytes) {
      const last = at + frameBytes >= end;
      const fCtl = last ? FCTL_LAST_DATA_FROM_ORIGINATOR : FCTL_DATA_FROM_ORIGINATOR;
      const header = frameHeader(
        FcType.FCP,
        RCtl['Solicited Data'],
        dId,
        nPortId,
        fCtl,
        seqId,
        oxId,
        rxId,
      );
      header.seqCnt = seqCnt++ & 0xffff;
      header.parameter = at;
      this.#lport.transmit(header, partOf(dataOut, at, Math.min(at + frameBytes, end)), last);
    }
  }

  #handleRsp(command: FcpCommand, rsp: Ending): void {
    const { dataIn, request } = command;
    const residual = (rsp.flags & RspFlags.RESID_UNDER) !== 0 ? rsp.residualCount : 0;
    const expected = (request.dataInBytes ?? 0) - residual;
    if (rsp.scsiStatus === 0 && command.dataInReceived < expected) {
      if (this.#recovery.serves(command)) {
        this.#noteProgress(command);
        if (command.asking === undefined) this.#recovery.missingData(command);
        return;
      }
      this.#lport.exchanges.end(command);
      this.#finish(command, { end: 'data-lost' });
      return;
    }
    if ((rsp.flags & RspFlags.CONF_REQ) !== 0) this.#confirm(command);
    this.#lport.exchanges.end(command, command.recovered ? 'quiet' : 'clean');
    this.#finish(command, {
      end: 'response',
      status: rsp.scsiStatus,
      sense: rsp.senseData,
      data: dataIn?.subarray(0, command.dataInReceived) ?? NO_DATA,
      residual,
    });
  }

  /** FCP_CONF: the target need not keep the response any longer. */
  #confirm(command: FcpCommand): void {
    const fCtl = FCTL_LAST_SEQUENCE | FCTL_END_SEQUENCE;
    const header = this.#headerOf(command, RCtl['Solicited Control'], fCtl);
    this.#lport.transmit(header, NO_DATA, true);
  }

  /** Ends a command by ABTS; its `onDone` says how that went. Harmless when it has ended. */
  abort(command: FcpCommand): void {
    if (command.phase !== 'open') return;
    command.phase = 'aborting';
    this.#lport.exchanges.abort(command, 2 * this.#lport.rATovNs, (result) => {
      if (result === 'accepted' || result === 'rejected') {
        this.#finish(command, { end: 'aborted' });
      } else if (result === 'closed') this.handleClosed(command);
      else {
        // Nobody answers: only the end of the login clears the command at the target.
        command.phase = 'waiting-for-relogin';
        command.request.rport.enterRecovery((cleared) =>
          this.#finish(command, { end: 'login-lost', cleared }),
        );
      }
    });
  }

  /** Forgets a command without telling the target. Its OX_ID rests, as after any silent end. */
  purge(command: FcpCommand): void {
    this.#lport.exchanges.end(command, 'quiet');
    this.#finish(command, { end: 'purged' });
  }

  #finish(command: FcpCommand, outcome: FcpOutcome): void {
    if (command.phase === 'done') return;
    command.phase = 'done';
    command.request.onDone(outcome);
  }
}

const NO_DATA = new Uint8Array(0);

/** What of FCP_RSP says how a command ended. */
interface Ending {
  readonly scsiStatus: number;
  readonly flags: number;
  readonly residualCount: number;
  readonly senseData: Uint8Array;
}
const GOOD: Ending = { scsiStatus: 0, flags: 0, residualCount: 0, senseData: NO_DATA };
const plainRsp = fcpRsp.view(new Uint8Array(fcpRsp.headBytes));

/** Most responses say nothing but GOOD. Errors: `CodecError`. */
function rspOf(frame: Uint8Array, at: number, end: number): Ending {
  if (end - at < fcpRsp.headBytes) return fcpRsp.decode(frame, at, end);
  plainRsp.move(frame, at);
  const isGood = plainRsp.flags === 0 && plainRsp.scsiStatus === ScsiStatus.GOOD;
  return isGood ? GOOD : fcpRsp.decode(frame, at, end);
}

/**
 * Read data counts only without a gap: a repeated frame changes nothing, and one behind a lost
 * frame is left out, so that the command ends as `data-lost` instead of with a hole in its data.
 */
function handleData(command: FcpCommand, header: FcHeader, payload: Uint8Array): void {
  const { dataInBytes = 0 } = command.request;
  const offset = header.parameter;
  if (offset !== command.dataInReceived || offset + payload.length > dataInBytes) return;
  command.dataIn ??= roomFor(dataInBytes);
  command.dataIn.set(payload, offset);
  command.dataInReceived += payload.length;
}

/** Bytes of write data per frame for a port that receives `receiveBytes`. */
export function payloadBytes(receiveBytes: number): number {
  const room = Math.min(receiveBytes, FC_PAYLOAD_BYTES_MAX);
  return Math.max(room - (room % PAYLOAD_ALIGN_BYTES), 256);
}
