/**
 * CDBs about paths and rights: target port groups, reservations, supported commands.
 *
 * Source: SPC-5, clause 6; SPC-2 for RESERVE and RELEASE.
 */
import {
  bit,
  named,
  reserved8,
  reserved16,
  reserved24,
  reserved32,
  reservedBits,
  reservedBytes,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { MaintenanceIn, MaintenanceOut } from './opcode.ts';
import { command, option, optionByte, serviceAction } from './parts.ts';

const maintenanceIn = (action: keyof typeof MaintenanceIn) =>
  serviceAction(MaintenanceIn, MaintenanceIn[action]);
const maintenanceOut = (action: keyof typeof MaintenanceOut) =>
  serviceAction(MaintenanceOut, MaintenanceOut[action]);

const reservedAction = reservedBits(3);
const allocation = { allocationLengthBytes: u32, reservedEnd: reserved8 } as const;
const parameterList = { parameterListLengthBytes: u32, reservedEnd: reserved8 } as const;

/** PARAMETER DATA FORMAT of REPORT TARGET PORT GROUPS. */
export const ParameterDataFormat = { LENGTH_ONLY: 0, EXTENDED: 1 } as const;

/**
 * Asks for the access states (ALUA). The extended format's header adds the implicit transition
 * time.
 *
 * Shape: 12 bytes.
 */
export const reportTargetPortGroups = command(
  'REPORT TARGET PORT GROUPS',
  'MAINTENANCE IN',
  'SPC-5, REPORT TARGET PORT GROUPS',
  {
    parameterDataFormat: withDefault(
      named(bit(3), ParameterDataFormat),
      ParameterDataFormat.LENGTH_ONLY,
    ),
    serviceAction: maintenanceIn('REPORT TARGET PORT GROUPS'),
    reserved1: reserved32,
    ...allocation,
  },
);
/** Asks for another access state of target port groups. Shape: 12 bytes. */
export const setTargetPortGroups = command(
  'SET TARGET PORT GROUPS',
  'MAINTENANCE OUT',
  'SPC-5, SET TARGET PORT GROUPS',
  {
    reservedAction,
    serviceAction: maintenanceOut('SET TARGET PORT GROUPS'),
    reserved1: reserved32,
    ...parameterList,
  },
);

/** What REPORT SUPPORTED OPERATION CODES is asked for. */
export const ReportingOptions = {
  ALL: 0,
  ONE_WITHOUT_SERVICE_ACTION: 1,
  ONE_WITH_SERVICE_ACTION: 2,
  ONE_WITH_OR_WITHOUT_SERVICE_ACTION: 3,
} as const;

/**
 * Asks which commands there are. RCTD asks for the command timeouts descriptors.
 *
 * Shape: 12 bytes.
 */
export const reportSupportedOperationCodes = command(
  'REPORT SUPPORTED OPERATION CODES',
  'MAINTENANCE IN',
  'SPC-5, REPORT SUPPORTED OPERATION CODES',
  {
    reservedAction,
    serviceAction: maintenanceIn('REPORT SUPPORTED OPERATION CODES'),
    rctd: option(1),
    reserved1: reservedBits(4),
    reportingOptions: withDefault(named(bit(3), ReportingOptions), ReportingOptions.ALL),
    requestedOperationCode: optionByte,
    requestedServiceAction: withDefault(u16, 0),
    ...allocation,
  },
);

/**
 * Asks which task management functions there are. REPD asks for the extended data, which has the
 * time-outs.
 *
 * Shape: 12 bytes.
 */
export const reportSupportedTaskManagementFunctions = command(
  'REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS',
  'MAINTENANCE IN',
  'SPC-5, REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS',
  {
    reservedAction,
    serviceAction: maintenanceIn('REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS'),
    repd: option(1),
    reserved1: reservedBits(7),
    reserved2: reserved24,
    ...allocation,
  },
);

const information = {
  informationType: option(7),
  reserved3: reservedBits(1),
} as const;

/** Asks for the text that an administrator gave the unit. Shape: 12 bytes. */
export const reportIdentifyingInformation = command(
  'REPORT IDENTIFYING INFORMATION',
  'MAINTENANCE IN',
  'SPC-5, REPORT IDENTIFYING INFORMATION',
  {
    reservedAction,
    serviceAction: maintenanceIn('REPORT IDENTIFYING INFORMATION'),
    reserved1: reserved16,
    restricted: reserved16,
    allocationLengthBytes: u32,
    ...information,
  },
);
/** Gives the unit such a text. Shape: 12 bytes. */
export const setIdentifyingInformation = command(
  'SET IDENTIFYING INFORMATION',
  'MAINTENANCE OUT',
  'SPC-5, SET IDENTIFYING INFORMATION',
  {
    reservedAction,
    serviceAction: maintenanceOut('SET IDENTIFYING INFORMATION'),
    reserved1: reserved16,
    restricted: reserved16,
    parameterListLengthBytes: u32,
    ...information,
  },
);

/** Asks for the aliases of this initiator. Shape: 12 bytes. */
export const reportAliases = command('REPORT ALIASES', 'MAINTENANCE IN', 'SPC-5, REPORT ALIASES', {
  reservedAction,
  serviceAction: maintenanceIn('REPORT ALIASES'),
  reserved1: reserved32,
  ...allocation,
});
/** Changes the aliases of this initiator. Shape: 12 bytes. */
export const changeAliases = command('CHANGE ALIASES', 'MAINTENANCE OUT', 'SPC-5, CHANGE ALIASES', {
  reservedAction,
  serviceAction: maintenanceOut('CHANGE ALIASES'),
  reserved1: reserved32,
  ...parameterList,
});

/** Asks for the priority of I_T nexuses. Shape: 12 bytes. */
export const reportPriority = command(
  'REPORT PRIORITY',
  'MAINTENANCE IN',
  'SPC-5, REPORT PRIORITY',
  {
    reservedAction,
    serviceAction: maintenanceIn('REPORT PRIORITY'),
    priorityReported: option(2),
    reserved1: reservedBits(6),
    reserved2: reserved24,
    ...allocation,
  },
);
/** Sets the priority of I_T nexuses. Shape: 12 bytes. */
export const setPriority = command('SET PRIORITY', 'MAINTENANCE OUT', 'SPC-5, SET PRIORITY', {
  reservedAction,
  serviceAction: maintenanceOut('SET PRIORITY'),
  nexusToSet: option(2),
  reserved1: reservedBits(6),
  reserved2: reserved24,
  ...parameterList,
});

/** Asks what time the device has. Shape: 12 bytes. */
export const reportTimestamp = command(
  'REPORT TIMESTAMP',
  'MAINTENANCE IN',
  'SPC-5, REPORT TIMESTAMP',
  {
    reservedAction,
    serviceAction: maintenanceIn('REPORT TIMESTAMP'),
    reserved1: reserved32,
    ...allocation,
  },
);
/** Sets the clock of the device. Shape: 12 bytes. */
export const setTimestamp = command('SET TIMESTAMP', 'MAINTENANCE OUT', 'SPC-5, SET TIMESTAMP', {
  reservedAction,
  serviceAction: maintenanceOut('SET TIMESTAMP'),
  reserved1: reserved32,
  ...parameterList,
});

/** Makes I_T nexuses lost: their commands and reservations go. Shape: 12 bytes. */
export const removeITNexus = command(
  'REMOVE I_T NEXUS',
  'MAINTENANCE OUT',
  'SPC-5, REMOVE I_T NEXUS',
  {
    reservedAction,
    serviceAction: maintenanceOut('REMOVE I_T NEXUS'),
    reserved1: reserved32,
    ...parameterList,
  },
);

/** SERVICE ACTION of PERSISTENT RESERVE IN. */
export const PersistentReserveIn = {
  READ_KEYS: 0x00,
  READ_RESERVATION: 0x01,
  REPORT_CAPABILITIES: 0x02,
  READ_FULL_STATUS: 0x03,
} as const;

/** SERVICE ACTION of PERSISTENT RESERVE OUT. */
export const PersistentReserveOut = {
  REGISTER: 0x00,
  RESERVE: 0x01,
  RELEASE: 0x02,
  CLEAR: 0x03,
  PREEMPT: 0x04,
  PREEMPT_AND_ABORT: 0x05,
  REGISTER_AND_IGNORE_EXISTING_KEY: 0x06,
  REGISTER_AND_MOVE: 0x07,
  REPLACE_LOST_RESERVATION: 0x08,
} as const;

/** TYPE of a persistent reservation. */
export const ReservationType = {
  WRITE_EXCLUSIVE: 0x1,
  EXCLUSIVE_ACCESS: 0x3,
  WRITE_EXCLUSIVE_REGISTRANTS_ONLY: 0x5,
  EXCLUSIVE_ACCESS_REGISTRANTS_ONLY: 0x6,
  WRITE_EXCLUSIVE_ALL_REGISTRANTS: 0x7,
  EXCLUSIVE_ACCESS_ALL_REGISTRANTS: 0x8,
} as const;

/** SCOPE of a persistent reservation; EXTENT and ELEMENT are obsolete. */
export const ReservationScope = { LU_SCOPE: 0, EXTENT: 1, ELEMENT: 2 } as const;

/** SCOPE and TYPE in one byte. */
export const scopeAndType = {
  scope: withDefault(named(bit(4), ReservationScope), ReservationScope.LU_SCOPE),
  type: withDefault(named(bit(4), ReservationType), 0),
} as const;

/** Asks for registrations and the reservation. Shape: 10 bytes. */
export const persistentReserveIn = command(
  'PERSISTENT RESERVE IN',
  'PERSISTENT RESERVE IN',
  'SPC-5, PERSISTENT RESERVE IN',
  {
    reservedAction,
    serviceAction: named(bit(5), PersistentReserveIn),
    reserved1: reservedBytes(5),
    allocationLengthBytes: u16,
  },
);
/** Registers, reserves, releases, preempts, moves. Shape: 10 bytes. */
export const persistentReserveOut = command(
  'PERSISTENT RESERVE OUT',
  'PERSISTENT RESERVE OUT',
  'SPC-5, PERSISTENT RESERVE OUT',
  {
    reservedAction,
    serviceAction: named(bit(5), PersistentReserveOut),
    ...scopeAndType,
    reserved1: reserved16,
    parameterListLengthBytes: u32,
  },
);

/** Third-party and extent reservations are obsolete since SPC-2. */
const reservation6 = { obsolete1: reserved32 } as const;
/** Reserves the unit for this nexus; obsolete since SPC-3. Shape: 6 bytes. */
export const reserve6 = command('RESERVE(6)', 'RESERVE(6)', 'SPC-2, RESERVE(6)', reservation6);
/** Releases it; obsolete since SPC-3. Shape: 6 bytes. */
export const release6 = command('RELEASE(6)', 'RELEASE(6)', 'SPC-2, RELEASE(6)', reservation6);

const reservation10 = {
  reserved1: reservedBits(3),
  thirdParty: option(1),
  reserved2: reservedBits(2),
  longId: option(1),
  /** EXTENT. */
  obsolete1: reservedBits(1),
  /** RESERVATION IDENTIFICATION. */
  obsolete2: reserved8,
  thirdPartyDeviceId: optionByte,
  reserved3: reserved24,
  parameterListLengthBytes: withDefault(u16, 0),
} as const;
/** Reserves the unit, also for a third party; obsolete since SPC-3. Shape: 10 bytes. */
export const reserve10 = command('RESERVE(10)', 'RESERVE(10)', 'SPC-2, RESERVE(10)', reservation10);
/** Releases it; obsolete since SPC-3. Shape: 10 bytes. */
export const release10 = command('RELEASE(10)', 'RELEASE(10)', 'SPC-2, RELEASE(10)', reservation10);
