/** Portals of a server: what initiators are told, and that they meet the array that FCoE guests meet. */
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import {
  encodeTextKeys,
  iscsiPdu,
  NO_DIGESTS,
  pduBytesAt,
  textKeysOf,
} from '../../../src/codecs/iscsi/index.ts';
import { iscsiTargetPort } from '../../../src/history/port-name.ts';
import { iscsiPlanOf } from '../../../src/live/iscsi-plan.ts';
import type { LogRecord } from '../../../src/live/log.ts';
import { openServer } from '../../../src/live/open.ts';
import { streams } from '../../../src/machine/random.ts';
import { readScenario } from '../../../src/scenario/load.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function served(advertise: readonly string[] = []) {
  const log: LogRecord[] = [];
  const listen = ['iscsi:127.0.0.1:0', 'iscsi:127.0.0.1:0'];
  const opened = await openServer({
    listen: [],
    luns: [{ kind: 'memory', bytes: 1 << 20 }],
    iscsi: iscsiPlanOf({ listen, advertise, chap: undefined }),
    random: streams(1).stream,
    log: (record) => log.push(record),
  });
  closing.push(() => opened.close());
  return { server: opened.server, log };
}

/** Says PDUs one after the other on a connection, and gives the answers. */
async function talk(
  port: number,
  pdus: readonly Uint8Array[],
): Promise<ReturnType<typeof iscsiPdu.decode>[]> {
  const socket = connect({ port, host: '127.0.0.1' });
  const answers: ReturnType<typeof iscsiPdu.decode>[] = [];
  let held = Buffer.alloc(0);
  for (const pdu of pdus) {
    socket.write(pdu);
    while (held.length < 48 || held.length < pduBytesAt(held, 0, NO_DIGESTS))
      held = Buffer.concat([
        held,
        await new Promise<Buffer>((resolve) => socket.once('data', resolve)),
      ]);
    const length = pduBytesAt(held, 0, NO_DIGESTS);
    answers.push(iscsiPdu.decode(held, 0, length));
    held = held.subarray(length);
  }
  socket.destroy();
  return answers;
}

const login = (keys: Record<string, string>): Uint8Array =>
  iscsiPdu.encode({
    kind: 'Login Request',
    isid: Uint8Array.of(0x80, 0, 0, 0, 0, 1),
    initiatorTaskTag: 1,
    cmdSn: 1,
    transit: 1,
    currentStage: 1,
    nextStage: 3,
    data: encodeTextKeys(
      Object.entries({ InitiatorName: 'iqn.2026-01.com.example:one', ...keys }).map(
        ([key, value]) => ({ key, value }),
      ),
    ),
  });

test('discovery tells all portals, as they are advertised', async () => {
  const { server } = await served(['10.0.2.2:3260']);
  const [portals] = server.targets;
  const second = portals!.addresses[1]!;
  expect(second).toMatch(/^127\.0\.0\.1:\d+$/);
  const port = Number(second.split(':')[1]);
  const ask = { kind: 'Text Request', immediate: 1, initiatorTaskTag: 2, cmdSn: 1 } as const;
  const data = encodeTextKeys([{ key: 'SendTargets', value: 'All' }]);
  const [, answer] = await talk(port, [
    login({ SessionType: 'Discovery' }),
    iscsiPdu.encode({ ...ask, data }),
  ]);
  expect(textKeysOf((answer as { data: Uint8Array }).data)).toEqual([
    { key: 'TargetName', value: portals!.targetName },
    { key: 'TargetAddress', value: '10.0.2.2:3260,1' },
    { key: 'TargetAddress', value: `${second},2` },
  ]);
});

test('a session is logged, reads the array, and ends with the power', async () => {
  const { server, log } = await served();
  const port = Number(server.targets[0]!.listening[0]!.split(':').at(-1));
  const inquiry = iscsiPdu.encode({
    kind: 'SCSI Command',
    lun: 0n,
    initiatorTaskTag: 2,
    cmdSn: 1,
    read: 1,
    expectedDataTransferLengthBytes: 96,
    cdb: Uint8Array.of(0x12, 0, 0, 0, 96, 0),
  });
  const { targetName } = server.targets[0]!;
  const [, answer] = await talk(port, [login({ TargetName: targetName }), inquiry]);
  expect(answer).toMatchObject({ kind: 'SCSI Data-In', hasStatus: 1, status: 0 });
  expect(log.map(({ event }) => event)).toContain('nexus-began');
  const began = log.find(({ event }) => event === 'nexus-began')!;
  expect(began.fields).toMatchObject({ target: iscsiTargetPort(targetName, 1) });
  server.restartArray(1e9);
  const refused = connect({ port, host: '127.0.0.1' });
  await new Promise((resolve) => refused.once('close', resolve).on('error', () => {}));
});

const TWO_TARGETS = `
name: two
fabrics: [{ name: A }]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }]
array:
  ports: [A]
  luns: [{ name: gold }, { name: tin }]
  targets:
    - name: iqn.2026-01.com.example:gold
      portals: [{ listen: '127.0.0.1:0', group: 7 }, { listen: '127.0.0.1:0' }]
    - name: iqn.2026-01.com.example:tin
      portals: [{ listen: '127.0.0.1:0', advertise: '10.0.2.2:3260' }]
  masks:
    - { for: 'iqn.2026-01.com.example:one', luns: { 5: gold } }
vms: [{ name: vm1, host: h1, luns: [gold] }]
move: { vm: vm1, to: h2 }
`;

test('targets of a scenario: each its portals and their groups, all told by discovery, masks by name', async () => {
  const opened = await openServer({
    listen: [],
    luns: [],
    scenario: readScenario(TWO_TARGETS, 'two.yaml'),
    random: streams(1).stream,
    log: () => {},
  });
  closing.push(() => opened.close());
  const [gold, tin] = opened.server.targets;
  const portOf = (address: string) => Number(address.split(':')[1]);
  const [first, second] = gold!.addresses;
  const ask = { kind: 'Text Request', immediate: 1, initiatorTaskTag: 2, cmdSn: 1 } as const;
  const data = encodeTextKeys([{ key: 'SendTargets', value: 'All' }]);
  const [, told] = await talk(portOf(first!), [
    login({ SessionType: 'Discovery' }),
    iscsiPdu.encode({ ...ask, data }),
  ]);
  expect(textKeysOf((told as { data: Uint8Array }).data)).toEqual([
    { key: 'TargetName', value: 'iqn.2026-01.com.example:gold' },
    { key: 'TargetAddress', value: `${first},7` },
    { key: 'TargetAddress', value: `${second},1` },
    { key: 'TargetName', value: 'iqn.2026-01.com.example:tin' },
    { key: 'TargetAddress', value: '10.0.2.2:3260,1' },
  ]);
  const luns = Uint8Array.of(0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0);
  const report = (cmdSn: number) =>
    iscsiPdu.encode({
      kind: 'SCSI Command',
      lun: 0n,
      initiatorTaskTag: cmdSn + 1,
      cmdSn,
      read: 1,
      expectedDataTransferLengthBytes: 64,
      cdb: luns,
    });
  const [, answer] = await talk(portOf(first!), [
    login({ TargetName: 'iqn.2026-01.com.example:gold' }),
    report(1),
  ]);
  // One unit, LUN 5.
  expect([...(answer as { data: Uint8Array }).data.subarray(0, 10)]).toEqual([
    0, 0, 0, 8, 0, 0, 0, 0, 0, 5,
  ]);
  const others = login({
    InitiatorName: 'iqn.2026-01.com.example:two',
    TargetName: 'iqn.2026-01.com.example:gold',
  });
  const [, none] = await talk(portOf(second!), [others, report(1)]);
  expect([...(none as { data: Uint8Array }).data.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  // A target is at its own portals only.
  const wrong = login({ TargetName: 'iqn.2026-01.com.example:gold' });
  expect(await talk(portOf(tin!.listening[0]!.slice('iscsi:'.length)), [wrong])).toMatchObject([
    { status: 0x0203 },
  ]);
});
