/** Reservations as far as the PERSISTENT RESERVE traffic of a capture shows them. */

import { type FcHeader, fcHeader } from '../../codecs/fc/index.ts';
import { formatLun } from '../../codecs/fcp/index.ts';
import { type Frame, layerOf, layerValue } from '../../codecs/frame/index.ts';
import { nameOf } from '../../codecs/layout/index.ts';
import { PersistentReserveOut, ReservationType } from '../../codecs/scsi/index.ts';
import { remember } from '../ledger/remember.ts';
import { exchangeIdOf } from '../seen/exchange.ts';
import type { ExchangeRow } from '../seen/exchange-row.ts';
import { type NamedPort, namedPort, type PortHolder, type PortNames } from './port-names.ts';

/** Actions and units that are kept. */
const ROWS_MAX = 10_000;
/** Requests under way that are remembered. */
const OPEN_MAX = 1_000;

/** A request that concerns a reservation, and its answer. */
export interface ReservationAction {
  readonly frame: number;
  readonly initiator: NamedPort;
  readonly target: NamedPort;
  readonly lun: string;
  /** `REGISTER`, `RESERVE`, `PREEMPT AND ABORT`, `RESERVE(6)`. */
  readonly action: string;
  /** `WRITE EXCLUSIVE REGISTRANTS ONLY`; `undefined` where the action has none. */
  readonly type: string | undefined;
  /** Hex digits; `undefined` where the parameter list is not in the capture. */
  readonly key: string | undefined;
  readonly serviceActionKey: string | undefined;
  readonly status: string | undefined;
}

/** A target port and the LUN by which a unit is reached there. */
export interface UnitPort {
  readonly fabric: string;
  readonly target: NamedPort;
  readonly lun: string;
}

/** How a unit stands at the end, by its accepted requests. `fabric`, `target` and `lun`: its first port. */
export interface ReservationState extends UnitPort {
  /** `naa.…`; `undefined` where no look of the capture tells it: then each target port has a row. */
  readonly identity: string | undefined;
  /** Every port that was asked about it. */
  readonly ports: readonly UnitPort[];
  readonly holder:
    | {
        readonly initiator: NamedPort;
        /** The target port through which it holds. */
        readonly target: NamedPort;
        readonly type: string | undefined;
      }
    | undefined;
  /** Initiators with a key, once for each target port through which they registered. */
  readonly registered: readonly {
    readonly initiator: NamedPort;
    readonly target: NamedPort;
    readonly key: string;
  }[];
  /** RESERVATION CONFLICTs that the unit answered. */
  readonly conflicts: number;
}

/** Finds the name of the unit that a command was for, where a look has told it. */
export type UnitNamer = (row: ExchangeRow) => string | undefined;

interface Asked {
  serviceAction: number | undefined;
  type: number | undefined;
  key: bigint | undefined;
  newKey: bigint | undefined;
}

/** The two ports of a nexus. A registration belongs to their names, under whatever address they log in. */
interface Nexus {
  readonly key: string;
  readonly initiator: PortHolder;
  readonly target: PortHolder;
}

interface Unit {
  readonly identity: string | undefined;
  readonly ports: Map<string, UnitPort>;
  /** By nexus. */
  readonly keys: Map<string, { readonly nexus: Nexus; readonly key: bigint }>;
  holder: { readonly nexus: Nexus; readonly type: string | undefined } | undefined;
  conflicts: number;
}

const { REGISTER, REGISTER_AND_IGNORE_EXISTING_KEY, RESERVE, RELEASE, CLEAR } =
  PersistentReserveOut;
const { PREEMPT, PREEMPT_AND_ABORT } = PersistentReserveOut;
const TYPED: ReadonlySet<number | undefined> = new Set([
  RESERVE,
  RELEASE,
  PREEMPT,
  PREEMPT_AND_ABORT,
]);
const OLD: ReadonlySet<string> = new Set([
  'RESERVE(6)',
  'RESERVE(10)',
  'RELEASE(6)',
  'RELEASE(10)',
]);

const inWords = (name: string): string => name.replaceAll('_', ' ');
const hexKey = (key: bigint | undefined): string | undefined => key?.toString(16).padStart(16, '0');

/** Follows reservations through a capture: they belong to a unit, by whatever port it is reached. */
export class CapturedReservations {
  readonly #names: PortNames;
  readonly #unitName: UnitNamer;
  readonly #asked = new Map<string, Asked>();
  readonly #units = new Map<string, Unit>();
  readonly #actions: (ReservationAction & { readonly order: number })[] = [];

  constructor(names: PortNames, unitName: UnitNamer = () => undefined) {
    this.#names = names;
    this.#unitName = unitName;
  }

  /** Takes a frame: a PERSISTENT RESERVE OUT, or its parameter list. */
  take(frame: Frame, fabric: string): void {
    if (frame.exchange?.command?.name !== 'PERSISTENT RESERVE OUT') return;
    const header = layerValue(frame, fcHeader);
    const value = layerOf(frame, 'scsi')?.value as Record<string, unknown> | undefined;
    if (header === undefined || value === undefined) return;
    const key = keyOf(fabric, header);
    if (value.kind === 'PERSISTENT RESERVE OUT') {
      const { serviceAction, type } = value as { serviceAction?: number; type?: number };
      const asked = { serviceAction, type, key: undefined, newKey: undefined };
      remember(this.#asked, key, asked, OPEN_MAX);
      return;
    }
    const asked = this.#asked.get(key);
    if (asked === undefined) return;
    asked.key = value.reservationKey as bigint | undefined;
    asked.newKey = value.serviceActionReservationKey as bigint | undefined;
  }

  /** Takes an exchange that has ended. */
  exchange(row: ExchangeRow): void {
    const { kind, command, status, lun } = row;
    if (kind !== 'fcp' || lun === undefined) return;
    if (status === 'RESERVATION_CONFLICT') this.#unitOf(row).conflicts++;
    if (OLD.has(command)) this.#old(row);
    else if (command === 'PERSISTENT RESERVE OUT') this.#out(row);
  }

  #unitOf(row: ExchangeRow): Unit {
    const { fabric, responder } = row;
    const target = namedPort(this.#names.of(fabric, responder));
    const lun = formatLun(row.lun!);
    const identity = this.#unitName(row);
    const port = `${fabric} ${target.wwpn ?? target.nPortId} ${lun}`;
    const key = identity ?? port;
    let unit = this.#units.get(key);
    if (unit === undefined) {
      unit = { identity, ports: new Map(), keys: new Map(), holder: undefined, conflicts: 0 };
      remember(this.#units, key, unit, ROWS_MAX);
    }
    if (!unit.ports.has(port)) unit.ports.set(port, { fabric, target, lun });
    return unit;
  }

  #note(row: ExchangeRow, action: string, asked?: Asked): void {
    if (this.#actions.length >= ROWS_MAX) return;
    const { fabric, originator, responder, lun, firstFrame, status } = row;
    const type =
      asked === undefined || !TYPED.has(asked.serviceAction) ? undefined : typeName(asked.type);
    this.#actions.push({
      order: firstFrame,
      frame: firstFrame,
      initiator: namedPort(this.#names.of(fabric, originator)),
      target: namedPort(this.#names.of(fabric, responder)),
      lun: formatLun(lun!),
      action,
      type,
      key: hexKey(asked?.key),
      serviceActionKey: hexKey(asked?.newKey),
      status: status === undefined ? undefined : inWords(status),
    });
  }

  #old(row: ExchangeRow): void {
    this.#note(row, row.command);
    if (row.status !== 'GOOD') return;
    const unit = this.#unitOf(row);
    const nexus = this.#nexusOf(row);
    if (row.command.startsWith('RESERVE')) unit.holder = { nexus, type: row.command };
    else if (isHolder(unit, nexus)) unit.holder = undefined;
  }

  #out(row: ExchangeRow): void {
    const { fabric, originator, responder, oxId } = row;
    const key = `${fabric} ${originator} ${responder} ${oxId}`;
    const asked = this.#asked.get(key);
    this.#asked.delete(key);
    const name = nameOf(PersistentReserveOut, asked?.serviceAction ?? -1);
    this.#note(row, name === undefined ? 'PERSISTENT RESERVE OUT' : inWords(name), asked);
    if (row.status === 'GOOD' && asked !== undefined)
      apply(this.#unitOf(row), this.#nexusOf(row), asked);
  }

  /** What was asked, in the order of the capture. */
  actions(): ReservationAction[] {
    return [...this.#actions]
      .sort((a, b) => a.order - b.order)
      .map(({ order: _order, ...action }) => action);
  }

  #nexusOf({ fabric, originator, responder }: ExchangeRow): Nexus {
    const initiator = this.#names.of(fabric, originator);
    const target = this.#names.of(fabric, responder);
    const nameOfPort = ({ nPortId, wwpn }: NamedPort): string => wwpn ?? `${fabric} ${nPortId}`;
    return { initiator, target, key: `${nameOfPort(initiator)} ${nameOfPort(target)}` };
  }

  /** Units with a registration, a reservation or a conflict. */
  states(): ReservationState[] {
    return [...this.#units.values()].map(({ identity, ports, keys, holder, conflicts }) => {
      const places = [...ports.values()];
      return {
        ...places[0]!,
        identity,
        ports: places,
        holder: holder && { ...endsOf(holder.nexus), type: holder.type },
        registered: [...keys.values()].map(({ key, nexus }) => ({
          ...endsOf(nexus),
          key: hexKey(key)!,
        })),
        conflicts,
      };
    });
  }
}

const endsOf = ({ initiator, target }: Nexus) => ({
  initiator: namedPort(initiator),
  target: namedPort(target),
});

const isHolder = ({ holder }: Unit, nexus: Nexus): boolean => holder?.nexus.key === nexus.key;

const keyOf = (fabric: string, header: FcHeader): string => {
  const { originator, responder, oxId } = exchangeIdOf(header);
  return `${fabric} ${originator} ${responder} ${oxId}`;
};

function typeName(type: number | undefined): string | undefined {
  if (type === undefined) return undefined;
  const name = nameOf(ReservationType, type);
  return name === undefined ? `type ${type}` : inWords(name);
}

/** A request was accepted. Source: SPC-5, persistent reservations. */
function apply(unit: Unit, nexus: Nexus, asked: Asked): void {
  const { serviceAction, type, newKey } = asked;
  switch (serviceAction) {
    case REGISTER:
    case REGISTER_AND_IGNORE_EXISTING_KEY:
      if (newKey === undefined) return;
      if (newKey !== 0n) unit.keys.set(nexus.key, { nexus, key: newKey });
      else {
        unit.keys.delete(nexus.key);
        if (isHolder(unit, nexus)) unit.holder = undefined;
      }
      return;
    case RESERVE:
      unit.holder = { nexus, type: typeName(type) };
      return;
    case RELEASE:
      if (isHolder(unit, nexus)) unit.holder = undefined;
      return;
    case CLEAR:
      unit.keys.clear();
      unit.holder = undefined;
      return;
    case PREEMPT:
    case PREEMPT_AND_ABORT:
      preempt(unit, nexus, asked);
      return;
    default:
  }
}

/** The reservation passes on where its holder's key is the one that is preempted. */
function preempt(unit: Unit, nexus: Nexus, { type, newKey }: Asked): void {
  if (newKey === undefined) return;
  const { holder } = unit;
  const takes = holder !== undefined && unit.keys.get(holder.nexus.key)?.key === newKey;
  const own = nexus.key;
  for (const [id, { key }] of unit.keys) if (key === newKey && id !== own) unit.keys.delete(id);
  if (takes) unit.holder = { nexus, type: typeName(type) };
}
