/**
 * What a witness has said, in a file: a line of JSON a generation, the oldest first. It is on the medium before the
 * answer leaves, so a witness that was killed and started again says the same.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { fileFault } from '../../capture/file-fault.ts';
import { ListenError } from '../listen-address.ts';

/** No witness writes as much. */
const BYTES_MAX = 1024 * 1024;

/** Generations, and who was let go on. */
export type Grants = ReadonlyMap<string, string>;

/** What a file holds; nothing where there is none yet. Errors: `ListenError`. */
export function readGrants(path: string): Grants {
  if (!existsSync(path)) return new Map();
  try {
    if (statSync(path).size > BYTES_MAX) throw new ListenError(`${path}: no file of a witness`);
    const lines = readFileSync(path, 'utf8').split('\n');
    return new Map(lines.filter((line) => line !== '').map((line) => grantOf(path, line)));
  } catch (error) {
    if (error instanceof ListenError) throw error;
    const { advice, what } = fileFault(path, error, 'read');
    throw new ListenError(`cannot read ${path}: ${what}; ${advice}`);
  }
}

function grantOf(path: string, line: string): readonly [string, string] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  const { generation, site } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof generation === 'string' && typeof site === 'string') return [generation, site];
  throw new ListenError(`${path}: no file of a witness; name another one, it is made`);
}

/** Writes all of it beside the file, and puts that in its place: it is whole at every moment. Errors: `ListenError`. */
export function writeGrants(path: string, grants: Grants): void {
  const beside = `${path}.new`;
  const text = [...grants].map(([generation, site]) => `${JSON.stringify({ generation, site })}\n`);
  try {
    const file = openSync(beside, 'w');
    try {
      writeSync(file, text.join(''));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    const { advice, what } = fileFault(path, error, 'write');
    throw new ListenError(`cannot write ${path}: ${what}; ${advice}`);
  }
}
