/**
 * A write whose data come late, on a session whose name and ISID have logged in again: against Debian's tgt, and against LIO
 * in a guest. What passes is judged as it passes (`sanmotion replay -`), and again from the recording.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { describe, expect } from 'vitest';
import { missing } from '../../peers/support/debian.ts';
import { type LateWrite, lateWrite } from '../../peers/support/late-write.ts';
import { LIO_NAME, LIO_SETUP, lioGuest } from '../../peers/support/lio.ts';
import { recorded } from '../../peers/support/recorded.ts';
import { startTgt, TGT_NAME } from '../../peers/support/tgt.ts';
import { guestTest, type Lab } from '../support/lab.ts';
import { endOf } from '../support/wait.ts';

const without = missing(
  ['tgt', 'tcpdump'],
  ['/usr/sbin/tgtd', '/usr/sbin/tgtadm', '/usr/bin/tcpdump'],
);
const INITIATOR = 'iqn.2026-01.com.example:guest';
const ISID = [0, 2, 0x3d, 0, 0, 1];
const END_MS = 10_000;

interface Judged {
  readonly write: LateWrite;
  /** Invariants that are violated: as the live auditor said at the end, and as `replay` says of the recording. */
  readonly live: readonly string[];
  readonly replayed: readonly string[];
}

/** The violations in what `sanmotion replay` says of a capture, from a file or as it comes. */
async function replay(capture: string | Readable): Promise<string[]> {
  const from = typeof capture === 'string' ? capture : '-';
  const words = ['--import', 'tsx', 'src/cli/main.ts', 'replay', from, '--json'];
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  if (typeof capture === 'string') child.stdin.end();
  else capture.pipe(child.stdin);
  await new Promise((resolve) => child.once('close', resolve));
  const { verdict } = JSON.parse(said) as {
    verdict: readonly { readonly invariant: string; readonly result: string }[];
  };
  return verdict.filter(({ result }) => result === 'violated').map(({ invariant }) => invariant);
}

async function judged(lab: Lab, port: number, target: string, lun: number): Promise<Judged> {
  const file = join(lab.dir, 'tap.pcap');
  const login = { port, target, initiator: INITIATOR, isid: ISID, lun };
  let live: Promise<readonly string[]> | undefined;
  const write = await recorded(
    port,
    file,
    () => lateWrite(login, ISID, false),
    (capture) => {
      live = replay(capture);
    },
  );
  return { write, live: await live!, replayed: await replay(file) };
}

describe.skipIf(without !== undefined)('a session whose name and ISID log in again', () => {
  guestTest('tgt writes the late data, and the live auditor says so', 120, async (lab) => {
    const { port, child } = await startTgt(lab.dir);
    lab.atEnd(async () => {
      await endOf(child, 'SIGTERM', END_MS);
    });
    const violated = ['I7', 'I13', 'I14'];
    expect(await judged(lab, port, TGT_NAME, 1)).toEqual({
      write: { answered: true, holds: 'old' },
      live: violated,
      replayed: violated,
    });
  });

  guestTest(
    'LIO ends the old session and its write, and is accused of nothing',
    180,
    async (lab) => {
      const { port, options } = await lioGuest();
      const guest = await lab.boot(options);
      for (const command of LIO_SETUP) await guest.ok(command);
      expect(await judged(lab, port, LIO_NAME, 0)).toEqual({
        write: { answered: false, holds: 'new' },
        live: [],
        replayed: [],
      });
    },
  );
});
