/** What some tests want beyond Node, whether it is there, and what would bring it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** A thing that tests want. */
export interface Want {
  readonly what: string;
  readonly isThere: boolean;
  readonly remedy: string;
}

const runs = (command: string): boolean =>
  spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;

/** Looks for all of them. */
export function wants(): Want[] {
  return [
    { what: 'tshark', isThere: runs('tshark'), remedy: 'apt-get install tshark' },
    { what: 'sg3_utils', isThere: runs('sg_inq'), remedy: 'apt-get install sg3-utils' },
    { what: 'Chromium', isThere: runs('chromium'), remedy: 'apt-get install chromium' },
    {
      what: 'captures that are not part of the repository',
      isThere: existsSync('../shared/captures'),
      remedy: 'put pcap files into folders of ../shared/captures, beside this one',
    },
  ];
}
