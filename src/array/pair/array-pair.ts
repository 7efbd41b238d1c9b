/**
 * One array of a pair that keeps units together: a leg of each here, the other there, one identity for both.
 *
 * The way between them is made of frames: this array is the other's initiator. It sees there one unit that takes
 * records (`record.ts`), and two for each that both keep: its leg, which is changed only by who leads, and a way in for
 * what hosts asked of the array that does not lead.
 *
 * Ownership: an array owns its side of the pair, the side its link, its standing and its mirror.
 */
import type { Wwn } from '../../codecs/layout/index.ts';
import { AccessState, cdb, ScsiStatus } from '../../codecs/scsi/index.ts';
import type {
  ChangeSettled,
  LegsDiffer,
  PairChanged,
  PairState,
  WitnessAnswered,
  WitnessAsked,
} from '../../history/pair.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { AdapterOptions } from '../../port/adapter.ts';
import type { LportState } from '../../port/n-port/fabric-login.ts';
import { BLOCK_BYTES } from '../../scsi/medium/medium.ts';
import type { AccessStateChange } from '../../scsi/target/alua.ts';
import type { LogicalUnit } from '../../scsi/target/logical-unit.ts';
import type { Task } from '../../scsi/target/nexus.ts';
import type { ScsiTarget } from '../../scsi/target/scsi-target.ts';
import { Mirror, RECORD_LUN } from './mirror.ts';
import { PeerLink } from './peer-link.ts';
import type { PeerIscsiOptions } from './peer-sessions.ts';
import { decodeRecord, encodeRecord, type PairRecord } from './record.ts';
import { RecordMedium } from './record-medium.ts';
import { SharedReservations } from './shared-reservations.ts';
import { Standing, type StandingOptions } from './standing.ts';

/** When the lead goes over: never by itself, when hosts ask the other array for more, or by SET TARGET PORT GROUPS there too. */
export const LEAD_RULES = ['stays', 'follows-io', 'follows-hosts'] as const;
/** One of `LEAD_RULES`. */
export type LeadRule = (typeof LEAD_RULES)[number];

/** What an array is told of its pair. */
export interface PairOptions extends StandingOptions {
  /** Ports by which it is the other's initiator. */
  readonly ports: readonly (AdapterOptions & { readonly wwpn: Wwn })[];
  /** Names of the other's target ports. */
  readonly peerPorts: readonly Wwn[];
  /** RELATIVE TARGET PORT IDENTIFIER of the first of them. */
  readonly peerFirstPortId: number;
  /** Where the way to the other is a LAN; it has no `ports` and `peerPorts` then. */
  readonly iscsi?: PeerIscsiOptions;
  /** Target port groups here and there. */
  readonly groups: readonly number[];
  readonly peerGroups: readonly number[];
  readonly lead: LeadRule;
  /** Says when changes are answered: where no guest tells of that, histories of both arrays show by it what must not be lost. */
  readonly tellsAnswers?: boolean;
  /** Rule `follows-io`: so many changes in a row that hosts asked this array for. */
  readonly leadAfterIos: number;
}

/** What a side of a pair needs of its array. */
export interface ArrayPairOwner {
  readonly name: string;
  readonly device: ScsiTarget;
  readonly now: Instant;
  after(delayNs: number, run: () => void): Timer;
  emit(event: PairChanged | LegsDiffer | ChangeSettled | WitnessAsked): void;
  portChanged(port: number, state: LportState, reason: string): void;
  refused(port: number, what: string): void;
}

/** One side of a pair. */
export class ArrayPair {
  readonly options: PairOptions;
  readonly link: PeerLink;
  readonly standing: Standing;
  readonly mirror: Mirror;
  readonly reservations: SharedReservations;
  readonly #owner: ArrayPairOwner;
  /** The unit that takes records. */
  record = new RecordMedium();
  /** How the other array sees each unit. */
  readonly #behind: (readonly [LogicalUnit, LogicalUnit])[] = [];
  #started = false;
  /** Changes that were handed to the other since it last changed something of its own. */
  #forwarded = 0;

  constructor(options: PairOptions, owner: ArrayPairOwner) {
    this.options = options;
    this.#owner = owner;
    this.link = new PeerLink(
      {
        get now() {
          return owner.now;
        },
        after: (delayNs, run) => owner.after(delayNs, run),
        portChanged: (...told) => owner.portChanged(...told),
      },
      options.peerPorts,
      options.silenceNs,
    );
    this.standing = this.#makeStanding();
    this.mirror = this.#makeMirror();
    this.reservations = this.#makeReservations();
    this.record.pair = this;
  }

  #makeStanding(): Standing {
    const pair = this;
    return new Standing(this.options, {
      get now() {
        return pair.#owner.now;
      },
      get differs() {
        return pair.mirror.otherLeg.differs;
      },
      get reserved() {
        return pair.reservations.states.blocks;
      },
      share: (done) => pair.#share(done),
      after: (delayNs, run) => pair.#owner.after(delayNs, run),
      tell: (record, done) => pair.#tell(record, done),
      askWitness: (question) => pair.#owner.emit(question),
      refused: (what) => pair.#owner.refused(0, what),
      entered: (state, detail) => pair.#entered(state, detail),
      leadChanged: (detail) => pair.#leadChanged(detail),
      mayCopy: () => pair.#beginCopy(),
      peerIsEmpty: () => pair.mirror.otherLeg.markAll(),
    });
  }

  #makeMirror(): Mirror {
    const { link, standing } = this;
    return new Mirror({
      standing,
      send: (command, done) => link.send(command, done),
      emit: (event) => this.#owner.emit(event),
      settled: (task, answers) => this.#tellSettled(task, answers),
      forwarded: () => this.#noteForwarded(),
      takes: (...command) => this.reservations.takes(...command),
    });
  }

  #makeReservations(): SharedReservations {
    const { link, mirror, standing } = this;
    const owner = this.#owner;
    return new SharedReservations(
      {
        get device() {
          return owner.device;
        },
        standing,
        send: (command, done) => link.send(command, done),
        refused: (what) => owner.refused(0, what),
      },
      mirror,
    );
  }

  /** Before both are in sync. */
  #share(done: (shared: boolean) => void): void {
    this.reservations.states.share(this.standing.theirReserved, done);
  }

  /** Its links are up: signs of life begin. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.standing.start();
  }

  /** The side of the array that this one takes the place of, after a loss of power. */
  resumeFrom(lost: ArrayPair): void {
    for (const [i, { lu }] of lost.mirror.units.entries()) {
      const [forward, leg] = lost.#behind[i]!;
      this.addUnit(lu, forward, leg);
    }
    this.record = lost.record;
    this.record.pair = this;
    this.mirror.otherLeg.resumeFrom(lost.mirror.otherLeg);
    const { state } = lost.standing;
    this.reservations.states.resumeFrom(
      lost.reservations.states,
      state === 'detached' || state === 'source',
    );
    this.standing.resumeFrom(lost.standing);
  }

  /** A unit for hosts, and how the other array sees it. */
  addUnit(lu: LogicalUnit, forward: LogicalUnit, leg: LogicalUnit): void {
    this.#behind.push([forward, leg]);
    this.mirror.add(lu, forward, leg);
    this.reservations.states.add();
  }

  /** What the witness says. */
  handleWitness(answer: WitnessAnswered): void {
    this.standing.handleWitness(answer);
  }

  // --- records

  #tell(record: PairRecord, done: (answered: boolean) => void): void {
    const bytes = cdb.encode({ kind: 'WRITE(16)', lba: 0n, transferLengthBlocks: 1 });
    this.link.send({ lun: RECORD_LUN, cdb: bytes, dataOut: encodeRecord(record) }, (answer) =>
      done(answer.end === 'answered' && answer.status === ScsiStatus.GOOD),
    );
  }

  /** The other array has written a record. */
  handleRecord(block: Uint8Array): void {
    const record = decodeRecord(block);
    if (record === undefined) {
      this.#owner.refused(0, 'the other array of the pair has written a record that is none');
      return;
    }
    this.standing.handleRecord(record);
    if (record.asks) this.giveLead();
  }

  /** The maps that the other asks for, in whole blocks. */
  mapBlocks(): Uint8Array {
    const maps = this.mirror.otherLeg.maps();
    const blocks = Math.ceil(maps.length / BLOCK_BYTES);
    const bytes = new Uint8Array(blocks * BLOCK_BYTES);
    bytes.set(maps);
    return bytes;
  }

  /** What is reserved, in whole blocks. */
  stateBlocks(): Uint8Array {
    return this.reservations.states.encode();
  }

  /** The other has stopped to serve: what it knows to differ is asked for, then copying begins. */
  #beginCopy(): void {
    this.#share((shared) => {
      if (this.standing.state !== 'source') return;
      if (shared) this.#askForMaps();
      else this.standing.lost('it did not take the reservations over');
    });
  }

  #askForMaps(): void {
    const blocks = this.mapBlocks().length / BLOCK_BYTES;
    const bytes = cdb.encode({ kind: 'READ(16)', lba: 1n, transferLengthBlocks: blocks });
    const dataInBytes = blocks * BLOCK_BYTES;
    this.link.send({ lun: RECORD_LUN, cdb: bytes, dataInBytes }, (answer) => {
      if (this.standing.state !== 'source') return;
      if (answer.end !== 'answered' || answer.data.length < dataInBytes) {
        this.standing.lost('it did not say what it lacks');
        return;
      }
      this.mirror.otherLeg.joinMaps(answer.data);
      this.mirror.copy();
    });
  }

  // --- the lead

  /** The other is to lead from now on: what is under way ends first. Nothing happens where this one does not lead. */
  giveLead(): void {
    const { mirror, standing } = this;
    if (!standing.leads || standing.state !== 'in-sync') return;
    mirror.standStill(() => {
      if (standing.state === 'in-sync' && standing.leads) standing.giveLead(() => mirror.goOn());
      else mirror.goOn();
    });
  }

  /** Would like to lead: the other hears it with the next sign of life. */
  askForLead(): void {
    const { standing } = this;
    if (standing.leads || standing.state !== 'in-sync' || standing.asks) return;
    standing.asks = true;
    standing.tell();
  }

  #noteForwarded(): void {
    this.#forwarded++;
    const { lead, leadAfterIos } = this.options;
    if (lead !== 'follows-io' || this.#forwarded < leadAfterIos) return;
    this.#forwarded = 0;
    this.askForLead();
  }

  /** Hosts have set access states by SET TARGET PORT GROUPS. */
  accessAsked(group: number, state: number): void {
    const wants = this.options.groups.includes(group) && state === AccessState.ACTIVE_OPTIMIZED;
    if (wants && this.options.lead === 'follows-hosts') this.askForLead();
  }

  // --- what it tells

  #entered(state: PairState, detail: string): void {
    if (state === 'detached') this.reservations.states.wentAlone();
    this.#tellState(detail);
    this.#setAccess(state);
    this.mirror.changed();
  }

  #leadChanged(detail: string): void {
    this.#forwarded = 0;
    this.#tellState(detail);
    this.#setAccess(this.standing.state);
    this.mirror.changed();
  }

  #tellSettled({ lu, nexus, request }: Task, answers: boolean): void {
    if (this.options.tellsAnswers !== true || lu === undefined) return;
    const { lun, tag } = request;
    const { luName } = lu;
    this.#owner.emit({ type: 'change-settled', nexus: nexus.name, lun, tag, luName, answers });
  }

  #tellState(detail: string): void {
    const { generations, leads, state } = this.standing;
    this.#owner.emit({
      type: 'pair',
      state,
      leads,
      generation: generations[0]!,
      luNames: this.mirror.units.map(({ lu }) => lu.luName),
      detail,
    });
  }

  /** Groups here serve as far as this array may, those of the other as far as is known. */
  #setAccess(state: PairState): void {
    const { leads, refuses, serves } = this.standing;
    if (!serves && !refuses) return;
    const { ACTIVE_NON_OPTIMIZED, ACTIVE_OPTIMIZED, UNAVAILABLE } = AccessState;
    const own = !serves ? UNAVAILABLE : leads ? ACTIVE_OPTIMIZED : ACTIVE_NON_OPTIMIZED;
    const isThere = state === 'in-sync' || !serves;
    const there = !isThere ? UNAVAILABLE : leads ? ACTIVE_NON_OPTIMIZED : ACTIVE_OPTIMIZED;
    const wanted = [
      ...this.options.groups.map((groupId) => ({ groupId, state: own })),
      ...this.options.peerGroups.map((groupId) => ({ groupId, state: there })),
    ];
    for (const { lu } of this.mirror.units) {
      const changes: AccessStateChange[] = wanted.filter(
        (one) => lu.access.ofGroup(one.groupId)?.state !== one.state,
      );
      if (changes.length > 0) this.#owner.device.setAccessStates(lu, changes);
    }
  }
}
