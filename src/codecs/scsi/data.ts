/** Which data a command moves: from a CDB to the codec of its data. */
import type { AnyCodec } from '../layout/index.ts';
import { CodecError } from '../layout/index.ts';
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

/** Data that ends at the allocation length, in the middle of what is always there. */
export type CutData = { kind: 'cut'; raw: Uint8Array };

const isCut = (value: unknown): value is CutData =>
  typeof value === 'object' && value !== null && (value as CutData).kind === 'cut';

/**
 * A codec for data that the command's allocation length may have cut: bytes that end there, and
 * therefore do not form the message, decode to `{kind: 'cut', raw}`.
 */
function cutAt(whole: AnyCodec, allocationLengthBytes: number): AnyCodec {
  const tolerate = <T>(length: number, decode: () => T, cut: () => T): T => {
    try {
      return decode();
    } catch (error) {
      if (error instanceof CodecError && length >= allocationLengthBytes) return cut();
      throw error;
    }
  };
  const raw = (bytes: Uint8Array, at: number, end: number): CutData => ({
    kind: 'cut',
    raw: bytes.subarray(at, end),
  });
  return {
    ...whole,
    minBytes: 0,
    table: undefined,
    decode: (bytes, at = 0, end = bytes.length) =>
      tolerate(
        end - at,
        () => whole.decode(bytes, at, end),
        () => raw(bytes, at, end),
      ),
    encode: (value) => (isCut(value) ? value.raw.slice() : whole.encode(value)),
    sizeOf: (value) => (isCut(value) ? value.raw.length : whole.sizeOf(value)),
    write(target, at, value) {
      if (!isCut(value)) return whole.write(target, at, value);
      target.set(value.raw, at);
      return at + value.raw.length;
    },
    spans: (bytes, at = 0, end = bytes.length) =>
      tolerate(
        end - at,
        () => whole.spans(bytes, at, end),
        () => [
          {
            path: 'raw',
            offset: at,
            length: end - at,
            value: bytes.subarray(at, end),
            text: `${end - at} bytes, cut by the allocation length`,
          },
        ],
      ),
  };
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
 * commands that return nothing and for those not known here. Data cut by the command's
 * allocation length within what is always there decodes to `{kind: 'cut', raw}`.
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
