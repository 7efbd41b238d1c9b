/** I21 of sessions in a capture: who logs in has shown who he is, and what he reaches is what he is shown. */
import { lunNumber, SenseCode, SenseKey } from '../../codecs/scsi/index.ts';
import { Findings } from '../findings.ts';
import { remember } from '../ledger/remember.ts';
import type { Conclusion, SessionEvidence, SessionRule } from '../rule.ts';
import { nameOfSession, type SeenSession, type SeenTask } from '../seen/session.ts';
import type { UnitLook } from '../seen/unit-looks.ts';

const SESSIONS_MAX = 10_000;
const UNITS_MAX = 1000;
/** Commands that wait for what the next look shows. */
const COMMANDS_MAX = 64;

/** A unit as a session knows it. */
interface Unit {
  names: readonly string[];
  /** The frame that warned that it may be another, and what was written since. */
  warned: number | undefined;
  writes: SeenTask[];
}

interface View {
  /** As REPORT LUNS listed them last. */
  listed: ReadonlySet<number> | undefined;
  /** Commands that ended well for units which are not among them. */
  unlisted: SeenTask[];
  readonly units: Map<string, Unit>;
}

/**
 * What a target lists is its mask for that initiator: a command is for a unit that it does not show where it is listed
 * neither before nor afterwards. A unit is another where its names are, behind a warning that nobody heeded.
 */
export class UnitsOfSessions implements SessionRule {
  readonly invariant = 'I21';
  readonly sentence =
    'Nobody passes a login without the response that was agreed on, nor reaches a unit or a file that he is not shown';
  readonly #views = new Map<SeenSession, View>();
  readonly #findings = new Findings();
  #checked = 0;

  hear(told: SessionEvidence): void {
    if (told.type === 'fault' && told.fault.kind === 'masked') {
      const { session, what, frames } = told.fault;
      this.#findings.add(`${nameOfSession(session)}: ${what}`, frames);
    } else if (told.type === 'checked' && told.kind === 'masked') this.#checked += told.count;
    else if (told.type === 'look') this.#look(told.task, told.look);
    else if (told.type === 'task-ended' && told.task.lun !== undefined) this.#ended(told.task);
    else if (told.type === 'blind') this.#views.clear();
  }

  #viewOf({ session }: SeenTask): View {
    let view = this.#views.get(session);
    if (view === undefined) {
      view = { listed: undefined, unlisted: [], units: new Map() };
      remember(this.#views, session, view, SESSIONS_MAX);
    }
    return view;
  }

  #look(task: SeenTask, { luns, names }: UnitLook): void {
    if (task.isPartial) return;
    const view = this.#viewOf(task);
    if (luns !== undefined) {
      const numbers = luns.map(lunNumber);
      const listed = numbers.includes(undefined) ? undefined : new Set(numbers as number[]);
      this.#list(view, task, listed);
    } else if (names !== undefined && names.length > 0) this.#named(view, task, names);
  }

  /** A list says what was shown all along, where it says the same as the one before. */
  #list(view: View, task: SeenTask, listed: ReadonlySet<number> | undefined): void {
    for (const one of view.unlisted) {
      const number = lunNumber(one.lun!);
      if (listed === undefined || number === undefined || listed.has(number)) continue;
      this.#findings.add(
        `${nameOfSession(one.session)}: ${one.command} of frame ${one.frame} was carried out at LUN ${number}, which REPORT LUNS lists neither before nor in frame ${task.frame}`,
        [...one.frames, ...task.frames],
        `LUN ${number}`,
      );
    }
    view.unlisted = [];
    view.listed = listed;
    // It takes warnings away unsaid: what was written since may have been for either.
    for (const unit of view.units.values()) {
      unit.warned = undefined;
      unit.writes = [];
    }
  }

  #named({ units }: View, task: SeenTask, names: readonly string[]): void {
    const known = units.get(task.unit) ?? { names: [], warned: undefined, writes: [] };
    const { names: before, warned, writes } = known;
    remember(units, task.unit, { names, warned: undefined, writes: [] }, UNITS_MAX);
    if (warned === undefined || before.length === 0) return;
    this.#checked++;
    if (writes.length === 0 || !areOthers(before, names)) return;
    const number = lunNumber(task.lun!) ?? '?';
    this.#findings.add(
      `${nameOfSession(task.session)}: ${writes.length} writes to LUN ${number} after the warning of frame ${warned}, meaning ${before[0]}, which the look of frame ${task.frame} shows to be ${names[0]}`,
      [warned, ...writes.flatMap(({ frames }) => frames), ...task.frames],
      `LUN ${number}`,
    );
  }

  #ended(task: SeenTask): void {
    const { kind, sense = 0, status, isPartial } = task;
    const view = this.#viewOf(task);
    if (sense >>> 16 === SenseKey.UNIT_ATTENTION) this.#warned(view, task, sense & 0xffff);
    if (isPartial || status !== 0 || kind === 'other') return;
    const number = lunNumber(task.lun!);
    if (view.listed !== undefined && number !== undefined) {
      if (view.listed.has(number)) this.#checked++;
      else if (view.unlisted.length < COMMANDS_MAX) view.unlisted.push(task);
    }
    const unit = view.units.get(task.unit);
    const isWrite = kind === 'write' || kind === 'change';
    if (!isWrite || unit?.warned === undefined || task.frame <= unit.warned) return;
    if (unit.writes.length < COMMANDS_MAX) unit.writes.push(task);
  }

  /** Units may be others now, and more than were listed. */
  #warned({ units, unlisted }: View, task: SeenTask, code: number): void {
    const isOfAll = code === SenseCode.REPORTED_LUNS_DATA_HAS_CHANGED;
    if (!isOfAll && code !== SenseCode.INQUIRY_DATA_HAS_CHANGED) return;
    if (isOfAll) unlisted.length = 0;
    const own = units.get(task.unit);
    for (const unit of isOfAll ? units.values() : own === undefined ? [] : [own]) {
      unit.warned = task.ended!.frame;
      unit.writes = [];
    }
    if (isOfAll) this.#viewOf(task).listed = undefined;
  }

  conclude(): Conclusion | undefined {
    if (this.#findings.count === 0 && this.#checked === 0) return undefined;
    return this.#findings.conclude(
      `${this.#checked} logins, commands and looks of sessions, each for what its initiator is shown`,
    );
  }
}

/** True for names of one kind of which none is the same. */
function areOthers(before: readonly string[], now: readonly string[]): boolean {
  const kindOf = (name: string): string => name.slice(0, name.indexOf('.'));
  return kindOf(before[0]!) === kindOf(now[0]!) && !now.some((name) => before.includes(name));
}
