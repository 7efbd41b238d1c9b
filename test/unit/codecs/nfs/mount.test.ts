/** MOUNT, by the layouts of RFC 1813, appendix I. */
import { describe, it } from 'vitest';
import {
  exportList,
  MountStat3,
  mountList,
  mountPath,
  mountResult,
} from '../../../../src/codecs/nfs/index.ts';
import { linksOf } from '../../../../src/codecs/rpc/index.ts';
import { checkVector } from '../../../helpers/vector.ts';

describe('MOUNT', () => {
  it('takes a path', () => {
    checkVector(mountPath, '00000001 2f000000', { path: '/' });
  });

  it('gives a file handle and the flavors of credentials', () => {
    const resok = { fileHandle: Uint8Array.of(1, 2, 3), authFlavors: [1, 0] };
    const hex = '00000000 00000003 01020300 00000002 00000001 00000000';
    checkVector(mountResult, hex, { status: MountStat3.MNT3_OK, resok });
    checkVector(mountResult, '0000000d', { status: MountStat3.MNT3ERR_ACCES });
  });

  it('lists who mounted what', () => {
    const mounts = linksOf([{ hostname: 'h1', directory: '/' }]);
    const hex = '00000001 00000002 68310000 00000001 2f000000 00000000';
    checkVector(mountList, hex, {}, { mounts });
  });

  it('lists exports with those who may mount them', () => {
    const exports = linksOf([{ directory: '/', groups: linksOf([{ name: 'h1' }]) }]);
    const hex = '00000001 00000001 2f000000 00000001 00000002 68310000 00000000 00000000';
    checkVector(exportList, hex, {}, { exports });
  });
});
