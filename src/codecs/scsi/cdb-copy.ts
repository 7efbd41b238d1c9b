/**
 * CDBs of third-party copies, security, attributes, ATA pass-through, and the copies of SCSI-2.
 *
 * Source: SPC-5, clause 6; SAT-4.
 */
import {
  bit,
  hex,
  named,
  reserved8,
  reserved16,
  reserved24,
  reserved32,
  reservedBits,
  reservedBytes,
  u8,
  u16,
  u24,
  u32,
  u64,
  withDefault,
} from '../layout/index.ts';
import { ThirdPartyCopyIn, ThirdPartyCopyOut } from './opcode.ts';
import { command, option, optionByte, serviceAction } from './parts.ts';

const copyOut = (action: keyof typeof ThirdPartyCopyOut) => ({
  reservedAction: reservedBits(3),
  serviceAction: serviceAction(ThirdPartyCopyOut, ThirdPartyCopyOut[action]),
});
const copyIn = (action: keyof typeof ThirdPartyCopyIn) => ({
  reservedAction: reservedBits(3),
  serviceAction: serviceAction(ThirdPartyCopyIn, ThirdPartyCopyIn[action]),
});

function copyOutCommand<const K extends 'EXTENDED COPY(LID1)' | 'EXTENDED COPY(LID4)'>(kind: K) {
  return command(kind, 'THIRD-PARTY COPY OUT', `SPC-5, ${kind}`, {
    ...copyOut(kind),
    reserved1: reservedBytes(8),
    parameterListLengthBytes: u32,
    reserved2: reserved8,
  });
}
/** Starts a copy by the target itself; list identifier of 1 byte. Shape: 16 bytes. */
export const extendedCopyLid1 = copyOutCommand('EXTENDED COPY(LID1)');
/** Starts a copy by the target itself; list identifier of 4 bytes. Shape: 16 bytes. */
export const extendedCopyLid4 = copyOutCommand('EXTENDED COPY(LID4)');

function tokenCommand<const K extends 'POPULATE TOKEN' | 'WRITE USING TOKEN'>(kind: K) {
  return command(kind, 'THIRD-PARTY COPY OUT', `SBC-4, ${kind}`, {
    ...copyOut(kind),
    reserved1: reserved32,
    listIdentifier: u32,
    parameterListLengthBytes: u32,
    reserved2: reservedBits(2),
    groupNumber: option(6),
  });
}
/** Makes a token that stands for the data of ranges (ODX). Shape: 16 bytes. */
export const populateToken = tokenCommand('POPULATE TOKEN');
/** Writes the data that a token stands for. Shape: 16 bytes. */
export const writeUsingToken = tokenCommand('WRITE USING TOKEN');

/** Stops a copy. Shape: 16 bytes. */
export const copyOperationAbort = command(
  'COPY OPERATION ABORT',
  'THIRD-PARTY COPY OUT',
  'SPC-5, COPY OPERATION ABORT',
  { ...copyOut('COPY OPERATION ABORT'), listIdentifier: u32, reserved1: reservedBytes(9) },
);

type Lid1 = Extract<keyof typeof ThirdPartyCopyIn, `${string}(LID1)`>;
function receiveLid1<const K extends Lid1>(kind: K) {
  return command(kind, 'THIRD-PARTY COPY IN', `SPC-5, ${kind}`, {
    ...copyIn(kind),
    listIdentifier: u8,
    reserved1: reservedBytes(7),
    allocationLengthBytes: u32,
    reserved2: reserved8,
  });
}
/** Asks how far a copy is. Shape: 16 bytes. */
export const receiveCopyStatusLid1 = receiveLid1('RECEIVE COPY STATUS(LID1)');
/** Asks for data that a copy has held. Shape: 16 bytes. */
export const receiveCopyDataLid1 = receiveLid1('RECEIVE COPY DATA(LID1)');
/** Asks why a copy failed. Shape: 16 bytes. */
export const receiveCopyFailureDetailsLid1 = receiveLid1('RECEIVE COPY FAILURE DETAILS(LID1)');

type Lid4 =
  | Extract<keyof typeof ThirdPartyCopyIn, `${string}(LID4)`>
  | 'RECEIVE ROD TOKEN INFORMATION';
function receiveLid4<const K extends Lid4>(kind: K) {
  return command(kind, 'THIRD-PARTY COPY IN', `SPC-5, ${kind}`, {
    ...copyIn(kind),
    listIdentifier: u32,
    reserved1: reserved32,
    allocationLengthBytes: u32,
    reserved2: reserved8,
  });
}
/** Asks how far a copy is. Shape: 16 bytes. */
export const receiveCopyStatusLid4 = receiveLid4('RECEIVE COPY STATUS(LID4)');
/** Asks for data that a copy has held. Shape: 16 bytes. */
export const receiveCopyDataLid4 = receiveLid4('RECEIVE COPY DATA(LID4)');
/** Asks for the token that POPULATE TOKEN made. Shape: 16 bytes. */
export const receiveRodTokenInformation = receiveLid4('RECEIVE ROD TOKEN INFORMATION');

function receiveAll<const K extends 'RECEIVE COPY OPERATING PARAMETERS' | 'REPORT ALL ROD TOKENS'>(
  kind: K,
) {
  return command(kind, 'THIRD-PARTY COPY IN', `SPC-5, ${kind}`, {
    ...copyIn(kind),
    reserved1: reservedBytes(8),
    allocationLengthBytes: u32,
    reserved2: reserved8,
  });
}
/** Asks for the limits of the copy manager. Shape: 16 bytes. */
export const receiveCopyOperatingParameters = receiveAll('RECEIVE COPY OPERATING PARAMETERS');
/** Asks for all tokens that are valid. Shape: 16 bytes. */
export const reportAllRodTokens = receiveAll('REPORT ALL ROD TOKENS');

/**
 * Copies from device to device; obsolete. PAD: what to do with a block that is not full.
 *
 * Shape: 6 bytes.
 */
export const copyCommand = command('COPY', 'COPY', 'SPC-3, COPY', {
  reserved1: reservedBits(7),
  pad: option(1),
  parameterListLengthBytes: u24,
});
/** Compares what two devices hold; obsolete. Shape: 10 bytes. */
export const compareCommand = command('COMPARE', 'COMPARE', 'SPC-3, COMPARE', {
  reserved1: reservedBits(7),
  pad: option(1),
  reserved2: reserved8,
  parameterListLengthBytes: u24,
  reserved3: reserved24,
});
/** As COPY, and checks the copy; obsolete. Shape: 10 bytes. */
export const copyAndVerify = command(
  'COPY AND VERIFY',
  'COPY AND VERIFY',
  'SPC-3, COPY AND VERIFY',
  {
    reserved1: reservedBits(6),
    bytchk: option(1),
    pad: option(1),
    reserved2: reserved8,
    parameterListLengthBytes: u24,
    reserved3: reserved24,
  },
);
/** Asks the device to behave as an older standard has it; obsolete. Shape: 10 bytes. */
export const changeDefinition = command(
  'CHANGE DEFINITION',
  'CHANGE DEFINITION',
  'SPC-2, CHANGE DEFINITION',
  {
    reserved1: reserved8,
    reserved2: reservedBits(7),
    save: option(1),
    reserved3: reservedBits(1),
    definitionParameter: option(7),
    reserved4: reserved32,
    parameterDataLengthBytes: optionByte,
  },
);

/** Asks for access controls; obsolete since SPC-4. Shape: 16 bytes. */
export const accessControlIn = command(
  'ACCESS CONTROL IN',
  'ACCESS CONTROL IN',
  'SPC-3, ACCESS CONTROL IN',
  {
    reserved1: reservedBits(3),
    serviceAction: bit(5),
    managementIdentifierKey: withDefault(u64, 0n),
    allocationLengthBytes: u32,
    reserved2: reserved8,
  },
);
/** Changes access controls; obsolete since SPC-4. Shape: 16 bytes. */
export const accessControlOut = command(
  'ACCESS CONTROL OUT',
  'ACCESS CONTROL OUT',
  'SPC-3, ACCESS CONTROL OUT',
  {
    reserved1: reservedBits(3),
    serviceAction: bit(5),
    reserved2: reservedBytes(8),
    parameterListLengthBytes: u32,
    reserved3: reserved8,
  },
);

const securityProtocol = {
  securityProtocol: u8,
  securityProtocolSpecific: withDefault(u16, 0),
  inc512: option(1),
  reserved1: reservedBits(7),
  reserved2: reserved8,
} as const;
/**
 * Asks for data of a security protocol; with INC_512 the length counts 512 bytes.
 *
 * Shape: 12 bytes.
 */
export const securityProtocolIn = command(
  'SECURITY PROTOCOL IN',
  'SECURITY PROTOCOL IN',
  'SPC-5, SECURITY PROTOCOL IN',
  { ...securityProtocol, allocationLength: u32, reserved3: reserved8 },
);
/** Sends data of a security protocol. Shape: 12 bytes. */
export const securityProtocolOut = command(
  'SECURITY PROTOCOL OUT',
  'SECURITY PROTOCOL OUT',
  'SPC-5, SECURITY PROTOCOL OUT',
  { ...securityProtocol, transferLength: u32, reserved3: reserved8 },
);

const volume = {
  restricted: reserved24,
  logicalVolumeNumber: optionByte,
  reserved1: reserved8,
  partitionNumber: optionByte,
} as const;
/** Reads attributes of the medium. Shape: 16 bytes. */
export const readAttribute = command('READ ATTRIBUTE', 'READ ATTRIBUTE', 'SPC-5, READ ATTRIBUTE', {
  reserved2: reservedBits(3),
  serviceAction: bit(5),
  ...volume,
  firstAttributeIdentifier: withDefault(u16, 0),
  allocationLengthBytes: u32,
  reserved3: reservedBits(7),
  cache: option(1),
});
/** Writes attributes of the medium. Shape: 16 bytes. */
export const writeAttribute = command(
  'WRITE ATTRIBUTE',
  'WRITE ATTRIBUTE',
  'SPC-5, WRITE ATTRIBUTE',
  {
    reserved2: reservedBits(7),
    wtc: option(1),
    ...volume,
    reserved3: reserved16,
    parameterListLengthBytes: u32,
    reserved4: reserved8,
  },
);

/** PROTOCOL of the ATA pass-through commands. */
export const AtaProtocol = {
  HARDWARE_RESET: 0,
  SOFTWARE_RESET: 1,
  NON_DATA: 3,
  PIO_DATA_IN: 4,
  PIO_DATA_OUT: 5,
  DMA: 6,
  DEVICE_DIAGNOSTIC: 8,
  DEVICE_RESET: 9,
  UDMA_DATA_IN: 10,
  UDMA_DATA_OUT: 11,
  NCQ: 12,
  RETURN_RESPONSE_INFORMATION: 15,
} as const;

const ataTransfer = {
  offLine: option(2),
  ckCond: option(1),
  tType: option(1),
  tDir: option(1),
  bytBlok: option(1),
  tLength: option(2),
} as const;

/** An ATA command by its registers. Shape: 12 bytes. */
export const ataPassThrough12 = command(
  'ATA PASS-THROUGH(12)',
  'ATA PASS-THROUGH(12)',
  'SAT-4, ATA PASS-THROUGH (12)',
  {
    multipleCount: option(3),
    protocol: named(bit(4), AtaProtocol),
    reserved1: reservedBits(1),
    ...ataTransfer,
    features: optionByte,
    sectorCount: optionByte,
    lbaLow: optionByte,
    lbaMid: optionByte,
    lbaHigh: optionByte,
    device: optionByte,
    ataCommand: hex(u8),
    reserved2: reserved8,
  },
);
/**
 * An ATA command; two bytes a register: the previous content, then the current one.
 *
 * Shape: 16 bytes.
 */
export const ataPassThrough16 = command(
  'ATA PASS-THROUGH(16)',
  'ATA PASS-THROUGH(16)',
  'SAT-4, ATA PASS-THROUGH (16)',
  {
    multipleCount: option(3),
    protocol: named(bit(4), AtaProtocol),
    extend: option(1),
    ...ataTransfer,
    features: withDefault(u16, 0),
    sectorCount: withDefault(u16, 0),
    lbaLow: withDefault(u16, 0),
    lbaMid: withDefault(u16, 0),
    lbaHigh: withDefault(u16, 0),
    device: optionByte,
    ataCommand: hex(u8),
  },
);
