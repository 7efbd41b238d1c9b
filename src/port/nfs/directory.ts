/** READDIR and READDIRPLUS: the names of the one directory, as many as the caller has room for. */

import type { Infer, InferInput } from '../../codecs/layout/index.ts';
import {
  entry3,
  entryPlus3,
  NfsStat3,
  type readdir3args,
  type readdir3res,
  type readdirplus3args,
  type readdirplus3res,
  VERIFIER_BYTES,
} from '../../codecs/nfs/index.ts';
import { linksOf } from '../../codecs/rpc/index.ts';
import type { NfsFileSystem, NfsNode } from './file-system.ts';

type Resok<R> = NonNullable<R extends { readonly resok?: infer T } ? T : never>;
type Names = Resok<InferInput<typeof readdir3res>>;
type NamesPlus = Resok<InferInput<typeof readdirplus3res>>;
type DirAttributes = Names['dirAttributes'];
/** A list that cannot be given. */
export interface ListFault {
  readonly status: number;
}

/** The directory never changes while a server runs: its cookies hold as long. */
const COOKIE_VERIFIER = new Uint8Array(VERIFIER_BYTES);
/** What stands around the entries: status, attributes of the directory, verifier, end of list, end of file. */
const AROUND_BYTES = 4 + 88 + VERIFIER_BYTES + 4 + 4;
const LINK_BYTES = 4;

/** The directory's names with what they name; a name's cookie is its place, counted from 1. */
function namesOf({ root, files }: NfsFileSystem): readonly { name: string; node: NfsNode }[] {
  return [
    { name: '.', node: root },
    { name: '..', node: root },
    ...files.map((node) => ({ name: node.name, node })),
  ];
}

/** Where to begin; a cookie that was never given, or one of another verifier, is refused. */
function placeOf(cookie: bigint, verifier: Uint8Array, names: number): number | ListFault {
  if (cookie === 0n) return 0;
  const isOurs = verifier.every((byte) => byte === 0) && cookie <= BigInt(names);
  return isOurs ? Number(cookie) : { status: NfsStat3.NFS3ERR_BAD_COOKIE };
}

/** As many entries from `place` on as `fits` takes; those that are left are behind the end. */
function fill<E>(
  place: number,
  names: readonly { name: string; node: NfsNode }[],
  entryOf: (name: string, node: NfsNode, cookie: bigint) => E,
  fits: (entry: E) => boolean,
): { entries: E[]; eof: number } | ListFault {
  const entries: E[] = [];
  let next = place;
  for (; next < names.length; next++) {
    const { name, node } = names[next]!;
    const entry = entryOf(name, node, BigInt(next + 1));
    if (!fits(entry)) break;
    entries.push(entry);
  }
  if (entries.length === 0 && place < names.length) return { status: NfsStat3.NFS3ERR_TOOSMALL };
  return { entries, eof: next === names.length ? 1 : 0 };
}

/** What READDIR answers. */
export function listDirectory(
  files: NfsFileSystem,
  { cookie, cookieVerf, count }: Infer<typeof readdir3args>,
  dirAttributes: DirAttributes,
): Names | ListFault {
  const names = namesOf(files);
  const place = placeOf(cookie, cookieVerf, names.length);
  if (typeof place !== 'number') return place;
  let left = count - AROUND_BYTES;
  const list = fill(
    place,
    names,
    (name, { fileid }, own) => ({ fileid, name, cookie: own }),
    (entry) => {
      left -= LINK_BYTES + entry3.sizeOf(entry);
      return left >= 0;
    },
  );
  if ('status' in list) return list;
  const { entries, eof } = list;
  return { dirAttributes, cookieVerf: COOKIE_VERIFIER, entries: linksOf(entries), eof };
}

/** What READDIRPLUS answers. */
export function listDirectoryPlus(
  files: NfsFileSystem,
  { cookie, cookieVerf, dircount, maxcount }: Infer<typeof readdirplus3args>,
  dirAttributes: DirAttributes,
): NamesPlus | ListFault {
  const names = namesOf(files);
  const place = placeOf(cookie, cookieVerf, names.length);
  if (typeof place !== 'number') return place;
  let left = maxcount - AROUND_BYTES;
  let namesLeft = dircount;
  const list = fill(
    place,
    names,
    (name, node, own) => ({
      fileid: node.fileid,
      name,
      cookie: own,
      nameAttributes: { attributes: files.attributesOf(node) },
      nameHandle: { handle: { data: node.handle } },
    }),
    (entry) => {
      const { fileid, name } = entry;
      left -= LINK_BYTES + entryPlus3.sizeOf(entry);
      namesLeft -= entry3.sizeOf({ fileid, name, cookie: entry.cookie });
      return left >= 0 && namesLeft >= 0;
    },
  );
  if ('status' in list) return list;
  const { entries, eof } = list;
  return { dirAttributes, cookieVerf: COOKIE_VERIFIER, entries: linksOf(entries), eof };
}
