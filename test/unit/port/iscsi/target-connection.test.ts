/** What a connection of a target sends. Source: RFC 7143, 11.2, 11.7. */
import { beforeEach, expect, test } from 'vitest';
import { IscsiRig } from '../../../helpers/iscsi-rig.ts';

let rig: IscsiRig;
beforeEach(() => {
  rig = new IscsiRig();
});

test('data of a large read leave apart from their header, with their padding, and are the same with digests', () => {
  const data = Uint8Array.from({ length: 64 * 512 }, (_, i) => (i * 7) >> 3);
  rig.medium.write(3, data);
  const bytes = data.length - 1;
  const [plain, digested] = [rig.connect(), rig.connect()];
  const large = { MaxRecvDataSegmentLength: '65536' };
  plain.login({ isid: 8, keys: large });
  digested.login({ isid: 9, keys: { ...large, HeaderDigest: 'CRC32C', DataDigest: 'CRC32C' } });
  for (const initiator of [plain, digested]) {
    const [answer] = initiator.read(3, 64, { expectedDataTransferLengthBytes: bytes });
    expect(answer).toMatchObject({
      kind: 'SCSI Data-In',
      hasStatus: 1,
      final: 1,
      residualCount: 1,
    });
    expect(Buffer.from(answer!.data as Uint8Array).equals(data.subarray(0, bytes))).toBe(true);
  }
});
