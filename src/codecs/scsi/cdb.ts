/**
 * The CDB family: any command of SPC and SBC by its operation code and service action.
 *
 * A CDB shorter than the 16 bytes of an FCP_CMND leaves padding behind: `decodeCdb` cuts it off.
 */
import { type FamilyCodec, family, type Infer, type InferInput, nameOf } from '../layout/index.ts';
import { members } from './cdb-members.ts';
import {
  MaintenanceIn,
  MaintenanceOut,
  Opcode,
  ServiceActionIn16,
  ServiceActionOut16,
  ThirdPartyCopyIn,
  ThirdPartyCopyOut,
  VariableLength,
} from './opcode.ts';

type Kind = keyof typeof members;
type Actions = Readonly<Record<string, number>>;

/** Operation codes whose command is named by a service action. */
const SERVICE_ACTIONS: Readonly<Record<number, Actions>> = {
  [Opcode['MAINTENANCE IN']]: MaintenanceIn,
  [Opcode['MAINTENANCE OUT']]: MaintenanceOut,
  [Opcode['SERVICE ACTION IN(16)']]: ServiceActionIn16,
  [Opcode['SERVICE ACTION OUT(16)']]: ServiceActionOut16,
  [Opcode['THIRD-PARTY COPY OUT']]: ThirdPartyCopyOut,
  [Opcode['THIRD-PARTY COPY IN']]: ThirdPartyCopyIn,
  [Opcode['VARIABLE LENGTH CDB']]: VariableLength,
};

const isMember = (name: string): name is Kind => Object.hasOwn(members, name);

/** Members by operation code, and of those with service actions by both. */
const byCode: (Kind | undefined)[] = [];
const byAction = new Map<number, Kind>();
const keyOf = (code: number, action: number) => code * 0x1_0000 + action;

for (const [name, code] of Object.entries(Opcode)) {
  const actions = SERVICE_ACTIONS[code];
  if (actions === undefined) {
    if (isMember(name)) byCode[code] = name;
    continue;
  }
  for (const [action, number] of Object.entries(actions)) {
    if (isMember(action)) byAction.set(keyOf(code, number), action);
  }
}

/** The service action of a CDB that has one; `undefined` where it is cut off. */
function actionAt(bytes: Uint8Array, at: number, end: number): number | undefined {
  if (bytes[at] === Opcode['VARIABLE LENGTH CDB'])
    return end - at < 10 ? undefined : bytes[at + 8]! * 256 + bytes[at + 9]!;
  return end - at < 2 ? undefined : bytes[at + 1]! & 0x1f;
}

function select(bytes: Uint8Array, at: number, end: number): Kind | undefined {
  const code = bytes[at]!;
  if (SERVICE_ACTIONS[code] === undefined) return byCode[code];
  const action = actionAt(bytes, at, end);
  return action === undefined ? undefined : byAction.get(keyOf(code, action));
}

/**
 * Any CDB. A command that is not in the table is `{kind: 'unknown', raw}`.
 *
 * Shape: 6 to 16 bytes; a variable length CDB 32 bytes.
 */
export const cdb: FamilyCodec<typeof members> = family('SCSI CDB', 'SPC-5 and SBC-4, commands', {
  members,
  select,
  peekBytes: 1,
});
export type Cdb = Infer<typeof cdb>;
export type CdbInput = InferInput<typeof cdb>;
/** Name of a command that has a layout here, or `unknown`. */
export type CdbKind = Cdb['kind'];

/** Bytes of a CDB by the upper 3 bits of its operation code. */
const GROUP_BYTES: readonly (number | undefined)[] = [6, 10, 10, undefined, 16, 12];

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

/**
 * A command's name by its operation code and service action, also where it has no layout here;
 * `undefined` for codes without a name.
 */
export function commandName(bytes: Uint8Array): string | undefined {
  const code = bytes[0];
  if (code === undefined) return undefined;
  const actions = SERVICE_ACTIONS[code];
  const action = actions === undefined ? undefined : actionAt(bytes, 0, bytes.length);
  const named = action === undefined ? undefined : nameOf(actions!, action);
  return named ?? nameOf(Opcode, code);
}

/** Commands whose six-byte form counts 256 blocks as 0. Source: SBC-3, READ(6) and WRITE(6). */
const ZERO_IS_256: ReadonlySet<unknown> = new Set(['READ(6)', 'WRITE(6)']);
const BLOCKS_OF_ZERO = 256;

/** Logical blocks that a command moves; `undefined` where it does not count blocks, or was cut. */
export function blocksOf(one: object | undefined): number | undefined {
  const { kind, transferLengthBlocks } = (one ?? {}) as {
    kind?: unknown;
    transferLengthBlocks?: number;
  };
  return transferLengthBlocks === 0 && ZERO_IS_256.has(kind)
    ? BLOCKS_OF_ZERO
    : transferLengthBlocks;
}
