/**
 * The CDB family: any command of SPC and SBC by its operation code and service action.
 *
 * A CDB shorter than the 16 bytes of an FCP_CMND leaves padding behind: `decodeCdb` cuts it off.
 */
import { family, type Infer, type InferInput } from '../layout/index.ts';
import * as access from './cdb-access.ts';
import * as block from './cdb-block.ts';
import * as primary from './cdb-primary.ts';
import { MaintenanceIn, Opcode, ServiceActionIn16 } from './opcode.ts';

const members = {
  'TEST UNIT READY': primary.testUnitReady,
  'REQUEST SENSE': primary.requestSense,
  INQUIRY: primary.inquiry,
  'REPORT LUNS': primary.reportLuns,
  'MODE SENSE(6)': primary.modeSense6,
  'MODE SENSE(10)': primary.modeSense10,
  'REPORT TARGET PORT GROUPS': primary.reportTargetPortGroups,
  'REPORT SUPPORTED OPERATION CODES': primary.reportSupportedOperationCodes,
  'READ(6)': access.read6,
  'WRITE(6)': access.write6,
  'READ(10)': access.read10,
  'WRITE(10)': access.write10,
  'READ(12)': access.read12,
  'WRITE(12)': access.write12,
  'READ(16)': access.read16,
  'WRITE(16)': access.write16,
  'READ CAPACITY(10)': block.readCapacity10,
  'READ CAPACITY(16)': block.readCapacity16,
  'SYNCHRONIZE CACHE(10)': block.synchronizeCache10,
  'SYNCHRONIZE CACHE(16)': block.synchronizeCache16,
} as const;

type Kind = keyof typeof members;

const SERVICE_ACTIONS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  [Opcode['MAINTENANCE IN']]: MaintenanceIn,
  [Opcode['SERVICE ACTION IN(16)']]: ServiceActionIn16,
};

/** Operation code, or operation code x 32 + service action above 255, to the member. */
const byCode = new Map<number, Kind>();
for (const [name, code] of Object.entries(Opcode)) {
  const actions = SERVICE_ACTIONS[code];
  if (actions === undefined) {
    if (name in members) byCode.set(code, name as Kind);
    continue;
  }
  for (const [action, number] of Object.entries(actions)) {
    if (action in members) byCode.set(256 + code * 32 + number, action as Kind);
  }
}

function select(bytes: Uint8Array, at: number, end: number): Kind | undefined {
  const code = bytes[at]!;
  if (SERVICE_ACTIONS[code] === undefined) return byCode.get(code);
  return end - at < 2 ? undefined : byCode.get(256 + code * 32 + (bytes[at + 1]! & 0x1f));
}

/** Any CDB. A command that is not in the table is `{kind: 'unknown', raw}`. */
export const cdb = family('SCSI CDB', 'SPC-5 and SBC-4, commands', {
  members,
  select,
  peekBytes: 1,
});
export type Cdb = Infer<typeof cdb>;
export type CdbInput = InferInput<typeof cdb>;
export type CdbKind = Cdb['kind'];

const GROUP_BYTES: readonly (number | undefined)[] = [
  6,
  10,
  10,
  undefined,
  16,
  12,
  undefined,
  undefined,
];

/**
 * Bytes of a CDB by its operation code's group; `undefined` for reserved and vendor specific
 * groups, and where the additional length of a variable length CDB is not there.
 */
export function cdbLengthBytes(bytes: Uint8Array): number | undefined {
  const code = bytes[0];
  if (code === undefined) return undefined;
  if (code === Opcode['VARIABLE LENGTH CDB']) return bytes.length < 8 ? undefined : 8 + bytes[7]!;
  return GROUP_BYTES[code >> 5];
}

/** Decodes a CDB from a field that pads it. Errors: `CodecError` when the CDB is cut. */
export function decodeCdb(padded: Uint8Array): Cdb {
  const length = cdbLengthBytes(padded) ?? padded.length;
  return cdb.decode(padded, 0, Math.min(length, padded.length));
}
