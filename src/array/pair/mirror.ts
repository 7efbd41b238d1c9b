/**
 * Commands of a unit with two legs. Who leads runs a command on its own leg, has the other leg changed as well, and only
 * then answers; who does not lead reads its own leg, and hands what changes blocks to the other array. Commands that
 * touch the same blocks follow each other, so that both legs have all changes in one order.
 *
 * Ownership: a pair owns its mirror, the mirror the order of commands and what it knows of the other leg.
 */
import { ScsiStatus, SenseCode, SenseKey } from '../../codecs/scsi/index.ts';
import { findCommand } from '../../scsi/target/commands/index.ts';
import type { LogicalUnit } from '../../scsi/target/logical-unit.ts';
import { Task } from '../../scsi/target/nexus.ts';
import { BUSY, checkCondition } from '../../scsi/target/reply.ts';
import type { CommandMirror, Reply, TargetTask } from '../../scsi/transport.ts';
import { isMarked, marks } from './group-mark.ts';
import { MirroredMedium } from './mirrored-medium.ts';
import { type MirroredUnit, OtherLeg, type OtherLegOwner } from './other-leg.ts';
import type { PairStanding } from './standing.ts';
import { type Span, WriteOrder } from './write-order.ts';

/** The LUN by which an array sees the unit of the other that takes records; behind it a leg and a way in for each unit. */
export const RECORD_LUN = 0;
/** The LUN by which a unit is changed through the array that leads. */
const forwardLun = (unit: number): number => 2 + 2 * unit;

/** What a mirror needs of its pair. */
export interface MirrorOwner extends OtherLegOwner {
  readonly standing: PairStanding;
  /** What a command changed is where it must be, and it is answered now; or nobody answers it. */
  settled(task: Task, answers: boolean): void;
  /** A host has asked this array, which does not lead, to change blocks. */
  forwarded(): void;
  /** A command that is not about blocks; false where it is the unit's alone. `unit`: the place of one for hosts. */
  takes(task: Task, unit: number | undefined, dataOut: Uint8Array, respond: Respond): boolean;
}

/** Takes the answer of a command. */
export type Respond = (reply: Reply) => void;

/** What waits for the array to be able to run commands. */
export interface Waiting {
  /** Nobody waits for it any more. */
  readonly isOver: boolean;
  run(): void;
  /** Another array goes on. */
  refuse(): void;
  /** It is over. */
  drop(): void;
}

/** What a logical unit of the array is to the mirror. */
type Role = { readonly kind: 'hosts' | 'forward' | 'leg'; readonly unit: number };

/** Runs the commands of mirrored units. */
export class Mirror implements CommandMirror {
  readonly #owner: MirrorOwner;
  readonly otherLeg: OtherLeg;
  readonly #roles = new Map<unknown, Role>();
  readonly #order = new WriteOrder();
  /** Commands whose turn it is, and that wait until the arrays stand otherwise. */
  #held: (() => void)[] = [];
  /** While the lead goes over nothing begins. */
  #still: (() => void) | undefined;

  constructor(owner: MirrorOwner) {
    this.#owner = owner;
    this.otherLeg = new OtherLeg(owner);
    this.otherLeg.settled = () => this.#still?.();
  }

  /** The units that both arrays keep. */
  get units(): readonly MirroredUnit[] {
    return this.otherLeg.units;
  }

  /** A unit for hosts; `forward` and `leg` are how the other array sees it. */
  add(lu: LogicalUnit, forward: LogicalUnit, leg: LogicalUnit): void {
    const unit = this.units.length;
    const { medium } = lu;
    if (!(medium instanceof MirroredMedium)) throw new TypeError('this unit has one leg');
    this.otherLeg.add(lu, medium, leg.medium);
    this.#roles.set(lu, { kind: 'hosts', unit });
    this.#roles.set(forward, { kind: 'forward', unit });
    this.#roles.set(leg, { kind: 'leg', unit });
  }

  // --- commands

  run(task: TargetTask, dataOut: Uint8Array | undefined, respond: Respond): void {
    const command = task instanceof Task ? findCommand(task.request.cdb) : undefined;
    if (!(task instanceof Task) || command === undefined) {
      respond(task.run(dataOut));
      return;
    }
    const role = this.#roles.get(task.lu);
    const { changesMedium: changes, codec } = command;
    const range = role && command.range?.(codec.decode(task.request.cdb, 0, codec.headBytes));
    if (role === undefined || (range === undefined && !changes)) {
      const unit = role?.kind === 'hosts' ? role.unit : undefined;
      if (!this.#owner.takes(task, unit, dataOut ?? NO_BYTES, respond)) respond(task.run(dataOut));
      return;
    }
    if (role.kind === 'leg') {
      respond(this.#isOfNow(task) ? task.run(dataOut) : task.end(NOT_NOW));
      return;
    }
    const { lba, blocks } = range ?? { lba: 0, blocks: Number.POSITIVE_INFINITY };
    const span: Span = { unit: role.unit, lba, blocks, changes };
    this.#order.enter(span, (release) =>
      this.#admit({ task, dataOut, respond, release, role, changes }),
    );
  }

  /** Calls `run` behind everything that came before it to a unit; what comes later waits until it is released. */
  behindAll(unit: number, run: (release: () => void) => void): void {
    this.#order.enter({ unit, lba: 0, blocks: Number.POSITIVE_INFINITY, changes: true }, run);
  }

  /** Runs something, now or when commands run again; or not at all. */
  whenServing(one: Waiting): void {
    const { refuses, serves } = this.#owner.standing;
    if (one.isOver) one.drop();
    else if (refuses) one.refuse();
    else if (!serves || this.#still !== undefined) this.#held.push(() => this.whenServing(one));
    else one.run();
  }

  /** A leg is changed by the other array only, and only in the time in which it was sent: a late one finds another. */
  #isOfNow({ request }: Task): boolean {
    const { epoch, leads, state } = this.#owner.standing;
    if (state === 'detached' || state === 'source' || leads) return false;
    return isMarked(request.cdb, epoch);
  }

  #admit(one: Admitted): void {
    const { release, respond, task } = one;
    this.whenServing({
      get isOver() {
        return task.state !== 'enabled';
      },
      run: () => this.#runNow(one),
      refuse: () => {
        respond(task.end(UNAVAILABLE));
        release();
      },
      drop: release,
    });
  }

  #runNow(one: Admitted): void {
    const { changes, dataOut, release, respond, role, task } = one;
    const { leads } = this.#owner.standing;
    const isLate =
      role.kind === 'forward' && !isMarked(task.request.cdb, this.#owner.standing.theirFence);
    if (role.kind === 'forward' && (!leads || isLate)) {
      respond(task.end(BUSY));
      release();
    } else if (changes && !leads) this.#forward(one);
    else {
      const reply = task.run(dataOut);
      const made = this.units[role.unit]!.medium.take();
      this.otherLeg.replicate(role.unit, made, (answers) => {
        if (made.length > 0) this.#owner.settled(task, answers);
        if (answers) respond(reply);
        release();
      });
    }
  }

  /** The other array leads: it changes both legs, and says how that went. */
  #forward(one: Admitted): void {
    const { dataOut, release, respond, role, task } = one;
    this.#owner.forwarded();
    const marked = marks(task.request.cdb, this.#owner.standing.fence);
    const command = { lun: forwardLun(role.unit), cdb: marked, dataOut, takesBusy: true };
    this.#owner.send(command, (answer) => {
      if (task.state !== 'enabled') release();
      else if (answer.end === 'lost') {
        // Nobody knows whether it was carried out: what blocks hold then does not matter to a write.
        this.#owner.standing.gaveUp();
        this.#owner.standing.lost('it did not say how a command ended');
        this.#admit(one);
      } else if (answer.status === ScsiStatus.BUSY) {
        // The lead has gone over meanwhile, or the other has not heard yet what was given up.
        this.#admit(one);
      } else {
        const { sense, status } = answer;
        respond(task.end(sense.length === 0 ? { status } : { status, sense }));
        release();
      }
    });
  }

  // --- what the pair says

  /** The arrays stand otherwise: what was held goes on, or is refused. */
  changed(): void {
    const { isJoined, refuses, serves, state } = this.#owner.standing;
    if (state === 'detached' || state === 'source') this.otherLeg.closeOpen(true);
    else if (refuses) this.otherLeg.closeOpen(false);
    if (state === 'in-sync') this.otherLeg.clearAll();
    if (isJoined || serves || refuses) this.#goOn();
  }

  #goOn(): void {
    const held = this.#held;
    this.#held = [];
    for (const run of held) run();
  }

  /** `run` is called when nothing is under way; nothing begins before `goOn`. */
  standStill(run: () => void): void {
    this.#still = run;
    if (this.otherLeg.open.size === 0) run();
  }

  /** Commands begin again. */
  goOn(): void {
    this.#still = undefined;
    this.#goOn();
  }

  /** Copies what the other leg lacks. */
  copy(): void {
    this.otherLeg.copy(this.#order);
  }
}

/** A command whose turn it is. */
interface Admitted {
  readonly task: Task;
  readonly dataOut: Uint8Array | undefined;
  readonly respond: Respond;
  readonly release: () => void;
  readonly role: Role;
  readonly changes: boolean;
}

const NO_BYTES = new Uint8Array(0);

/** What is answered where another array goes on. */
export const UNAVAILABLE: Reply = checkCondition(
  SenseKey.NOT_READY,
  SenseCode.TARGET_PORT_IN_UNAVAILABLE_STATE,
);
/** A change by who may not make it now. */
export const NOT_NOW: Reply = checkCondition(SenseKey.NOT_READY, SenseCode.NOT_READY_OFFLINE);
