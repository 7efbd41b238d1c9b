/** Links between switches: ELP, ESC, EVFP. */
import { evfpMessage } from '../els/virtual-fabric.ts';
import {
  codec,
  derived,
  embed,
  flags,
  type Infer,
  list,
  named,
  of,
  optional,
  reserved8,
  reserved16,
  reservedBytes,
  rest,
  sized,
  struct,
  text,
  u8,
  u16,
  u32,
  when,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { SwIlsCommand } from './codes.ts';
import { acceptHead, commandCode, head } from './parts.ts';

/** What kind of port sends an ELP. Source: FC-SW-6, ELP flags. */
export const ElpFlags = { BRIDGE_PORT: 0x8000, VIRTUAL_FABRICS: 0x4000 } as const;
/** Service options of a class between switches. Source: FC-SW-6, ELP class parameters. */
export const ElpClassOptions = { VALID: 0x8000, SEQUENTIAL_DELIVERY: 0x0800 } as const;
/** Flags of class F. Source: FC-SW-6, ELP class F service parameters. */
export const ClassFFlags = { X_ID_INTERLOCK: 0x2000 } as const;
/** How frames are paced on the link. Source: FC-SW-6, ISL flow control mode. */
export const IslFlowControlMode = { VENDOR_UNIQUE: 0x0001, R_RDY: 0x0002, VC_RDY: 0x2000 } as const;

/** Class F service parameters. Shape: 16 bytes. Source: FC-SW-6, ELP. */
export const classFParameters = codec('class F service parameters', 'FC-SW-6, ELP', {
  options: flags(u16, ElpClassOptions),
  reserved1: reserved16,
  flags: withDefault(flags(u16, ClassFFlags), 0),
  receiveDataFieldSizeBytes: u16,
  concurrentSequences: u16,
  endToEndCredit: u16,
  openSequencesPerExchange: u16,
  reserved2: reserved16,
});
export type ClassFParameters = Infer<typeof classFParameters>;

/** Service parameters of class 1, 2 or 3. Shape: 4 bytes. Source: FC-SW-6, ELP. */
export const elpClassParameters = codec('ELP class parameters', 'FC-SW-6, ELP', {
  options: flags(u16, ElpClassOptions),
  receiveDataFieldSizeBytes: u16,
});
export type ElpClassParameters = Infer<typeof elpClassParameters>;

/** Flow control by R_RDY. Shape: 20 bytes. Source: FC-SW-6, ELP. */
export const rRdyParameters = codec('R_RDY flow control parameters', 'FC-SW-6, ELP', {
  bbCredit: u32,
  compatibility1: withDefault(u32, 0),
  compatibility2: withDefault(u32, 0),
  compatibility3: withDefault(u32, 0),
  compatibility4: withDefault(u32, 0),
});
export type RRdyParameters = Infer<typeof rRdyParameters>;

type FlowControl = { islFlowControlMode: number; flowControlLengthBytes: number };
const R_RDY_BYTES = 20;
const isRRdy = (value: FlowControl): boolean =>
  value.islFlowControlMode === IslFlowControlMode.R_RDY &&
  value.flowControlLengthBytes >= R_RDY_BYTES;

const noClass: ElpClassParameters = { options: 0, receiveDataFieldSizeBytes: 0 };
const REVISION = 3;

const linkParameters = {
  revision: withDefault(u8, REVISION),
  flags: withDefault(flags(u16, ElpFlags), 0),
  bbScN: withDefault(u8, 0),
  rATovMs: u32,
  eDTovMs: u32,
  portName: wwn,
  switchName: wwn,
  classF: struct(classFParameters),
  class1: withDefault(struct(elpClassParameters), noClass),
  class2: withDefault(struct(elpClassParameters), noClass),
  class3: withDefault(struct(elpClassParameters), noClass),
  reserved2: reservedBytes(20),
  islFlowControlMode: withDefault(named(u16, IslFlowControlMode), IslFlowControlMode.R_RDY),
  flowControlLengthBytes: derived(
    u16,
    (_value, sizeOf) => sizeOf('rRdy') + sizeOf('flowControlParameters'),
  ),
  rRdy: optional(
    when<FlowControl>(isRRdy),
    sized(
      of<FlowControl>((value) => value.flowControlLengthBytes),
      embed(rRdyParameters),
    ),
  ),
  flowControlParameters: sized(
    of<FlowControl>((value) => (isRRdy(value) ? 0 : value.flowControlLengthBytes)),
    rest,
  ),
} as const;

/**
 * Exchange link parameters.
 *
 * Shape: 84 bytes and flow control parameters (`rRdy` in mode 2, else bytes).
 * Source: FC-SW-6, ELP.
 */
export const elp = codec(
  'ELP',
  'FC-SW-6, ELP',
  { ...head(SwIlsCommand.ELP), ...linkParameters },
  'ELP',
);
export type Elp = Infer<typeof elp>;
/** Accept of ELP. Shape: 84 bytes and flow control parameters. Source: FC-SW-6, ELP accept. */
export const elpAccept = codec(
  'SW_ACC to ELP',
  'FC-SW-6, ELP accept',
  { ...acceptHead, ...linkParameters },
  'SW_ACC ELP',
);
export type ElpAccept = Infer<typeof elpAccept>;

/** Routing protocols. Source: FC-SW-6, ESC protocol identifiers. */
export const EscProtocol = { 'FSPF-Backbone': 1, FSPF: 2 } as const;

const VENDOR_BYTES = 8;
/** A protocol that a switch speaks. Shape: 12 bytes. Source: FC-SW-6, ESC. */
export const protocolDescriptor = codec('protocol descriptor', 'FC-SW-6, ESC', {
  vendorId: text(VENDOR_BYTES),
  reserved1: reserved16,
  protocolId: named(u16, EscProtocol),
});
export type ProtocolDescriptor = Infer<typeof protocolDescriptor>;

const ESC_HEAD_BYTES = 12;
/** Exchange switch capabilities. Shape: 12 bytes and 12 per protocol. Source: FC-SW-6, ESC. */
export const esc = codec(
  'ESC',
  'FC-SW-6, ESC',
  {
    command: commandCode(SwIlsCommand.ESC),
    reserved1: reserved8,
    payloadLengthBytes: derived(u16, (_value, sizeOf) => ESC_HEAD_BYTES + sizeOf('protocols')),
    vendorId: text(VENDOR_BYTES),
    protocols: sized(
      of<{ payloadLengthBytes: number }>((value) => value.payloadLengthBytes - ESC_HEAD_BYTES),
      list(protocolDescriptor),
    ),
  },
  'ESC',
);
export type Esc = Infer<typeof esc>;
/** Accept of ESC: the one protocol chosen. Shape: 24 bytes. Source: FC-SW-6, ESC accept. */
export const escAccept = codec(
  'SW_ACC to ESC',
  'FC-SW-6, ESC accept',
  { ...acceptHead, vendorId: text(VENDOR_BYTES), protocol: struct(protocolDescriptor) },
  'SW_ACC ESC',
);
export type EscAccept = Infer<typeof escAccept>;

/** Exchange virtual fabrics parameters. Shape: 20 bytes and a payload. Source: FC-SW-6, EVFP. */
export const swEvfp = codec(
  'EVFP',
  'FC-SW-6, EVFP',
  { ...head(SwIlsCommand.EVFP), message: embed(evfpMessage) },
  'EVFP',
);
export type SwEvfp = Infer<typeof swEvfp>;
/** Accept of EVFP. Shape: 20 bytes and a payload. Source: FC-SW-6, EVFP accept. */
export const swEvfpAccept = codec(
  'SW_ACC to EVFP',
  'FC-SW-6, EVFP accept',
  { ...acceptHead, message: embed(evfpMessage) },
  'SW_ACC EVFP',
);
export type SwEvfpAccept = Infer<typeof swEvfpAccept>;
