/** Link error counters and port lists: RLS, RPS, RPL, RPSC. */
import {
  codec,
  derived,
  embed,
  fcId,
  flags,
  type Infer,
  list,
  named,
  of,
  optional,
  reserved8,
  reserved16,
  reserved24,
  reservedBytes,
  struct,
  u8,
  u16,
  u24,
  u32,
  u64,
  when,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { PortSpeed } from './descriptor-codes.ts';
import { acceptHead, commandCode, head, plainRequest } from './parts.ts';

/** Link error status block of a Fibre Channel port. Shape: 24 bytes. Source: FC-FS-3, LESB. */
export const lesb = codec('link error status block', 'FC-FS-3, link error status block', {
  linkFailures: u32,
  lossesOfSynchronization: u32,
  lossesOfSignal: u32,
  primitiveSequenceErrors: u32,
  invalidTransmissionWords: u32,
  invalidCrcs: u32,
});
/** What `lesb` decodes. */
export type Lesb = Infer<typeof lesb>;

/** The same block as an FCoE port fills it. Shape: 24 bytes. Source: FC-BB-5, 7.10. */
export const fcoeLesb = codec('FCoE link error status block', 'FC-BB-5, FCoE LESB', {
  linkFailures: u32,
  virtualLinkFailures: u32,
  missedFipKeepAlives: u32,
  symbolErrors: u32,
  erroredBlocks: u32,
  fcsErrors: u32,
});
/** What `fcoeLesb` decodes. */
export type FcoeLesb = Infer<typeof fcoeLesb>;

/** Read link error status. Shape: 8 bytes. Source: FC-LS-3, RLS. */
export const rls = codec(
  'RLS',
  'FC-LS-3, RLS',
  { ...head(ElsCommand.RLS), reserved2: reserved8, portId: fcId },
  'RLS',
);
/** What `rls` decodes. */
export type Rls = Infer<typeof rls>;
/** Accept of RLS. Shape: 28 bytes. Source: FC-LS-3, RLS. */
export const rlsAccept = codec(
  'LS_ACC to RLS',
  'FC-LS-3, RLS accept',
  { ...acceptHead, lesb: struct(lesb) },
  'LS_ACC RLS',
);
/** What `rlsAccept` decodes. */
export type RlsAccept = Infer<typeof rlsAccept>;

/** How RPS names the port. Source: FC-LS-3, RPS flag. */
export const RpsPortSelection = {
  D_ID: 0x00,
  PHYSICAL_PORT_NUMBER: 0x01,
  PORT_NAME: 0x02,
} as const;

/** Read port status. Shape: 12 bytes; `portSelection` means what `flag` says. Source: FC-LS-3, RPS. */
export const rps = codec(
  'RPS',
  'FC-LS-3, RPS',
  {
    command: commandCode(ElsCommand.RPS),
    reserved1: reserved16,
    flag: named(u8, RpsPortSelection),
    portSelection: withDefault(u64, 0n),
  },
  'RPS',
);
/** What `rps` decodes. */
export type Rps = Infer<typeof rps>;

/** State of a port. Source: FC-LS-3, RPS port status. */
export const PortStatus = {
  POINT_TO_POINT: 0x20,
  LOOP: 0x10,
  FABRIC_DETECTED: 0x08,
  LOSS_OF_SIGNAL: 0x04,
  LOSS_OF_SYNCHRONIZATION: 0x02,
  LINK_RESET_IN_PROGRESS: 0x01,
} as const;
/** What an RPS accept holds. Source: FC-LS-3, RPS accept. */
export const RpsAcceptFlags = { L_PORT_EXTENSION_VALID: 0x01 } as const;

/** Loop counters of RPS. Shape: 32 bytes. Source: FC-LS-3, RPS L_Port extension. */
export const lPortExtension = codec('L_Port extension', 'FC-LS-3, RPS accept', {
  reserved1: reserved16,
  lPortStatus: u16,
  reserved2: reserved24,
  lipAlPs: u8,
  lipF7Initiated: u32,
  lipF7Received: u32,
  lipF8Initiated: u32,
  lipF8Received: u32,
  lipResetInitiated: u32,
  lipResetReceived: u32,
});
/** What `lPortExtension` decodes. */
export type LPortExtension = Infer<typeof lPortExtension>;

/** Accept of RPS. Shape: 32 bytes, 64 with the L_Port extension. Source: FC-LS-3, RPS. */
export const rpsAccept = codec(
  'LS_ACC to RPS',
  'FC-LS-3, RPS accept',
  {
    command: commandCode(ElsCommand.LS_ACC),
    reserved1: reserved16,
    flags: withDefault(flags(u8, RpsAcceptFlags), 0),
    reserved2: reserved16,
    portStatus: flags(u16, PortStatus),
    lesb: struct(lesb),
    lPortExtension: optional(
      when<{ flags: number }>((v) => (v.flags & RpsAcceptFlags.L_PORT_EXTENSION_VALID) !== 0),
      embed(lPortExtension),
    ),
  },
  'LS_ACC RPS',
);
/** What `rpsAccept` decodes. */
export type RpsAccept = Infer<typeof rpsAccept>;

/** Read port list. Shape: 12 bytes. Units: `maxSizeWords` 32-bit words. Source: FC-LS-3, RPL. */
export const rpl = codec(
  'RPL',
  'FC-LS-3, RPL',
  {
    command: commandCode(ElsCommand.RPL),
    reserved1: reservedBytes(5),
    maxSizeWords: withDefault(u16, 0),
    reserved2: reserved8,
    index: withDefault(u24, 0),
  },
  'RPL',
);
/** What `rpl` decodes. */
export type Rpl = Infer<typeof rpl>;

/** One port of a port list. Shape: 16 bytes. Source: FC-LS-3, RPL port number block. */
export const portNumberBlock = codec('port number block', 'FC-LS-3, RPL accept', {
  physicalPortNumber: u32,
  reserved1: reserved8,
  portId: fcId,
  portName: wwn,
});
/** What `portNumberBlock` decodes. */
export type PortNumberBlock = Infer<typeof portNumberBlock>;

/**
 * Accept of RPL.
 *
 * Shape: 12 bytes and 16 per port. `listLength` counts the ports of the node, of which those from
 * `index` on are here.
 * Source: FC-LS-3, RPL accept.
 */
export const rplAccept = codec(
  'LS_ACC to RPL',
  'FC-LS-3, RPL accept',
  {
    command: commandCode(ElsCommand.LS_ACC),
    reserved1: reserved8,
    payloadLengthBytes: derived(u16, (_value, sizeOf) => 12 + sizeOf('ports')),
    reserved2: reserved8,
    listLength: derived(u24, (value) => (Array.isArray(value.ports) ? value.ports.length : 0)),
    reserved3: reserved8,
    index: withDefault(u24, 0),
    ports: list(portNumberBlock, { mayBeCut: true }),
  },
  'LS_ACC RPL',
);
/** What `rplAccept` decodes. */
export type RplAccept = Infer<typeof rplAccept>;

/** Report port speed capabilities. Shape: 4 bytes. Source: FC-LS-3, RPSC. */
export const rpsc = plainRequest('RPSC');
/** What `rpsc` decodes. */
export type Rpsc = Infer<typeof rpsc>;

/** Speeds of one port. Shape: 4 bytes. Source: FC-LS-3, RPSC accept. */
export const portSpeedEntry = codec('port speed entry', 'FC-LS-3, RPSC accept', {
  capabilities: flags(u16, PortSpeed),
  operatingSpeed: flags(u16, PortSpeed),
});
/** What `portSpeedEntry` decodes. */
export type PortSpeedEntry = Infer<typeof portSpeedEntry>;

/** Accept of RPSC. Shape: 4 bytes and 4 per port. Source: FC-LS-3, RPSC accept. */
export const rpscAccept = codec(
  'LS_ACC to RPSC',
  'FC-LS-3, RPSC accept',
  {
    command: commandCode(ElsCommand.LS_ACC),
    reserved1: reserved8,
    entryCount: derived(u16, (_value, sizeOf) => sizeOf('entries') / 4),
    entries: list(portSpeedEntry, {
      count: of<{ entryCount: number }>((value) => value.entryCount),
    }),
  },
  'LS_ACC RPSC',
);
/** What `rpscAccept` decodes. */
export type RpscAccept = Infer<typeof rpscAccept>;
