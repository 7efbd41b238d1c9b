/** What a file system can do, by the layouts of RFC 1813, 3.3.18 to 3.3.20. */
import { describe, it } from 'vitest';
import { fsinfo3res, fsstat3res, pathconf3res } from '../../../../src/codecs/nfs/index.ts';
import { checkVector } from '../../../helpers/vector.ts';

describe('a file system', () => {
  it('FSSTAT: bytes, files, and how long that holds', () => {
    const resok = {
      tbytes: 1n,
      fbytes: 2n,
      abytes: 3n,
      tfiles: 4n,
      ffiles: 5n,
      afiles: 6n,
      invarsec: 7,
    };
    const hex = `00000000 00000000 0000000000000001 0000000000000002 0000000000000003
      0000000000000004 0000000000000005 0000000000000006 00000007`;
    checkVector(fsstat3res, hex, { resok }, { status: 0, resok: { objAttributes: {}, ...resok } });
  });

  it('FSINFO: sizes of reads, writes and files', () => {
    const resok = {
      rtmax: 1,
      rtpref: 2,
      rtmult: 3,
      wtmax: 4,
      wtpref: 5,
      wtmult: 6,
      dtpref: 7,
      maxfilesize: 8n,
      timeDelta: { seconds: 9, nseconds: 10 },
      properties: 0x1b,
    };
    const hex = `00000000 00000000 00000001 00000002 00000003 00000004 00000005 00000006 00000007
      0000000000000008 00000009 0000000a 0000001b`;
    checkVector(fsinfo3res, hex, { resok }, { status: 0, resok: { objAttributes: {}, ...resok } });
  });

  it('PATHCONF: links and names', () => {
    const resok = {
      linkmax: 1,
      nameMax: 255,
      noTrunc: 1,
      chownRestricted: 0,
      caseInsensitive: 0,
      casePreserving: 1,
    };
    const hex = `00000000 00000000 00000001 000000ff 00000001 00000000 00000000 00000001`;
    checkVector(
      pathconf3res,
      hex,
      { resok },
      { status: 0, resok: { objAttributes: {}, ...resok } },
    );
  });
});
