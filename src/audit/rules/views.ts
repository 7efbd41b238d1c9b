/** I23: which logical units a guest sees, and how well it reaches them. */
import { AccessState } from '../../codecs/scsi/index.ts';
import type { AccessChanged, GuestRuns, HistoryEntry, UnitView } from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import type { Rule } from '../rule.ts';
import type { Excused } from '../verdict.ts';

/** What a guest was shown on a host. */
interface Shown {
  readonly vm: string;
  readonly host: string;
  readonly units: readonly UnitView[];
}

/** A unit that a guest reaches worse than before, or not at all, by somebody else's doing. */
interface Suffering {
  readonly vm: string;
  /** As it was before. */
  readonly unit: UnitView;
  readonly words: string;
  readonly by: string;
}

/** Something that differs. A fault may have taken a path for a while; nothing excuses the rest. */
interface Difference {
  readonly words: string;
  readonly ofPaths: boolean;
}

/** I23: the guest has the same logical units after the move, no more and no fewer, reached as well as before. */
export class SameUnits implements Rule {
  readonly invariant = 'I23';
  readonly sentence =
    'A guest sees the same logical units after a move, over no fewer paths and ports and no worse ones';
  readonly needs: readonly Evidence[] = ['view'];
  readonly hears: readonly Evidence[] = ['view', 'access'];
  readonly #context: Pick<RuleContext, 'excuses' | 'places'>;
  readonly #findings = new Findings();
  readonly #views = new Map<string, Shown>();
  /** Units that each guest was shown at some time. */
  readonly #known = new Map<string, Set<string>>();
  /** Units and the groups of target ports that serve them, as was last told. */
  readonly #access = new Map<string, Map<number, AccessChanged>>();
  /** By guest and unit: what has not come back yet. */
  readonly #excused = new Map<string, Suffering>();
  /** Units that were compared between two hosts, and on one. */
  #between = 0;
  #kept = 0;

  constructor(context: Pick<RuleContext, 'excuses' | 'places'>) {
    this.#context = context;
  }

  observe({ node, event }: HistoryEntry): void {
    if (event.type === 'guest' && event.state === 'running') this.#show(node, event);
    else if (event.type === 'access') {
      const groups = this.#access.get(event.luName) ?? new Map<number, AccessChanged>();
      this.#access.set(event.luName, groups.set(event.group, event));
    }
  }

  #show(host: string, { vm, view: units }: GuestRuns): void {
    const before = this.#views.get(vm);
    const after = { vm, host, units };
    if (before !== undefined) this.#compare(before, after);
    this.#views.set(vm, after);
    const known = this.#known.get(vm) ?? new Set<string>();
    this.#known.set(vm, known);
    for (const { luName } of units) known.add(luName);
  }

  #compare(before: Shown, after: Shown): void {
    if (before.host === after.host) this.#kept += before.units.length;
    else this.#between += before.units.length;
    const there = new Map(after.units.map((unit) => [unit.luName, unit]));
    this.#recover(after);
    for (const unit of before.units) {
      const other = there.get(unit.luName);
      there.delete(unit.luName);
      const difference = other === undefined ? GONE : this.#difference(unit, other);
      if (difference === undefined) continue;
      // A path that a fault took away comes back with its end.
      const by = difference.ofPaths ? this.#context.excuses.ofPath() : undefined;
      if (by !== undefined) {
        const { words } = difference;
        this.#excused.set(`${after.vm} ${unit.luName}`, { vm: after.vm, unit, words, by });
        continue;
      }
      const then = `LUN ${unit.lunNumber ?? '?'}, ${unit.blocks} blocks, ${unit.ports.length} ${unit.ports.length === 1 ? 'port' : 'ports'}`;
      this.#findings.add(
        `${after.vm} on ${after.host}: ${this.#context.places.unit(unit.luName)} ${difference.words} (before that it was ${then} on ${before.host})`,
      );
    }
    for (const { luName, lunNumber } of there.values()) {
      // One that was away for a while is back.
      if (this.#known.get(after.vm)?.has(luName) === true) continue;
      this.#findings.add(
        `${after.vm} on ${after.host}: ${this.#context.places.unit(luName)} is there as LUN ${lunNumber ?? '?'}, and was not on ${before.host}`,
      );
    }
  }

  /** What was taken away is back, where a unit is reached as well as before it was. */
  #recover({ units, vm }: Shown): void {
    for (const [key, lost] of this.#excused) {
      const now = units.find(({ luName }) => luName === lost.unit.luName);
      const isBack = now !== undefined && this.#difference(lost.unit, now) === undefined;
      if (lost.vm === vm && isBack) this.#excused.delete(key);
    }
  }

  #difference(before: UnitView, after: UnitView): Difference | undefined {
    const own = (words: string): Difference => ({ words, ofPaths: false });
    if (after.lunNumber !== before.lunNumber) return own(`is LUN ${after.lunNumber ?? '?'}`);
    if (after.blocks !== before.blocks) return own(`has ${after.blocks} blocks`);
    if (after.vendor !== before.vendor || after.product !== before.product) {
      return own(`calls itself ${after.vendor} ${after.product}`);
    }
    const words = this.#worsePaths(before, after);
    return words === '' ? undefined : { words, ofPaths: true };
  }

  #worsePaths(before: UnitView, after: UnitView): string {
    const [ports, portsBefore] = [after.ports.length, before.ports.length];
    if (ports < portsBefore) return `is reached over ${ports} ports`;
    const [cards, cardsBefore] = [cardsOf(after), cardsOf(before)];
    if (cards < cardsBefore) {
      const one = cards === 1 ? 'one physical card' : `${cards} physical cards`;
      return `is reached over ${ports} ports of ${one}, before of ${cardsBefore}`;
    }
    const groups = (view: UnitView): number => this.#groupsOf(view).length;
    if (groups(after) < groups(before)) {
      return `is reached through ${groups(after)} of the array's port groups, before ${groups(before)}`;
    }
    const targets = after.targetPorts.length;
    if (targets < before.targetPorts.length) {
      return `is reached at ${targets} target ports, before ${before.targetPorts.length}`;
    }
    if (after.paths < before.paths) {
      return `is reached over ${after.paths} paths, before ${before.paths}`;
    }
    const [best, bestBefore] = [this.#bestOf(after), this.#bestOf(before)];
    if (best === undefined || bestBefore === undefined || best <= bestBefore) return '';
    return `is reached ${nameOfState(best)} at best, before ${nameOfState(bestBefore)}`;
  }

  #groupsOf({ luName, targetPorts }: UnitView): AccessChanged[] {
    const groups = [...(this.#access.get(luName)?.values() ?? [])];
    return groups.filter((one) => targetPorts.some((port) => one.targetPorts.includes(port)));
  }

  /** The best state in which a group with a path is now; the lower the code, the better. */
  #bestOf(view: UnitView): number | undefined {
    const states = this.#groupsOf(view).map(({ state }) => state);
    return states.length === 0 ? undefined : Math.min(...states);
  }

  conclude() {
    const checked =
      this.#between > 0
        ? `${this.#between} logical units, the same on both hosts`
        : `${this.#kept} logical units, the same at the end`;
    return this.#findings.concludeOf(
      this.#between + this.#kept,
      checked,
      'no guest came to another host',
      this.#excuse(),
    );
  }

  #excuse(): Excused | undefined {
    const [first, ...others] = this.#excused.values();
    if (first === undefined) return undefined;
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    const what = `${this.#context.places.unitName(first.unit.luName)} of ${first.vm} ${first.words}`;
    return { what: `${what}${more}`, by: first.by };
  }
}

/** A host that tells of no cards has one for each port. */
const cardsOf = ({ cards, ports }: UnitView): number => cards?.length ?? ports.length;

const GONE: Difference = { words: 'is gone', ofPaths: true };

const NAMES: Readonly<Record<number, string>> = {
  [AccessState.ACTIVE_OPTIMIZED]: 'active/optimized',
  [AccessState.ACTIVE_NON_OPTIMIZED]: 'active/non-optimized',
  [AccessState.STANDBY]: 'in standby',
  [AccessState.UNAVAILABLE]: 'unavailable',
  [AccessState.OFFLINE]: 'offline',
  [AccessState.TRANSITIONING]: 'in transition',
};

const nameOfState = (state: number): string => NAMES[state] ?? `in state ${state}`;
