/** Which data a command moves: from a CDB to the codec of its data. */
import type { AnyCodec } from '../layout/index.ts';
import { CodecError, cutOf, isCutValue, registerCut } from '../layout/index.ts';
import type { Cdb } from './cdb.ts';
import { PersistentReserveIn, PersistentReserveOut, ReportingOptions } from './cdb-management.ts';
import {
  extendedCopyLid1List,
  extendedCopyLid4List,
  receiveCopyDataLid1Data,
  receiveCopyFailureDetailsData,
  receiveCopyOperatingParametersData,
  receiveCopyStatusLid1Data,
  receiveCopyStatusLid4Data,
  receiveRodTokenInformationData,
} from './copy.ts';
import {
  readCapacity10Data,
  readCapacity16Data,
  reportLunsData,
  standardInquiry,
} from './data-primary.ts';
import { logPage } from './log.ts';
import { modeParameters6, modeParameters10 } from './mode.ts';
import {
  getLbaStatusData,
  populateTokenList,
  reportReferralsData,
  unmapList,
  writeUsingTokenList,
} from './provisioning.ts';
import {
  persistentReserveOutList,
  readFullStatusData,
  readKeysData,
  readReservationData,
  registerAndMoveList,
  reportCapabilitiesData,
} from './reservations.ts';
import { sense } from './sense.ts';
import { allCommandsData, oneCommandData, supportedTaskManagementData } from './supported.ts';
import { setTargetPortGroupsList, targetPortGroupsData } from './target-groups.ts';
import { vpd } from './vpd.ts';

/**
 * A codec for data that the command's allocation length may have cut: of bytes that end there, and
 * therefore do not form the message, it reads every field before the cut.
 */
function cutAt(whole: AnyCodec, allocationLengthBytes: number): AnyCodec {
  const by = (value: unknown): AnyCodec => (isCutValue(value) ? cutOf(whole) : whole);
  const tolerate = <T>(length: number, read: (by: AnyCodec) => T): T => {
    try {
      return read(whole);
    } catch (error) {
      if (error instanceof CodecError && length >= allocationLengthBytes)
        return read(cutOf(whole) as AnyCodec);
      throw error;
    }
  };
  const made: AnyCodec = {
    ...whole,
    minBytes: 0,
    table: undefined,
    decode: (bytes, at = 0, end = bytes.length) =>
      tolerate(end - at, (one) => one.decode(bytes, at, end)),
    encode: (value) => by(value).encode(value),
    sizeOf: (value, at) => by(value).sizeOf(value, at),
    write: (target, at, value) => by(value).write(target, at, value),
    spans: (bytes, at = 0, end = bytes.length) =>
      tolerate(end - at, (one) => one.spans(bytes, at, end)),
  };
  registerCut(made, () => cutOf(whole));
  return made;
}

type DataTable = {
  readonly [K in Cdb['kind']]?: (cdb: Extract<Cdb, { kind: K }>) => AnyCodec | undefined;
};

/** A map: it is asked for every command, and few have a layout. */
type DataMap = ReadonlyMap<string, (cdb: Cdb) => AnyCodec | undefined>;

const tableOf = (table: DataTable): DataMap => new Map(Object.entries(table)) as unknown as DataMap;

function reserveIn(cdb: Extract<Cdb, { kind: 'PERSISTENT RESERVE IN' }>): AnyCodec | undefined {
  switch (cdb.serviceAction) {
    case PersistentReserveIn.READ_KEYS:
      return readKeysData;
    case PersistentReserveIn.READ_RESERVATION:
      return readReservationData;
    case PersistentReserveIn.REPORT_CAPABILITIES:
      return reportCapabilitiesData;
    case PersistentReserveIn.READ_FULL_STATUS:
      return readFullStatusData;
    default:
      return undefined;
  }
}

const DATA_IN = tableOf({
  'REQUEST SENSE': () => sense,
  INQUIRY: (cdb) => (cdb.evpd === 1 ? vpd : standardInquiry),
  'REPORT LUNS': () => reportLunsData,
  'READ CAPACITY(10)': () => readCapacity10Data,
  'READ CAPACITY(16)': () => readCapacity16Data,
  'MODE SENSE(6)': () => modeParameters6,
  'MODE SENSE(10)': () => modeParameters10,
  'LOG SENSE': () => logPage,
  'REPORT TARGET PORT GROUPS': () => targetPortGroupsData,
  'REPORT SUPPORTED OPERATION CODES': (cdb) =>
    cdb.reportingOptions === ReportingOptions.ALL ? allCommandsData : oneCommandData,
  'REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS': () => supportedTaskManagementData,
  'PERSISTENT RESERVE IN': reserveIn,
  'GET LBA STATUS(16)': () => getLbaStatusData,
  'REPORT REFERRALS': () => reportReferralsData,
  'RECEIVE COPY STATUS(LID1)': () => receiveCopyStatusLid1Data,
  'RECEIVE COPY DATA(LID1)': () => receiveCopyDataLid1Data,
  'RECEIVE COPY OPERATING PARAMETERS': () => receiveCopyOperatingParametersData,
  'RECEIVE COPY FAILURE DETAILS(LID1)': () => receiveCopyFailureDetailsData,
  'RECEIVE COPY STATUS(LID4)': () => receiveCopyStatusLid4Data,
  'RECEIVE ROD TOKEN INFORMATION': () => receiveRodTokenInformationData,
});

const DATA_OUT = tableOf({
  'MODE SELECT(6)': () => modeParameters6,
  'MODE SELECT(10)': () => modeParameters10,
  'SET TARGET PORT GROUPS': () => setTargetPortGroupsList,
  'PERSISTENT RESERVE OUT': (cdb) =>
    cdb.serviceAction === PersistentReserveOut.REGISTER_AND_MOVE
      ? registerAndMoveList
      : persistentReserveOutList,
  UNMAP: () => unmapList,
  'EXTENDED COPY(LID1)': () => extendedCopyLid1List,
  'EXTENDED COPY(LID4)': () => extendedCopyLid4List,
  'POPULATE TOKEN': () => populateTokenList,
  'WRITE USING TOKEN': () => writeUsingTokenList,
});

function lookUp(table: DataMap, cdb: Cdb): AnyCodec | undefined {
  return table.get(cdb.kind)?.(cdb);
}

/**
 * The codec for the data that a command returns; `undefined` for blocks of the medium, for
 * commands that return nothing and for those not known here. Of data cut by the command's
 * allocation length within what is always there, every field before the cut is read.
 */
export function dataIn(cdb: Cdb): AnyCodec | undefined {
  const whole = lookUp(DATA_IN, cdb);
  if (whole === undefined || !('allocationLengthBytes' in cdb)) return whole;
  return cutAt(whole, cdb.allocationLengthBytes);
}

/**
 * The codec for the parameter list that a command sends; `undefined` for blocks of the medium,
 * for commands that send nothing and for those not known here.
 */
export function dataOut(cdb: Cdb): AnyCodec | undefined {
  return lookUp(DATA_OUT, cdb);
}
