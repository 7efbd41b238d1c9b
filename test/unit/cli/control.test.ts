/** `sanmotion control`: words become a request, the answer becomes a status. */
import { afterEach, describe, expect, test } from 'vitest';
import { controlCommand } from '../../../src/cli/control.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { ListenError } from '../../../src/live/listen-address.ts';
import { testFolder } from '../../helpers/folder.ts';
import { answering, said } from '../../helpers/said.ts';

const folder = testFolder('control');
let server: Awaited<ReturnType<typeof answering>> | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** What the server is asked when these words are typed. */
async function askedBy(...words: string[]): Promise<unknown> {
  const path = folder.path('asked.sock');
  server = await answering(path, { ok: true });
  await said(() => controlCommand(path, words, {}));
  return server.asked[0];
}

describe('the request', () => {
  test('a command and pairs; what looks like JSON is JSON, hex digits stay text', async () => {
    expect(
      await askedBy('fault', 'wwpn=20:00:00:00', 'id=0000000000000010', 'nth=3', 'up=true'),
    ).toEqual({
      command: 'fault',
      wwpn: '20:00:00:00',
      id: '0000000000000010',
      nth: 3,
      up: true,
    });
  });

  test('lists and objects; what only begins like them is text', async () => {
    expect(await askedBy('zone', 'members=["a","b"]', 'note={half', 'empty=')).toEqual({
      command: 'zone',
      members: ['a', 'b'],
      note: '{half',
      empty: '',
    });
  });

  test('one JSON object, also when a shell has split it', async () => {
    expect(await askedBy('{"command":', '"logins"}')).toEqual({ command: 'logins' });
  });

  test.each([
    [['{"command"'], /^control: the request is no JSON: /],
    [['cvl', 'wwpn'], /^control: wwpn: needs key=value/],
    [['cvl', '=x'], /^control: =x: needs key=value/],
  ])('%j is refused before anybody is asked', async (words, message) => {
    const refusal = controlCommand(folder.path('nobody.sock'), words, {});
    await expect(refusal).rejects.toThrow(message);
    await expect(refusal).rejects.toBeInstanceOf(UsageError);
  });
});

test('an answer is printed, over lines or on one; a refusal is status 1', async () => {
  const path = folder.path('answers.sock');
  server = await answering(path, { ok: true, cleared: 1 });
  expect(await said(() => controlCommand(path, ['cvl'], {}))).toMatchObject({
    status: 0,
    stdout: '{\n  "ok": true,\n  "cleared": 1\n}\n',
  });
  expect(await said(() => controlCommand(path, ['cvl'], { json: true }))).toMatchObject({
    stdout: '{"ok":true,"cleared":1}\n',
  });
  await server.close();
  server = await answering(path, { ok: false, error: 'no such port' });
  expect((await said(() => controlCommand(path, ['cvl'], {}))).status).toBe(1);
});

test('nobody listens', async () => {
  const refusal = controlCommand(folder.path('none.sock'), ['logins'], {});
  await expect(refusal).rejects.toThrow(/nobody listens there; start serve with --control/);
  await expect(refusal).rejects.toBeInstanceOf(ListenError);
});
