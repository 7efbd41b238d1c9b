/**
 * Write data at a target port: what is asked for, what comes, and what becomes of it when it does not.
 *
 * Source: FCP-4, clauses 9 and 12.
 */
import { FCTL_END_SEQUENCE, type FcHeader, XID_UNASSIGNED } from '../../codecs/fc/index.ts';
import { SECOND } from '../../machine/machine.ts';
import { roomFor } from '../../machine/slab.ts';
import { FIRST_BURST_BYTES } from '../n-port/login-parameters.ts';
import type { Lport } from '../n-port/lport.ts';
import type { TargetExchange } from './target-exchange.ts';
import type { TargetSender } from './target-sender.ts';

/** An initiator asks by REC this much later than E_D_TOV. */
const REC_SLACK_NS = SECOND;

/** Room for write data of open exchanges at one port; a command that asks for more finds it BUSY. */
const WRITE_BYTES_MAX = 256 * 2 ** 20;

/** What write data needs of its target port. */
export interface WriteDataOwner {
  readonly lport: Lport;
  readonly sender: TargetSender;
  /** All data of an exchange has come. */
  dataComplete(exchange: TargetExchange): void;
  /** Data that was owed did not come, or not as it should. */
  dataFailed(exchange: TargetExchange): void;
  /** A frame that fits nothing. */
  refused(what: string): void;
}

/** Collects the write data of a port's exchanges. */
export class WriteData {
  readonly #owner: WriteDataOwner;
  #heldBytes = 0;

  constructor(owner: WriteDataOwner) {
    this.#owner = owner;
  }

  /** Room that open exchanges have for write data. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Asks for so many bytes, or waits for those that come unasked. False, and nothing done: no room. */
  begin(exchange: TargetExchange, bytes: number): boolean {
    if (this.#heldBytes + bytes > WRITE_BYTES_MAX) return false;
    this.#heldBytes += bytes;
    exchange.roomBytes = bytes;
    exchange.dataOut = roomFor(bytes);
    exchange.write = true;
    if (exchange.firstBurst) exchange.granted = Math.min(bytes, FIRST_BURST_BYTES);
    else this.#owner.sender.xferRdy(exchange);
    this.expect(exchange);
    return true;
  }

  /** The exchange is over, and what room it had. */
  end(exchange: TargetExchange): void {
    this.#heldBytes -= exchange.roomBytes;
    exchange.roomBytes = 0;
  }

  /** A data frame; `exchange` is the one that is open under its OX_ID. */
  take(exchange: TargetExchange | undefined, header: FcHeader, payload: Uint8Array): void {
    const unasked = exchange?.firstBurst === true && header.rxId === XID_UNASSIGNED;
    const fits = exchange !== undefined && (exchange.rxId === header.rxId || unasked);
    if (!fits || exchange.dataOut === undefined) {
      this.#owner.refused(`data for no open exchange, OX_ID ${header.oxId.toString(16)}h`);
      return;
    }
    const end = header.parameter + payload.length;
    // A frame that came before, alone or in a sequence that was sent again.
    if (end <= exchange.received && payload.length > 0) return;
    if (header.parameter !== exchange.received || end > exchange.granted) {
      this.#owner.refused(`data at offset ${header.parameter}, expected ${exchange.received}`);
      this.#missing(exchange);
      return;
    }
    exchange.dataOut.set(payload, header.parameter);
    exchange.received = end;
    this.expect(exchange);
    if (end < exchange.granted) {
      if ((header.fCtl & FCTL_END_SEQUENCE) !== 0) this.#missing(exchange);
    } else if (end < exchange.dataOut.length) this.#owner.sender.xferRdy(exchange);
    else this.#owner.dataComplete(exchange);
  }

  /** The initiator can be asked by REC and will have the data sent again; or the command ends. */
  #missing(exchange: TargetExchange): void {
    if (!exchange.retry) this.#owner.dataFailed(exchange);
  }

  /** Data that does not come ends the task: it must never mix with a later exchange's (FCP-4). */
  expect(exchange: TargetExchange): void {
    const { lport } = this.#owner;
    const { eDTovNs, rATovNs } = lport;
    const waitNs = exchange.retry ? rATovNs + eDTovNs + REC_SLACK_NS : 2 * eDTovNs;
    exchange.dataDueAt = lport.now + waitNs;
    // A timer that comes too early looks again: data hardly ever comes too late.
    exchange.timer ??= lport.after(waitNs, () => this.#look(exchange));
  }

  #look(exchange: TargetExchange): void {
    const { lport } = this.#owner;
    const leftNs = exchange.dataDueAt - lport.now;
    if (leftNs > 0) exchange.timer = lport.after(leftNs, () => this.#look(exchange));
    else this.#owner.dataFailed(exchange);
  }
}
