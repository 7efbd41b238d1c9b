/** Mode pages of block devices; fields as `sdparm` and tshark 4.0.17 read them: byte and bit of each. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  caching,
  logicalBlockProvisioning,
  readWriteErrorRecovery,
  verifyErrorRecovery,
} from '../../../../src/codecs/scsi/mode-pages-block.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

describe('error recovery', () => {
  test('reads and writes', () => {
    checkFixedVector(readWriteErrorRecovery, '01 0a c5 03 000000 80 04 00 1388', {
      kind: 'read-write error recovery',
      pageLengthBytes: 10,
      awre: 1,
      arre: 1,
      tb: 0,
      rc: 0,
      eer: 0,
      per: 1,
      dte: 0,
      dcr: 1,
      readRetryCount: 3,
      lbpere: 1,
      writeRetryCount: 4,
      recoveryTimeLimitMs: 5000,
    });
    expect(readWriteErrorRecovery.decode(parseHex('010a3a000000000000000000'))).toMatchObject({
      awre: 0,
      arre: 0,
      tb: 1,
      rc: 1,
      eer: 1,
      per: 0,
      dte: 1,
      dcr: 0,
    });
  });

  test('verification', () => {
    checkFixedVector(verifyErrorRecovery, '07 0a 05 03 00 0000000000 1388', {
      kind: 'verify error recovery',
      eer: 0,
      per: 1,
      dte: 0,
      dcr: 1,
      verifyRetryCount: 3,
      verifyRecoveryTimeLimitMs: 5000,
    });
    expect(verifyErrorRecovery.decode(parseHex('070a0a000000000000000000'))).toMatchObject({
      eer: 1,
      per: 0,
      dte: 1,
      dcr: 0,
    });
  });
});

describe('caching', () => {
  test('the write cache is on: WCE is bit 2 of byte 2', () => {
    checkFixedVector(caching, '08 12 04 00 ffff 0000 ffff ffff 80 14 0000 00 000000', {
      kind: 'caching',
      pageLengthBytes: 18,
      wce: 1,
      rcd: 0,
      disablePrefetchTransferLengthBlocks: 0xffff,
      minimumPrefetchBlocks: 0,
      maximumPrefetchBlocks: 0xffff,
      maximumPrefetchCeilingBlocks: 0xffff,
      fsw: 1,
      numberOfCacheSegments: 20,
    });
  });

  test('each flag has its bit', () => {
    const of = (byte2: string, byte3: string, byte12: string) =>
      caching.decode(parseHex(`0812${byte2}${byte3}${'00'.repeat(8)}${byte12}${'00'.repeat(7)}`));
    expect(of('a9', '12', '6b')).toMatchObject({
      ic: 1,
      abpf: 0,
      cap: 1,
      disc: 0,
      size: 1,
      wce: 0,
      mf: 0,
      rcd: 1,
      demandReadRetentionPriority: 1,
      writeRetentionPriority: 2,
      fsw: 0,
      lbcss: 1,
      dra: 1,
      vendorSpecific: 1,
      syncProg: 1,
      nvDis: 1,
    });
    expect(of('56', '00', '94')).toMatchObject({
      ic: 0,
      abpf: 1,
      cap: 0,
      disc: 1,
      size: 0,
      wce: 1,
      mf: 1,
      rcd: 0,
      fsw: 1,
      lbcss: 0,
      dra: 0,
      vendorSpecific: 2,
      syncProg: 2,
      nvDis: 0,
    });
  });
});

test('logical block provisioning: thresholds of 8 bytes', () => {
  checkVector(logicalBlockProvisioning, `5c 02 0014 01 ${'00'.repeat(11)} 8a 02 0000 00000064`, {
    kind: 'logical block provisioning',
    subpageCode: 2,
    pageLengthBytes: 20,
    situa: 1,
    thresholds: [
      {
        enabled: 1,
        thresholdType: 1,
        thresholdArming: 2,
        thresholdResource: 2,
        thresholdCount: 100,
      },
    ],
  });
});
