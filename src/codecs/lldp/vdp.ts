/**
 * VSI discovery in ECP frames (EtherType 8940h): how a hypervisor tells the bridge that a virtual
 * machine's interface comes, is here, or goes.
 * Source: IEEE 802.1Q, ECP and VDP; Wireshark epan/dissectors/packet-ecp.c.
 */
import {
  bit,
  bytes,
  type Codec,
  codec,
  derived,
  family,
  type Infer,
  type InferInput,
  list,
  mac,
  named,
  nameOf,
  namesOf,
  of,
  optional,
  rest,
  u8,
  u16,
  u24,
  u32,
  when,
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
export const VdpRequestFlags = { M: 0x10, S: 0x20 } as const;
/** Bit of the status that tells an answer from a request. */
export const VDP_RESPONSE = 0x40;
/**
 * Flags of an answer's status. KEEP: the association before stays; HARD_ERROR: do not ask again.
 */
export const VdpResponseFlags = { HARD_ERROR: 0x10, KEEP: 0x20, RESPONSE: VDP_RESPONSE } as const;
/** Low 4 bits of an answer's status: why the bridge refused. */
export const VdpError = {
  Success: 0,
  'Invalid format': 1,
  'Insufficient resources': 2,
  'Unable to contact VSI manager': 3,
  'Other failure': 4,
  'Invalid VID, GroupID or MAC address': 5,
} as const;

const ERROR_MASK = 0x0f;

/** The status octet as a person reads it: what its bits mean depends on who sent it. */
function formatStatus(status: number): string {
  const hex = `0x${status.toString(16).padStart(2, '0')}`;
  const isResponse = (status & VDP_RESPONSE) !== 0;
  const words = namesOf(isResponse ? VdpResponseFlags : VdpRequestFlags, status);
  const error = status & ERROR_MASK;
  if (isResponse) words.push(nameOf(VdpError, error) ?? `error ${error}`);
  return words.length === 0 ? hex : `${hex} (${words.join(' ')})`;
}

/** VLAN of a filter entry. PS: `priority` counts. */
const vlan = {
  ps: withDefault(bit(1), 0),
  priority: withDefault(bit(3), 0),
  vid: bit(12),
} as const;
/** A filter entry of format VID. Shape: 2 bytes. */
export const vdpVidFilter = codec('VDP filter VID', SOURCE, vlan);
/** A filter entry of format MAC/VID. Shape: 8 bytes. */
export const vdpMacFilter = codec('VDP filter MAC/VID', SOURCE, { mac, ...vlan });
/** A filter entry of format GroupID/VID. Shape: 6 bytes. */
export const vdpGroupFilter = codec('VDP filter GroupID/VID', SOURCE, { groupId: u32, ...vlan });
/** A filter entry of format GroupID/MAC/VID. Shape: 12 bytes. */
export const vdpGroupMacFilter = codec('VDP filter GroupID/MAC/VID', SOURCE, {
  groupId: u32,
  mac,
  ...vlan,
});

type Filter = { filterFormat: number; filterEntryCount: number };
const ENTRY_LISTS = ['vids', 'macs', 'groups', 'groupMacs'] as const;

/** Entries of one filter format; those that are not all there stay in `filterInfo`. */
const entriesOf = <T, I>(format: number, entry: Codec<T, I>) =>
  optional(
    when<Filter>((v) => v.filterFormat === format),
    list(entry, { count: of<Filter>((v) => v.filterEntryCount), mayBeCut: true }),
  );

const filter = {
  filterFormat: named(u8, VdpFilterFormat),
  filterEntryCount: derived(u16, (value) =>
    ENTRY_LISTS.reduce((sum, key) => {
      const entries = value[key];
      return sum + (Array.isArray(entries) ? entries.length : 0);
    }, 0),
  ),
  vids: entriesOf(VdpFilterFormat.VID, vdpVidFilter),
  macs: entriesOf(VdpFilterFormat['MAC/VID'], vdpMacFilter),
  groups: entriesOf(VdpFilterFormat['GroupID/VID'], vdpGroupFilter),
  groupMacs: entriesOf(VdpFilterFormat['GroupID/MAC/VID'], vdpGroupMacFilter),
  /** What the format and the count do not explain. */
  filterInfo: rest,
} as const;

/** Bytes of an association between its length and its filter entries. */
const ASSOCIATION_BYTES = 25;

const association = <const K extends string>(name: keyof typeof VdpType, kind: K) =>
  codec(
    `VDP ${name}`,
    SOURCE,
    {
      type: withDefault(named(bit(7), VdpType), VdpType[name]),
      lengthBytes: derived(
        bit(9),
        (_, sizeOf) =>
          ASSOCIATION_BYTES +
          ENTRY_LISTS.reduce((sum, key) => sum + sizeOf(key), sizeOf('filterInfo')),
      ),
      status: withDefault({ ...u8, format: formatStatus }, 0),
      vsiTypeId: u24,
      vsiTypeVersion: withDefault(u8, 0),
      vsiidFormat: named(u8, VsiidFormat),
      vsiid: bytes(16),
      ...filter,
    },
    kind,
  );

/** The interface may come: is there room for it? Shape: 27 bytes and filter entries of 2 to 12. */
export const vdpPreAssociate = association('Pre-Associate', 'preAssociate');
/** The interface will come: keep room for it. Shape: 27 bytes and filter entries of 2 to 12. */
export const vdpPreAssociateReserve = association(
  'Pre-Associate with Resource Reservation',
  'preAssociateReserve',
);
/** The interface is here. Shape: 27 bytes and filter entries of 2 to 12. */
export const vdpAssociate = association('Associate', 'associate');
/** The interface has gone. Shape: 27 bytes and filter entries of 2 to 12. */
export const vdpDeAssociate = association('De-Associate', 'deAssociate');
const MANAGER_ID_BYTES = 16;
/** Who knows what the VSI types are. Shape: 18 bytes. */
export const vdpManagerId = codec(
  'VDP VSI Manager ID',
  SOURCE,
  {
    type: withDefault(named(bit(7), VdpType), VdpType['VSI Manager ID']),
    lengthBytes: withDefault(bit(9), MANAGER_ID_BYTES),
    managerId: bytes(MANAGER_ID_BYTES),
  },
  'managerId',
);

/**
 * Any VDP TLV.
 *
 * Shape: 2 bytes and `lengthBytes`.
 * Errors: `bad-length` for one that runs past the frame.
 */
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

/**
 * VDP data unit: a manager ID and associations. Zeros that pad the frame are kept as unknown.
 *
 * Shape: 18 bytes of manager ID, then associations of 27 bytes and more.
 */
export const vdpdu = codec('VDPDU', SOURCE, { tlvs: list(vdpTlv) });
export type Vdpdu = Infer<typeof vdpdu>;
export type VdpduInput = InferInput<typeof vdpdu>;
