/** I5, I12 and I16: rules of single FCP exchanges, as a tap sees them. */
import { ElsCommand } from '../../codecs/els/index.ts';
import { RCtl } from '../../codecs/fc/index.ts';
import { ScsiStatus } from '../../codecs/fcp/index.ts';
import { formatFcId } from '../../codecs/layout/index.ts';
import { Findings } from '../findings.ts';
import type {
  AuditBounds,
  CommandEnded,
  NexusSeen,
  Observation,
  ObservationKind,
  ReservationSeen,
  TimeNs,
} from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import type { FcFrame, FrameRole } from '../seen/fc-frame.ts';
import type { WireExchange } from '../seen/fcp-exchanges.ts';

/** Exchanges, ends and logins remembered; the oldest are forgotten first. */
const REMEMBERED_MAX = 100_000;

const hex = (oxId: number): string => oxId.toString(16).padStart(4, '0');
const nameOf = (one: { originator: number; responder: number; oxId: number }): string =>
  `${formatFcId(one.originator)} to ${formatFcId(one.responder)}, OX_ID ${hex(one.oxId)}`;

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > REMEMBERED_MAX) map.delete(map.keys().next().value!);
}

/** I5: the residual count of a response is what is missing of the data asked for. */
export class ResidualIsTrue implements InvariantObserver {
  readonly invariant = 'I5';
  readonly sentence = 'The residual count of a response equals what is missing of the data';
  readonly needs: readonly ObservationKind[] = ['frame'];
  readonly hears: readonly ObservationKind[] = ['frame'];
  readonly roles: readonly FrameRole[] = ['response'];
  readonly #findings = new Findings();
  #count = 0;

  observe(_one: Observation, fc: FcFrame | undefined): void {
    const exchange = fc?.exchange;
    if (fc === undefined || exchange === undefined) return;
    const { dataIn, dataOut, fcpDl, residual, gap, midSequence, disturbed } = exchange;
    // A tap that missed frames, or a fault that took some, says nothing about the target.
    if (exchange.status !== ScsiStatus.GOOD || gap || midSequence || disturbed) return;
    if (exchange.state !== 'answered' || exchange.taskManagement !== 0 || dataIn * dataOut > 0)
      return;
    this.#count++;
    const moved = dataIn + dataOut;
    if (moved === fcpDl - Math.max(0, residual)) return;
    const says = residual === 0 ? 'no residual' : `a residual of ${residual}`;
    this.#findings.add(
      `${nameOf(exchange)}: ${moved} of ${fcpDl} bytes were moved, the response tells of ${says}`,
      [exchange.frame, fc.seen.frame],
    );
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#count,
      `${this.#count} responses, all true to the data that moved`,
      'no command was seen with all its data',
    );
  }
}

/** I12: an OX_ID rests while frames of its old exchange may be alive. */
export class OxIdRests implements InvariantObserver {
  readonly invariant = 'I12';
  readonly sentence = 'No OX_ID is used again while frames of its old exchange may be under way';
  readonly needs: readonly ObservationKind[] = ['frame'];
  readonly hears: readonly ObservationKind[] = ['frame', 'disturbance'];
  readonly roles: readonly FrameRole[] = ['command', 'response', 'ba', 'abts', 'els-request'];
  readonly #bounds: AuditBounds;
  readonly #findings = new Findings();
  /** The exchange that used an OX_ID last, by tap, and the RRQs that gave one back. */
  readonly #last = new Map<string, WireExchange>();
  #commands = 0;

  constructor(bounds: AuditBounds) {
    this.#bounds = bounds;
  }

  observe(one: Observation, fc: FcFrame | undefined): void {
    if (one.kind === 'disturbance') {
      // A machine that starts anew knows nothing of its old exchanges, and a slow link hides their age.
      if (one.what !== 'frame') this.#last.clear();
      return;
    }
    if (fc === undefined) return;
    if (fc.role === 'command') this.#command(fc);
    else if (fc.role === 'els-request' && fc.payload[0] === ElsCommand.RRQ) this.#rrq(fc);
  }

  #command(fc: FcFrame): void {
    const { exchange, disturbed, seen } = fc;
    if (exchange === undefined || disturbed !== undefined || exchange.frame !== seen.frame) return;
    // Where frames go in to the switch, the order is that of the one who chose the OX_ID.
    if (fc.direction === 'from-fcf' && seen.direction !== 'unknown') return;
    this.#commands++;
    const key = `${seen.tap} ${fc.originator} ${fc.header.oxId}`;
    const before = this.#last.get(key);
    remember(this.#last, key, exchange);
    if (before === undefined || before.late || before.state === 'answered') return;
    const restedNs = seen.at - before.lastAt;
    if (restedNs >= this.#bounds.rATovNs) return;
    const how = before.state === 'aborted' ? 'was aborted' : 'has not ended';
    this.#findings.add(
      `${nameOf(exchange)}: used again ${(restedNs / 1e6).toFixed(1)} ms after the last frame of an exchange that ${how}`,
      [before.frame, seen.frame],
    );
  }

  /** RRQ gives an OX_ID back. Shape: command word, S_ID at byte 5, OX_ID at byte 8. Source: FC-LS-3. */
  #rrq({ payload, seen }: FcFrame): void {
    if (payload.length < 12) return;
    const sId = (payload[5]! << 16) | (payload[6]! << 8) | payload[7]!;
    const oxId = (payload[8]! << 8) | payload[9]!;
    this.#last.delete(`${seen.tap} ${sId} ${oxId}`);
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#commands,
      `${this.#commands} commands, each with an OX_ID that was free`,
      'no command was sent',
    );
  }
}

/** I16: what ends a login or an exchange ends its tasks and what hangs on it. */
export class ClearingEffects implements InvariantObserver {
  readonly invariant = 'I16';
  readonly sentence =
    'The end of a login or an exchange ends its tasks, releases what belongs to it, and nothing else';
  readonly needs: readonly ObservationKind[] = ['frame'];
  readonly hears: readonly ObservationKind[] = [
    'frame',
    'nexus',
    'command-end',
    'reservation',
    'disturbance',
  ];
  readonly roles: readonly FrameRole[] = [
    'command',
    'response',
    'data-in',
    'xfer-rdy',
    'ba',
    'els-request',
    'els-reply',
  ];
  readonly #findings = new Findings();
  /** Requests that end a login, until they are answered. */
  readonly #asked = new Map<string, number>();
  /** When a target answered that a login is over, by tap and pair of ports. */
  readonly #clearedAt = new Map<string, { readonly at: TimeNs; readonly frame: number }>();
  /** Exchanges whose abort the target has confirmed, and those that ended with their login. */
  readonly #aborted = new WeakSet<WireExchange>();
  readonly #endedNexuses = new Map<string, TimeNs>();
  readonly #reservations = new Map<string, ReservationSeen>();
  #clearings = 0;

  observe(one: Observation, fc: FcFrame | undefined): void {
    switch (one.kind) {
      case 'frame':
        if (fc !== undefined && fc.disturbed === undefined) this.#frame(fc);
        return;
      case 'nexus':
        this.#nexus(one);
        return;
      case 'command-end':
        this.#commandEnd(one);
        return;
      case 'reservation':
        this.#reservation(one);
        return;
      case 'disturbance':
        if (one.what === 'crashed' || one.what === 'started') this.#forget();
    }
  }

  #frame(fc: FcFrame): void {
    if (fc.role === 'els-request' || fc.role === 'els-reply') this.#els(fc);
    else if (fc.role === 'command') return;
    else if (fc.exchange !== undefined) this.#fcp(fc, fc.exchange);
  }

  #els(fc: FcFrame): void {
    const { seen, header, payload, role } = fc;
    const key = `${seen.tap} ${fc.originator} ${header.oxId}`;
    const command = payload[0] ?? 0;
    if (role === 'els-request') {
      if (ENDS_LOGIN.has(command)) remember(this.#asked, key, command);
      return;
    }
    const asked = this.#asked.get(key);
    this.#asked.delete(key);
    if (asked === undefined || command !== ElsCommand.LS_ACC) return;
    this.#clearings++;
    const cleared = { at: seen.at, frame: seen.frame };
    remember(this.#clearedAt, `${seen.tap} ${fc.originator} ${fc.responder}`, cleared);
  }

  #fcp(fc: FcFrame, exchange: WireExchange): void {
    if (exchange.disturbed) return;
    if (fc.role === 'ba') {
      if (fc.header.rCtl !== RCtl.BA_ACC) return;
      this.#clearings++;
      this.#aborted.add(exchange);
      return;
    }
    if (this.#aborted.has(exchange)) {
      this.#findings.add(
        `${nameOf(exchange)}: the target goes on after it has confirmed the abort`,
        [exchange.frame, fc.seen.frame],
      );
      return;
    }
    const pair = `${fc.seen.tap} ${exchange.originator} ${exchange.responder}`;
    const cleared = this.#clearedAt.get(pair);
    if (cleared === undefined || exchange.at >= cleared.at) return;
    this.#findings.add(
      `${nameOf(exchange)}: the target goes on after it has confirmed the end of the login`,
      [exchange.frame, cleared.frame, fc.seen.frame],
    );
  }

  #nexus({ state, nexus, at }: NexusSeen): void {
    const key = `${nexus.wwpn} ${nexus.port} ${nexus.epoch}`;
    if (state !== 'ended') return;
    this.#clearings++;
    remember(this.#endedNexuses, key, at);
  }

  #commandEnd({ nexus, status, oxId, at }: CommandEnded): void {
    if (status === undefined) return;
    const key = `${nexus.wwpn} ${nexus.port} ${nexus.epoch}`;
    const endedAt = this.#endedNexuses.get(key);
    if (endedAt === undefined) return;
    this.#findings.add(
      `the command with OX_ID ${hex(oxId)} of ${formatFcId(nexus.sId)} ran to its end ${((at - endedAt) / 1e6).toFixed(3)} ms after its login had ended`,
    );
  }

  /** A login that ends takes its SPC-2 reservation along, and no persistent one. */
  #reservation(one: ReservationSeen): void {
    const before = this.#reservations.get(one.lu);
    this.#reservations.set(one.lu, one);
    const { spc2Holder } = one;
    if (spc2Holder !== undefined) {
      const key = `${spc2Holder.wwpn} ${spc2Holder.port} ${spc2Holder.epoch}`;
      if (this.#endedNexuses.has(key)) {
        this.#findings.add(`an SPC-2 reservation of ${one.lu.slice(-8)} outlives its login`);
      }
    }
    if (one.cause !== 'nexus-lost' || before === undefined) return;
    const lost =
      one.registrations.length !== before.registrations.length || one.type !== before.type;
    if (lost) {
      this.#findings.add(
        `a login's end changed the persistent reservations of ${one.lu.slice(-8)}`,
      );
    }
  }

  #forget(): void {
    this.#asked.clear();
    this.#clearedAt.clear();
    this.#endedNexuses.clear();
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#clearings,
      `${this.#clearings} logins and exchanges were ended, and with them all they had`,
      'no login ended and no exchange was aborted',
    );
  }
}

/** Requests whose acceptance ends what ran under the login before. PRLI: a new image ends the old. */
const ENDS_LOGIN: ReadonlySet<number> = new Set<number>([
  ElsCommand.LOGO,
  ElsCommand.PRLO,
  ElsCommand.PLOGI,
]);
