/** CDBs every logical unit knows: identity, capacity of the target, modes, sense. Source: SPC-5, clause 6. */
import {
  bit,
  named,
  reserved8,
  reserved24,
  reservedBits,
  reservedBytes,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { MaintenanceIn } from './opcode.ts';
import { command, option, optionByte, serviceAction } from './parts.ts';

export const testUnitReady = command(
  'TEST UNIT READY',
  'TEST UNIT READY',
  'SPC-5, TEST UNIT READY',
  {
    reserved1: reservedBytes(4),
  },
);

/** DESC asks for sense data in descriptor format. */
export const requestSense = command('REQUEST SENSE', 'REQUEST SENSE', 'SPC-5, REQUEST SENSE', {
  reserved1: reservedBits(7),
  desc: option(1),
  reserved2: reservedBytes(2),
  allocationLengthBytes: u8,
});

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

export const modeSense6 = command('MODE SENSE(6)', 'MODE SENSE(6)', 'SPC-5, MODE SENSE(6)', {
  reserved1: reservedBits(4),
  dbd: option(1),
  reserved2: reservedBits(3),
  pageControl,
  pageCode: bit(6),
  subpageCode: optionByte,
  allocationLengthBytes: u8,
});

/** LLBAA: block descriptors with long logical block addresses are accepted. */
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

/** PARAMETER DATA FORMAT 1 asks for the header with the implicit transition time. */
export const reportTargetPortGroups = command(
  'REPORT TARGET PORT GROUPS',
  'MAINTENANCE IN',
  'SPC-5, REPORT TARGET PORT GROUPS',
  {
    parameterDataFormat: option(3),
    serviceAction: serviceAction(MaintenanceIn, MaintenanceIn['REPORT TARGET PORT GROUPS']),
    reserved1: reservedBytes(4),
    allocationLengthBytes: u32,
    reserved2: reserved8,
  },
);

/** What REPORT SUPPORTED OPERATION CODES is asked for. */
export const ReportingOptions = {
  ALL: 0,
  ONE_WITHOUT_SERVICE_ACTION: 1,
  ONE_WITH_SERVICE_ACTION: 2,
  ONE_WITH_OR_WITHOUT_SERVICE_ACTION: 3,
} as const;

/** RCTD asks for the command timeouts descriptors. */
export const reportSupportedOperationCodes = command(
  'REPORT SUPPORTED OPERATION CODES',
  'MAINTENANCE IN',
  'SPC-5, REPORT SUPPORTED OPERATION CODES',
  {
    reserved1: reservedBits(3),
    serviceAction: serviceAction(MaintenanceIn, MaintenanceIn['REPORT SUPPORTED OPERATION CODES']),
    rctd: option(1),
    reserved2: reservedBits(4),
    reportingOptions: withDefault(named(bit(3), ReportingOptions), ReportingOptions.ALL),
    requestedOperationCode: optionByte,
    requestedServiceAction: withDefault(u16, 0),
    allocationLengthBytes: u32,
    reserved3: reserved8,
  },
);
