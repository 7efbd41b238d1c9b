/** Captures of real systems, read where they lie; tests that need them skip where they are absent. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = '../shared/captures';

export interface SharedFrame {
  readonly bytes: Uint8Array;
  readonly originalLength: number;
}

export interface SharedCapture {
  /** `linux/fabric-io.pcap` */
  readonly name: string;
  readonly path: string;
  readonly linkType: number;
  readonly frames: readonly SharedFrame[];
}

/** A classic pcap file of any byte order, read by a loop of its own. */
export function readPcap(path: string): Pick<SharedCapture, 'linkType' | 'frames'> {
  const file = readFileSync(path);
  const little = file[0] === 0xd4 || file[0] === 0x4d || file[0] === 0x34;
  const isModified = file[little ? 0 : 3] === 0x34;
  const headBytes = isModified ? 24 : 16;
  const u32 = (at: number) => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const frames: SharedFrame[] = [];
  for (let at = 24; at < file.length; ) {
    const length = u32(at + 8);
    const bytes = new Uint8Array(file.subarray(at + headBytes, at + headBytes + length));
    frames.push({ bytes, originalLength: u32(at + 12) });
    at += headBytes + length;
  }
  // The upper bits tell of an FCS.
  return { linkType: u32(20) & 0x03ff_ffff, frames };
}

/** All shared captures; an empty list, and a notice, where the folder is absent. */
export function sharedCaptures(): SharedCapture[] {
  if (!existsSync(FOLDER)) {
    console.warn(`skipped: ${FOLDER} is absent`);
    return [];
  }
  const captures: SharedCapture[] = [];
  for (const { name: folder } of readdirSync(FOLDER, { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  )) {
    for (const file of readdirSync(join(FOLDER, folder), { withFileTypes: true })) {
      if (!file.name.endsWith('.pcap')) continue;
      const path = join(FOLDER, folder, file.name);
      captures.push({ name: `${folder}/${file.name}`, path, ...readPcap(path) });
    }
  }
  return captures;
}

/** True when tshark is there to be asked. */
export const hasTshark = (() => {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('skipped: tshark is not installed');
    return false;
  }
})();

/**
 * What tshark says of every frame: a list of values for each field asked for, in the frame's
 * order, empty where a field is absent.
 */
export function tsharkFields(path: string, fields: readonly string[], filter = ''): string[][][] {
  const args = ['-n', '-r', path, '-T', 'fields', '-E', 'occurrence=a', '-E', 'aggregator=|'];
  if (filter !== '') args.push('-Y', filter);
  for (const field of fields) args.push('-e', field);
  const output = execFileSync('tshark', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 28,
  });
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t').map((cell) => (cell === '' ? [] : cell.split('|'))));
}
