/** Between login and logout: whether commands of a connection come in its full feature phase. */
import { type IscsiPduOf, LoginStage, LoginStatus, LogoutReason } from '../../../codecs/index.ts';
import type { SeenMoment } from '../session.ts';
import { isBefore } from './serial.ts';

/** Tells a breach. */
export type TellPhase = (what: string, frames: readonly number[]) => void;

/** Follows one connection. */
export class ConnectionPhase {
  readonly #fault: TellPhase;
  #hasLogin = false;
  #isNew = true;
  /** Commands in front of the answer to the login, by what they acknowledge. */
  #early: { readonly expStatSn: number; readonly moment: SeenMoment }[] = [];
  #logout: { readonly reason: number; readonly frame: number } | undefined;

  constructor(fault: TellPhase) {
    this.#fault = fault;
  }

  /** The login was seen from its first PDU on. */
  get hasLogin(): boolean {
    return this.#hasLogin;
  }

  /** It asks for a session of its own, and not to join another (TSIH). */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** A Login Request; `isWhole`: nothing in front of it is missing. */
  request({ tsih }: Pick<IscsiPduOf<'Login Request'>, 'tsih'>, isWhole: boolean): void {
    this.#hasLogin = isWhole;
    this.#isNew = tsih === 0;
  }

  /** The answer that ends the login has this StatSN; commands that came before it are told where all was seen. */
  begin(statSn: number, moment: SeenMoment, isWhole: boolean): void {
    for (const { expStatSn, moment: sent } of this.#early)
      if (isWhole && !isBefore(statSn, expStatSn))
        this.#fault(
          `a command in frame ${sent.frame} before the login was answered in frame ${moment.frame}`,
          [sent.frame, moment.frame],
        );
    this.#early = [];
  }

  /** A command was sent. */
  command(expStatSn: number, moment: SeenMoment, isLoggedIn: boolean): void {
    if (!this.#hasLogin) return;
    const { frame } = moment;
    if (this.#logout !== undefined)
      this.#fault(
        `a command in frame ${frame} after the Logout Request of frame ${this.#logout.frame}`,
        [this.#logout.frame, frame],
      );
    if (!isLoggedIn) this.#early.push({ expStatSn, moment });
  }

  /** A Logout Request. */
  logout(reason: number, frame: number): void {
    this.#logout = { reason, frame };
  }

  /** The logout that was asked for ends the session, and not only a connection of it for recovery. */
  get endsSession(): boolean {
    const reason = this.#logout?.reason;
    return reason !== undefined && reason !== LogoutReason['remove the connection for recovery'];
  }

  /** PDUs are missing: which commands came before the answer, nobody knows. */
  lose(): void {
    this.#early = [];
  }

  /** Nothing of before counts any more. */
  forget(): void {
    this.#early = [];
    this.#logout = undefined;
  }
}

/** True for the answer that leads to the full feature phase. */
export const endsLogin = (pdu: IscsiPduOf<'Login Response'>): boolean =>
  pdu.status === LoginStatus.success &&
  pdu.transit === 1 &&
  pdu.nextStage === LoginStage['full feature'];
