/** Disks that clients of files go to by themselves: registrants come in, and who has lost its layout is shut out. */
import { afterEach, expect, test } from 'vitest';
import {
  cdb,
  lunField,
  persistentReserveOutList,
  ScsiStatus,
} from '../../../src/codecs/scsi/index.ts';
import { iscsiInitiatorPort } from '../../../src/history/port-name.ts';
import { iscsiPlanOf } from '../../../src/live/iscsi-plan.ts';
import { LayoutDisks } from '../../../src/live/layout-disks.ts';
import { openServer } from '../../../src/live/open.ts';
import type { LiveServer } from '../../../src/live/server.ts';
import { streams } from '../../../src/machine/random.ts';
import type { NfsNode } from '../../../src/port/nfs/file-system.ts';
import type { Reply } from '../../../src/scsi/transport.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const KEY = 0x1234_0000_0001n;
const OWNER = Uint8Array.from('Linux \u001b[2J h1', (one) => one.charCodeAt(0));
const PORT = iscsiInitiatorPort('iqn.2026-01.com.example:h1', Uint8Array.of(0, 2, 61, 0, 0, 1));
const { CONFLICT, GOOD } = {
  CONFLICT: ScsiStatus.RESERVATION_CONFLICT,
  GOOD: ScsiStatus.GOOD,
};

async function rig() {
  const logged: string[] = [];
  const { close, server } = await openServer({
    listen: [],
    iscsi: iscsiPlanOf({ listen: ['iscsi:127.0.0.1:0'], advertise: [], chap: undefined }),
    luns: [{ kind: 'memory', bytes: 1 << 20 }],
    random: streams(1).stream,
    log: ({ text }) => logged.push(text),
  });
  closing.push(close);
  const disks = new LayoutDisks(server).options;
  const [unit] = server.array.device.units;
  const node = { name: 'lun0.img', file: { luName: unit!.luName } } as NfsNode;
  return { disks, logged, node, server, unit: unit! };
}

/** The status of a command of the client. */
function status(server: LiveServer, bytes: Uint8Array, dataOut: Uint8Array): number {
  const pair = server.array.device.nexuses.find(PORT, 0);
  const nexus = pair?.login ?? server.array.device.nexusBegan(PORT, 0, 1)!;
  let answer: Reply | undefined;
  server.actOnArray((array, now) =>
    array.handleElsewhere(now, () => {
      nexus.submit(
        { lun: lunField(0), tag: 1, attribute: 0, cdb: bytes },
        {
          enabled: (task) => {
            answer = task.run(dataOut);
          },
          answered: (_, reply) => {
            answer = reply;
          },
          cleared: () => {},
        },
      );
    }),
  );
  // What it is told once is told to the next one.
  return answer?.status === ScsiStatus.CHECK_CONDITION
    ? status(server, bytes, dataOut)
    : answer!.status;
}

const write = (server: LiveServer): number =>
  status(
    server,
    cdb.encode({ kind: 'WRITE(10)', lba: 0, transferLengthBlocks: 1 }),
    new Uint8Array(512),
  );

function register(server: LiveServer): number {
  const list = persistentReserveOutList.encode({
    reservationKey: 0n,
    serviceActionReservationKey: KEY,
    aptpl: 1,
  });
  const head = { kind: 'PERSISTENT RESERVE OUT', type: 0 } as const;
  const parameterListLengthBytes = list.length;
  return status(server, cdb.encode({ ...head, serviceAction: 6, parameterListLengthBytes }), list);
}

test('who has registered comes in, and loses its way with its layout; the log says whose it was', async () => {
  const { disks, logged, node, server, unit } = await rig();
  expect(disks.deviceOf(node)).toEqual({ naa: unit.luId, storageOffset: 0n });
  expect(write(server)).toBe(GOOD);
  disks.admit!(node, OWNER);
  expect(unit.reservations.reservation).toMatchObject({ type: 6 });
  expect([write(server), register(server), write(server)]).toEqual([CONFLICT, GOOD, GOOD]);
  expect(disks.initiatorOf!(OWNER, KEY)).toBe(PORT);
  // Others than the one that is meant are left alone.
  disks.fence(node, OWNER, KEY + 1n);
  expect(write(server)).toBe(GOOD);
  disks.fence(node, OWNER, KEY);
  expect(write(server)).toBe(CONFLICT);
  expect(disks.initiatorOf!(OWNER, KEY)).toBe(PORT);
  disks.told!(node, OWNER, 'revoked');
  expect(logged.at(-1)).toMatch(/^layout of lun0\.img: revoked, Linux .*\[2J h1$/);
  expect(logged.at(-1)).not.toContain('\u001b');
  // It comes back with its key as it came before.
  disks.admit!(node, OWNER);
  expect([register(server), write(server)]).toEqual([GOOD, GOOD]);
});

test('the disk is kept again when the array has been without power', async () => {
  const { disks, node, server, unit } = await rig();
  disks.admit!(node, OWNER);
  register(server);
  server.restartArray(0);
  await expect.poll(() => server.array.device.nexuses.find(PORT, 0)?.login).toBeUndefined();
  disks.admit!(node, OWNER);
  expect(unit.reservations.reservation?.holder.initiatorPort).not.toBe(PORT);
  expect(write(server)).toBe(GOOD);
  disks.fence(node, OWNER, KEY);
  expect(write(server)).toBe(CONFLICT);
});

test('a disk that others have reserved cannot be kept, which the log says', async () => {
  const { disks, logged, node, server, unit } = await rig();
  register(server);
  const pair = server.array.device.nexuses.find(PORT, 0)!;
  unit.reservations.reserve(pair, KEY, 1);
  disks.admit!(node, OWNER);
  expect(logged).toContainEqual(expect.stringMatching(/^lun0 is reserved by others/));
  const other = { name: 'new.bin', file: {} } as NfsNode;
  expect(disks.deviceOf(other)).toBeUndefined();
});
