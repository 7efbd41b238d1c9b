/** What replies of NFS version 3 have that say no: attributes, as far as a handle names something. */
import type { Fattr3 } from '../../codecs/nfs/index.ts';
import type { Nfs3Args, Nfs3Name, Nfs3Res } from './nfs3-call.ts';

/** The body of a reply that says no, by procedure. */
export type Nfs3Failures = {
  readonly [P in Nfs3Name]: (args: Nfs3Args<P>) => Omit<Nfs3Res<P>, 'status'>;
};

/** Attributes of what a handle names; none where it names nothing. */
export type AttributesIn = (handle: Uint8Array) => { readonly attributes?: Fattr3 };

/** The bodies of replies that say no. */
export function failuresOf(attributes: AttributesIn): Nfs3Failures {
  const wcc = (handle: Uint8Array) => ({ before: {}, after: attributes(handle) });
  return {
    NULL: () => ({}),
    GETATTR: () => ({}),
    SETATTR: ({ object }) => ({ resfail: { objWcc: wcc(object) } }),
    LOOKUP: ({ what }) => ({ resfail: { dirAttributes: attributes(what.dir) } }),
    ACCESS: ({ object }) => ({ resfail: { objAttributes: attributes(object) } }),
    READLINK: ({ object }) => ({ resfail: { symlinkAttributes: attributes(object) } }),
    READ: ({ file }) => ({ resfail: { fileAttributes: attributes(file) } }),
    WRITE: ({ file }) => ({ resfail: { fileWcc: wcc(file) } }),
    CREATE: ({ where }) => ({ resfail: { dirWcc: wcc(where.dir) } }),
    MKDIR: ({ where }) => ({ resfail: { dirWcc: wcc(where.dir) } }),
    SYMLINK: ({ where }) => ({ resfail: { dirWcc: wcc(where.dir) } }),
    MKNOD: ({ where }) => ({ resfail: { dirWcc: wcc(where.dir) } }),
    REMOVE: ({ object }) => ({ resfail: { dirWcc: wcc(object.dir) } }),
    RMDIR: ({ object }) => ({ resfail: { dirWcc: wcc(object.dir) } }),
    RENAME: ({ from, to }) => ({
      resfail: { fromDirWcc: wcc(from.dir), toDirWcc: wcc(to.dir) },
    }),
    LINK: ({ file, link }) => ({
      resfail: { fileAttributes: attributes(file), linkDirWcc: wcc(link.dir) },
    }),
    READDIR: ({ dir }) => ({ resfail: { dirAttributes: attributes(dir) } }),
    READDIRPLUS: ({ dir }) => ({ resfail: { dirAttributes: attributes(dir) } }),
    FSSTAT: ({ object }) => ({ resfail: { objAttributes: attributes(object) } }),
    FSINFO: ({ object }) => ({ resfail: { objAttributes: attributes(object) } }),
    PATHCONF: ({ object }) => ({ resfail: { objAttributes: attributes(object) } }),
    COMMIT: ({ file }) => ({ resfail: { fileWcc: wcc(file) } }),
  };
}
