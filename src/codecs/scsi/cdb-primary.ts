/**
 * CDBs every logical unit knows: identity, capacity of the target, modes, sense.
 *
 * Source: SPC-5, clause 6.
 */
import {
  bit,
  named,
  reserved8,
  reserved16,
  reserved24,
  reservedBits,
  reservedBytes,
  u8,
  u16,
  u24,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import { command, option, optionByte } from './parts.ts';

/** Asks nothing but whether the unit is ready; unit attentions come out with it. Shape: 6 bytes. */
export const testUnitReady = command(
  'TEST UNIT READY',
  'TEST UNIT READY',
  'SPC-5, TEST UNIT READY',
  {
    reserved1: reservedBytes(4),
  },
);

/** Asks for sense data; DESC for its descriptor format. Shape: 6 bytes. */
export const requestSense = command('REQUEST SENSE', 'REQUEST SENSE', 'SPC-5, REQUEST SENSE', {
  reserved1: reservedBits(7),
  desc: option(1),
  reserved2: reservedBytes(2),
  allocationLengthBytes: u8,
});

/** Asks who the unit is: standard data, or with EVPD a VPD page. Shape: 6 bytes. */
export const inquiry = command('INQUIRY', 'INQUIRY', 'SPC-5, INQUIRY', {
  reserved1: reservedBits(6),
  /** CMDDT of SPC-2. */
  obsolete1: reservedBits(1),
  evpd: option(1),
  pageCode: optionByte,
  allocationLengthBytes: u16,
});

/** What REPORT LUNS lists. */
export const SelectReport = {
  ADDRESSED: 0x00,
  WELL_KNOWN: 0x01,
  ALL: 0x02,
  ADMINISTRATIVE: 0x10,
  ALL_OF_CONGLOMERATE: 0x11,
  SUBSIDIARY: 0x12,
} as const;

/** Asks which logical units there are. Shape: 12 bytes. */
export const reportLuns = command('REPORT LUNS', 'REPORT LUNS', 'SPC-5, REPORT LUNS', {
  reserved1: reserved8,
  selectReport: withDefault(named(u8, SelectReport), SelectReport.ADDRESSED),
  reserved2: reserved24,
  allocationLengthBytes: u32,
  reserved3: reserved8,
});

/** PC: which values of a mode page are asked for. */
export const PageControl = { CURRENT: 0, CHANGEABLE: 1, DEFAULT: 2, SAVED: 3 } as const;

const pageControl = withDefault(named(bit(2), PageControl), PageControl.CURRENT);

/** Asks for settings. Shape: 6 bytes. */
export const modeSense6 = command('MODE SENSE(6)', 'MODE SENSE(6)', 'SPC-5, MODE SENSE(6)', {
  reserved1: reservedBits(4),
  dbd: option(1),
  reserved2: reservedBits(3),
  pageControl,
  pageCode: bit(6),
  subpageCode: optionByte,
  allocationLengthBytes: u8,
});

/**
 * Asks for settings. LLBAA: block descriptors with long logical block addresses are accepted.
 *
 * Shape: 10 bytes.
 */
export const modeSense10 = command('MODE SENSE(10)', 'MODE SENSE(10)', 'SPC-5, MODE SENSE(10)', {
  reserved1: reservedBits(3),
  llbaa: option(1),
  dbd: option(1),
  reserved2: reservedBits(3),
  pageControl,
  pageCode: bit(6),
  subpageCode: optionByte,
  reserved3: reserved24,
  allocationLengthBytes: u16,
});

/** PF: the pages have the standard's form; SP: save them. */
const selectFlags = {
  reserved1: reservedBits(3),
  pf: withDefault(bit(1), 1),
  reserved2: reservedBits(2),
  rtd: option(1),
  sp: option(1),
} as const;

/** Changes settings. Shape: 6 bytes. */
export const modeSelect6 = command('MODE SELECT(6)', 'MODE SELECT(6)', 'SPC-5, MODE SELECT(6)', {
  ...selectFlags,
  reserved3: reserved16,
  parameterListLengthBytes: u8,
});
/** Changes settings. Shape: 10 bytes. */
export const modeSelect10 = command(
  'MODE SELECT(10)',
  'MODE SELECT(10)',
  'SPC-5, MODE SELECT(10)',
  {
    ...selectFlags,
    reserved3: reservedBytes(5),
    parameterListLengthBytes: u16,
  },
);

/** PC of LOG SENSE and LOG SELECT: which values of the parameters. */
export const LogPageControl = {
  THRESHOLD: 0,
  CUMULATIVE: 1,
  DEFAULT_THRESHOLD: 2,
  DEFAULT_CUMULATIVE: 3,
} as const;

const logPage = {
  pageControl: withDefault(named(bit(2), LogPageControl), LogPageControl.CUMULATIVE),
  pageCode: bit(6),
  subpageCode: optionByte,
} as const;

/** Asks for a log page. Shape: 10 bytes. */
export const logSense = command('LOG SENSE', 'LOG SENSE', 'SPC-5, LOG SENSE', {
  reserved1: reservedBits(6),
  /** PPC of SPC-3. */
  obsolete1: reservedBits(1),
  sp: option(1),
  ...logPage,
  reserved2: reserved8,
  parameterPointer: withDefault(u16, 0),
  allocationLengthBytes: u16,
});
/** Sets or resets counters of a log page. Shape: 10 bytes. */
export const logSelect = command('LOG SELECT', 'LOG SELECT', 'SPC-5, LOG SELECT', {
  reserved1: reservedBits(6),
  pcr: option(1),
  sp: option(1),
  ...logPage,
  reserved2: reserved24,
  parameterListLengthBytes: u16,
});

/** Asks for a self-test, or sends a diagnostic page. Shape: 6 bytes. */
export const sendDiagnostic = command(
  'SEND DIAGNOSTIC',
  'SEND DIAGNOSTIC',
  'SPC-5, SEND DIAGNOSTIC',
  {
    selfTestCode: option(3),
    pf: option(1),
    reserved1: reservedBits(1),
    selftest: option(1),
    devoffl: option(1),
    unitoffl: option(1),
    reserved2: reserved8,
    parameterListLengthBytes: withDefault(u16, 0),
  },
);
/** Asks for a diagnostic page. Shape: 6 bytes. */
export const receiveDiagnosticResults = command(
  'RECEIVE DIAGNOSTIC RESULTS',
  'RECEIVE DIAGNOSTIC RESULTS',
  'SPC-5, RECEIVE DIAGNOSTIC RESULTS',
  {
    reserved1: reservedBits(7),
    pcv: option(1),
    pageCode: optionByte,
    allocationLengthBytes: u16,
  },
);

/** Locks the medium in, or lets it go. Shape: 6 bytes. */
export const preventAllowMediumRemoval = command(
  'PREVENT ALLOW MEDIUM REMOVAL',
  'PREVENT ALLOW MEDIUM REMOVAL',
  'SBC-4, PREVENT ALLOW MEDIUM REMOVAL',
  { reserved1: reserved24, reserved2: reservedBits(6), prevent: option(2) },
);

/** MODE of READ BUFFER and WRITE BUFFER. */
export const BufferMode = {
  COMBINED_HEADER_AND_DATA: 0x00,
  VENDOR_SPECIFIC: 0x01,
  DATA: 0x02,
  DESCRIPTOR: 0x03,
  DOWNLOAD_MICROCODE: 0x04,
  DOWNLOAD_MICROCODE_AND_SAVE: 0x05,
  DOWNLOAD_MICROCODE_WITH_OFFSETS: 0x06,
  DOWNLOAD_MICROCODE_WITH_OFFSETS_AND_SAVE: 0x07,
  ECHO_BUFFER: 0x0a,
  ECHO_BUFFER_DESCRIPTOR: 0x0b,
  DOWNLOAD_MICROCODE_SELECT_ACTIVATION: 0x0d,
  DOWNLOAD_MICROCODE_DEFER_ACTIVATION: 0x0e,
  ACTIVATE_DEFERRED_MICROCODE: 0x0f,
  EXPANDER_COMMUNICATIONS: 0x1a,
  DISABLE_EXPANDER_COMMUNICATIONS: 0x1b,
  ERROR_HISTORY: 0x1c,
} as const;

const buffer = { modeSpecific: option(3), mode: named(bit(5), BufferMode) } as const;

/** Reads a buffer of the device: its echo, its error history. Shape: 10 bytes. */
export const readBuffer10 = command(
  'READ BUFFER(10)',
  'READ BUFFER(10)',
  'SPC-5, READ BUFFER(10)',
  {
    ...buffer,
    bufferId: optionByte,
    bufferOffset: withDefault(u24, 0),
    allocationLengthBytes: u24,
  },
);
/** As READ BUFFER(10), offset of 64 bits. Shape: 16 bytes. */
export const readBuffer16 = command(
  'READ BUFFER(16)',
  'READ BUFFER(16)',
  'SPC-5, READ BUFFER(16)',
  {
    ...buffer,
    bufferOffset: withDefault(u64, 0n),
    allocationLengthBytes: u32,
    bufferId: optionByte,
  },
);
/** Writes a buffer of the device, or its firmware. Shape: 10 bytes. */
export const writeBuffer10 = command(
  'WRITE BUFFER(10)',
  'WRITE BUFFER(10)',
  'SPC-5, WRITE BUFFER',
  {
    ...buffer,
    bufferId: optionByte,
    bufferOffset: withDefault(u24, 0),
    parameterListLengthBytes: u24,
  },
);
