/** I15: no command outside a process login, and both ends agree on it before long. */
import { ElsCommand, prliAccept } from '../../codecs/els/index.ts';
import { CodecError, formatFcId } from '../../codecs/layout/index.ts';
import { type HistoryEntry, inSeconds, type NexusChanged } from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { forgetsAll } from '../ledger/disturbances.ts';
import { PortPairs } from '../ledger/port-pairs.ts';
import { remember } from '../ledger/remember.ts';
import type { Rule } from '../rule.ts';
import { WELL_KNOWN_FIRST } from '../seen/exchange.ts';
import type { FcFrame, FrameRole, SeenFrame } from '../seen/frame.ts';
import type { TimeNs } from '../verdict.ts';

/** Logins and requests under way that are remembered; the oldest are forgotten first. */
const PAIRS_MAX = 200_000;
/** Both ends agree again within this many R_A_TOV of a login's end at the target. */
const AGREE_WITHIN_R_A_TOV = 3;

/** What two ports agreed on. Both directions share one login. */
type Image = 'none' | 'plogi' | 'prli';

/** Each link is judged by itself, so that its order is that of one wire. */
export class NoCommandBeforePrli implements Rule {
  readonly invariant = 'I15';
  readonly sentence =
    'No command is sent before PRLI or after the login has ended, and both ends soon agree on that';
  readonly needs: readonly Evidence[] = ['frame'];
  readonly hears: readonly Evidence[] = ['frame', 'login', 'nexus', 'disturbance'];
  readonly roles: readonly FrameRole[] = ['command', 'els-request', 'els-reply'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  readonly #images = new PortPairs<Image>(PAIRS_MAX);
  /** PLOGI, PRLI and LOGO under way: what the answer will mean. */
  readonly #asked = new Map<string, number>();
  /** When the target ended the login of a port, by link and S_ID. */
  readonly #ended = new Map<string, TimeNs>();
  /** Commands of pairs whose login was seen, and of others. */
  #commands = 0;
  #unknown = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe(entry: HistoryEntry): void {
    const { at, node, event } = entry;
    if (event.type === 'nexus') this.#nexus(at, event);
    else if (event.type === 'login') {
      this.#restart(this.#context.logins.linkOf(node, event), event.nPortId);
    } else this.#disturb(entry);
  }

  see(frame: SeenFrame): void {
    if (frame.protocol !== 'fc') return;
    if (frame.role === 'command') this.#command(frame);
    else this.#els(frame);
  }

  #command(fc: FcFrame): void {
    const { header, tapped, direction } = fc;
    if (fc.disturbed !== undefined) return;
    if (direction === 'out') this.#checkAgreement(fc);
    // What goes to a target was sent some time before: only its sender's side tells when.
    if (direction === 'out' && tapped.direction !== 'unknown') return;
    const image = this.#imageOf(fc);
    if (image === undefined) {
      this.#unknown++;
      return;
    }
    this.#commands++;
    if (image === 'prli') return;
    const why = image === 'plogi' ? 'before PRLI' : 'without a login';
    this.#findings.add(
      `${formatFcId(header.sId)} sent a command to ${formatFcId(header.dId)} ${why}`,
      [fc.number],
    );
  }

  #els(fc: FcFrame): void {
    const { header, payload, link, role } = fc;
    if (header.sId >= WELL_KNOWN_FIRST || header.dId >= WELL_KNOWN_FIRST) return;
    if (fc.disturbed === 'corrupt') return;
    const exchange = `${link} ${fc.originator} ${header.oxId}`;
    const command = payload[0] ?? 0;
    if (role === 'els-request') {
      remember(this.#asked, exchange, command, PAIRS_MAX);
      this.#missed(fc, command === ElsCommand.PLOGI || command === ElsCommand.PRLI);
      if (command !== ElsCommand.LOGO && command !== ElsCommand.PRLO) return;
      // It ends the login for its sender at once; for the other end when that has answered.
      const isOurs = fc.direction !== 'out';
      if (fc.disturbed !== undefined) this.#forgetPair(fc);
      else if (isOurs) this.#enter(fc, command === ElsCommand.LOGO ? 'none' : 'plogi');
      return;
    }
    const asked = this.#asked.get(exchange);
    this.#asked.delete(exchange);
    this.#missed(fc, asked === undefined);
    if (command !== ElsCommand.LS_ACC || asked === undefined) return;
    if (asked === ElsCommand.LOGO) this.#enter(fc, 'none');
    else if (asked === ElsCommand.PLOGI || asked === ElsCommand.PRLO) this.#enter(fc, 'plogi');
    else if (asked === ElsCommand.PRLI && isExecuted(payload)) this.#enter(fc, 'prli');
    if (fc.disturbed !== undefined) this.#forgetPair(fc);
  }

  #imageOf({ link, originator, responder }: FcFrame): Image | undefined {
    return this.#images.get(link, originator, responder);
  }

  #enter({ link, originator, responder }: FcFrame, image: Image): void {
    this.#images.set(link, originator, responder, image);
  }

  /** A capture of one direction shows a login by halves: nobody can tell whether it was accepted. */
  #missed(fc: FcFrame, goesOn: boolean): void {
    if (!goesOn || fc.tapped.direction !== 'unknown') return;
    if (this.#imageOf(fc) === 'none') this.#forgetPair(fc);
  }

  #forgetPair({ link, originator, responder }: FcFrame): void {
    this.#images.delete(link, originator, responder);
  }

  #nexus(at: TimeNs, { state, nexus }: NexusChanged): void {
    const link = this.#context.places.placeOf(nexus.target)?.link ?? '';
    const key = `${link} ${nexus.address}`;
    if (state === 'began') this.#ended.delete(key);
    else this.#ended.set(key, at);
  }

  /** A host that still sends long after the target has ended the login was never told. */
  #checkAgreement(fc: FcFrame): void {
    const endedAt = this.#ended.get(`${fc.link} ${fc.header.sId}`);
    if (endedAt === undefined) return;
    const forNs = fc.at - endedAt;
    if (forNs <= AGREE_WITHIN_R_A_TOV * this.#context.bounds.rATovNs) return;
    this.#findings.add(
      `${formatFcId(fc.header.sId)} sends commands ${inSeconds(forNs)} after ${formatFcId(fc.header.dId)} has ended its login`,
      [fc.number],
    );
  }

  /** A link or a machine that was gone: which logins live on will show. */
  #disturb(entry: HistoryEntry): void {
    const { event } = entry;
    if (event.type === 'link-down') {
      for (const pair of this.#images.values())
        if (pair.link === event.link) this.#images.delete(pair.link, pair.low, pair.high);
      for (const key of this.#asked.keys())
        if (key.startsWith(`${event.link} `)) this.#asked.delete(key);
    } else if (forgetsAll(entry)) {
      this.#images.clear();
      this.#asked.clear();
      this.#ended.clear();
    }
  }

  /** An N_Port_ID was given anew: its port has no logins with others yet, and they will find out. */
  #restart(link: string, nPortId: number): void {
    for (const pair of this.#images.ofPort(nPortId)) {
      if (pair.link === link) pair.value = 'none';
      else this.#images.delete(pair.link, pair.low, pair.high);
    }
  }

  conclude() {
    const others = this.#unknown === 0 ? '' : `, ${this.#unknown} of logins that were not seen`;
    return this.#findings.concludeOf(
      this.#commands,
      `${this.#commands} commands seen, none outside a process login${others}`,
      this.#unknown === 0
        ? 'no command was sent'
        : `nothing here shows the logins of the ports that sent ${this.#unknown} commands`,
    );
  }
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
