/** FCP exchanges at a target port. Source: FCP-4, information units. */

import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { Reply, TargetNexus, TargetTask, TaskSink } from '../../scsi/transport.ts';
import type { Rport } from '../n-port/rport.ts';

/** What an exchange was answered with: enough to send it again. */
export interface Answer {
  /** FCP_RSP. */
  readonly rsp: Uint8Array;
  readonly dataIn: Uint8Array | undefined;
  /** FCP_CONF was asked for and has not come. */
  readonly unconfirmed: boolean;
  readonly at: Instant;
}

/** What an exchange tells its port of its task. */
export interface TargetExchangeOwner {
  taskEnabled(exchange: TargetExchange, task: TargetTask, dataOutBytes: number): void;
  taskAnswered(exchange: TargetExchange, reply: Reply): void;
  taskCleared(exchange: TargetExchange): void;
}

/** An exchange that an initiator opened, and where the task of its command reports to. */
export class TargetExchange implements TaskSink {
  readonly #owner: TargetExchangeOwner;
  readonly rport: Rport;
  readonly nexus: TargetNexus;
  readonly oxId: number;
  readonly rxId: number;
  readonly fcpDl: number;
  /** Write data comes unasked at first. */
  readonly firstBurst: boolean;
  /** RETRY was agreed: frames that are lost are asked for again, by SRR. */
  readonly retry: boolean;
  task: TargetTask | undefined = undefined;
  /** Bytes of write data the command takes, how many came, and how many were asked for. */
  dataOut: Uint8Array | undefined = undefined;
  write = false;
  received = 0;
  granted = 0;
  /** When data is given up that has not come. */
  dataDueAt: Instant = 0;
  /** What it counts for among its port's room for write data. */
  roomBytes = 0;
  nextSeqId = 0;
  timer: Timer | undefined = undefined;
  answer: Answer | undefined = undefined;

  constructor(
    owner: TargetExchangeOwner,
    rport: Rport,
    nexus: TargetNexus,
    ids: { readonly oxId: number; readonly rxId: number },
    fcpDl: number,
  ) {
    this.#owner = owner;
    this.rport = rport;
    this.nexus = nexus;
    this.oxId = ids.oxId;
    this.rxId = ids.rxId;
    this.fcpDl = fcpDl;
    this.firstBurst = rport.firstBurst;
    this.retry = rport.retry;
  }

  get tag(): number {
    return this.oxId;
  }

  enabled(task: TargetTask, dataOutBytes: number): void {
    this.#owner.taskEnabled(this, task, dataOutBytes);
  }

  answered(_task: TargetTask, reply: Reply): void {
    this.#owner.taskAnswered(this, reply);
  }

  cleared(): void {
    this.#owner.taskCleared(this);
  }
}
