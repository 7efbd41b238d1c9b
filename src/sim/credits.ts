/**
 * Buffer credit of native links at work: frames that wait for it, and the primitives that give it back.
 * Nothing of it is on the way of a frame of another link.
 */
import type { CreditChanged } from '../history/credit.ts';
import { type CreditLane, resetAfterNs, type WaitingFrame } from '../link/credit.ts';
import { creditLoginIn } from '../link/credit-login.ts';
import type { FrameFate, LaneFrame } from '../link/fault-lane.ts';
import type { Instant } from '../machine/machine.ts';
import type { EventQueue } from './event-queue.ts';
import type { Lane, Link } from './link.ts';
import type { Trace } from './trace.ts';
import { type Clock, TransitEvent } from './transit-parts.ts';

/** What an event about credit is for; above it stands the lane's epoch. */
const Credit = { R_RDY: 0, BB_SCR: 1, HOLD: 2, BLOCKED: 3, RESET: 4 } as const;
const KINDS = 8;

const NO_FATE: FrameFate = { drop: false, delayNs: 0, copyAfterNs: undefined };

/** What the credits ask of the transit. */
export interface CreditTraffic {
  /** Puts a frame that has its credit on the link. */
  enqueue(lane: Lane, sent: LaneFrame): void;
  /** A switch has kept a frame for too long. */
  discard(lane: Lane, sent: LaneFrame): void;
}

/** The credits of all native links. */
export class Credits<Event> {
  readonly #clock: Clock;
  readonly #queue: EventQueue;
  readonly #trace: Trace<Event>;
  readonly #traffic: CreditTraffic;
  /** The buffer of the frame that a switch is being handed, until something takes it over. */
  #filled: (() => void) | undefined;

  constructor(clock: Clock, queue: EventQueue, trace: Trace<Event>, traffic: CreditTraffic) {
    this.#clock = clock;
    this.#queue = queue;
    this.#trace = trace;
    this.#traffic = traffic;
  }

  /** A frame to send: it goes while there is credit, and waits behind the others where there is none. */
  offer(lane: Lane, sent: LaneFrame): void {
    const credit = creditOf(lane);
    if (credit.waiting.length === 0 && credit.available > 0 && !lane.link.credit!.isResetting) {
      this.#go(lane, sent);
      return;
    }
    const now = this.#clock.nowNs;
    const left = this.#filled;
    this.#filled = undefined;
    credit.waiting.push({ sent, sinceNs: now, left });
    if (credit.waiting.length === 1 && credit.holdNs !== Infinity)
      this.#at(lane, now + credit.holdNs, Credit.HOLD);
    this.#block(lane);
  }

  /** A frame has come to the far end, or has not: the link lost it. `deliver` hands it to the machine there. */
  arrived(lane: Lane, sent: LaneFrame, isLost: boolean, deliver: () => void): void {
    const credit = creditOf(lane);
    const { epoch } = credit;
    if (isLost) {
      this.#tell(lane, 'frame-lost');
      deliver();
    } else {
      credit.take();
      this.#login(lane, sent.frame);
      const free = () => {
        if (credit.epoch === epoch) this.#giveBack(lane);
      };
      this.#filled = credit.forwards ? free : undefined;
      deliver();
      // Nothing that came of it waits: its buffer is free.
      if (!credit.forwards || this.#filled === free) free();
      this.#filled = undefined;
    }
    if (sent.fate?.credit === 'BB_SCs' && credit.epoch === epoch) this.#countFrames(lane);
  }

  /** The time of something about credit has come. */
  handleEvent(lane: Lane, code: number): void {
    const kind = code % KINDS;
    const credit = creditOf(lane);
    if (kind === Credit.RESET) {
      this.#restore(lane.link);
      return;
    }
    if (kind === Credit.HOLD) {
      this.#discardHeld(lane);
      return;
    }
    if (Math.floor(code / KINDS) !== epochOf(credit)) return;
    if (kind === Credit.BLOCKED) {
      const since = credit.blockedNs;
      const limitNs = resetAfterNs(lane.link.credit!.options);
      if (this.#clock.nowNs - since >= limitNs) this.#reset(lane.link);
      return;
    }
    if (kind === Credit.R_RDY) {
      credit.credit();
      this.#trace.credit(
        {
          type: 'r-rdy',
          link: lane.link.name,
          direction: lane.direction,
          credit: credit.available,
        },
        this.#clock.nowNs,
      );
    } else if (credit.creditsLost() > 0) this.#tell(lane, 'recovered');
    this.#release(lane);
  }

  /** The link went: what waits is lost, and every login. */
  cut(lane: Lane): LaneFrame[] {
    const credit = creditOf(lane);
    const lost = credit.waiting.map(({ sent }) => sent);
    for (const { left } of credit.waiting) left?.();
    credit.end();
    const link = lane.link.credit!;
    link.asked = undefined;
    link.isResetting = false;
    return lost;
  }

  #go(lane: Lane, sent: LaneFrame): void {
    const follows = creditOf(lane).spend() ? 'BB_SCs' : 'frame';
    const fate = { ...(sent.fate ?? NO_FATE), credit: follows } as const;
    this.#traffic.enqueue(lane, { ...sent, fate });
  }

  #release(lane: Lane): void {
    const credit = creditOf(lane);
    while (credit.available > 0 && credit.waiting.length > 0) {
      const { sent, left } = credit.waiting.shift()!;
      this.#go(lane, sent);
      left?.();
    }
    this.#block(lane);
  }

  /** Frames wait and there is no credit: a link reset follows where that lasts. */
  #block(lane: Lane): void {
    const credit = creditOf(lane);
    const isBlocked = credit.available === 0 && credit.waiting.length > 0;
    if (!isBlocked || credit.blockedNs !== Infinity) return;
    credit.blockedNs = this.#clock.nowNs;
    this.#tell(lane, 'none-left');
    const atNs = credit.blockedNs + resetAfterNs(lane.link.credit!.options);
    this.#at(lane, atNs, Credit.BLOCKED);
  }

  /** The receiver's buffer is free: R_RDY, after its own time and that of the way. */
  #giveBack(lane: Lane): void {
    const credit = creditOf(lane);
    const link = lane.link.credit!;
    const now = this.#clock.nowNs;
    const drain = link.drains[lane === lane.link.lanes[0] ? 1 : 0];
    const isSlow = now < drain.untilNs;
    const sentNs = isSlow ? Math.max(now, drain.busyUntilNs) + drain.delayNs : now;
    if (isSlow) drain.busyUntilNs = sentNs;
    const dueNs = sentNs + lane.link.parameters.propagationNs;
    const follows = credit.give();
    if (sentNs < link.losesUntilNs) this.#tell(lane, 'r-rdy-lost');
    else this.#at(lane, dueNs, Credit.R_RDY);
    if (follows) this.#at(lane, dueNs, Credit.BB_SCR);
  }

  /** A BB_SCs has come behind its frame: buffers of frames that were lost are given back. */
  #countFrames(lane: Lane): void {
    const lost = creditOf(lane).framesLost();
    if (lost > 0) this.#tell(lane, 'recovered');
    for (let i = 0; i < lost; i++) this.#giveBack(lane);
  }

  #discardHeld(lane: Lane): void {
    const credit = creditOf(lane);
    const now = this.#clock.nowNs;
    while (credit.waiting.length > 0 && now - credit.waiting[0]!.sinceNs >= credit.holdNs) {
      const { sent, left } = credit.waiting.shift() as WaitingFrame;
      this.#traffic.discard(lane, sent);
      this.#tell(lane, 'held-too-long');
      left?.();
    }
    const [next] = credit.waiting;
    if (next !== undefined) this.#at(lane, next.sinceNs + credit.holdNs, Credit.HOLD);
  }

  /** LR and LRR: a round trip in which nothing is sent. */
  #reset(link: Link): void {
    const state = link.credit!;
    if (state.isResetting) return;
    state.isResetting = true;
    const [lane] = link.lanes;
    this.#at(lane, this.#clock.nowNs + 2 * link.parameters.propagationNs, Credit.RESET);
  }

  #restore(link: Link): void {
    const state = link.credit!;
    if (!state.isResetting) return;
    state.isResetting = false;
    for (const lane of link.lanes) {
      creditOf(lane).restore();
      this.#tell(lane, 'link-reset');
      this.#release(lane);
    }
  }

  /** A FLOGI says what its sender takes; with the accept the login is complete, both ways. */
  #login(lane: Lane, frame: Uint8Array): void {
    const said = creditLoginIn(frame);
    const link = lane.link.credit!;
    if (said?.kind === 'request') link.asked = said;
    else if (said?.kind === 'accept' && said.oxId === link.asked?.oxId) {
      const { bbCredit, bbScN } = link.asked;
      link.asked = undefined;
      const n = said.bbScN === 0 || bbScN === 0 ? 0 : Math.max(said.bbScN, bbScN);
      // The accept came to the N_Port by this lane: the other one leads to the F_Port.
      const back = lane.link.lanes[lane === lane.link.lanes[0] ? 1 : 0];
      creditOf(lane).login(bbCredit, n);
      creditOf(back).login(said.bbCredit, n);
      for (const one of [lane, back]) {
        this.#tell(one, 'login');
        this.#release(one);
      }
    }
  }

  #at(lane: Lane, atNs: Instant, kind: number): void {
    const code = epochOf(creditOf(lane)) * KINDS + kind;
    this.#queue.schedule(atNs, TransitEvent.CREDIT, lane.id, code);
  }

  #tell(lane: Lane, what: CreditChanged['what']): void {
    const { link, direction } = lane;
    const credit = creditOf(lane).available;
    this.#trace.credit(
      { type: 'credit', link: link.name, direction, what, credit },
      this.#clock.nowNs,
    );
  }
}

/** An epoch as an event holds it. */
const epochOf = ({ epoch }: CreditLane): number => epoch % 2 ** 24;

/** The credit of a lane of a native link. */
const creditOf = (lane: Lane): CreditLane =>
  lane.link.credit!.lanes[lane === lane.link.lanes[0] ? 0 : 1];
