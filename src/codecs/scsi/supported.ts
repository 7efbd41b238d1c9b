/**
 * What a device server supports: operation codes and task management functions.
 *
 * Source: SPC-5, clause 6.
 */
import {
  bit,
  codec,
  derived,
  embed,
  flags,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  optional,
  reserved8,
  reservedBits,
  rest,
  sized,
  u8,
  u16,
  u32,
  when,
  withDefault,
} from '../layout/index.ts';
import { Opcode } from './opcode.ts';
import { option, optionByte } from './parts.ts';

const cut = { mayBeCut: true } as const;

/** Command timeouts descriptor: 12 bytes. A time of 0 is not told. */
export const commandTimeouts = codec(
  'Command timeouts descriptor',
  'SPC-5, command timeouts descriptor',
  {
    descriptorLengthBytes: withDefault(u16, 10),
    reserved1: reserved8,
    commandSpecific: optionByte,
    nominalCommandProcessingTimeoutSeconds: withDefault(u32, 0),
    recommendedCommandTimeoutSeconds: withDefault(u32, 0),
  },
);
export type CommandTimeouts = Infer<typeof commandTimeouts>;

const timeouts = optional(
  when<{ ctdp: number }>((v) => v.ctdp === 1),
  embed(commandTimeouts),
);

/** One command: 8 bytes, 20 with CTDP. */
const commandDescriptor = codec('Command descriptor', 'SPC-5, command descriptor format', {
  operationCode: named(u8, Opcode),
  reserved1: reserved8,
  serviceAction: withDefault(u16, 0),
  reserved2: reserved8,
  reserved3: reservedBits(1),
  rwcdlp: option(1),
  mlu: option(2),
  cdlp: option(2),
  ctdp: option(1),
  servactv: option(1),
  cdbLengthBytes: u16,
  timeouts,
});

/** REPORT SUPPORTED OPERATION CODES data for all commands: 4 bytes, then command descriptors. */
export const allCommandsData = codec(
  'REPORT SUPPORTED OPERATION CODES data, all commands',
  'SPC-5, REPORT SUPPORTED OPERATION CODES all_commands parameter data',
  {
    commandDataLengthBytes: derived(u32, (_v, sizeOf) => sizeOf('commands')),
    commands: sized(
      of<{ commandDataLengthBytes: number }>((v) => v.commandDataLengthBytes),
      list(commandDescriptor, cut),
      cut,
    ),
  },
);
export type AllCommandsData = Infer<typeof allCommandsData>;

/** SUPPORT of the one-command form. */
export const CommandSupport = {
  NOT_AVAILABLE: 0,
  NOT_SUPPORTED: 1,
  SUPPORTED: 3,
  SUPPORTED_VENDOR_SPECIFIC: 5,
} as const;

/**
 * REPORT SUPPORTED OPERATION CODES data for one command: 4 bytes, then as many as its CDB has: the
 * operation code, then bits that are set where the device server looks at them.
 */
export const oneCommandData = codec(
  'REPORT SUPPORTED OPERATION CODES data, one command',
  'SPC-5, REPORT SUPPORTED OPERATION CODES one_command parameter data',
  {
    reserved1: reservedBits(7),
    rwcdlp: option(1),
    ctdp: option(1),
    mlu: option(2),
    cdlp: option(2),
    support: named(bit(3), CommandSupport),
    cdbSizeBytes: derived(u16, (_v, sizeOf) => sizeOf('cdbUsageData')),
    cdbUsageData: sized(
      of<{ cdbSizeBytes: number }>((v) => v.cdbSizeBytes),
      rest,
      cut,
    ),
    timeouts,
  },
);
export type OneCommandData = Infer<typeof oneCommandData>;

/** Task management functions as bits of the first 2 bytes. TRS and WAKES are obsolete. */
export const SupportedTaskManagement = {
  ATS: 0x8000,
  ATSS: 0x4000,
  CACAS: 0x2000,
  CTSS: 0x1000,
  LURS: 0x0800,
  QTS: 0x0400,
  TRS: 0x0200,
  WAKES: 0x0100,
  QAES: 0x0004,
  QTSS: 0x0002,
  ITNRS: 0x0001,
} as const;

const taskManagementTimeouts = codec(
  'Task management timeouts',
  'SPC-5, REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS extended parameter data',
  {
    reserved1: reservedBits(7),
    tmftmov: option(1),
    reserved2: reserved8,
    /** Functions that the short time-out is for; the same bits as above. */
    shortTimeoutFunctions: withDefault(flags(u16, SupportedTaskManagement), 0),
    longTimeout100Ms: withDefault(u32, 0),
    shortTimeout100Ms: withDefault(u32, 0),
  },
);

/** REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS data: 4 bytes, 16 in the extended form. */
export const supportedTaskManagementData = codec(
  'REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS data',
  'SPC-5, REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS',
  {
    functions: flags(u16, SupportedTaskManagement),
    reserved1: reserved8,
    additionalLengthBytes: derived(u8, (_v, sizeOf) => sizeOf('timeouts')),
    timeouts: optional(
      when<{ additionalLengthBytes: number }>((v) => v.additionalLengthBytes > 0),
      sized(
        of<{ additionalLengthBytes: number }>((v) => v.additionalLengthBytes),
        embed(taskManagementTimeouts),
      ),
    ),
  },
);
export type SupportedTaskManagementData = Infer<typeof supportedTaskManagementData>;
export type SupportedTaskManagementDataInput = InferInput<typeof supportedTaskManagementData>;
