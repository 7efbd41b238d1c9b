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

/** Cookies are numbers of files, which are not given twice: they hold whatever is made or removed. */
const COOKIE_VERIFIER = new Uint8Array(VERIFIER_BYTES);
/** What stands around the entries: status, attributes of the directory, verifier, end of list, end of file. */
const AROUND_BYTES = 4 + 88 + VERIFIER_BYTES + 4 + 4;
const LINK_BYTES = 4;

interface Name {
  readonly name: string;
  readonly node: NfsNode;
  readonly cookie: bigint;
}

/** The directory's names with what they name, in the order of their cookies: 1, 2, and those of files from 3 on. */
function namesOf({ root, files }: NfsFileSystem): readonly Name[] {
  return [
    { name: '.', node: root, cookie: 1n },
    { name: '..', node: root, cookie: 2n },
    ...files.map((node) => ({ name: node.name, node, cookie: node.fileid + 1n })),
  ];
}

/** The names behind a cookie; a cookie of another verifier is refused. */
function namesBehind(
  files: NfsFileSystem,
  cookie: bigint,
  verifier: Uint8Array,
): readonly Name[] | ListFault {
  const isOurs = cookie === 0n || verifier.every((byte) => byte === 0);
  if (!isOurs) return { status: NfsStat3.NFS3ERR_BAD_COOKIE };
  return namesOf(files).filter((one) => one.cookie > cookie);
}

/** As many entries of the names as `fits` takes. */
function fill<E>(
  names: readonly Name[],
  entryOf: (name: Name) => E,
  fits: (entry: E) => boolean,
): { entries: E[]; eof: number } | ListFault {
  const entries: E[] = [];
  for (const name of names) {
    const entry = entryOf(name);
    if (!fits(entry)) break;
    entries.push(entry);
  }
  if (entries.length === 0 && names.length > 0) return { status: NfsStat3.NFS3ERR_TOOSMALL };
  return { entries, eof: entries.length === names.length ? 1 : 0 };
}

/** What READDIR answers. */
export function listDirectory(
  files: NfsFileSystem,
  { cookie, cookieVerf, count }: Infer<typeof readdir3args>,
  dirAttributes: DirAttributes,
): Names | ListFault {
  const names = namesBehind(files, cookie, cookieVerf);
  if ('status' in names) return names;
  let left = count - AROUND_BYTES;
  const list = fill(
    names,
    ({ name, node, cookie: own }) => ({ fileid: node.fileid, name, cookie: own }),
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
  const names = namesBehind(files, cookie, cookieVerf);
  if ('status' in names) return names;
  let left = maxcount - AROUND_BYTES;
  let namesLeft = dircount;
  const list = fill(
    names,
    ({ name, node, cookie: own }) => ({
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
