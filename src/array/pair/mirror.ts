/**
 * Commands of a unit with two legs. Who leads runs a command on its own leg, has the other leg changed as well, and only
 * then answers; who does not lead reads its own leg, and hands what changes blocks to the other array. Commands that
 * touch the same blocks follow each other, so that both legs have all changes in one order.
 *
 * Ownership: a pair owns its mirror, the mirror the order of commands and the maps of where legs may differ.
 */
import { cdb, ScsiStatus, SenseCode, SenseKey } from '../../codecs/scsi/index.ts';
import type { LegsDiffer, PairState } from '../../history/pair.ts';
import { BLOCK_BYTES, type Medium } from '../../scsi/medium/medium.ts';
import { findCommand } from '../../scsi/target/commands/index.ts';
import type { LogicalUnit } from '../../scsi/target/logical-unit.ts';
import { Task } from '../../scsi/target/nexus.ts';
import { BUSY, checkCondition } from '../../scsi/target/reply.ts';
import type { CommandMirror, Reply, TargetTask } from '../../scsi/transport.ts';
import { Difference } from './difference.ts';
import { type BlockChange, MirroredMedium } from './mirrored-medium.ts';
import type { PeerAnswer, PeerCommand } from './peer-link.ts';
import { type Span, WriteOrder } from './write-order.ts';

/** Blocks that are copied or zeroed by one command. */
const BLOCKS_AT_ONCE = 1024;

/** LUNs by which an array sees what the other has for it: one that takes records, then a leg and a way in for each unit. */
export const RECORD_LUN = 0;
/** The LUN of a unit's leg. */
export const legLun = (unit: number): number => 1 + 2 * unit;
/** The LUN by which a unit is changed through the array that leads. */
export const forwardLun = (unit: number): number => 2 + 2 * unit;

/** What a mirror needs of its pair. */
export interface MirrorOwner {
  readonly state: PairState;
  readonly leads: boolean;
  readonly serves: boolean;
  readonly refuses: boolean;
  readonly isJoined: boolean;
  /** Tells the commands of one time in which the arrays were together from those of another. */
  readonly epoch: number;
  send(command: PeerCommand, done: (answer: PeerAnswer) => void): void;
  emit(event: LegsDiffer): void;
  /** The other array did not answer. */
  lost(why: string): void;
  /** Everything that was missing has been copied. */
  copied(): void;
  /** A host has asked this array, which does not lead, to change blocks. */
  forwarded(): void;
}

/** A unit with two legs. */
export interface MirroredUnit {
  /** As hosts see it. */
  readonly lu: LogicalUnit;
  readonly medium: MirroredMedium;
  readonly leg: Medium;
  readonly differs: Difference;
}

/** What a logical unit of the array is to the mirror. */
type Role = { readonly kind: 'hosts' | 'forward' | 'leg'; readonly unit: number };

/** A change whose answer waits for the other leg. */
interface Open {
  readonly unit: number;
  readonly changes: readonly BlockChange[];
  readonly finish: (answers: boolean) => void;
}

/** Runs the commands of mirrored units. */
export class Mirror implements CommandMirror {
  readonly #owner: MirrorOwner;
  readonly units: MirroredUnit[] = [];
  readonly #roles = new Map<unknown, Role>();
  #order = new WriteOrder();
  /** Commands whose turn it is, and that wait until the arrays stand otherwise. */
  #held: (() => void)[] = [];
  /** The intent log: what may be on one leg only, and has not been answered. */
  readonly open = new Set<Open>();
  #copying = false;
  /** While the lead goes over nothing begins. */
  #still: (() => void) | undefined;

  constructor(owner: MirrorOwner) {
    this.#owner = owner;
  }

  /** A unit for hosts; `forward` and `leg` are how the other array sees it. */
  add(lu: LogicalUnit, forward: LogicalUnit, leg: LogicalUnit): void {
    const unit = this.units.length;
    const { medium } = lu;
    if (!(medium instanceof MirroredMedium)) throw new TypeError('this unit has one leg');
    this.units.push({ lu, medium, leg: leg.medium, differs: new Difference(medium.blocks) });
    this.#roles.set(lu, { kind: 'hosts', unit });
    this.#roles.set(forward, { kind: 'forward', unit });
    this.#roles.set(leg, { kind: 'leg', unit });
  }

  /** What stood on the medium of an array that has lost its power: an open change may be on one leg only. */
  resumeFrom(lost: Mirror): void {
    for (const [i, { differs }] of this.units.entries()) {
      for (const { blocks, lba } of lost.units[i]!.differs.runs()) differs.set(lba, blocks);
    }
    for (const { changes, unit } of lost.open) this.#mark(unit, changes);
  }

  /** Regions in which the legs may differ. */
  get differs(): number {
    const regions = this.units.reduce((sum, one) => sum + one.differs.size, 0);
    return regions + this.open.size;
  }

  // --- commands

  run(task: TargetTask, dataOut: Uint8Array | undefined, respond: (reply: Reply) => void): void {
    const role = task instanceof Task ? this.#roles.get(task.lu) : undefined;
    const command = task instanceof Task ? findCommand(task.request.cdb) : undefined;
    if (role === undefined || command === undefined || !(task instanceof Task)) {
      respond(task.run(dataOut));
      return;
    }
    const changes = command.changesMedium;
    const decoded = command.codec.decode(task.request.cdb, 0, command.codec.headBytes);
    const range = command.range?.(decoded);
    if (range === undefined && !changes) {
      respond(task.run(dataOut));
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

  /** A leg is changed by the other array only, and only in the time in which it was sent: a late one finds another. */
  #isOfNow({ request }: Task): boolean {
    const { epoch, leads, state } = this.#owner;
    if (state === 'detached' || state === 'source' || leads) return false;
    return (request.cdb[GROUP_NUMBER_BYTE]! & GROUP_NUMBER_MASK) === (epoch & GROUP_NUMBER_MASK);
  }

  #admit(one: Admitted): void {
    const { changes, dataOut, release, respond, role, task } = one;
    const { leads, refuses, serves } = this.#owner;
    if (task.state !== 'enabled') {
      release();
      return;
    }
    if (refuses) {
      respond(task.end(UNAVAILABLE));
      release();
      return;
    }
    if (!serves || this.#still !== undefined) {
      this.#held.push(() => this.#admit(one));
      return;
    }
    if (!leads && role.kind === 'forward') {
      respond(task.end(BUSY));
      release();
    } else if (changes && !leads) this.#forward(one);
    else {
      const reply = task.run(dataOut);
      this.#replicate(role.unit, this.units[role.unit]!.medium.take(), (answers) => {
        if (answers) respond(reply);
        release();
      });
    }
  }

  /** The other array leads: it changes both legs, and says how that went. */
  #forward(one: Admitted): void {
    const { dataOut, release, respond, role, task } = one;
    this.#owner.forwarded();
    const command = { lun: forwardLun(role.unit), cdb: task.request.cdb, dataOut, takesBusy: true };
    this.#owner.send(command, (answer) => {
      if (task.state !== 'enabled') release();
      else if (answer.end === 'lost') {
        // Nobody knows whether it was carried out: what blocks hold then does not matter to a write.
        this.#owner.lost('it did not say how a command ended');
        this.#admit(one);
      } else if (answer.status === ScsiStatus.BUSY) {
        // The lead has gone over meanwhile.
        this.#admit(one);
      } else {
        const { sense, status } = answer;
        respond(task.end(sense.length === 0 ? { status } : { status, sense }));
        release();
      }
    });
  }

  /** `finish` is called once: with true when the change is where it must be. */
  #replicate(
    unit: number,
    changes: readonly BlockChange[],
    finish: (answers: boolean) => void,
  ): void {
    if (changes.length === 0) {
      finish(true);
      return;
    }
    const { differs } = this.units[unit]!;
    const isBehind = changes.some(({ blocks, lba }) => differs.meets(lba, blocks));
    if (!this.#owner.isJoined || isBehind) {
      this.#mark(unit, changes);
      finish(true);
      return;
    }
    const open: Open = { unit, changes, finish };
    this.open.add(open);
    let waiting = changes.length;
    for (const change of changes) {
      this.#changeLeg(unit, change, (done) => {
        waiting--;
        if (!this.open.has(open)) return;
        if (!done) this.#owner.lost('it did not confirm a change of its leg');
        else if (waiting === 0) {
          this.open.delete(open);
          finish(true);
          this.#settled();
        }
      });
    }
  }

  /** Changes the other leg; `done` hears whether that was confirmed. */
  #changeLeg(unit: number, change: BlockChange, done: (confirmed: boolean) => void): void {
    const { blocks, data, lba } = change;
    const count = Math.min(blocks, BLOCKS_AT_ONCE);
    const groupNumber = this.#owner.epoch & GROUP_NUMBER_MASK;
    const part = data?.subarray(0, count * BLOCK_BYTES) ?? new Uint8Array(count * BLOCK_BYTES);
    const bytes = cdb.encode({
      kind: 'WRITE(16)',
      lba: BigInt(lba),
      transferLengthBlocks: count,
      groupNumber,
    });
    this.#owner.send({ lun: legLun(unit), cdb: bytes, dataOut: part }, (answer) => {
      if (answer.end !== 'answered' || answer.status !== ScsiStatus.GOOD) done(false);
      else if (count === blocks) done(true);
      else {
        const rest = data?.subarray(count * BLOCK_BYTES);
        this.#changeLeg(unit, { lba: lba + count, blocks: blocks - count, data: rest }, done);
      }
    });
  }

  /** Blocks that the other leg may lack. */
  #mark(unit: number, changes: readonly BlockChange[]): void {
    const { differs, lu } = this.units[unit]!;
    for (const { blocks, lba } of changes) differs.set(lba, blocks);
    const runs = changes.map(({ blocks, lba }) => ({ lba, blocks }));
    this.#owner.emit({ type: 'legs-differ', state: 'set', luName: lu.luName, runs });
  }

  // --- what the pair says

  /** The arrays stand otherwise: what was held goes on, or is refused. */
  changed(): void {
    const { isJoined, refuses, serves, state } = this.#owner;
    if (state === 'detached' || state === 'source') this.#closeOpen(true);
    else if (refuses) this.#closeOpen(false);
    if (state === 'in-sync') this.#clearAll();
    if (isJoined || serves || refuses) this.#goOn();
  }

  /** What waits for the other leg waits no more: it is noted, and answered where this leg goes on. */
  #closeOpen(answers: boolean): void {
    const all = [...this.open];
    this.open.clear();
    for (const { changes, finish, unit } of all) {
      this.#mark(unit, changes);
      finish(answers);
    }
  }

  #clearAll(): void {
    for (const { differs, lu } of this.units) {
      const runs = differs.runs();
      if (runs.length === 0) continue;
      differs.clearAll();
      this.#owner.emit({ type: 'legs-differ', state: 'clear', luName: lu.luName, runs });
    }
  }

  #goOn(): void {
    const held = this.#held;
    this.#held = [];
    for (const run of held) run();
  }

  /** `run` is called when nothing is under way; nothing begins before `goOn`. */
  standStill(run: () => void): void {
    this.#still = run;
    this.#settled();
  }

  /** Commands begin again. */
  goOn(): void {
    this.#still = undefined;
    this.#goOn();
  }

  #settled(): void {
    if (this.#still === undefined || this.open.size > 0) return;
    this.#still();
  }

  // --- what the other leg lacks

  /** The maps of all units, one behind the other, as the other array asks for them. */
  maps(): Uint8Array {
    const maps = this.units.map(({ differs }) => differs.encode());
    const all = new Uint8Array(maps.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const map of maps) {
      all.set(map, at);
      at += map.length;
    }
    return all;
  }

  /** What the other array knows to differ is missing there as well. */
  joinMaps(bytes: Uint8Array): void {
    let at = 0;
    for (const { differs, lu } of this.units) {
      differs.join(bytes.subarray(at, at + differs.bytes));
      at += differs.bytes;
      const runs = differs.runs();
      if (runs.length > 0)
        this.#owner.emit({ type: 'legs-differ', state: 'set', luName: lu.luName, runs });
    }
  }

  /** Copies what the other leg lacks, region by region, as long as the other is there. */
  copy(): void {
    if (this.#copying || this.#owner.state !== 'source') return;
    const unit = this.units.findIndex(({ differs }) => differs.size > 0);
    if (unit < 0) {
      this.#owner.copied();
      return;
    }
    this.#copying = true;
    const { differs, leg } = this.units[unit]!;
    const region = differs.first!;
    const { blocks, lba } = differs.runOf(region);
    this.#order.enter({ unit, lba, blocks, changes: true }, (release) => {
      const change = { lba, blocks, data: leg.read(lba, blocks) };
      this.#changeLeg(unit, change, (confirmed) => {
        this.#copying = false;
        if (confirmed && this.#owner.state === 'source') this.copiedRegion(unit, region);
        release();
        if (confirmed) this.copy();
        else this.#owner.lost('it did not confirm what was copied');
      });
    });
  }

  /** A region is equal on both legs. */
  copiedRegion(unit: number, region: number): void {
    const { differs, lu } = this.units[unit]!;
    const runs = [differs.runOf(region)];
    differs.clear(region);
    this.#owner.emit({ type: 'legs-differ', state: 'clear', luName: lu.luName, runs });
  }
}

/** A command whose turn it is. */
interface Admitted {
  readonly task: Task;
  readonly dataOut: Uint8Array | undefined;
  readonly respond: (reply: Reply) => void;
  readonly release: () => void;
  readonly role: Role;
  readonly changes: boolean;
}

/** GROUP NUMBER of WRITE(16): the place of a byte that targets do not look at. Source: SBC-4. */
const GROUP_NUMBER_BYTE = 14;
const GROUP_NUMBER_MASK = 0x3f;

const UNAVAILABLE = checkCondition(SenseKey.NOT_READY, SenseCode.TARGET_PORT_IN_UNAVAILABLE_STATE);
/** A change of a leg by who may not change it now. */
const NOT_NOW = checkCondition(SenseKey.NOT_READY, SenseCode.NOT_READY_OFFLINE);
