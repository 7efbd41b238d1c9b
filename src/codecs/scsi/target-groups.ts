/**
 * Target port groups: what REPORT TARGET PORT GROUPS returns and SET TARGET PORT GROUPS sends.
 *
 * Source: SPC-5, clause 6.
 */
import {
  bit,
  codec,
  derived,
  family,
  flags,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  reserved8,
  reserved16,
  reserved32,
  reservedBits,
  sized,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { AccessState, AccessStatus, SupportedStates } from './access-state.ts';
import { option, optionByte } from './parts.ts';

const cut = { mayBeCut: true } as const;

const targetPort = codec('Target port descriptor', 'SPC-5, target port descriptor', {
  obsolete1: reserved16,
  relativeTargetPort: u16,
});

/** A group of target ports that share an access state: 8 bytes, then 4 for each port. */
export const targetPortGroup = codec(
  'Target port group descriptor',
  'SPC-5, target port group descriptor',
  {
    pref: option(1),
    reserved1: reservedBits(3),
    asymmetricAccessState: named(bit(4), AccessState),
    supportedStates: flags(u8, SupportedStates),
    targetPortGroup: u16,
    reserved2: reserved8,
    statusCode: withDefault(named(u8, AccessStatus), AccessStatus.NONE),
    vendorSpecific: optionByte,
    targetPortCount: derived(u8, (_v, sizeOf) => sizeOf('targetPorts') / 4),
    targetPorts: list(targetPort, {
      count: of<{ targetPortCount: number }>((v) => v.targetPortCount),
      mayBeCut: true,
    }),
  },
);
export type TargetPortGroup = Infer<typeof targetPortGroup>;

type Owner = { returnDataLengthBytes: number };
const groupsFrom = (headBytes: number) =>
  sized(
    of<Owner>((v) => Math.max(0, v.returnDataLengthBytes - headBytes)),
    list(targetPortGroup, cut),
    cut,
  );

const lengthOnly = codec(
  'REPORT TARGET PORT GROUPS data',
  'SPC-5, REPORT TARGET PORT GROUPS length only header',
  {
    returnDataLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('groups')),
    groups: groupsFrom(0),
  },
  'length only',
);

const EXTENDED_FORMAT = 1;
const EXTENDED_HEAD_BYTES = 4;

const extended = codec(
  'REPORT TARGET PORT GROUPS data, extended',
  'SPC-5, REPORT TARGET PORT GROUPS extended header',
  {
    returnDataLengthBytes: derived(u32, (_v, sizeOf) => EXTENDED_HEAD_BYTES + sizeOf('groups')),
    reserved1: reservedBits(1),
    formatType: withDefault(bit(3), EXTENDED_FORMAT),
    reserved2: reservedBits(4),
    implicitTransitionTimeSeconds: u8,
    reserved3: reserved16,
    groups: groupsFrom(EXTENDED_HEAD_BYTES),
  },
  'extended',
);

/**
 * REPORT TARGET PORT GROUPS data.
 *
 * Shape: 4 bytes (8 in the extended format, which the data itself tells), then groups.
 * Units: `returnDataLengthBytes` counts from byte 4, also what was cut off.
 */
export const targetPortGroupsData = family(
  'REPORT TARGET PORT GROUPS data',
  'SPC-5, REPORT TARGET PORT GROUPS',
  {
    members: { lengthOnly, extended },
    select: (bytes, at, end) =>
      end - at >= 8 && ((bytes[at + 4]! >> 4) & 0x7) === EXTENDED_FORMAT
        ? 'extended'
        : 'lengthOnly',
    peekBytes: 4,
  },
);
export type TargetPortGroupsData = Infer<typeof targetPortGroupsData>;
export type TargetPortGroupsDataInput = InferInput<typeof targetPortGroupsData>;

const setGroup = codec('Set target port group descriptor', 'SPC-5, SET TARGET PORT GROUPS', {
  reserved1: reservedBits(4),
  asymmetricAccessState: named(bit(4), AccessState),
  reserved2: reserved8,
  /** Or the relative target port of one port. */
  targetPortGroup: u16,
});

/** SET TARGET PORT GROUPS parameter list. Shape: 4 bytes, reserved, and 4 for each group. */
export const setTargetPortGroupsList = codec(
  'SET TARGET PORT GROUPS parameter list',
  'SPC-5, SET TARGET PORT GROUPS',
  { reserved1: reserved32, groups: list(setGroup) },
);
export type SetTargetPortGroupsList = Infer<typeof setTargetPortGroupsList>;
