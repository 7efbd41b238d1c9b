/** What the rules of one auditor share: bounds, places, and the ledgers that follow each thing once. */
import { type CommandName, type PairName, PlaceIndex, type Places } from '../history/index.ts';
import { BlockReadings } from './ledger/block-readings.ts';
import { Disturbances } from './ledger/disturbances.ts';
import { Excuses } from './ledger/excuses.ts';
import { FabricLogins } from './ledger/fabric-logins.ts';
import { FailedIos } from './ledger/failed-ios.ts';
import { GuestNames } from './ledger/guest-names.ts';
import { GuestStops } from './ledger/guest-stops.ts';
import { IoLedger } from './ledger/io-ledger.ts';
import { UnitIdentities } from './ledger/unit-identities.ts';
import { UnitReservations } from './ledger/unit-reservations.ts';
import { VolumeHistory } from './ledger/volume-history.ts';
import { Exchanges } from './seen/exchanges.ts';
import type { AuditBounds } from './verdict.ts';

/** What every rule is made with. */
export interface RuleContext {
  readonly bounds: AuditBounds;
  /** What happened before the first evidence is not known, as in a capture. */
  readonly partial: boolean;
  readonly places: PlaceIndex;
  readonly exchanges: Exchanges;
  readonly logins: FabricLogins;
  readonly readings: BlockReadings;
  readonly ios: IoLedger;
  readonly names: GuestNames;
  readonly reservations: UnitReservations;
  readonly excuses: Excuses;
  readonly failures: FailedIos;
  readonly disturbances: Disturbances;
  /** When guests were stopped for want of space. */
  readonly stops: GuestStops;
  /** What guests ask of volumes. */
  readonly volumes: VolumeHistory;
  /** What the frames of a capture tell of logical units. */
  readonly identities: UnitIdentities;
  /** The fabric of a nexus's target port; empty where that is not known. */
  fabricOf(pair: PairName): string;
  /** Frames of the exchange that carried a command. */
  framesOf(command: CommandName): readonly number[];
}

/** Ledgers with nothing in them. */
export function newContext(
  bounds: AuditBounds,
  places: Places,
  partial: boolean,
  identities: UnitIdentities = new UnitIdentities(),
): RuleContext {
  const index = new PlaceIndex(places);
  const exchanges = new Exchanges({ hasHistory: !partial });
  const readings = new BlockReadings((luName) => index.isCopy(luName));
  const disturbances = new Disturbances(index);
  const names = new GuestNames();
  const reservations = new UnitReservations(index, names);
  const { guestTimeoutNs } = bounds;
  const excuses = new Excuses({ disturbances, names, reservations, guestTimeoutNs });
  const fabricOf = ({ target }: PairName): string => index.placeOf(target)?.fabric ?? '';
  return {
    bounds,
    partial,
    places: index,
    exchanges,
    logins: new FabricLogins(index),
    readings,
    ios: new IoLedger(exchanges, index, readings),
    names,
    reservations,
    excuses,
    failures: new FailedIos(excuses),
    disturbances,
    stops: new GuestStops(),
    volumes: new VolumeHistory(),
    identities,
    fabricOf,
    framesOf: ({ nexus, tag }: CommandName) =>
      exchanges.framesOf(fabricOf(nexus), nexus.address, tag),
  };
}
