/** Every command that takes a scenario reads it in one way, and says the same of what is wrong. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { campaignCommand } from '../../../src/cli/campaign.ts';
import { moveCommand } from '../../../src/cli/move.ts';
import { quiesceCommand } from '../../../src/cli/quiesce.ts';
import {
  builtInPath,
  namesOrNone,
  overridesOf,
  scenarioFrom,
} from '../../../src/cli/scenario-file.ts';
import { serveCommand } from '../../../src/cli/serve.ts';
import { zooCommand } from '../../../src/cli/zoo.ts';
import { optionWords } from '../../../src/scenario/overrides.ts';
import type { ScenarioError } from '../../../src/scenario/scenario-error.ts';

const TEXT = readFileSync(builtInPath('two-host-move'), 'utf8');
let dir = '';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'sanmotion-scenario-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const written = (name: string, text: string): string => {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
};

const COMMANDS = {
  move: (path: string) => moveCommand(path, {}),
  campaign: (path: string) => campaignCommand(path, {}, '0'),
  'campaign --replay': (path: string) => campaignCommand(path, { replay: '{"seed":1}' }, '0'),
  zoo: async (path: string) => zooCommand(path, {}),
  quiesce: (path: string) => quiesceCommand(path, { with: [] }),
  serve: (path: string) => serveCommand(path, { listen: [], lun: [] }),
} as const;

describe.each(Object.entries(COMMANDS))('%s', (_name, command) => {
  test('two nodes of one name are told when the file is read, with both places', async () => {
    const path = written('clash.yaml', TEXT.replace('{ name: h2,', '{ name: fcf-A,'));
    await expect(command(path)).rejects.toThrow(
      /^\S+clash\.yaml:11:13: the name fcf-A is there twice: .* \(fabrics\.0\.name: \S+:7:13\)$/,
    );
  });

  test('a file that is not there', async () => {
    await expect(command(join(dir, 'none.yaml'))).rejects.toThrow(
      /none\.yaml: no such file, and none that is built in \(sanmotion scenarios lists those, /,
    );
  });
});

test.each([
  ['move', () => moveCommand(undefined, { defences: 'foo' }), '--defences'],
  ['campaign', () => campaignCommand(undefined, { defences: 'foo' }, '0'), '--defences'],
  ['campaign', () => campaignCommand(undefined, { settings: 'foo' }, '0'), '--settings'],
  ['quiesce', () => quiesceCommand(undefined, { with: [], drain: 'foo' }), '--drain'],
])('%s: what an option says is blamed on the option', async (_name, run, option) => {
  await expect(run()).rejects.toThrow(new RegExp(`^${option} foo: allowed are `));
});

test("serve: an address of the file is blamed on the file's line", async () => {
  const path = written(
    'listen.yaml',
    TEXT.replace('domain: 2 }', "domain: 2, listen: ['ftp:x'] }"),
  );
  await expect(COMMANDS.serve(path)).rejects.toThrow(
    /listen\.yaml:8:\d+: listen ftp:x: needs unix:PATH/,
  );
});

test('options are overrides, and overrides are options again', () => {
  const words = { defences: 'acl-first,oxid-epochs', drain: 'abort', settings: 'no-rscn' };
  const overrides = overridesOf(words);
  expect(overrides).toEqual({
    defences: ['acl-first', 'oxid-epochs'],
    drain: 'abort',
    settings: ['no-rscn'],
  });
  expect(optionWords(overrides)).toBe(
    ' --drain abort --defences acl-first,oxid-epochs --settings no-rscn',
  );
  expect(optionWords(overridesOf({ defences: 'none' }))).toBe(' --defences none');
  expect(scenarioFrom(undefined, overrides).fabrics[0]!.rscn).toBe('none');
});

test('a built-in scenario by its name, from any folder; a file of that name wins', () => {
  expect(scenarioFrom('s-id-reuse').name).toBe('s-id-reuse');
  expect(() => scenarioFrom('s-id-reus')).toThrow(/did you mean s-id-reuse\?/);
  expect(() => scenarioFrom('scenarios/f25-canceled.yaml')).toThrow(/did you mean f25-cancelled\?/);
});

test('a capture in the place of a scenario', () => {
  expect(() => scenarioFrom('fixtures/fabric-io.pcap')).toThrow(
    /is no text; a capture is judged by sanmotion replay, .* init --from fixtures\/fabric-io\.pcap/,
  );
});

test('none stands alone among names with commas', () => {
  expect(namesOrNone('--defences', 'none')).toEqual([]);
  expect(namesOrNone('--defences', 'a,b')).toEqual(['a', 'b']);
  expect(() => namesOrNone('--defences', 'none,a')).toThrow('--defences none,a: none stands alone');
});

test('what one option does to several fabrics is said once', () => {
  const choice = overridesOf({ protocol: 'fc', profile: 'flexattach' });
  let others: readonly string[] | undefined;
  try {
    scenarioFrom(undefined, choice);
  } catch (error) {
    ({ others } = error as ScenarioError);
  }
  expect(others).toEqual([]);
});
