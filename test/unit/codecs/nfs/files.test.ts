/** Calls and replies on files, by the layouts of RFC 1813, 3.3. */
import { describe, it } from 'vitest';
import * as nfs from '../../../../src/codecs/nfs/index.ts';
import { checkVector } from '../../../helpers/vector.ts';

const HANDLE = '00000004 0a0b0c0d';
const object = Uint8Array.of(10, 11, 12, 13);
const noWcc = { before: {}, after: {} };

describe('calls on files', () => {
  it.each([
    ['GETATTR', nfs.fileArgs3, HANDLE, { object }],
    [
      'LOOKUP',
      nfs.lookup3args,
      `${HANDLE} 00000001 61000000`,
      { what: { dir: object, name: 'a' } },
    ],
    ['ACCESS', nfs.access3args, `${HANDLE} 0000001f`, { object, access: 0x1f }],
    [
      'READ',
      nfs.read3args,
      `${HANDLE} 0000000000000200 00001000`,
      { file: object, offset: 512n, count: 4096 },
    ],
    [
      'WRITE',
      nfs.write3args,
      `${HANDLE} 0000000000000200 00000003 00000002 00000003 01020300`,
      { file: object, offset: 512n, count: 3, stable: 2, data: Uint8Array.of(1, 2, 3) },
    ],
    ['COMMIT', nfs.commit3args, `${HANDLE} 0000000000000000 00000000`, { offset: 0n, count: 0 }],
  ] as const)('%s', (_name, codec, hex, value) => {
    const whole = 'offset' in value && value.offset === 0n ? { file: object, ...value } : value;
    checkVector(codec as never, hex, whole);
  });

  it('SETATTR has a guard, or none', () => {
    const newAttributes = {};
    const none = '00000000'.repeat(6);
    checkVector(
      nfs.setattr3args,
      `${HANDLE} ${none} 00000000`,
      { object },
      { object, newAttributes },
    );
    const guard = { seconds: 7, nseconds: 8 };
    const hex = `${HANDLE} ${none} 00000001 00000007 00000008`;
    checkVector(nfs.setattr3args, hex, { guard }, { object, newAttributes, guard });
  });
});

describe('replies about files', () => {
  it('READ gives data, its count and whether the file ends there', () => {
    const resok = { fileAttributes: {}, count: 2, eof: 1, data: Uint8Array.of(1, 2) };
    const hex = '00000000 00000000 00000002 00000001 00000002 01020000';
    checkVector(nfs.read3res, hex, { status: 0 }, { status: 0, resok });
  });

  it('WRITE gives what is committed and a verifier of eight bytes', () => {
    const verf = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const resok = { fileWcc: noWcc, count: 3, committed: 2, verf };
    const hex = '00000000 00000000 00000000 00000003 00000002 0102030405060708';
    checkVector(nfs.write3res, hex, { status: 0 }, { status: 0, resok });
    checkVector(
      nfs.commit3res,
      '00000000 00000000 00000000 0102030405060708',
      {},
      {
        status: 0,
        resok: { fileWcc: noWcc, verf },
      },
    );
  });

  it.each([
    ['GETATTR', nfs.getattr3res, '00000046', {}],
    ['SETATTR', nfs.setattr3res, '00000046 00000000 00000000', { objWcc: noWcc }],
    ['LOOKUP', nfs.lookup3res, '00000046 00000000', { dirAttributes: {} }],
    ['ACCESS', nfs.access3res, '00000046 00000000', { objAttributes: {} }],
    ['READLINK', nfs.readlink3res, '00000046 00000000', { symlinkAttributes: {} }],
    ['READ', nfs.read3res, '00000046 00000000', { fileAttributes: {} }],
    ['WRITE', nfs.write3res, '00000046 00000000 00000000', { fileWcc: noWcc }],
    ['COMMIT', nfs.commit3res, '00000046 00000000 00000000', { fileWcc: noWcc }],
  ] as const)('%s that failed', (_name, codec, hex, resfail) => {
    checkVector(
      codec as never,
      hex,
      { status: nfs.NfsStat3.NFS3ERR_STALE },
      { status: 70, resfail },
    );
  });
});
