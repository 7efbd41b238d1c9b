/**
 * Data of PERSISTENT RESERVE IN and parameter lists of PERSISTENT RESERVE OUT.
 *
 * Source: SPC-5, clause 6.
 */
import {
  codec,
  derived,
  embed,
  flags,
  type Infer,
  type InferInput,
  list,
  of,
  optional,
  reserved8,
  reserved16,
  reserved32,
  reservedBits,
  sized,
  type TailField,
  u16,
  u32,
  u64,
  when,
  withDefault,
} from '../layout/index.ts';
import { scopeAndType } from './cdb-management.ts';
import { option } from './parts.ts';
import { listOrNone } from './shape.ts';
import { type TransportIdField, transportId } from './transport-id.ts';

const cut = { mayBeCut: true } as const;
/** A reservation key: 8 bytes that the initiator chose. */
const key = { ...u64, format: (value: bigint) => `0x${value.toString(16)}` };

type Additional = { additionalLengthBytes: number };
const additional = <T, O extends boolean, I>(inner: TailField<T, O, I>) =>
  sized(
    of<Additional>((v) => v.additionalLengthBytes),
    inner,
    cut,
  );

/**
 * READ KEYS data: 8 bytes, then the keys, one for each registered I_T nexus.
 * Units: `additionalLengthBytes` counts all keys, also those cut off.
 */
export const readKeysData = codec('READ KEYS data', 'SPC-5, READ KEYS service action', {
  prgeneration: u32,
  additionalLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('keys')),
  keys: additional(listOrNone(list(key, cut))),
});
export type ReadKeysData = Infer<typeof readKeysData>;

const reservation = codec('Reservation descriptor', 'SPC-5, READ RESERVATION service action', {
  reservationKey: key,
  /** SCOPE-SPECIFIC ADDRESS. */
  obsolete1: reserved32,
  reserved1: reserved8,
  ...scopeAndType,
  /** EXTENT LENGTH. */
  obsolete2: reserved16,
});

/** READ RESERVATION data: 8 bytes, then 16 when there is a reservation. */
export const readReservationData = codec(
  'READ RESERVATION data',
  'SPC-5, READ RESERVATION service action',
  {
    prgeneration: u32,
    additionalLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('reservations')),
    reservations: additional(listOrNone(list(reservation, cut))),
  },
);
export type ReadReservationData = Infer<typeof readReservationData>;

/** PERSISTENT RESERVATION TYPE MASK. */
export const ReservationTypeMask = {
  WR_EX_AR: 0x8000,
  EX_AC_RO: 0x4000,
  WR_EX_RO: 0x2000,
  EX_AC: 0x0800,
  WR_EX: 0x0200,
  EX_AC_AR: 0x0001,
} as const;

/** REPORT CAPABILITIES data: 8 bytes. */
export const reportCapabilitiesData = codec(
  'REPORT CAPABILITIES data',
  'SPC-5, REPORT CAPABILITIES service action',
  {
    lengthBytes: withDefault(u16, 8),
    rlrC: option(1),
    reserved1: reservedBits(2),
    crh: option(1),
    sipC: option(1),
    atpC: option(1),
    reserved2: reservedBits(1),
    ptplC: option(1),
    tmv: option(1),
    allowCommands: option(3),
    reserved3: reservedBits(3),
    ptplA: option(1),
    typeMask: withDefault(flags(u16, ReservationTypeMask), 0),
    reserved4: reserved16,
  },
);
export type ReportCapabilitiesData = Infer<typeof reportCapabilitiesData>;

/** One registered I_T nexus: 24 bytes and the initiator port's TransportID. */
export const fullStatus = codec(
  'Full status descriptor',
  'SPC-5, READ FULL STATUS service action',
  {
    reservationKey: key,
    reserved1: reserved32,
    reserved2: reservedBits(6),
    allTgPt: option(1),
    rHolder: option(1),
    ...scopeAndType,
    reserved3: reserved32,
    relativeTargetPort: withDefault(u16, 0),
    additionalDescriptorLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('transportId')),
    transportId: sized(
      of<{ additionalDescriptorLengthBytes: number }>((v) => v.additionalDescriptorLengthBytes),
      embed(transportId),
      cut,
    ) as TransportIdField,
  },
);
export type FullStatus = Infer<typeof fullStatus>;

/** READ FULL STATUS data: 8 bytes, then a descriptor for each registered I_T nexus. */
export const readFullStatusData = codec(
  'READ FULL STATUS data',
  'SPC-5, READ FULL STATUS service action',
  {
    prgeneration: u32,
    additionalLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('descriptors')),
    descriptors: additional(listOrNone(list(fullStatus, cut))),
  },
);
export type ReadFullStatusData = Infer<typeof readFullStatusData>;

/**
 * PERSISTENT RESERVE OUT parameter list of all service actions but REGISTER AND MOVE.
 *
 * Shape: 24 bytes; with SPEC_I_PT, 4 more and TransportIDs.
 */
export const persistentReserveOutList = codec(
  'PERSISTENT RESERVE OUT parameter list',
  'SPC-5, PERSISTENT RESERVE OUT basic parameter list',
  {
    reservationKey: withDefault(key, 0n),
    serviceActionReservationKey: withDefault(key, 0n),
    /** SCOPE-SPECIFIC ADDRESS. */
    obsolete1: reserved32,
    reserved1: reservedBits(4),
    specIPt: option(1),
    allTgPt: option(1),
    reserved2: reservedBits(1),
    aptpl: option(1),
    reserved3: reserved8,
    /** EXTENT LENGTH. */
    obsolete2: reserved16,
    transportIdData: optional(
      when<{ specIPt: number }>((v) => v.specIPt === 1),
      embed(
        codec('TransportID list', 'SPC-5, PERSISTENT RESERVE OUT with SPEC_I_PT', {
          lengthBytes: derived(u32, (_v, sizeOf) => sizeOf('transportIds')),
          transportIds: sized(
            of<{ lengthBytes: number }>((v) => v.lengthBytes),
            list(transportId),
          ),
        }),
      ),
    ),
  },
);
export type PersistentReserveOutList = Infer<typeof persistentReserveOutList>;
export type PersistentReserveOutListInput = InferInput<typeof persistentReserveOutList>;

/** PERSISTENT RESERVE OUT parameter list of REGISTER AND MOVE: 24 bytes and a TransportID. */
export const registerAndMoveList = codec(
  'REGISTER AND MOVE parameter list',
  'SPC-5, REGISTER AND MOVE service action parameters',
  {
    reservationKey: key,
    serviceActionReservationKey: key,
    reserved1: reserved8,
    reserved2: reservedBits(6),
    unreg: option(1),
    aptpl: option(1),
    relativeTargetPort: u16,
    transportIdLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('transportId')),
    transportId: sized(
      of<{ transportIdLengthBytes: number }>((v) => v.transportIdLengthBytes),
      embed(transportId),
    ) as TransportIdField,
  },
);
export type RegisterAndMoveList = Infer<typeof registerAndMoveList>;
export type RegisterAndMoveListInput = InferInput<typeof registerAndMoveList>;
