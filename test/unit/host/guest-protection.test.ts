/** What a host answers to a backup: references and changes of its guests. */
import { expect, it } from 'vitest';
import type { ChangesTold } from '../../../src/history/index.ts';
import { San } from '../../helpers/san.ts';

const changes = (since: string) => ({ command: 'changes', vm: 'vm', since, until: 'r2' }) as const;

it('knows what its guest has changed since a reference, and tells of it', () => {
  const san = new San({ backup: { map: 'host', granularityBlocks: 1 } });
  san.start();
  const { luName } = san.world.array.device.units[0]!;
  expect(san.ask('h1', { command: 'track', vm: 'vm', reference: 'r1' })).toEqual({
    ok: true,
    command: 'track',
  });
  san.run(0.05);
  const answer = san.ask('h1', { ...changes('r1'), luName });
  if (answer?.ok !== true || answer.command !== 'changes') throw new Error('no answer');
  expect(answer.changed!.length).toBeGreaterThan(0);
  const [told] = san.told<ChangesTold>('changed-blocks');
  expect(told).toMatchObject({ keeper: 'host', luName, since: 'r1', until: 'r2' });
  expect(told!.changed).toEqual(answer.changed);
  expect(san.ask('h1', { ...changes('never'), luName })).toMatchObject({ changed: undefined });
  expect(san.ask('h1', { ...changes('r1'), vm: 'other', luName })).toMatchObject({ ok: false });
});

it('keeps no map where nobody asked for one', () => {
  const san = new San();
  san.start();
  const { luName } = san.world.array.device.units[0]!;
  san.ask('h1', { command: 'track', vm: 'vm', reference: 'r1' });
  san.run(0.01);
  expect(san.ask('h1', { ...changes('r1'), luName })).toMatchObject({ changed: undefined });
});
