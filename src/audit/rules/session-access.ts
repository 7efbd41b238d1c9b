/** I20 of sessions in a capture: opens and layouts of NFS, and writes to the disks behind layouts. */
import { Findings } from '../findings.ts';
import { remember } from '../ledger/remember.ts';
import type { Conclusion, SessionEvidence, SessionRule } from '../rule.ts';
import { isSurelyBefore, nameOfSession, type SeenMoment, type SeenTask } from '../seen/session.ts';
import type { UnitLook } from '../seen/unit-looks.ts';

const DISKS_MAX = 10_000;
const HOLDS_MAX = 10_000;
const UNITS_MAX = 10_000;

type Layout = Extract<SessionEvidence, { type: 'layout' }>;

/** A unit, as its names tell. */
interface Unit {
  readonly names: readonly string[];
}

/**
 * Who goes to a disk by layouts writes there only while he has one. Which unit a disk is, a capture tells where the bytes by
 * which it is known are the name of the unit, and who the client is, where it names itself as its initiator port is named.
 */
export class AccessOfSessions implements SessionRule {
  readonly invariant = 'I20';
  readonly sentence =
    'Nobody writes by an open of NFS that was closed or is of another, nor by a layout that he has returned, and no two clients have that of a file for writing';
  readonly #findings = new Findings();
  /** By what bytes a device is known, by server and device. */
  readonly #disks = new Map<string, string>();
  /** When the layout of a device was returned, by its holder, server and device; `undefined` while it is held. */
  readonly #holds = new Map<string, Map<string, SeenMoment | undefined>>();
  readonly #units = new Map<string, Unit>();
  #checked = 0;

  hear(told: SessionEvidence): void {
    if (told.type === 'fault' && told.fault.kind === 'access') {
      const { session, what, frames } = told.fault;
      this.#findings.add(`${nameOfSession(session)}: ${what}`, frames);
    } else if (told.type === 'checked' && told.kind === 'access') this.#checked += told.count;
    else if (told.type === 'disk')
      remember(this.#disks, `${told.server} ${told.device}`, told.signature, DISKS_MAX);
    else if (told.type === 'layout') this.#layout(told);
    else if (told.type === 'look') this.#look(told.task, told.look);
    else if (told.type === 'task-ended') this.#ended(told.task);
    else if (told.type === 'blind') this.#holds.clear();
  }

  #layout({ owner, server, devices, returned }: Layout): void {
    const holds = this.#holds.get(owner) ?? new Map<string, SeenMoment | undefined>();
    remember(this.#holds, owner, holds, HOLDS_MAX);
    // What a client returns is all that it has of the server.
    const keys = devices ?? [...holds.keys()].filter((key) => key.startsWith(`${server} `));
    for (const key of keys) {
      const place = devices === undefined ? key : `${server} ${key}`;
      if (returned === undefined || holds.has(place)) remember(holds, place, returned, HOLDS_MAX);
    }
  }

  #look({ unit }: SeenTask, { names }: UnitLook): void {
    if (names !== undefined && names.length > 0) remember(this.#units, unit, { names }, UNITS_MAX);
  }

  #ended(task: SeenTask): void {
    const { kind, lun, session, status } = task;
    if (lun === undefined || status !== 0 || (kind !== 'write' && kind !== 'change')) return;
    const names = this.#units.get(task.unit)?.names ?? [];
    for (const [device, returned] of this.#holds.get(session.initiator) ?? []) {
      const signature = this.#disks.get(device);
      if (signature === undefined || !names.includes(`naa.${signature}`)) continue;
      this.#checked++;
      if (returned === undefined || !isSurelyBefore(returned, task.sent)) continue;
      this.#findings.add(
        `${nameOfSession(session)}: ${task.command} of frame ${task.frame} was carried out at naa.${signature}, whose layout its initiator had returned in frame ${returned.frame}`,
        [returned.frame, ...task.frames],
        `naa.${signature}`,
      );
    }
  }

  conclude(): Conclusion | undefined {
    if (this.#findings.count === 0 && this.#checked === 0) return undefined;
    return this.#findings.conclude(
      `${this.#checked} writes by opens and layouts, each by who might`,
    );
  }
}
