/** Runs tshark and hands over what it prints. */
import { execFileSync, spawn } from 'node:child_process';
import { type PdmlPacket, readPdml } from './pdml.ts';

/** tshark cannot be asked. The message is one line. */
export class TsharkError extends Error {}

/** The version line of tshark, `undefined` where none is installed. */
export function tsharkVersion(): string | undefined {
  try {
    const output = execFileSync('tshark', ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /\d+\.\d+\.\d+/.exec(output)?.[0];
  } catch {
    return undefined;
  }
}

/**
 * What tshark reads in each frame of a capture, in file order.
 * Errors: {@link TsharkError} where tshark is missing or does not read the file.
 */
export async function* tsharkPackets(path: string): AsyncGenerator<PdmlPacket, void, undefined> {
  // The captures of real iSCSI initiators use a TCP port of their own.
  const ports = ['-d', 'tcp.port==13260,iscsi'];
  const child = spawn('tshark', ['-n', ...ports, '-T', 'pdml', '-r', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', () => reject(new TsharkError('tshark is not installed')));
    child.on('close', resolve);
  });
  ended.catch(() => undefined);
  yield* readPdml(child.stdout.setEncoding('latin1') as AsyncIterable<string>);
  const status = await ended;
  const lines = complaint.split('\n').filter((line) => line.startsWith('tshark:'));
  if (status !== 0) throw new TsharkError(lines[0] ?? `tshark ended with status ${status}`);
}
