/** Captures of what breaks in the zoo's ways: one for each invariant, of the run that shows it, named by its way. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type LateJob, lateEvidence, runLate } from '../../../src/campaign/late-run.ts';
import type { RunPool } from '../../../src/campaign/pool.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { replayCommand } from '../../../src/cli/replay.ts';
import { scenarioFrom } from '../../../src/cli/scenario-file.ts';
import { zooCommand } from '../../../src/cli/zoo.ts';
import { writeCaptures } from '../../../src/cli/zoo-captures.ts';
import { type Cell, overridesOfCell } from '../../../src/cli/zoo-cells.ts';
import { testFolder } from '../../helpers/folder.ts';
import { inFull } from '../../helpers/in-full.ts';
import { said } from '../../helpers/said.ts';

const folder = testFolder('zoo-captures');
/** Makes the runs here: no worker is needed. */
const here = {
  evidence: async (job: LateJob, invariant: string) => lateEvidence(job, invariant),
} as unknown as RunPool;

const WAYS: readonly [string, Cell][] = [
  ['nfs-its-own-address', { protocol: 'nfs', strategy: 'wwpn-pair' }],
  ['nfs-4.1-other-owner', { protocol: 'nfs', nfsVersion: 4.1, strategy: 'wwpn-pair' }],
];

test.each(inFull ? WAYS : WAYS.slice(0, 1))(
  '%s',
  async (name, own) => {
    const cell: Cell = { profile: 'powervm', defences: [], ...own };
    const scenario = scenarioFrom('zoo', { ...overridesOfCell(cell), seed: 1 });
    const undisturbed = runLate({ scenario });
    if ('error' in undisturbed) throw new Error(undisturbed.error);
    const { timeline } = undisturbed;
    const job: LateJob = { scenario, late: { schedule: 'data', timeline } };
    const command = 'sanmotion move zoo';
    const run = () => ({ job, command });
    const captures = await writeCaptures(here, ['I7'], { cell, folder: folder.path('.'), run });
    const path = folder.path(`${name}-I7.pcapng`);
    expect(captures).toEqual([{ invariant: 'I7', path, frames: 5, isShown: true }]);
    const { status, stdout } = await said(() => replayCommand([path], {}));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^I7 +violated/m);
    expect(stdout).not.toMatch(/^I8 +violated/m);
  },
  120_000,
);

test('what is safe has none, and a run that cannot be made is told', async () => {
  const cell: Cell = { protocol: 'nfs', strategy: 'wwpn-pair', defences: [] };
  const none = { cell, folder: folder.path('none'), run: () => ({}) as never };
  expect(await writeCaptures(here, [], none)).toEqual([]);
  expect(existsSync(folder.path('none'))).toBe(false);
  const broken = { evidence: async () => ({ error: 'it fell' }) } as unknown as RunPool;
  const asked = writeCaptures(broken, ['I7'], {
    ...none,
    run: () => ({ job: {}, command: '' }) as never,
  });
  await expect(asked).rejects.toThrow('it fell');
  await expect(zooCommand(undefined, { captures: 'out/x' })).rejects.toThrow(UsageError);
});
