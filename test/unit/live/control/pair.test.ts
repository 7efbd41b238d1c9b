/** `pair`: how an array stands to the other one. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askServer } from '../../../../src/live/control/command.ts';
import { CONTROL_COMMANDS } from '../../../../src/live/control/commands.ts';
import type { LiveServer } from '../../../../src/live/server.ts';
import { Halves } from '../../../helpers/halves.ts';

let halves: Halves;
beforeEach(() => {
  halves = new Halves();
});
afterEach(() => halves.bench.end());

const ask = (server: LiveServer, command: string) =>
  askServer(server, CONTROL_COMMANDS, { command });

test('a half says how it stands, and units that only another array sees have their names', async () => {
  const east = await halves.open(0);
  expect(await ask(east, 'pair')).toEqual({
    ...{ site: 'array', state: 'starting', leads: true, refuses: false, generation: '0' },
    differs: 0,
  });
  const { units } = (await ask(east, 'stats')) as { units: readonly { name: string }[] };
  expect(units.map(({ name }) => name)).toContain('data (leg at array)');
  expect(Object.keys(((await ask(east, 'access')) as { units: object }).units)).toContain('data');
});

test('who lacks what the other has does not go on, whatever is said', async () => {
  const east = await halves.open(0);
  const asked = askServer(east, CONTROL_COMMANDS, { command: 'pair', action: 'go-on' });
  await expect(asked).rejects.toThrow(/it is starting: it goes on already, or lacks/);
});

test('an array whose units have one leg is no half', async () => {
  const alone = await halves.bench.open();
  await expect(ask(alone, 'pair')).rejects.toThrow('pair: the units of this array have one leg');
});
