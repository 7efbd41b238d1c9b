/** The tasks of a session: how much of them is taken at once. */
import { beforeEach, expect, test } from 'vitest';
import { iscsiPdu } from '../../../../src/codecs/iscsi/index.ts';
import { type IscsiClient, IscsiRig } from '../../../helpers/iscsi-rig.ts';

let rig: IscsiRig;
let client: IscsiClient;
beforeEach(() => {
  rig = new IscsiRig();
  client = rig.connect();
  client.login();
});

test('reads that come faster than what they ask for can leave find it busy', () => {
  const asked = Array.from({ length: 40 }, () =>
    iscsiPdu.encode(
      client.command([0x28, 0, 0, 0, 0, 0, 0, 0x10, 0, 0], {
        read: 1,
        final: 1,
        expectedDataTransferLengthBytes: 0x1000 * 512,
      }),
    ),
  );
  client.sendBytes(Buffer.concat(asked));
  const answers = client.answers();
  const good = answers.filter(({ hasStatus, status }) => hasStatus === 1 && status === 0);
  const busy = answers.filter(({ kind, status }) => kind === 'SCSI Response' && status === 8);
  // 2 MiB each, 64 MiB of which may wait, and one more that was begun.
  expect([good.length, busy.length]).toEqual([32, 8]);
  expect(client.read(0, 1)).toMatchObject([{ hasStatus: 1, status: 0 }]);
});

test('immediate commands are so many beside those of the window', () => {
  const write = (): unknown =>
    client.write(0, new Uint8Array(512), { immediate: 1, cmdSn: client.cmdSn })[0];
  for (let i = 0; i < 16; i++) expect(write()).toMatchObject({ kind: 'R2T' });
  expect(write()).toMatchObject({ kind: 'Reject', reason: 6 });
});
