/** Calls and replies on directories, by the layouts of RFC 1813, 3.3.8 to 3.3.17. */
import { describe, expect, it } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import * as nfs from '../../../../src/codecs/nfs/index.ts';
import { linksOf, valuesOf } from '../../../../src/codecs/rpc/index.ts';
import { checkVector } from '../../../helpers/vector.ts';

const WHERE = '00000004 0a0b0c0d 00000001 61000000';
const where = { dir: Uint8Array.of(10, 11, 12, 13), name: 'a' };
const NO_ATTRIBUTES = '00000000'.repeat(6);
const VERIFIER = '0102030405060708';
const verifier = parseHex(VERIFIER);
const noWcc = { before: {}, after: {} };

describe('calls that make and remove', () => {
  it('CREATE has attributes or a verifier, by its mode', () => {
    const guarded = { where, mode: nfs.CreateMode3.GUARDED, objAttributes: {} };
    checkVector(nfs.create3args, `${WHERE} 00000001 ${NO_ATTRIBUTES}`, { mode: 1 }, guarded);
    const exclusive = { where, mode: nfs.CreateMode3.EXCLUSIVE, verf: verifier };
    checkVector(nfs.create3args, `${WHERE} 00000002 ${VERIFIER}`, { mode: 2 }, exclusive);
  });

  it('MKNOD of a device has its numbers, of a pipe attributes alone', () => {
    const spec = { specdata1: 8, specdata2: 1 };
    const device = { where, type: nfs.FType3.NF3BLK, devAttributes: {}, spec };
    const hex = `${WHERE} 00000003 ${NO_ATTRIBUTES} 00000008 00000001`;
    checkVector(nfs.mknod3args, hex, { spec }, device);
    const pipe = { where, type: nfs.FType3.NF3FIFO, pipeAttributes: {} };
    checkVector(nfs.mknod3args, `${WHERE} 00000007 ${NO_ATTRIBUTES}`, { type: 7 }, pipe);
    checkVector(nfs.mknod3args, `${WHERE} 00000002`, { where, type: nfs.FType3.NF3DIR });
  });

  it.each([
    ['MKDIR', nfs.mkdir3args, `${WHERE} ${NO_ATTRIBUTES}`, { where, attributes: {} }],
    [
      'SYMLINK',
      nfs.symlink3args,
      `${WHERE} ${NO_ATTRIBUTES} 00000001 62000000`,
      { where, symlinkAttributes: {}, symlinkData: 'b' },
    ],
    ['REMOVE', nfs.remove3args, WHERE, { object: where }],
    ['RENAME', nfs.rename3args, `${WHERE} ${WHERE}`, { from: where, to: where }],
    ['LINK', nfs.link3args, `00000001 09000000 ${WHERE}`, { file: Uint8Array.of(9), link: where }],
  ] as const)('%s', (_name, codec, hex, value) => {
    checkVector(codec as never, hex, {}, value);
  });

  it('replies tell of the directory, also when they fail', () => {
    const none = '00000000 00000000';
    const failed = { status: nfs.NfsStat3.NFS3ERR_EXIST, resfail: { dirWcc: noWcc } };
    for (const codec of [nfs.create3res, nfs.mkdir3res, nfs.symlink3res, nfs.mknod3res])
      checkVector(codec, `00000011 ${none}`, { status: 17 }, failed);
    const resok = { obj: {}, objAttributes: {}, dirWcc: noWcc };
    checkVector(nfs.create3res, `00000000 ${none} ${none}`, { status: 0 }, { status: 0, resok });
    checkVector(nfs.remove3res, `00000000 ${none}`, {}, { status: 0, resok: { dirWcc: noWcc } });
    const both = { fromDirWcc: noWcc, toDirWcc: noWcc };
    checkVector(nfs.rename3res, `00000000 ${none} ${none}`, {}, { status: 0, resok: both });
    const linked = { fileAttributes: {}, linkDirWcc: noWcc };
    checkVector(nfs.link3res, `00000000 00000000 ${none}`, {}, { status: 0, resok: linked });
  });
});

describe('lists of names', () => {
  it('READDIR says where to begin and how much fits', () => {
    const dir = Uint8Array.of(9);
    const head = `00000001 09000000 0000000000000007 ${VERIFIER}`;
    const from = { dir, cookie: 7n, cookieVerf: verifier };
    checkVector(nfs.readdir3args, `${head} 00001000`, { ...from, count: 4096 });
    const plus = { ...from, dircount: 512, maxcount: 4096 };
    checkVector(nfs.readdirplus3args, `${head} 00000200 00001000`, plus);
  });

  it('an entry has a file number, a name and a cookie', () => {
    const entry = { fileid: 5n, name: 'abc', cookie: 2n };
    const hex = `00000000 00000000 ${VERIFIER} 00000001 0000000000000005 00000003 61626300
      0000000000000002 00000000 00000001`;
    const resok = { dirAttributes: {}, cookieVerf: verifier, entries: linksOf([entry]), eof: 1 };
    checkVector(nfs.readdir3res, hex, { status: 0 }, { status: 0, resok });
    const read = nfs.readdir3res.decode(nfs.readdir3res.encode({ status: 0, resok }));
    expect(valuesOf(read.resok!.entries)).toMatchObject([entry]);
  });

  it('of READDIRPLUS also attributes and a handle', () => {
    const entry = {
      fileid: 5n,
      name: 'a',
      cookie: 2n,
      nameAttributes: {},
      nameHandle: { handle: { data: Uint8Array.of(9) } },
    };
    const hex = `00000000 00000000 ${VERIFIER} 00000001 0000000000000005 00000001 61000000
      0000000000000002 00000000 00000001 00000001 09000000 00000000 00000001`;
    const resok = { dirAttributes: {}, cookieVerf: verifier, entries: linksOf([entry]), eof: 1 };
    checkVector(nfs.readdirplus3res, hex, { status: 0 }, { status: 0, resok });
  });
});
