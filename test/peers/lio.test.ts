/** Our iSCSI initiator against LIO, Linux's own target: discovery, logins of all kinds, reads and writes verified, recovery. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SECOND } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import type { IscsiInitiatorOptions } from '../../src/port/iscsi/initiator-options.ts';
import { countedIsids, randomIsids } from '../../src/port/iscsi/isid.ts';
import { Guest } from '../live/support/guest.ts';
import { until } from '../live/support/wait.ts';
import { cdb10, InitiatorRig, PROPOSALS } from './support/initiator-rig.ts';
import {
  LIO_GUARDED,
  LIO_NAME,
  LIO_SETUP,
  LIO_UNIT_MIB,
  lioGuest,
  withoutGuests,
} from './support/lio.ts';

const without = withoutGuests();
const LIMIT_MS = 30_000;
const DISK_BYTES = LIO_UNIT_MIB << 20;

let folder = '';
let port = 0;
let guest: Guest | undefined;
const rig = new InitiatorRig(() => ({ name: LIO_NAME, port, lun: 0n, diskBytes: DISK_BYTES }));

beforeAll(async () => {
  if (without !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-lio-'));
  const { options, port: forwarded } = await lioGuest();
  port = forwarded;
  guest = await Guest.boot(folder, options);
  for (const command of LIO_SETUP) await guest.ok(command);
});
afterEach(() => rig.close());
afterAll(async () => {
  await guest?.stop();
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(without !== undefined)('LIO', () => {
  test('tells its targets, by the address that it has itself', async () => {
    const initiator = rig.started();
    const found = await initiator.discover();
    const addresses = [{ address: '10.0.2.15', port: 3260, groupTag: 1 }];
    expect(
      found.ok ? [...found.targets].sort((a, b) => (a.name < b.name ? -1 : 1)) : found,
    ).toEqual([
      { name: LIO_NAME, addresses },
      { name: LIO_GUARDED, addresses },
    ]);
    expect(initiator.complaints).toEqual([]);
  });

  test.each(PROPOSALS)('reads what was written, %s', async (_, options) => {
    const initiator = rig.started(options);
    const session = await initiator.login();
    expect(initiator.told).toEqual(['began']);
    expect(await initiator.verified(1)).toEqual({ written: 4254 * 512, wrong: 0 });
    expect(initiator.complaints).toEqual([]);
    expect(session.state).toBe('logged-in');
  });

  test('is scanned as any target', async () => {
    const initiator = rig.started();
    await initiator.login();
    expect(await initiator.scan()).toContainEqual({ lunNumber: 0, blocks: DISK_BYTES / 512 });
  });

  test('proves who it is, and wants that of us', async () => {
    const chap = { user: 'guest', secret: 'secret of the guest' };
    const target = { name: 'array', secret: 'secret of array' };
    const told = async (options: Partial<IscsiInitiatorOptions>) => {
      const one = rig.started(options);
      await one.login(LIO_GUARDED);
      return one.told[0];
    };
    expect(await told({ chap: { ...chap, algorithms: ['MD5'] } })).toBe('began');
    expect(await told({ chap: { ...chap, target, algorithms: ['MD5'] } })).toBe('began');
    expect(await told({ chap: { ...chap, secret: 'wrong' } })).toMatch(
      /^ended: the target refuses/,
    );
    expect(await told({ chap: { ...chap, target: { secret: 'wrong' } } })).toBe(
      'ended: the target does not prove who it is',
    );
    expect(await told({})).toMatch(/^ended: the target refuses/);
  });

  test('keeps many commands under way, and loses none', async () => {
    const initiator = rig.started();
    await initiator.login();
    const reads = Array.from({ length: 300 }, (_, i) =>
      initiator.run({ cdb: cdb10(0x28, i, 8), dataInBytes: 4096 }),
    );
    const answers = await Promise.all(reads);
    expect(answers.every(({ status, data }) => status === 0 && data.length === 4096)).toBe(true);
    expect(initiator.complaints).toEqual([]);
  });

  test('answers a reset of the unit, and a logout', async () => {
    const initiator = rig.started();
    const session = await initiator.login();
    await initiator.run({ cdb: new Uint8Array(6) });
    expect(await initiator.resetUnit()).toBe('complete');
    expect(await initiator.logout(session)).toBe(true);
  });

  test('takes a session back under its name, at whichever stage a login begins; of a random one it knows nothing', async () => {
    for (const stage of ['security', 'operational'] as const) {
      for (const isids of [countedIsids, randomIsids(streams(1).stream('isid'))]) {
        const first = rig.started({ isids, stage, times: { time2WaitNs: SECOND } });
        await first.login();
        const second = rig.started({ isids, stage });
        await second.login();
        const isSame = isids === countedIsids;
        if (isSame)
          await until(() => first.told.length > 1, LIMIT_MS, 'the end of the old session');
        expect(first.told.slice(1, 2)).toEqual(isSame ? [expect.stringMatching(/^lost: /)] : []);
        await first.host.close();
        await second.host.close();
      }
    }
  });
});
