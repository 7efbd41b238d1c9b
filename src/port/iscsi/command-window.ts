/**
 * The window of CmdSN of a session at a target: requests run in the order of their numbers, and what is outside is ignored.
 *
 * Ownership: a session owns it; requests that came too early are kept here, in bytes of their own.
 * Source: RFC 7143, 4.2.2.1.
 */
import type { IscsiPdu, IscsiPduOf } from '../../codecs/iscsi/index.ts';
import { distance } from './serial-number.ts';

/** Commands that an initiator may have at the target at once. */
export const COMMANDS_MAX = 128;

/** PDUs that have a CmdSN. */
export type Numbered = Extract<IscsiPdu, { cmdSn: number }>;

/** True for a request that has a CmdSN. */
export const isNumbered = (pdu: IscsiPdu): pdu is Numbered =>
  pdu.kind !== 'unknown' && 'cmdSn' in pdu && 'immediate' in pdu;

/** What a window asks of its session. */
export interface WindowOwner {
  /** Commands that are open, immediate ones apart. */
  readonly openCommands: number;
  readonly isOver: boolean;
  /** It is a request's turn. */
  request(pdu: Numbered): void;
  /** What came fits nothing: for the log. */
  refused(what: string): void;
}

/** The numbers of one session. */
export class CommandWindow {
  readonly #owner: WindowOwner;
  #expCmdSn: number;
  #maxCmdSn: number;
  /** Requests that came too early, by their CmdSN. */
  readonly #early = new Map<number, Numbered>();
  /** CmdSNs that count as received: what was to have them is aborted. */
  readonly #skipped = new Set<number>();

  /** `first`: the number of the first command, which the login has said. */
  constructor(owner: WindowOwner, first: number) {
    this.#owner = owner;
    this.#expCmdSn = first;
    this.#maxCmdSn = (first + COMMANDS_MAX - 1) >>> 0;
  }

  get expCmdSn(): number {
    return this.#expCmdSn;
  }

  /** The window's end; it never goes back, and opens as tasks end. */
  get maxCmdSn(): number {
    const free = COMMANDS_MAX - this.#owner.openCommands - this.#early.size;
    const most = (this.#expCmdSn + Math.max(0, free) - 1) >>> 0;
    if (distance(this.#maxCmdSn, most) > 0) this.#maxCmdSn = most;
    return this.#maxCmdSn;
  }

  /** Takes a request, lent. */
  take(pdu: Numbered): void {
    if (pdu.immediate === 1) {
      this.#owner.request(pdu);
      return;
    }
    const ahead = distance(this.#expCmdSn, pdu.cmdSn);
    if (ahead < 0 || distance(pdu.cmdSn, this.maxCmdSn) < 0) {
      this.#owner.refused(`CmdSN ${pdu.cmdSn} is outside the window from ${this.#expCmdSn}`);
      return;
    }
    if (ahead > 0) {
      if (!this.#early.has(pdu.cmdSn)) this.#early.set(pdu.cmdSn, kept(pdu));
      return;
    }
    this.#advance();
    this.#owner.request(pdu);
    this.#goOn();
  }

  /**
   * A request that may still be on its way below `before` counts as received, and never runs; false where the number is
   * of none that is. Source: RFC 7143, 11.6.1.
   */
  skip(cmdSn: number, before: number): boolean {
    const isComing = distance(this.#expCmdSn, cmdSn) >= 0 && distance(cmdSn, before) > 0;
    if (!isComing || distance(cmdSn, this.maxCmdSn) < 0) return false;
    this.#early.delete(cmdSn);
    this.#skipped.add(cmdSn);
    this.#goOn();
    return true;
  }

  /** The session is over. */
  clear(): void {
    this.#early.clear();
    this.#skipped.clear();
  }

  #advance(): void {
    this.#expCmdSn = (this.#expCmdSn + 1) >>> 0;
  }

  /** Requests that waited for their turn. */
  #goOn(): void {
    while (!this.#owner.isOver) {
      const number = this.#expCmdSn;
      const next = this.#early.get(number);
      if (next === undefined && !this.#skipped.delete(number)) return;
      this.#early.delete(number);
      this.#advance();
      if (next !== undefined) this.#owner.request(next);
    }
  }
}

/** The same request over bytes of its own. */
function kept(pdu: Numbered): Numbered {
  const data = pdu.data.slice();
  return pdu.kind === 'SCSI Command'
    ? { ...pdu, data, cdb: pdu.cdb.slice(), ahs: pdu.ahs.map((one) => structuredCopy(one)) }
    : ({ ...pdu, data } as Numbered);
}

type Ahs = IscsiPduOf<'SCSI Command'>['ahs'][number];

function structuredCopy(ahs: Ahs): Ahs {
  return ahs.kind === 'extended CDB' ? { ...ahs, cdb: ahs.cdb.slice() } : { ...ahs };
}
