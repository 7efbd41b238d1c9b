/** The port mapper, by the layouts of RFC 1833. */
import { describe, it } from 'vitest';
import {
  mapping,
  portmapCallIt,
  portmapCallResult,
  portmapDone,
  portmapList,
  portmapPort,
} from '../../../../src/codecs/nfs/index.ts';
import { linksOf } from '../../../../src/codecs/rpc/index.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

const NFS = { program: 100_003, version: 3, protocol: 6, port: 2049 };

describe('the port mapper', () => {
  it('knows where a program is', () => {
    checkFixedVector(mapping, '000186a3 00000003 00000006 00000801', NFS);
    checkFixedVector(portmapPort, '00000801', { port: 2049 });
    checkFixedVector(portmapDone, '00000001', { done: 1 });
  });

  it('lists all of them', () => {
    const hex = '00000001 000186a3 00000003 00000006 00000801 00000000';
    checkVector(portmapList, hex, {}, { mappings: linksOf([NFS]) });
  });

  it('passes calls on', () => {
    checkVector(portmapCallIt, '000186a3 00000003 00000000 00000000', {
      program: 100_003,
      version: 3,
      procedure: 0,
    });
    checkVector(portmapCallResult, '00000801 00000001 07000000', {
      port: 2049,
      results: Uint8Array.of(7),
    });
  });
});
