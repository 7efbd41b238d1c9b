/** The control socket: what it answers, and what its commands do to guests. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askControl } from '../../src/live/control/client.ts';
import { CONTROL_COMMANDS } from '../../src/live/control/commands.ts';
import { ControlSocket } from '../../src/live/control/socket.ts';
import { ListenError } from '../../src/live/listen-address.ts';
import type { LiveServer } from '../../src/live/server.ts';
import { Bench, until } from './support/emulated.ts';

const VM1 = 0xc050_7600_0000_0100n;
const VM1_TEXT = 'c0:50:76:00:00:00:01:00';
const PHYSICAL = '20:00:00:25:b5:00:00:01';

let bench: Bench;
let server: LiveServer;
const path = () => join(bench.dir, 'ctl');
beforeEach(async () => {
  bench = new Bench();
  server = await bench.serve();
  const control = await ControlSocket.open(path(), server, CONTROL_COMMANDS);
  bench.atEnd(() => control.close());
});
afterEach(() => bench.end());

// biome-ignore lint/suspicious/noExplicitAny: answers are JSON of many shapes
async function ask(request: object): Promise<any> {
  return JSON.parse(await askControl(path(), JSON.stringify(request)));
}

describe('requests', () => {
  test('bad ones are answered with an error, and the connection goes on', async () => {
    const socket = await bench.connect(path());
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
    const socket = await bench.connect(path());
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    socket.write('x'.repeat(1 << 21));
    await until(() => text.includes('\n'), 'an answer');
    expect(JSON.parse(text)).toMatchObject({ ok: false, error: expect.stringMatching(/at most/) });
  });

  test('nobody there is one clear line', async () => {
    await expect(askControl(join(bench.dir, 'none'), '{}')).rejects.toThrow(ListenError);
  });
});

describe('with a guest', () => {
  test('logins and stats name it', async () => {
    await (await bench.host()).prepare(VM1);
    const { logins, nexuses } = await ask({ command: 'logins' });
    const guest = logins.find((one: { wwpn: string }) => one.wwpn === VM1_TEXT);
    expect(guest).toMatchObject({ fabric: 'A', by: 'FDISC', link: 'A.1' });
    expect(guest.fc4Types).toContain(8);
    expect(nexuses.map((one: { wwpn: string }) => one.wwpn)).toContain(VM1_TEXT);
    const stats = await ask({ command: 'stats' });
    expect(stats).toMatchObject({ ok: true, defects: 0, fabrics: [{ logins: 3 }] });
    expect(stats.fabrics[0].forwarded).toBeGreaterThan(5);
  });

  test('cvl of one name makes only that one log in again; of all, everybody', async () => {
    await (await bench.host()).prepare(VM1);
    const loggedIn: bigint[] = [];
    server.onEvent(({ event }) => {
      if (event.type === 'login') loggedIn.push(event.wwpn);
    });
    expect(await ask({ command: 'cvl', wwpn: VM1_TEXT })).toMatchObject({ ok: true, cleared: 1 });
    await until(() => loggedIn.length === 1, 'the vport again');
    expect(loggedIn).toEqual([VM1]);
    expect(await ask({ command: 'cvl', all: true })).toMatchObject({ ok: true, cleared: 3 });
    await until(() => loggedIn.length === 4, 'everybody again');
    const refused = await ask({ command: 'cvl', wwpn: '20:00:00:00:00:00:00:09' });
    expect(refused).toEqual({ ok: false, error: 'cvl: 20:00:00:00:00:00:00:09 is not logged in' });
  });

  test('a zone set takes the target out of its sight, and gives it back', async () => {
    await (await bench.host()).prepare(VM1);
    const lonely = { enforced: 'hard', zones: [{ name: 'z', members: [VM1_TEXT, PHYSICAL] }] };
    const set = await ask({ command: 'zone', action: 'set', zoning: lonely });
    expect(set).toMatchObject({ active: { enforced: 'none' }, set: { enforced: 'hard' } });
    const nexuses = () => [...server.array.device.nexuses].filter((one) => one.login !== undefined);
    expect(nexuses()).not.toEqual([]);
    const active = await ask({ command: 'zone', action: 'activate' });
    expect(active.active.zones[0].members).toHaveLength(2);
    await until(() => bench.said.includes('zoning of A changed (hard)'), 'a word in the log');
    const open = { zones: [{ name: 'z', members: [VM1_TEXT, 'array'] }] };
    await ask({ command: 'zone', action: 'activate', zoning: open });
    await until(() => nexuses().some((one) => one.initiatorPort === VM1_TEXT), 'logged in again');
    const wrong = { zones: [{ name: 'z', members: ['nobody'] }] };
    expect((await ask({ command: 'zone', action: 'set', zoning: wrong })).error).toMatch(/nobody/);
  });

  test('a mask hides units from one name and from everybody', async () => {
    const host = await bench.host();
    expect(await ask({ command: 'mask', action: 'set', luns: {} })).toMatchObject({ ok: true });
    await ask({ command: 'mask', action: 'set', wwpn: VM1_TEXT, luns: { '3': 'lun0' } });
    expect((await host.prepare(VM1)).map((one) => one.lunNumber)).toEqual([3]);
    expect(await ask({ command: 'mask' })).toMatchObject({
      everybody: {},
      masks: [{ wwpn: VM1_TEXT, luns: { '3': 'lun0' } }],
    });
    const wrong = await ask({ command: 'mask', action: 'set', luns: { '0': 'gold' } });
    expect(wrong.error).toBe('mask: there is no logical unit gold; there is lun0');
  });
});

describe('what may fail, while a guest works', () => {
  const working = async (request: object, ios = 300) => {
    const host = await bench.host();
    const done = host.work(VM1, ios);
    await until(() => host.events.some((one) => one.type === 'io-complete'), 'it works');
    const answer = await ask(request);
    expect(answer).toMatchObject({ ok: true });
    return { failed: await done, answer };
  };

  test('lost frames cost time and nothing else', async () => {
    const { failed } = await working({
      command: 'fault',
      action: 'add',
      name: 'loss',
      wwpn: VM1_TEXT,
      kind: 'drop',
      frames: 'fcp-data',
      nth: 5,
      times: 2,
    });
    expect(failed).toEqual([]);
    const { faults } = await ask({ command: 'fault' });
    expect(faults).toMatchObject([{ name: 'loss', link: 'A.1', applied: 2 }]);
    expect(await ask({ command: 'fault', action: 'clear' })).toMatchObject({ cleared: 1 });
  });

  test('damaged, doubled and late frames are harmless', async () => {
    const add = { command: 'fault', action: 'add' };
    await ask({ ...add, kind: 'duplicate', frames: 'fcp-rsp', chance: 0.2, times: 20 });
    await ask({ ...add, kind: 'delay', frames: 'fcp-cmnd', delayMs: 3, chance: 0.2 });
    const { failed } = await working({
      command: 'fault',
      action: 'add',
      kind: 'corrupt',
      frames: 'fcp-data',
      times: 1,
    });
    expect(failed).toEqual([]);
  });

  test('an array that loses power comes back with what was acknowledged', async () => {
    const { failed } = await working({ command: 'restart', what: 'array', downMs: 50 });
    expect(failed).toEqual([]);
    expect(bench.said).toMatch(/array restarted/);
  });

  test('so does a switch, which tells its ENodes', async () => {
    const { failed } = await working({ command: 'restart', what: 'fcf', downMs: 50 });
    expect(failed).toEqual([]);
    expect(bench.said).toMatch(/FCF of A restarted/);
  });

  test('a target port goes down and comes up', async () => {
    const { failed } = await working({
      command: 'port',
      action: 'down',
      targetPort: 0,
      forMs: 50,
    });
    expect(failed).toEqual([]);
    expect(bench.said).toMatch(/A\.0 down[\s\S]*A\.0 up/);
  });

  test('faults that make no sense are refused', async () => {
    const add = (rest: object) => ask({ command: 'fault', action: 'add', ...rest });
    expect((await add({ kind: 'delay' })).error).toBe('fault: delay needs delayMs');
    expect((await add({})).error).toMatch(/kind is missing/);
    expect((await add({ kind: 'drop', link: 'Z.9' })).error).toMatch(/no link Z\.9; there is A\.0/);
  });
});
