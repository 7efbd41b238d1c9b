/** iSCSI sessions of `serve`: the verdict while it runs, of its tap, and of its tap with its history are one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Verdict } from '../../src/audit/verdict.ts';
import { judgeWithHistory } from '../../src/cli/replay-history.ts';
import { ISCSI_TARGET_NAME } from '../../src/live/iscsi-plan.ts';
import { openServer } from '../../src/live/open.ts';
import { streams } from '../../src/machine/random.ts';
import { judgedFile } from '../helpers/judged-file.ts';
import { lateWrite } from '../peers/support/late-write.ts';

const ISID = [0, 2, 0x3d, 0, 0, 1];
const OTHER_ISID = [0x80, 0, 0, 0, 0, 7];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-sessions-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const resultsOf = (verdict: readonly Verdict[], result: Verdict['result']): string[] =>
  verdict.filter((one) => one.result === result).map(({ invariant }) => invariant);

test.each([
  ['the same ISID', ISID, false, []],
  ['another ISID, which sends the write again', OTHER_ISID, true, ['I7']],
] as const)('a late write behind a login with %s', async (_name, isid, repeats, violated) => {
  const [tap, history] = [join(folder, 'tap.pcapng'), join(folder, 'run.jsonl')];
  const opened = await openServer({
    listen: [],
    luns: [{ kind: 'memory', bytes: 1 << 20 }],
    iscsi: {
      targetName: ISCSI_TARGET_NAME,
      portals: [{ host: '127.0.0.1', port: 0 }],
      advertise: [],
      chap: undefined,
    },
    judges: true,
    random: streams(1).stream,
    log: () => {},
    tap,
    history,
  });
  const [address] = opened.server.portals!.listening;
  const login = {
    port: Number(address!.slice(address!.lastIndexOf(':') + 1)),
    target: ISCSI_TARGET_NAME,
    initiator: 'iqn.2026-01.com.example:guest',
    isid: ISID,
    lun: 0,
  };
  await lateWrite(login, isid, repeats);
  const live = opened.account!.soFar();
  expect(resultsOf(live, 'violated')).toEqual(violated);
  await opened.close();
  const judged = opened.account!.conclude();
  expect(resultsOf(judged, 'violated')).toEqual(violated);
  expect(resultsOf(judged, 'holds')).toEqual(
    expect.arrayContaining(['I1', 'I8', 'I12', 'I13', 'I19']),
  );
  expect(await judgeWithHistory(tap, history)).toEqual(judged);
  const alone = await judgedFile(tap);
  expect(resultsOf(alone.verdict, 'violated')).toEqual(violated);
  expect(alone.sessions).toHaveLength(2);
});
