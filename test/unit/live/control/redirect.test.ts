/** `redirect`: where logins at iSCSI portals are sent. */
import { afterEach, expect, test } from 'vitest';
import { CONTROL_COMMANDS } from '../../../../src/live/control/commands.ts';
import { iscsiPlanOf } from '../../../../src/live/iscsi-plan.ts';
import type { LogRecord } from '../../../../src/live/log.ts';
import { openServer } from '../../../../src/live/open.ts';
import type { LiveServer } from '../../../../src/live/server.ts';
import { streams } from '../../../../src/machine/random.ts';
import { controlRig } from '../../../helpers/live-control.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const redirect = CONTROL_COMMANDS.find(({ name }) => name === 'redirect')!;
const ask = async (server: LiveServer, request: object): Promise<unknown> =>
  await redirect.run(server, request);

test('it is shown, set and taken back, and logged', async () => {
  const log: LogRecord[] = [];
  const { server, close } = await openServer({
    listen: [],
    luns: [{ kind: 'memory', bytes: 1 << 20 }],
    iscsi: iscsiPlanOf({
      listen: ['iscsi:127.0.0.1:0', 'iscsi:127.0.0.1:0'],
      advertise: [],
      chap: undefined,
    }),
    random: streams(1).stream,
    log: (record) => log.push(record),
  });
  closing.push(() => close());
  expect(await ask(server, {})).toEqual({ redirections: [] });
  const to = '10.0.0.2:3260';
  const set = { redirections: [{ portal: 2, to, permanent: true }] };
  expect(await ask(server, { portal: 2, to, permanent: true, logout: true })).toEqual(set);
  expect(await ask(server, {})).toEqual(set);
  expect(await ask(server, { portal: 2 })).toEqual({ redirections: [] });
  expect(log.map(({ text }) => text)).toEqual(
    expect.arrayContaining([
      'logins at iSCSI portal 2 are sent to 10.0.0.2:3260',
      'logins at iSCSI portal 2 stay there',
    ]),
  );
});

test('what is not there is refused', async () => {
  const rig = await controlRig();
  closing.push(() => rig.bench.end());
  const { error } = await rig.ask({ command: 'redirect', portal: 1, to: 'a:1' });
  expect(error).toBe('redirect: there is no iSCSI target; --listen iscsi:HOST:PORT');
  expect((await rig.ask({ command: 'redirect', portal: 1, to: 'nowhere' })).error).toMatch(
    /HOST:PORT/,
  );
});
