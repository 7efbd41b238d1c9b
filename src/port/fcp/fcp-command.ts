/** A SCSI command of an initiator as an exchange. */
import type { FcHeader } from '../../codecs/fc/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { OpenCommand, ScsiCommand } from '../../scsi/transport.ts';
import { Exchange } from '../n-port/exchange.ts';
import type { Rport } from '../n-port/rport.ts';

/** Whose command it is: it does what the command's frames and its end ask for. */
export interface FcpCommandOwner {
  handleFrame(
    command: FcpCommand,
    header: FcHeader,
    frame: Uint8Array,
    at: number,
    end: number,
  ): void;
  handleClosed(command: FcpCommand): void;
  abort(command: FcpCommand): void;
  forget(command: FcpCommand): void;
}

/** A command under way, which is an exchange. */
export class FcpCommand extends Exchange implements OpenCommand {
  readonly request: ScsiCommand;
  readonly rport: Rport;
  readonly owner: FcpCommandOwner;
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

  constructor(owner: FcpCommandOwner, rport: Rport, request: ScsiCommand, now: Instant) {
    super(rport.portId);
    this.owner = owner;
    this.rport = rport;
    this.request = request;
    this.progressAt = now;
    this.dueAt = now + request.timeoutNs;
  }

  handleFrame(header: FcHeader, frame: Uint8Array, at: number, end: number): void {
    this.owner.handleFrame(this, header, frame, at, end);
  }

  handleClosed(): void {
    this.owner.handleClosed(this);
  }

  abort(): void {
    this.owner.abort(this);
  }

  forget(): void {
    this.owner.forget(this);
  }

  /** A frame came that is not the last. */
  noteProgress(now: Instant): void {
    this.progressAt = now;
    this.recoveryTries = 0;
  }
}
