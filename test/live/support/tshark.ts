/** What tshark says of a capture. */
import { spawnSync } from 'node:child_process';

/** Numbers of the frames that pass a display filter; a capture that still grows may end in the middle of one. */
export function numbersOf(path: string, filter: string): string[] {
  const options = ['-r', path, '-Y', filter, '-T', 'fields', '-e', 'frame.number'];
  const { stdout } = spawnSync('tshark', options, { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '');
}
