/** I13, I14 and I15: who is logged in, and whose frames are taken. */
import { ElsCommand, prliAccept } from '../codecs/els/index.ts';
import { FCTL_EXCHANGE_CONTEXT, FcType, RCtl } from '../codecs/fc/index.ts';
import { CodecError, formatFcId, formatWwn } from '../codecs/layout/index.ts';
import type { FcFrame } from './fc-frame.ts';
import { Findings } from './findings.ts';
import type { AuditBounds, Observation, ObservationKind, TimeNs } from './observation.ts';
import type { InvariantObserver } from './observer.ts';

/** Addresses from here on are services of the fabric, not ports. */
const WELL_KNOWN_FIRST = 0xff_fc00;

/** I13: no frame is forwarded for an S_ID whose login has ended; an S_ID rests before it is given again. */
export class NoFrameWithoutLogin implements InvariantObserver {
  readonly invariant = 'I13';
  readonly sentence =
    'No frame passes with an S_ID whose login has ended, and no S_ID is given again too soon';
  readonly needs: readonly ObservationKind[] = ['login', 'frame'];
  readonly #bounds: AuditBounds;
  readonly #findings = new Findings();
  readonly #live = new Map<string, bigint>();
  readonly #ended = new Map<string, { wwpn: bigint; at: TimeNs }>();
  #frames = 0;

  constructor(bounds: AuditBounds) {
    this.#bounds = bounds;
  }

  observe(one: Observation, fc: FcFrame | undefined): void {
    if (one.kind === 'login') this.#login(one);
    else if (one.kind === 'logout') {
      const key = `${one.fabric} ${one.nPortId}`;
      const wwpn = this.#live.get(key);
      this.#live.delete(key);
      if (wwpn !== undefined) this.#ended.set(key, { wwpn, at: one.at });
    } else if (fc !== undefined && fc.seen.direction === 'from-fcf') this.#frame(fc);
  }

  #login(one: Extract<Observation, { kind: 'login' | 'logout' }>): void {
    const key = `${one.fabric} ${one.nPortId}`;
    const before = this.#ended.get(key);
    this.#live.set(key, one.wwpn);
    if (before === undefined || before.wwpn === one.wwpn) return;
    const restedNs = one.at - before.at;
    if (restedNs < this.#bounds.rATovNs && one.clean === true) {
      this.#findings.add(
        `N_Port_ID ${formatFcId(one.nPortId)} of ${formatWwn(before.wwpn)} was given to ${formatWwn(one.wwpn)} after ${(restedNs / 1e6).toFixed(1)} ms as a clean address`,
      );
    }
  }

  #frame(fc: FcFrame): void {
    const { sId } = fc.header;
    if (sId >= WELL_KNOWN_FIRST || sId === 0) return;
    this.#frames++;
    const key = `${fc.seen.fabric} ${sId}`;
    if (this.#live.has(key)) return;
    const ended = this.#ended.get(key);
    const who =
      ended === undefined ? 'was never logged in' : `of ${formatWwn(ended.wwpn)} had logged out`;
    this.#findings.add(`a frame from ${formatFcId(sId)} passed the switch, which ${who}`, [
      fc.seen.frame,
    ]);
  }

  conclude() {
    return this.#findings.conclude(
      `${this.#frames} forwarded frames, all from ports that were logged in`,
    );
  }
}

/** I14: at most one N_Port with a WWPN per fabric. */
export class OneLoginPerWwpn implements InvariantObserver {
  readonly invariant = 'I14';
  readonly sentence = 'A WWPN is logged in at most once per fabric';
  readonly needs: readonly ObservationKind[] = ['login'];
  readonly #findings = new Findings();
  readonly #live = new Map<string, Set<number>>();
  #logins = 0;

  observe(one: Observation): void {
    if (one.kind !== 'login' && one.kind !== 'logout') return;
    const key = `${one.fabric} ${one.wwpn}`;
    const ids = this.#live.get(key) ?? new Set<number>();
    this.#live.set(key, ids);
    if (one.kind === 'logout') {
      ids.delete(one.nPortId);
      return;
    }
    this.#logins++;
    ids.add(one.nPortId);
    if (ids.size > 1) {
      this.#findings.add(
        `${formatWwn(one.wwpn)} is logged in on fabric ${one.fabric} as ${[...ids].map(formatFcId).join(' and ')}`,
      );
    }
  }

  conclude() {
    return this.#findings.conclude(`${this.#logins} logins, never two of one name at a time`);
  }
}

type Image = 'none' | 'plogi' | 'prli';

/** I15: no command before PRLI. Each tap is judged by itself, so that its order is the wire's. */
export class NoCommandBeforePrli implements InvariantObserver {
  readonly invariant = 'I15';
  readonly sentence = 'No command is sent before PRLI, or after the login has ended';
  readonly needs: readonly ObservationKind[] = ['frame'];
  readonly #findings = new Findings();
  readonly #images = new Map<string, Image>();
  /** PLOGI, PRLI and LOGO under way: what the answer will mean. */
  readonly #asked = new Map<string, number>();
  #commands = 0;

  observe(_one: Observation, fc: FcFrame | undefined): void {
    if (fc === undefined) return;
    const { header, seen } = fc;
    if (header.type === FcType.ELS) this.#els(fc);
    else if (header.type === FcType.FCP && header.rCtl === RCtl['Unsolicited Command']) {
      this.#commands++;
      const image = this.#images.get(pairKey(seen.tap, header.sId, header.dId));
      if (image === undefined || image === 'prli') return;
      const why = image === 'plogi' ? 'before PRLI' : 'without a login';
      this.#findings.add(
        `${formatFcId(header.sId)} sent a command to ${formatFcId(header.dId)} ${why}`,
        [seen.frame],
      );
    }
  }

  #els(fc: FcFrame): void {
    const { header, payload, seen } = fc;
    if (header.sId >= WELL_KNOWN_FIRST || header.dId >= WELL_KNOWN_FIRST) return;
    const reply = (header.fCtl & FCTL_EXCHANGE_CONTEXT) !== 0;
    const originator = reply ? header.dId : header.sId;
    const exchange = `${seen.tap} ${originator} ${header.oxId}`;
    const pair = pairKey(seen.tap, header.sId, header.dId);
    const command = payload[0] ?? 0;
    if (!reply) {
      this.#asked.set(exchange, command);
      // A LOGO or PRLO ends the login for its sender at once.
      if (command === ElsCommand.LOGO) this.#images.set(pair, 'none');
      else if (command === ElsCommand.PRLO) this.#images.set(pair, 'plogi');
      return;
    }
    const asked = this.#asked.get(exchange);
    this.#asked.delete(exchange);
    if (command !== ElsCommand.LS_ACC || asked === undefined) return;
    if (asked === ElsCommand.PLOGI) this.#images.set(pair, 'plogi');
    else if (asked === ElsCommand.PRLI && isExecuted(payload)) this.#images.set(pair, 'prli');
  }

  conclude() {
    return this.#findings.conclude(`${this.#commands} commands seen, none outside a process login`);
  }
}

/** Both directions of a pair of ports share one login. */
function pairKey(tap: string, a: number, b: number): string {
  return a < b ? `${tap} ${a} ${b}` : `${tap} ${b} ${a}`;
}

function isExecuted(payload: Uint8Array): boolean {
  try {
    return prliAccept
      .decode(payload)
      .pages.some((page) => page.kind === 'FCP' && page.responseCode === 1);
  } catch (error) {
    if (error instanceof CodecError) return false;
    throw error;
  }
}
