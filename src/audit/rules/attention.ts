/** I17: who is owed a unit attention is told once, and before it can misread anything. */
import { ScsiStatus, SenseCode } from '../../codecs/scsi/index.ts';
import type {
  AttentionChanged,
  CommandDone,
  HistoryEntry,
  NexusChanged,
  PairName,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { elsewhere, forgetsAll } from '../ledger/disturbances.ts';
import { PairMap } from '../ledger/pair-map.ts';
import type { Rule } from '../rule.ts';
import type { TimeNs } from '../verdict.ts';

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

/** I17. Needs what the array emits: unit attentions and the commands that tell them. */
export class AttentionIsTold implements Rule {
  readonly invariant = 'I17';
  readonly sentence =
    'Every unit attention is told once, and before the state that it warns of can be misread';
  readonly needs: readonly Evidence[] = ['attention', 'nexus'];
  readonly hears: readonly Evidence[] = ['attention', 'nexus', 'command-done', 'disturbance'];
  readonly #findings = new Findings();
  /** What each pair of ports is owed, by logical unit. */
  readonly #owed = new PairMap<Map<string, Owed>>();
  /** Logins that each pair has lost. */
  readonly #losses = new PairMap<number>();
  readonly #context: RuleContext;
  #told = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe(entry: HistoryEntry): void {
    const { at, node, event } = entry;
    switch (event.type) {
      case 'attention':
        this.#attention(at, event);
        return;
      case 'nexus':
        this.#nexus(event);
        return;
      case 'command-done':
        this.#commandDone(event);
        return;
      default:
        // A new life of the array owes nothing from the one before.
        if (forgetsAll(entry) && this.#context.places.kindOf(node) === 'array') {
          this.#forget(node);
        }
    }
  }

  /** Of several arrays those that still run owe what they owed. */
  #forget(node: string): void {
    const isOfAnother = elsewhere(this.#context.places, node);
    this.#owed.keep(isOfAnother);
    this.#losses.keep(isOfAnother);
  }

  #attention(at: TimeNs, { state, luName, pair, code }: AttentionChanged): void {
    const owed = this.#owedOf(luName, pair);
    const waiting = owed.queued.has(code);
    const who = this.#nameOf(pair);
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
    owed.losses = this.#losses.get(pair) ?? 0;
  }

  #nexus({ state, nexus }: NexusChanged): void {
    if (state === 'ended') this.#losses.set(nexus, (this.#losses.get(nexus) ?? 0) + 1);
  }

  /** A command that ended well although its nexus had not yet been told of what it had lost. */
  #commandDone({ status, luName, nexus, command, tag }: CommandDone): void {
    if (status !== ScsiStatus.GOOD || luName === undefined) return;
    if (PASSING.has(command)) return;
    const owed = this.#owedOf(luName, nexus);
    const losses = this.#losses.get(nexus) ?? 0;
    if (owed.queued.size === 0 && owed.losses >= losses) return;
    // A command that was there before the condition arose may still end well.
    const { places, exchanges } = this.#context;
    const link = places.placeOf(nexus.target)?.link ?? '';
    const cameAt = exchanges.find(link, nexus.address, tag)?.at ?? Number.NEGATIVE_INFINITY;
    const missing = [...owed.queued].filter(([, at]) => at < cameAt).map(([code]) => hex(code));
    if (missing.length === 0 && owed.losses >= losses) return;
    const what = missing.length > 0 ? missing.join(', ') : hex(SenseCode.I_T_NEXUS_LOSS_OCCURRED);
    this.#findings.add(
      `${command} of ${this.#nameOf(nexus)} ended well before it was told ${what}`,
    );
    owed.losses = losses;
    owed.queued.clear();
  }

  #nameOf({ initiator, target }: PairName): string {
    return `${initiator} at port ${this.#context.places.placeOf(target)?.port ?? target}`;
  }

  #owedOf(luName: string, pair: PairName): Owed {
    const units = this.#owed.obtain(pair, () => new Map<string, Owed>());
    let owed = units.get(luName);
    if (owed === undefined) {
      // What happened before the pair first saw the logical unit concerns it too.
      owed = { queued: new Map(), losses: 0 };
      units.set(luName, owed);
    }
    return owed;
  }

  conclude() {
    return this.#findings.conclude(`${this.#told} unit attentions, each told once and in time`);
  }
}
