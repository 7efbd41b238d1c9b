/** The control socket: what it answers, and what it does with those who ask badly. */

import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askControl } from '../../../../src/live/control/client.ts';
import { ListenError } from '../../../../src/live/listen-address.ts';
import { until } from '../../../helpers/live-bench.ts';
import { type ControlRig, controlRig } from '../../../helpers/live-control.ts';

let rig: ControlRig;
beforeEach(async () => {
  rig = await controlRig();
});
afterEach(() => rig.bench.end());

test('bad ones are answered with an error, and the connection goes on', async () => {
  const socket = await rig.bench.connect(rig.path);
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  socket.write('{\n[1]\n{"command":"nope","id":7}\n\n{"command":"cvl","wwpn":1}\n');
  socket.write('{"command":"stats","zap":1}\n{"command":"logins","id":"x"}\n');
  await until(() => text.split('\n').length === 7, 'six answers');
  const answers = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers.map((one) => one.ok)).toEqual([false, false, false, false, false, true]);
  expect(answers[0].error).toMatch(/one line of JSON/);
  expect(answers[2]).toMatchObject({ id: 7, error: expect.stringMatching(/no command nope/) });
  expect(answers[3].error).toMatch(/^cvl: wwpn/);
  expect(answers[4].error).toBe('stats: has no zap');
  expect(answers[5]).toMatchObject({ id: 'x', nexuses: [] });
});

test('one that never ends is cut off', async () => {
  const socket = await rig.bench.connect(rig.path);
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  socket.write('x'.repeat(1 << 21));
  await until(() => text.includes('\n'), 'an answer');
  expect(JSON.parse(text)).toMatchObject({ ok: false, error: expect.stringMatching(/at most/) });
});

test('nobody there is one clear line', async () => {
  await expect(askControl(join(rig.bench.dir, 'none'), '{}')).rejects.toThrow(ListenError);
});
