/** A witness that hears a question and says nothing, or what is no answer. */
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { askWitness } from '../../../../src/live/pair/ask-witness.ts';
import { testFolder } from '../../../helpers/folder.ts';

const folder = testFolder('ask-witness');
let server: Server | undefined;
afterEach(() => {
  server?.close();
});

const asked = async (answer: string | undefined) => {
  const path = folder.path('socket');
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => answer !== undefined && socket.write(answer));
  });
  await new Promise<void>((resolve) => server!.listen(path, resolve));
  const question = { type: 'witness-ask', id: 1, site: 'east', generation: '0' } as const;
  return askWitness({ kind: 'unix', path }, question, 200);
};

test.each([
  ['nothing', undefined],
  ['no JSON', 'yes\n'],
  ['more than a line', 'x'.repeat(3000)],
])('%s is no answer', async (_, answer) => {
  expect(await asked(answer)).toBeUndefined();
});

test('an answer is', async () => {
  expect(await asked('{"id":1,"generation":"0","granted":false}\n')).toMatchObject({
    granted: false,
  });
});
