/**
 * Keeps the access states of logical units up to date: REPORT TARGET PORT GROUPS when something says
 * that they have changed, and again and again while a path serves nothing.
 *
 * Source: Linux scsi_dh_alua (`alua_check_sense`, `alua_rtpg`) and multipathd's checker loop.
 */
import { CodecError } from '../../codecs/layout/index.ts';
import { AccessState, cdb, ScsiStatus } from '../../codecs/scsi/index.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { CommandOutcome } from '../transport.ts';
import {
  ACCESS_REPORT_BYTES,
  type AccessReport,
  ASK_FOR_ACCESS,
  readAccessReport,
  tierOf,
} from './access.ts';
import type { Multipath, Path } from './multipath.ts';
import { judgeSense } from './sense-action.ts';

/** Between two looks at a path that serves nothing: `polling_interval` of multipathd. */
export const CHECK_PERIOD_NS: Instant = 5 * SECOND;
/** The same while a group is in transition: ALUA_RTPG_RETRY_DELAY of Linux. */
export const TRANSITION_CHECK_NS: Instant = 2 * SECOND;
/** Time for an answer: ALUA_FAILOVER_TIMEOUT of Linux is longer than any answer takes. */
const ASK_TIMEOUT_NS = 60 * SECOND;
/** Unit attentions that one question lives through at once. */
const TRIES_MAX = 6;

/** What a checker needs around it. */
export interface CheckerOwner {
  readonly now: Instant;
  after(delayNs: number, run: () => void): Timer;
  /** Access states of a logical unit's paths may be others now. */
  accessChanged(luName: string): void;
}

interface Unit {
  /** A question is under way; `again`: another is to follow. */
  asking: boolean;
  again: boolean;
  check: Timer | undefined;
  /** Since when, and for how long at most, a group is in transition. */
  transitionSince: Instant | undefined;
  transitionNs: Instant;
}

/** Looks after the access states of the paths of one owner. */
export class PathChecker {
  readonly #multipath: Multipath;
  readonly #owner: CheckerOwner;
  readonly #units = new Map<string, Unit>();
  #ended = false;

  constructor(multipath: Multipath, owner: CheckerOwner) {
    this.#multipath = multipath;
    this.#owner = owner;
  }

  /** Nothing is asked any more. */
  end(): void {
    this.#ended = true;
    for (const { check } of this.#units.values()) check?.cancel();
  }

  /** The access states may be others now: asks for them. */
  ask(luName: string): void {
    const unit = this.#unit(luName);
    unit.again = true;
    if (!unit.asking) this.#begin(luName, unit);
  }

  /** A command was refused because of the state of its path's group, which is asked for anew. */
  refused(luName: string, { group }: Path, state: number): void {
    if (group !== undefined) this.#takeOver(luName, [{ id: group, state }]);
    this.ask(luName);
  }

  /** A target has said how a logical unit's groups are. */
  learn(luName: string, { groups, transitionNs }: AccessReport): void {
    const unit = this.#unit(luName);
    unit.transitionNs = transitionNs;
    if (groups.every(({ state }) => state !== AccessState.TRANSITIONING)) {
      unit.transitionSince = undefined;
    }
    this.#takeOver(luName, groups);
    this.#checkLater(luName);
  }

  #unit(luName: string): Unit {
    let unit = this.#units.get(luName);
    if (unit === undefined) {
      unit = {
        asking: false,
        again: false,
        check: undefined,
        transitionSince: undefined,
        transitionNs: ASK_TIMEOUT_NS,
      };
      this.#units.set(luName, unit);
    }
    return unit;
  }

  /** A group that is in transition for too long is no better than one in standby. */
  #takeOver(luName: string, groups: AccessReport['groups']): void {
    const { now } = this.#owner;
    const unit = this.#unit(luName);
    if (groups.some(({ state }) => state === AccessState.TRANSITIONING)) {
      unit.transitionSince ??= now;
    }
    const isOver =
      unit.transitionSince !== undefined && now - unit.transitionSince >= unit.transitionNs;
    this.#multipath.learn(
      luName,
      groups.map(({ id, state }) => ({
        id,
        state: isOver && state === AccessState.TRANSITIONING ? AccessState.STANDBY : state,
      })),
    );
  }

  #begin(luName: string, unit: Unit): void {
    unit.check?.cancel();
    unit.check = undefined;
    const [path] = this.#multipath.pathsTo(luName);
    unit.again = false;
    if (path === undefined) {
      // A path that comes back is scanned, which asks too.
      return;
    }
    unit.asking = true;
    this.#send(path, TRIES_MAX, (report) => {
      unit.asking = false;
      if (this.#ended) return;
      if (report !== undefined) {
        this.learn(luName, report);
        this.#owner.accessChanged(luName);
      } else this.#checkLater(luName, true);
      if (unit.again) this.#begin(luName, unit);
    });
  }

  /** Looks again after a while, as long as a path serves nothing. */
  #checkLater(luName: string, always = false): void {
    const unit = this.#unit(luName);
    unit.check?.cancel();
    unit.check = undefined;
    const states = this.#multipath.statesOf(luName);
    if (this.#ended || (!always && states.every((state) => tierOf(state) >= 0))) return;
    const isInTransition = states.includes(AccessState.TRANSITIONING);
    unit.check = this.#owner.after(isInTransition ? TRANSITION_CHECK_NS : CHECK_PERIOD_NS, () =>
      this.ask(luName),
    );
  }

  #send(path: Path, tries: number, done: (report: AccessReport | undefined) => void): void {
    path.nexus.execute({
      lun: path.lun,
      cdb: cdb.encode(ASK_FOR_ACCESS),
      dataInBytes: ACCESS_REPORT_BYTES,
      timeoutNs: ASK_TIMEOUT_NS,
      onDone: (outcome) => {
        if (tries > 1 && isPassing(outcome)) this.#send(path, tries - 1, done);
        else done(this.#reportOf(path, outcome));
      },
    });
  }

  #reportOf(path: Path, outcome: CommandOutcome): AccessReport | undefined {
    if (outcome.end !== 'answered' || outcome.status !== ScsiStatus.GOOD) return undefined;
    try {
      return readAccessReport(outcome.data);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      path.nexus.contradiction(error.message);
      return undefined;
    }
  }
}

/** A unit attention: asked again, the answer is another. */
function isPassing(outcome: CommandOutcome): boolean {
  if (outcome.end !== 'answered' || outcome.status !== ScsiStatus.CHECK_CONDITION) return false;
  const { retry, access } = judgeSense(outcome.sense);
  return retry && access === undefined;
}
