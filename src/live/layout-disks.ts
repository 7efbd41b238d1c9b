/**
 * The disks behind files of which a file server gives out layouts: it keeps them for those who have registered for one, and shuts
 * out who has lost its own.
 *
 * The file server is an initiator of its own array for that, as one beside the array would be: it holds a reservation for registrants only,
 * and preempts the key of a client with all that is under way by it. Source: RFC 8154 (fencing); SPC-5, PERSISTENT RESERVE OUT.
 *
 * Ownership: it owns its login at the array, a new one after each loss of power.
 */
import type { StorageArray } from '../array/storage-array.ts';
import { escapeText } from '../codecs/layout/index.ts';
import {
  cdb,
  lunField,
  PersistentReserveOut,
  persistentReserveOutList,
  ReservationType,
  ScsiStatus,
  TaskAttribute,
} from '../codecs/scsi/index.ts';
import { deviceOf, type InitiatorPort, iscsiInitiatorPort } from '../history/port-name.ts';
import type { Instant } from '../machine/machine.ts';
import type { NfsNode } from '../port/nfs/file-system.ts';
import type { BlockLayoutOptions } from '../port/nfs4/layout-handlers.ts';
import type { LogicalUnit } from '../scsi/target/logical-unit.ts';
import type { Nexus } from '../scsi/target/nexus.ts';
import type { Reply } from '../scsi/transport.ts';
import type { LogRecord } from './log.ts';

/** What they are disks of. */
export interface LayoutDisksOwner {
  readonly array: StorageArray;
  /** What the plan calls each unit. */
  readonly unitNames: readonly string[];
  actOnArray(work: (array: StorageArray, now: Instant) => void): void;
  log(level: LogRecord['level'], event: string, text: string, fields?: object): void;
}

/** By which the array knows the file server. */
const OWN_PORT = iscsiInitiatorPort('iqn.2026-01.com.example:nfs-server', new Uint8Array(6));
/** The key of the file server: `sanmotio`. Those of clients are numbers of theirs. */
const OWN_KEY = 0x7361_6e6d_6f74_696fn;
/** Registrants read and write, others do neither, as Linux reserves it (fs/nfsd/blocklayout.c). */
const TYPE = ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY;
/** Unit attentions that one command lives through. */
const TRIES_MAX = 10;
/** Clients whose ports are remembered behind their registrations. */
const REMEMBERED_MAX = 1024;

const textOf = (owner: Uint8Array): string => escapeText(String.fromCharCode(...owner));

/** Disks of an array that clients of its file server may go to. */
export class LayoutDisks {
  readonly #owner: LayoutDisksOwner;
  /** Ports that clients registered from, by their keys: a key that was preempted is registered no more. */
  readonly #ports = new Map<bigint, InitiatorPort>();
  #nexus: Nexus | undefined;
  #tag = 0;

  constructor(owner: LayoutDisksOwner) {
    this.#owner = owner;
  }

  /** What the file server asks of them. */
  get options(): BlockLayoutOptions {
    return {
      kind: 'scsi',
      deviceOf: (node) => {
        const unit = this.#unitOf(node);
        return unit === undefined ? undefined : { naa: unit.luId, storageOffset: 0n };
      },
      admit: (node) => this.#withUnit(node, (unit) => this.#reserve(unit)),
      fence: (node, _owner, key) => this.#withUnit(node, (unit) => this.#preempt(unit, key)),
      initiatorOf: (_owner, key) => this.#portOf(key),
      told: (node, owner, state) => {
        const name = textOf(owner);
        const level = state === 'revoked' ? 'warn' : 'info';
        const text = `layout of ${node.name}: ${state}, ${name}`;
        this.#owner.log(level, `layout-${state}`, text, { file: node.name, client: name });
      },
    };
  }

  #unitOf({ file }: NfsNode): LogicalUnit | undefined {
    return this.#owner.array.device.units.find(({ luName }) => luName === file?.luName);
  }

  #withUnit(node: NfsNode, work: (unit: LogicalUnit) => void): void {
    const unit = this.#unitOf(node);
    if (unit === undefined) return;
    this.#owner.actOnArray((array, now) => array.handleElsewhere(now, () => work(unit)));
  }

  #reserve(unit: LogicalUnit): void {
    const { reservations } = unit;
    const { REGISTER_AND_IGNORE_EXISTING_KEY, RESERVE } = PersistentReserveOut;
    if (reservations.reservation?.holder.initiatorPort === OWN_PORT) return;
    const reply =
      this.#command(unit, REGISTER_AND_IGNORE_EXISTING_KEY, 0n, OWN_KEY) ??
      this.#command(unit, RESERVE, OWN_KEY, 0n);
    if (reply === undefined) return;
    const name = this.#owner.unitNames[unit.index];
    const text = `${name} is reserved by others: who has no layout of it can be shut out by nobody`;
    this.#owner.log('error', 'layout-unreserved', text, { unit: name });
  }

  #preempt(unit: LogicalUnit, key: bigint): void {
    // Who it is that has lost its layout is asked for behind this.
    this.#portOf(key);
    this.#command(unit, PersistentReserveOut.PREEMPT_AND_ABORT, OWN_KEY, key);
  }

  #portOf(key: bigint): InitiatorPort | undefined {
    const { units } = this.#owner.array.device;
    const registered = units
      .flatMap(({ reservations }) => reservations.registrations)
      .find((one) => one.key === key)?.pair.initiatorPort;
    if (registered === undefined) return this.#ports.get(key);
    this.#ports.set(key, registered);
    if (this.#ports.size > REMEMBERED_MAX) this.#ports.delete(this.#ports.keys().next().value!);
    return registered;
  }

  /** A service action of PERSISTENT RESERVE OUT; `undefined` where it is done, else what refuses it. */
  #command(unit: LogicalUnit, serviceAction: number, key: bigint, actionKey: bigint) {
    const list = persistentReserveOutList.encode({
      reservationKey: key,
      serviceActionReservationKey: actionKey,
      aptpl: 0,
    });
    const bytes = cdb.encode({
      kind: 'PERSISTENT RESERVE OUT',
      serviceAction: serviceAction as (typeof PersistentReserveOut)['REGISTER'],
      type: TYPE,
      parameterListLengthBytes: list.length,
    });
    for (let tries = 1; ; tries++) {
      const reply = this.#execute(unit, bytes, list);
      if (reply?.status === ScsiStatus.GOOD) return undefined;
      if (reply?.status !== ScsiStatus.CHECK_CONDITION || tries === TRIES_MAX) return { reply };
    }
  }

  #execute(unit: LogicalUnit, bytes: Uint8Array, list: Uint8Array): Reply | undefined {
    let answer: Reply | undefined;
    this.#login()?.submit(
      { lun: lunField(unit.index), tag: ++this.#tag, attribute: TaskAttribute.SIMPLE, cdb: bytes },
      {
        enabled: (task) => {
          answer = task.run(list);
        },
        answered: (_, reply) => {
          answer = reply;
        },
        cleared: () => {},
      },
    );
    return answer;
  }

  /** Its login, which sees every unit by its place. */
  #login(): Nexus | undefined {
    if (this.#nexus?.live === true) return this.#nexus;
    const { array } = this.#owner;
    const { device } = array;
    device.setMask(
      deviceOf(OWN_PORT),
      device.units.map((lu) => ({ lun: lu.index, lu })),
    );
    this.#nexus = device.nexusBegan(OWN_PORT, 0, 0);
    if (this.#nexus !== undefined)
      array.emit({ type: 'nexus', state: 'began', nexus: this.#nexus.name });
    return this.#nexus;
  }
}
