/** I17: who is owed a unit attention is told once, and before it can misread anything. */
import { ScsiStatus } from '../../codecs/fcp/index.ts';
import { formatWwn } from '../../codecs/layout/index.ts';
import { SenseCode } from '../../codecs/scsi/index.ts';
import { Findings } from '../findings.ts';
import type {
  AttentionSeen,
  CommandEnded,
  NexusSeen,
  Observation,
  ObservationKind,
  PairName,
  TimeNs,
} from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import type { Wire } from '../seen/fcp-exchanges.ts';

/** Conditions that make I_T NEXUS LOSS OCCURRED needless. Source: SAM-5, unit attention conditions. */
const RESETS: ReadonlySet<number> = new Set<number>([
  SenseCode.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED,
  SenseCode.POWER_ON_OCCURRED,
  SenseCode.BUS_DEVICE_RESET_FUNCTION_OCCURRED,
]);
/** Commands that pass a pending unit attention by. Source: SPC-5. */
const PASSING: ReadonlySet<string> = new Set(['INQUIRY', 'REPORT LUNS', 'REQUEST SENSE']);

interface Owed {
  /** Conditions queued and not told, by code, and when that was. */
  readonly queued: Map<number, TimeNs>;
  /** Logins lost since the logical unit last told of one. */
  losses: number;
}

const hex = (code: number): string =>
  `${(code >> 8).toString(16).padStart(2, '0')}/${(code & 0xff).toString(16).padStart(2, '0')}`;

export class AttentionIsTold implements InvariantObserver {
  readonly invariant = 'I17';
  readonly sentence =
    'Every unit attention is told once, and before the state that it warns of can be misread';
  readonly needs: readonly ObservationKind[] = ['attention', 'nexus'];
  readonly hears: readonly ObservationKind[] = ['attention', 'nexus', 'command-end', 'disturbance'];
  readonly #findings = new Findings();
  /** What each pair of ports is owed, by logical unit. */
  readonly #owed = new Map<string, Map<string, Owed>>();
  /** Logins that each pair has lost. */
  readonly #losses = new Map<string, number>();
  readonly #wire: Wire;
  #told = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  observe(one: Observation): void {
    switch (one.kind) {
      case 'attention':
        this.#attention(one);
        return;
      case 'nexus':
        this.#nexus(one);
        return;
      case 'command-end':
        this.#commandEnd(one);
        return;
      case 'disturbance':
        // A new life of the array owes nothing from the one before.
        if ((one.what === 'crashed' || one.what === 'started') && one.role === 'array') {
          this.#owed.clear();
          this.#losses.clear();
        }
    }
  }

  #attention({ state, lu, pair, code, at }: AttentionSeen): void {
    const owed = this.#owedOf(lu, pair);
    const waiting = owed.queued.has(code);
    const who = `${formatWwn(pair.wwpn)} at port ${pair.port}`;
    if (state === 'queued') {
      if (waiting) this.#findings.add(`${hex(code)} was queued twice for ${who}`);
      owed.queued.set(code, at);
      return;
    }
    const settles = code === SenseCode.I_T_NEXUS_LOSS_OCCURRED || RESETS.has(code);
    if (state === 'delivered') {
      this.#told++;
      if (!waiting) this.#findings.add(`${hex(code)} was told to ${who}, which was owed none`);
    }
    if (settles) this.#settle(owed, pair);
    owed.queued.delete(code);
  }

  #settle(owed: Owed, pair: PairName): void {
    owed.losses = this.#losses.get(pairKey(pair)) ?? 0;
  }

  #nexus({ state, nexus }: NexusSeen): void {
    if (state !== 'ended') return;
    const key = pairKey(nexus);
    this.#losses.set(key, (this.#losses.get(key) ?? 0) + 1);
  }

  /** A command that ended well although its nexus had not yet been told of what it had lost. */
  #commandEnd(one: CommandEnded): void {
    const { status, lu, nexus, command } = one;
    if (status !== ScsiStatus.GOOD || lu === undefined || command === undefined) return;
    if (PASSING.has(command)) return;
    const owed = this.#owedOf(lu, nexus);
    const losses = this.#losses.get(pairKey(nexus)) ?? 0;
    // A command that was there before the condition arose may still end well.
    const cameAt = this.#wire.find(one.tap, nexus.sId, one.oxId)?.at ?? Number.NEGATIVE_INFINITY;
    const missing = [...owed.queued].filter(([, at]) => at < cameAt).map(([code]) => hex(code));
    if (missing.length === 0 && owed.losses >= losses) return;
    const what = missing.length > 0 ? missing.join(', ') : hex(SenseCode.I_T_NEXUS_LOSS_OCCURRED);
    this.#findings.add(
      `${command} of ${formatWwn(nexus.wwpn)} at port ${nexus.port} ended well before it was told ${what}`,
    );
    owed.losses = losses;
    owed.queued.clear();
  }

  #owedOf(lu: string, pair: PairName): Owed {
    const key = pairKey(pair);
    let units = this.#owed.get(key);
    if (units === undefined) {
      units = new Map();
      this.#owed.set(key, units);
    }
    let owed = units.get(lu);
    if (owed === undefined) {
      // What happened before the pair first saw the logical unit concerns it too.
      owed = { queued: new Map(), losses: 0 };
      units.set(lu, owed);
    }
    return owed;
  }

  conclude() {
    return this.#findings.conclude(`${this.#told} unit attentions, each told once and in time`);
  }
}

const pairKey = (pair: PairName): string => `${pair.wwpn} ${pair.port}`;
