/** `sanmotion scenarios`: the list, and the text of one. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtInNames } from '../../../src/cli/scenario-file.ts';
import { scenariosCommand } from '../../../src/cli/scenarios.ts';
import { said } from '../../helpers/said.ts';

test('a line for each, with what it is', async () => {
  const { status, stdout } = await said(() => scenariosCommand(undefined, {}));
  expect(status).toBe(0);
  const rows = stdout.split('\n\n')[0]!.split('\n');
  expect(rows.map((row) => row.split(' ')[0])).toEqual(builtInNames());
  for (const row of rows) expect(row).toMatch(/^\S+ {2,}\S.*\S$/);
  const json = JSON.parse((await said(() => scenariosCommand(undefined, { json: true }))).stdout);
  const first = { name: builtInNames()[0], description: expect.any(String) };
  expect(json[0]).toMatchObject(first);
});

test('the text of one; of none that there is, a word about it', async () => {
  const { stdout } = await said(() => scenariosCommand('s-id-reuse', {}));
  expect(stdout).toBe(readFileSync('scenarios/s-id-reuse.yaml', 'utf8'));
  expect(() => scenariosCommand('s-id-reus', {})).toThrow('did you mean s-id-reuse?');
});

test.each(builtInNames())('%s names the schema for editors', (name) => {
  const [first] = readFileSync(`scenarios/${name}.yaml`, 'utf8').split('\n');
  expect(first).toBe('# yaml-language-server: $schema=../scenario.schema.json');
});
