/** `decode` of captures whose frames hold streams: a line a PDU. */
import { expect, test } from 'vitest';
import { decodeCommand } from '../../../src/cli/decode.ts';
import { said } from '../../helpers/said.ts';

const LIBISCSI = 'fixtures/iscsi/iscsi-test-cu-tgt.pcap';
const IPXE = 'fixtures/iscsi/ipxe-login-read-tgt.pcap';

test('a line a PDU, with the frame in which it ended; a segment that ends none has its own', async () => {
  const { stdout } = await said(() => decodeCommand(IPXE, {}));
  const lines = stdout.split('\n');
  expect(lines[3]).toMatch(
    /^ +4 .* TCP 127\.0\.0\.1:40376 → 127\.0\.0\.1:13260 ACK PSH .*length 48$/,
  );
  expect(lines[5]).toMatch(
    /^ +6 .* iSCSI Login Request .* security to operational InitiatorName=iqn\.x:ipxe/,
  );
  expect(stdout).toContain('[1762 bytes of the stream are not in the capture]');
});

test('as JSON, in the line of the frame', async () => {
  const { stdout } = await said(() => decodeCommand(LIBISCSI, { json: true }));
  const frames = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { frame: number; pdus?: Record<string, unknown>[] });
  expect(frames).toHaveLength(561);
  expect(frames[0]).not.toHaveProperty('pdus');
  expect(frames[7]!.pdus).toMatchObject([
    {
      protocol: 'iscsi',
      connection: 1,
      fromClient: true,
      firstFrame: 8,
      length: 48,
      summary: expect.stringContaining('TEST UNIT READY'),
      layers: [
        { layer: 'iscsi', fields: { kind: 'SCSI Command' } },
        { layer: 'scsi', inside: true },
      ],
      crc: 'absent',
      malformed: null,
    },
  ]);
});

test('the fields of a PDU under its line', async () => {
  const { stdout } = await said(() => decodeCommand(LIBISCSI, { frame: '8', details: true }));
  expect(stdout).toContain('initiatorTaskTag: 0x68c50902');
  expect(stdout).toMatch(/TCP .*\n/);
});
