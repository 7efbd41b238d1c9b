/** Attributes of files, by the layouts of RFC 1813, 2.6. */
import { describe, it } from 'vitest';
import {
  dirOpArgs3,
  FType3,
  fattr3,
  postOpAttr,
  postOpFh3,
  sattr3,
  TimeHow,
  wccData,
} from '../../../../src/codecs/nfs/index.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

const FILE = {
  type: FType3.NF3REG,
  mode: 0o644,
  nlink: 1,
  uid: 1000,
  gid: 100,
  size: 0x1_0000_0002n,
  used: 4096n,
  rdev: { specdata1: 8, specdata2: 1 },
  fsid: 7n,
  fileid: 9n,
  atime: { seconds: 1, nseconds: 2 },
  mtime: { seconds: 3, nseconds: 4 },
  ctime: { seconds: 5, nseconds: 6 },
};
const FILE_HEX = `00000001 000001a4 00000001 000003e8 00000064 0000000100000002 0000000000001000
  00000008 00000001 0000000000000007 0000000000000009 00000001 00000002 00000003 00000004
  00000005 00000006`;

describe('attributes', () => {
  it('are 84 bytes', () => {
    checkFixedVector(fattr3, FILE_HEX, FILE);
  });

  it('stand behind a boolean in replies', () => {
    checkVector(postOpAttr, '00000000', { attributesFollows: 0 }, {});
    checkVector(postOpAttr, `00000001 ${FILE_HEX}`, { attributes: FILE });
  });

  it('before and behind a call: size and times of before, all of behind', () => {
    const attributes = {
      size: 5n,
      mtime: { seconds: 1, nseconds: 2 },
      ctime: { seconds: 3, nseconds: 4 },
    };
    const hex = '00000001 0000000000000005 00000001 00000002 00000003 00000004 00000000';
    checkVector(wccData, hex, { before: { attributes } }, { before: { attributes }, after: {} });
  });

  it('that change are those that are given', () => {
    const hex = '00000001 000001ff 00000000 00000000 00000001 0000000000000200 00000001 00000000';
    const value = { mode: 0o777, size: 512n, setAtime: TimeHow.SET_TO_SERVER_TIME, setMtime: 0 };
    checkVector(sattr3, hex, value);
    const withTime = `00000000 00000000 00000000 00000000 00000000 00000002 00000007 00000008`;
    checkVector(sattr3, withTime, { mtime: { seconds: 7, nseconds: 8 } });
  });
});

describe('names and handles', () => {
  it('a name stands behind the handle of its directory', () => {
    checkVector(dirOpArgs3, '00000002 01020000 00000003 61626300', {
      dir: Uint8Array.of(1, 2),
      name: 'abc',
    });
  });

  it('a handle may be missing', () => {
    checkVector(postOpFh3, '00000001 00000001 09000000', { handle: { data: Uint8Array.of(9) } });
  });
});
