/** What replay tells of the iSCSI connections in recordings of real initiators. */
import { expect, test } from 'vitest';
import { StreamRows } from '../../../../src/audit/told/stream-rows.ts';
import type { StreamConnection } from '../../../../src/codecs/index.ts';
import { streamsOf } from '../../../helpers/iscsi-pdus.ts';

async function rowsOf(name: string) {
  const rows = new StreamRows();
  await streamsOf(`fixtures/iscsi/${name}.pcap`, {
    pdu: (pdu) => rows.pdu(pdu),
    gap: (gap) => rows.gap(gap),
  });
  return rows;
}

test('libiscsi: who logged in where, and what passed', async () => {
  const [first, second] = (await rowsOf('iscsi-test-cu-tgt')).rows();
  expect(first).toMatchObject({
    protocol: 'iscsi',
    client: '127.0.0.1:56396',
    server: '127.0.0.1:13260',
    firstFrame: 4,
    lastFrame: 31,
    pdus: { 'Login Request': 1, 'SCSI Command': 11, 'Logout Response': 1 },
    lostBytes: 0,
    skippedBytes: 0,
    openTasks: 0,
    login: {
      initiatorName: 'iqn.2007-10.com.github:sahlberg:libiscsi:iscsi-test',
      targetName: 'iqn.2024-01.lab:tgt',
      isid: '805a59fd0000',
      result: 'logged in',
      headerDigest: false,
    },
  });
  // The recording ends while a command is open.
  expect(second).toMatchObject({ openTasks: 1, pdus: { 'SCSI Command': 260 } });
});

test('QEMU: the same initiator comes back as another one; what the snap length cut is said', async () => {
  const rows = (await rowsOf('qemu-reconnect-random-isid-tgt')).rows();
  expect(rows.map(({ login }) => login?.isid)).toEqual(['807543fa0000', '80d9e6ee0000']);
  for (const one of rows) expect(one.lostBytes).toBeGreaterThan(0);
});

test('of more connections than are listed only the number is told', () => {
  const rows = new StreamRows();
  const gap = (number: number): void => {
    const connection: StreamConnection = {
      number,
      protocol: 'fcip',
      client: 'a',
      server: 'b',
      iscsi: undefined,
    };
    rows.gap({ connection, fromClient: true, what: 'lost', bytes: 1, frame: number });
  };
  for (let number = 1; number <= 10_003; number++) gap(number);
  expect(rows.rows()).toHaveLength(10_000);
  expect(rows.left).toBe(3);
});
