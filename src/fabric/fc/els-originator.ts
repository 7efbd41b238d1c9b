/**
 * ELS requests that the fabric's services send: OX_IDs, replies, one more try, giving up.
 * Source: FC-LS-3, time-out of 2 x R_A_TOV for link services.
 */
import { ElsCommand } from '../../codecs/els/index.ts';
import type { FcHeader } from '../../codecs/fc/index.ts';
import type { FcId } from '../../codecs/layout/index.ts';
import { MILLISECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { FabricContext } from './context.ts';
import type { Login } from './logins.ts';
import type { ServiceSender } from './service-sender.ts';

/** How a request ended: by LS_ACC, LS_RJT, without answer, or with the login of its receiver. */
export type ElsOutcome = 'accepted' | 'rejected' | 'unanswered' | 'closed';

/** An ELS request from a service of the fabric to a port that is logged in. */
export interface OriginatedEls {
  readonly to: Login;
  /** The service's well-known address. */
  readonly from: FcId;
  readonly payload: Uint8Array;
  /** Tries after the first one. */
  readonly retriesMax: number;
  done(outcome: ElsOutcome): void;
}

interface OpenEls {
  readonly request: OriginatedEls;
  readonly key: number;
  triesLeft: number;
  timer: Timer | undefined;
}

/** OX_IDs 0 to FFFEh; FFFFh means unassigned. */
const OX_IDS = 0xffff;
/** Requests under way at once; one more is refused as unanswered. */
const OPEN_MAX = 1_000_000;
const TRIES_FOR_OX_ID = 64;

/** An exchange is known by its two ends and its OX_ID; ours all come from FFFFxx. */
const keyOf = (nPortId: FcId, from: FcId, oxId: number): number =>
  (nPortId & 0xffff) * 2 ** 24 + (from & 0xff) * 2 ** 16 + oxId;

/** The requests of all services of one fabric. A try that is not answered within 2 x R_A_TOV is over. */
export class ElsOriginator {
  readonly #context: FabricContext;
  readonly #sender: ServiceSender;
  readonly #open = new Map<number, OpenEls>();
  #nextOxId = 0;

  constructor(context: FabricContext, sender: ServiceSender) {
    this.#context = context;
    this.#sender = sender;
  }

  /** How many requests are under way. */
  get size(): number {
    return this.#open.size;
  }

  /** Sends a request; `done` is called once, later or, when there is no room, at once. */
  send(request: OriginatedEls): void {
    if (this.#open.size >= OPEN_MAX) request.done('unanswered');
    else this.#try(request, request.retriesMax);
  }

  /** An ELS reply arrived for a service. False when it answers nothing that is open. */
  handleReply(from: Login, header: FcHeader, payload: Uint8Array): boolean {
    const open = this.#open.get(keyOf(from.nPortId, header.dId, header.oxId));
    if (open === undefined || open.request.to !== from) return false;
    this.#close(open);
    open.request.done(payload[0] === ElsCommand.LS_ACC ? 'accepted' : 'rejected');
    return true;
  }

  /** Power cycle. */
  clear(): void {
    for (const open of this.#open.values()) open.timer?.cancel();
    this.#open.clear();
  }

  #try(request: OriginatedEls, triesLeft: number): void {
    const { to, from, payload } = request;
    const oxId = this.#takeOxId(to.nPortId, from);
    if (oxId === undefined) {
      request.done('unanswered');
      return;
    }
    const open: OpenEls = {
      request,
      key: keyOf(to.nPortId, from, oxId),
      triesLeft,
      timer: undefined,
    };
    open.timer = this.#context.core.after(2 * this.#context.config.rATovMs * MILLISECOND, () =>
      this.#timedOut(open),
    );
    this.#open.set(open.key, open);
    this.#sender.elsRequest(to, from, oxId, payload);
  }

  #timedOut(open: OpenEls): void {
    this.#close(open);
    const { request } = open;
    if (!request.to.live) request.done('closed');
    else if (open.triesLeft > 0) this.#try(request, open.triesLeft - 1);
    else request.done('unanswered');
  }

  #close(open: OpenEls): void {
    open.timer?.cancel();
    this.#open.delete(open.key);
  }

  #takeOxId(nPortId: FcId, from: FcId): number | undefined {
    for (let i = 0; i < TRIES_FOR_OX_ID; i++) {
      const oxId = this.#nextOxId;
      this.#nextOxId = (oxId + 1) % OX_IDS;
      if (!this.#open.has(keyOf(nPortId, from, oxId))) return oxId;
    }
    return undefined;
  }
}
