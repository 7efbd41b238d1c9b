/** I15: no command outside a process login, and both ends agree on it before long. */
import { ElsCommand, prliAccept } from '../../codecs/els/index.ts';
import { CodecError, formatFcId } from '../../codecs/layout/index.ts';
import { Findings } from '../findings.ts';
import type {
  AuditBounds,
  Disturbance,
  NexusSeen,
  Observation,
  ObservationKind,
  TimeNs,
} from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import type { FcFrame, FrameRole } from '../seen/fc-frame.ts';
import { WELL_KNOWN_FIRST } from './logins.ts';

/** Logins and requests under way that are remembered; the oldest are forgotten first. */
const PAIRS_MAX = 200_000;
/** Both ends agree again within this many R_A_TOV of a login's end at the target. */
const AGREE_WITHIN_R_A_TOV = 3;

type Image = 'none' | 'plogi' | 'prli';

/** Each tap is judged by itself, so that its order is the wire's. */
export class NoCommandBeforePrli implements InvariantObserver {
  readonly invariant = 'I15';
  readonly sentence =
    'No command is sent before PRLI or after the login has ended, and both ends soon agree on that';
  readonly needs: readonly ObservationKind[] = ['frame'];
  readonly hears: readonly ObservationKind[] = ['frame', 'login', 'nexus', 'disturbance'];
  readonly roles: readonly FrameRole[] = ['command', 'els-request', 'els-reply'];
  readonly #bounds: AuditBounds;
  readonly #findings = new Findings();
  readonly #images = new Map<string, Image>();
  /** PLOGI, PRLI and LOGO under way: what the answer will mean. */
  readonly #asked = new Map<string, number>();
  /** When the target ended the login of a port, by tap and S_ID. */
  readonly #ended = new Map<string, TimeNs>();
  #commands = 0;

  constructor(bounds: AuditBounds) {
    this.#bounds = bounds;
  }

  observe(one: Observation, fc: FcFrame | undefined): void {
    if (one.kind === 'nexus') this.#nexus(one);
    else if (one.kind === 'login') this.#restart(one.tap, one.nPortId);
    else if (one.kind === 'disturbance') this.#disturb(one);
    else if (fc !== undefined) {
      if (fc.role === 'command') this.#command(fc);
      else this.#els(fc);
    }
  }

  #command(fc: FcFrame): void {
    const { header, seen, direction } = fc;
    if (fc.disturbed !== undefined) return;
    if (direction === 'from-fcf') this.#checkAgreement(fc);
    // What goes to a target was sent some time before: only its sender's side tells when.
    if (direction === 'from-fcf' && seen.direction !== 'unknown') return;
    this.#commands++;
    const image = this.#images.get(pairKey(seen.tap, header.sId, header.dId));
    if (image === undefined || image === 'prli') return;
    const why = image === 'plogi' ? 'before PRLI' : 'without a login';
    this.#findings.add(
      `${formatFcId(header.sId)} sent a command to ${formatFcId(header.dId)} ${why}`,
      [seen.frame],
    );
  }

  #els(fc: FcFrame): void {
    const { header, payload, seen, role } = fc;
    if (header.sId >= WELL_KNOWN_FIRST || header.dId >= WELL_KNOWN_FIRST) return;
    if (fc.disturbed === 'corrupt') return;
    const exchange = `${seen.tap} ${fc.originator} ${header.oxId}`;
    const pair = pairKey(seen.tap, header.sId, header.dId);
    const command = payload[0] ?? 0;
    if (role === 'els-request') {
      this.#asked.set(exchange, command);
      forgetOldest(this.#asked);
      if (command !== ElsCommand.LOGO && command !== ElsCommand.PRLO) return;
      // It ends the login for its sender at once; for the other end when that has answered.
      const isOurs = fc.direction !== 'from-fcf';
      if (fc.disturbed !== undefined) this.#images.delete(pair);
      else if (isOurs) this.#enter(pair, command === ElsCommand.LOGO ? 'none' : 'plogi');
      return;
    }
    const asked = this.#asked.get(exchange);
    this.#asked.delete(exchange);
    if (command !== ElsCommand.LS_ACC || asked === undefined) return;
    if (asked === ElsCommand.LOGO) this.#enter(pair, 'none');
    else if (asked === ElsCommand.PLOGI || asked === ElsCommand.PRLO) this.#enter(pair, 'plogi');
    else if (asked === ElsCommand.PRLI && isExecuted(payload)) this.#enter(pair, 'prli');
    if (fc.disturbed !== undefined) this.#images.delete(pair);
  }

  #enter(pair: string, image: Image): void {
    this.#images.delete(pair);
    this.#images.set(pair, image);
    forgetOldest(this.#images);
  }

  #nexus({ state, tap, nexus, at }: NexusSeen): void {
    const key = `${tap} ${nexus.sId}`;
    if (state === 'began') this.#ended.delete(key);
    else this.#ended.set(key, at);
  }

  /** A host that still sends long after the target has ended the login was never told. */
  #checkAgreement(fc: FcFrame): void {
    const endedAt = this.#ended.get(`${fc.seen.tap} ${fc.header.sId}`);
    if (endedAt === undefined) return;
    const forNs = fc.seen.at - endedAt;
    if (forNs <= AGREE_WITHIN_R_A_TOV * this.#bounds.rATovNs) return;
    this.#findings.add(
      `${formatFcId(fc.header.sId)} sends commands ${(forNs / 1e9).toFixed(1)} s after ${formatFcId(fc.header.dId)} has ended its login`,
      [fc.seen.frame],
    );
  }

  /** A link or a machine that was gone: which logins live on will show. */
  #disturb(one: Disturbance): void {
    if (one.what === 'link-down') this.#forget((key) => key.startsWith(`${one.tap} `));
    else if (one.what === 'crashed' || one.what === 'started') {
      this.#forget(() => true);
      this.#ended.clear();
    }
  }

  #forget(test: (key: string) => boolean): void {
    for (const key of this.#images.keys()) if (test(key)) this.#images.delete(key);
    for (const key of this.#asked.keys()) if (test(key)) this.#asked.delete(key);
  }

  /** An N_Port_ID was given anew: its port has no logins with others yet, and they will find out. */
  #restart(tap: string, nPortId: number): void {
    for (const key of this.#images.keys()) {
      if (!`${key} `.includes(` ${nPortId} `)) continue;
      if (key.startsWith(`${tap} `)) this.#images.set(key, 'none');
      else this.#images.delete(key);
    }
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#commands,
      `${this.#commands} commands seen, none outside a process login`,
      'no command was sent',
    );
  }
}

/** Both directions of a pair of ports share one login. */
function pairKey(tap: string, a: number, b: number): string {
  return a < b ? `${tap} ${a} ${b}` : `${tap} ${b} ${a}`;
}

function forgetOldest(map: Map<string, unknown>): void {
  if (map.size > PAIRS_MAX) map.delete(map.keys().next().value!);
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
