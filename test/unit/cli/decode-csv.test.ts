/** `decode --csv` of streams: a row a PDU, where several end in a frame, or one goes over several. */
import { afterAll, expect, test } from 'vitest';
import { decodeCommand } from '../../../src/cli/decode.ts';
import { FRAME_COLUMNS } from '../../../src/cli/decode-csv.ts';
import { iscsiPdu } from '../../../src/codecs/index.ts';
import { concat, pcapFile, temporaryFolder } from '../../helpers/capture.ts';
import { said } from '../../helpers/said.ts';
import { type End, SYN, tcpFrame } from '../../helpers/tcp-frames.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const A: End = [1, 50_000];
const B: End = [2, 3260];
const ping = (initiatorTaskTag: number): Uint8Array =>
  iscsiPdu.encode({ kind: 'NOP-Out', initiatorTaskTag, immediate: 1 });

async function rowsOf(...frames: Uint8Array[]): Promise<Record<string, string>[]> {
  const records = frames.map((bytes, seconds) => ({ seconds, subseconds: 0, bytes }));
  const file = folder.write('streams.pcap', pcapFile(records));
  const { stdout } = await said(() => decodeCommand(file, { csv: true }));
  const [head, ...lines] = stdout.trim().split('\n');
  expect(head).toBe(FRAME_COLUMNS.join(','));
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(FRAME_COLUMNS.map((name, i) => [name, cells[i]!]));
  });
}

test('three PDUs in one frame and one that began in the frame before', async () => {
  const stream = concat([ping(1), ping(2), ping(3), ping(4)]);
  const [syn, ...rows] = await rowsOf(
    tcpFrame({ from: A, to: B, seq: 99, flags: SYN }),
    tcpFrame({ from: A, to: B, seq: 100, payload: stream.subarray(0, 20) }),
    tcpFrame({ from: A, to: B, seq: 120, payload: stream.subarray(20) }),
  );
  const told = rows.map(({ frame, protocol, length, pdu, first_frame, tag }) =>
    [frame, protocol, length, pdu, first_frame, tag].join(' '),
  );
  expect(told).toEqual([
    '2 tcp 74   ',
    '3 iscsi 48 1 2 00000001',
    '3 iscsi 48 2 3 00000002',
    '3 iscsi 48 3 3 00000003',
    '3 iscsi 48 4 3 00000004',
  ]);
  expect(syn!.pdu).toBe('');
  expect(rows[4]!.summary).toMatch(/^iSCSI NOP-Out .* ITT 00000004$/);
});

test('bytes that are not there have a row of their own', async () => {
  const rows = await rowsOf(
    tcpFrame({ from: A, to: B, seq: 100, payload: ping(1) }),
    tcpFrame({ from: A, to: B, seq: 196, payload: ping(3) }),
    tcpFrame({ from: B, to: A, seq: 500, ack: 244 }),
  );
  expect(rows.map(({ frame, pdu }) => `${frame} ${pdu}`)).toEqual(['1 1', '2 ', '3 ', '3 1']);
  expect(rows[2]!.summary).toContain('[48 bytes of the stream are not in the capture]');
});
