/**
 * VSI discovery in ECP frames (EtherType 8940h): how a hypervisor tells the bridge that a virtual
 * machine's interface comes, is here, or goes.
 * Source: IEEE 802.1Q, ECP and VDP; Wireshark epan/dissectors/packet-ecp.c.
 */
import {
  bit,
  bytes,
  codec,
  derived,
  family,
  flags,
  type Infer,
  type InferInput,
  list,
  named,
  rest,
  u8,
  u16,
  u24,
  withDefault,
} from '../layout/index.ts';
import { TLV_HEAD_BYTES, tlvAt } from './tlv.ts';

const SOURCE = 'IEEE 802.1Q, VDP';

/** ECP operations. */
export const EcpOperation = { Request: 0, Acknowledgement: 1 } as const;
/** ECP subtypes: who uses it. */
export const EcpSubtype = { VDP: 1, PECSP: 2 } as const;

/** VDP TLV types. */
export const VdpType = {
  'Pre-Associate': 1,
  'Pre-Associate with Resource Reservation': 2,
  Associate: 3,
  'De-Associate': 4,
  'VSI Manager ID': 5,
  'Organizationally Specific': 127,
} as const;

/** What a VSIID is. */
export const VsiidFormat = { IPv4: 1, IPv6: 2, MAC: 3, Local: 4, UUID: 5 } as const;
/** What identifies the interface's traffic. */
export const VdpFilterFormat = {
  VID: 1,
  'MAC/VID': 2,
  'GroupID/VID': 3,
  'GroupID/MAC/VID': 4,
} as const;

/** Flags of a request's status. M: migrating here; S: suspended here, to be migrated. */
export const VdpRequestFlags = { M: 0x01, S: 0x02 } as const;

const head = (type: number, fixed: number, key?: string) => ({
  type: withDefault(named(bit(7), VdpType), type),
  lengthBytes: derived(bit(9), (_, sizeOf) => fixed + (key === undefined ? 0 : sizeOf(key))),
});

const association = <const K extends string>(name: keyof typeof VdpType, kind: K) =>
  codec(
    `VDP ${name}`,
    SOURCE,
    {
      ...head(VdpType[name], 23, 'filterInfo'),
      status: withDefault(flags(u8, VdpRequestFlags), 0),
      vsiTypeId: u24,
      vsiTypeVersion: withDefault(u8, 0),
      vsiidFormat: named(u8, VsiidFormat),
      vsiid: bytes(16),
      filterFormat: named(u8, VdpFilterFormat),
      filterInfo: rest,
    },
    kind,
  );

/** The interface may come: is there room for it? */
export const vdpPreAssociate = association('Pre-Associate', 'preAssociate');
/** The interface will come: keep room for it. */
export const vdpPreAssociateReserve = association(
  'Pre-Associate with Resource Reservation',
  'preAssociateReserve',
);
/** The interface is here. */
export const vdpAssociate = association('Associate', 'associate');
/** The interface has gone. */
export const vdpDeAssociate = association('De-Associate', 'deAssociate');
/** Who knows what the VSI types are. */
export const vdpManagerId = codec(
  'VDP VSI Manager ID',
  SOURCE,
  { ...head(VdpType['VSI Manager ID'], 16), managerId: bytes(16) },
  'managerId',
);

/** Any VDP TLV. */
export const vdpTlv = family('VDP TLV', SOURCE, {
  members: {
    1: vdpPreAssociate,
    2: vdpPreAssociateReserve,
    3: vdpAssociate,
    4: vdpDeAssociate,
    5: vdpManagerId,
  },
  peekBytes: TLV_HEAD_BYTES,
  select(source, at) {
    const { type } = tlvAt(source, at);
    return type >= 1 && type <= 5 ? (type as 1) : undefined;
  },
  extent(source, at, end) {
    const { type, lengthBytes } = tlvAt(source, at);
    return type === 0 && lengthBytes === 0 ? end - at : TLV_HEAD_BYTES + lengthBytes;
  },
});
export type VdpTlv = Infer<typeof vdpTlv>;
export type VdpTlvInput = InferInput<typeof vdpTlv>;

/** Edge Control Protocol header. Shape: 4 bytes. */
export const ecp = codec('ECP', 'IEEE 802.1Q, ECP', {
  version: withDefault(bit(4), 1),
  operation: withDefault(named(bit(2), EcpOperation), EcpOperation.Request),
  subtype: withDefault(named(bit(10), EcpSubtype), EcpSubtype.VDP),
  sequence: u16,
});
export type Ecp = Infer<typeof ecp>;
export type EcpInput = InferInput<typeof ecp>;

/** VDP data unit: a manager ID and associations. Zeros that pad the frame are kept as unknown. */
export const vdpdu = codec('VDPDU', SOURCE, { tlvs: list(vdpTlv) });
export type Vdpdu = Infer<typeof vdpdu>;
export type VdpduInput = InferInput<typeof vdpdu>;
