/** Asks tshark what it reads in SCSI commands and their data. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { iscsiSession, type ScsiExchange } from './iscsi-session.ts';
import { tsharkFields } from './shared-captures.ts';

/** True where tshark's cell is this number, in whatever form it prints numbers of that field. */
export function isNumber(cell: string | undefined, value: number | bigint): boolean {
  if (cell === undefined) return false;
  const bare = cell.replaceAll(':', '');
  const octets = BigInt(value).toString(16).padStart(16, '0');
  if (bare.length === 16 && bare === octets) return true;
  return /^(0x[0-9a-f]+|\d+)$/i.test(cell) && BigInt(cell) === BigInt(value);
}

/** The values of `fields` that tshark reads in each exchange, command and data together. */
export function tsharkScsi(
  exchanges: readonly ScsiExchange[],
  fields: readonly string[],
): Map<string, string[]>[] {
  const folder = mkdtempSync(join(tmpdir(), 'sanmotion-scsi-'));
  try {
    const path = join(folder, 'session.pcap');
    writeFileSync(path, iscsiSession(exchanges));
    const lines = tsharkFields(path, fields);
    let line = 0;
    return exchanges.map((one) => {
      const frames = lines.slice(line, line + (one.dataIn === undefined ? 1 : 2));
      line += frames.length;
      return new Map(
        fields.map((field, i): [string, string[]] => [
          field,
          frames.flatMap((cells) => cells[i] ?? []),
        ]),
      );
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
