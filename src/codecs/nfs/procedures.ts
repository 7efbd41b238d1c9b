/** The procedures of each program: what they take and what they answer. */
import type { AnyCodec } from '../layout/index.ts';
import { cbCompound4args, cbCompound4res, NfsCbProcedure } from '../nfs4/callbacks.ts';
import { Nfs4Procedure } from '../nfs4/codes.ts';
import { compound4args, compound4res } from '../nfs4/compound.ts';
import { RpcProgram } from '../rpc/codes.ts';
import { xdrVoid } from '../rpc/xdr.ts';
import { Mount3Procedure, Nfs3Procedure, PortmapProcedure } from './codes.ts';
import * as directories from './directories.ts';
import * as fileSystem from './file-system.ts';
import * as files from './files.ts';
import * as mount from './mount.ts';
import * as portmap from './portmap.ts';

/** A procedure's parameters and results. */
export interface Procedure<A extends AnyCodec = AnyCodec, R extends AnyCodec = AnyCodec> {
  readonly args: A;
  readonly res: R;
}

const nothing: Procedure<typeof xdrVoid, typeof xdrVoid> = { args: xdrVoid, res: xdrVoid };

/** NFS version 3, by name. Source: RFC 1813, 3. */
export const nfs3 = {
  NULL: nothing,
  GETATTR: { args: files.fileArgs3, res: files.getattr3res },
  SETATTR: { args: files.setattr3args, res: files.setattr3res },
  LOOKUP: { args: files.lookup3args, res: files.lookup3res },
  ACCESS: { args: files.access3args, res: files.access3res },
  READLINK: { args: files.fileArgs3, res: files.readlink3res },
  READ: { args: files.read3args, res: files.read3res },
  WRITE: { args: files.write3args, res: files.write3res },
  CREATE: { args: directories.create3args, res: directories.create3res },
  MKDIR: { args: directories.mkdir3args, res: directories.mkdir3res },
  SYMLINK: { args: directories.symlink3args, res: directories.symlink3res },
  MKNOD: { args: directories.mknod3args, res: directories.mknod3res },
  REMOVE: { args: directories.remove3args, res: directories.remove3res },
  RMDIR: { args: directories.remove3args, res: directories.remove3res },
  RENAME: { args: directories.rename3args, res: directories.rename3res },
  LINK: { args: directories.link3args, res: directories.link3res },
  READDIR: { args: directories.readdir3args, res: directories.readdir3res },
  READDIRPLUS: { args: directories.readdirplus3args, res: directories.readdirplus3res },
  FSSTAT: { args: files.fileArgs3, res: fileSystem.fsstat3res },
  FSINFO: { args: files.fileArgs3, res: fileSystem.fsinfo3res },
  PATHCONF: { args: files.fileArgs3, res: fileSystem.pathconf3res },
  COMMIT: { args: files.commit3args, res: files.commit3res },
} as const satisfies Record<keyof typeof Nfs3Procedure, Procedure>;

/** NFS version 4, by name. Source: RFC 8881, 16. */
export const nfs4: {
  readonly NULL: typeof nothing;
  readonly COMPOUND: { readonly args: typeof compound4args; readonly res: typeof compound4res };
} = {
  NULL: nothing,
  COMPOUND: { args: compound4args, res: compound4res },
} as const satisfies Record<keyof typeof Nfs4Procedure, Procedure>;

/** What a server calls its clients for, by name. Source: RFC 8881, 20. */
export const nfsCb: {
  readonly CB_NULL: typeof nothing;
  readonly CB_COMPOUND: {
    readonly args: typeof cbCompound4args;
    readonly res: typeof cbCompound4res;
  };
} = {
  CB_NULL: nothing,
  CB_COMPOUND: { args: cbCompound4args, res: cbCompound4res },
} as const satisfies Record<keyof typeof NfsCbProcedure, Procedure>;

/** MOUNT version 3, by name. Source: RFC 1813, appendix I, 5.2. */
export const mount3 = {
  NULL: nothing,
  MNT: { args: mount.mountPath, res: mount.mountResult },
  DUMP: { args: xdrVoid, res: mount.mountList },
  UMNT: { args: mount.mountPath, res: xdrVoid },
  UMNTALL: nothing,
  EXPORT: { args: xdrVoid, res: mount.exportList },
} as const satisfies Record<keyof typeof Mount3Procedure, Procedure>;

/** The port mapper, version 2, by name. Source: RFC 1833, 3.2. */
export const portmap2 = {
  NULL: nothing,
  SET: { args: portmap.mapping, res: portmap.portmapDone },
  UNSET: { args: portmap.mapping, res: portmap.portmapDone },
  GETPORT: { args: portmap.mapping, res: portmap.portmapPort },
  DUMP: { args: xdrVoid, res: portmap.portmapList },
  CALLIT: { args: portmap.portmapCallIt, res: portmap.portmapCallResult },
} as const satisfies Record<keyof typeof PortmapProcedure, Procedure>;

/** A version of a program. */
export interface RpcService {
  /** As it is said: `NFS`. */
  readonly name: string;
  readonly program: number;
  readonly version: number;
  /** Procedures by number. */
  readonly procedures: ReadonlyMap<number, Procedure & { readonly name: string }>;
}

function service(
  name: string,
  program: number,
  version: number,
  numbers: Readonly<Record<string, number>>,
  procedures: Readonly<Record<string, Procedure>>,
): RpcService {
  const byNumber = Object.entries(numbers).map(
    ([procedure, number]) => [number, { name: procedure, ...procedures[procedure]! }] as const,
  );
  return { name, program, version, procedures: new Map(byNumber) };
}

/** Programs whose procedures are laid out. */
export const rpcServices: readonly RpcService[] = [
  service('PORTMAP', RpcProgram.PORTMAP, 2, PortmapProcedure, portmap2),
  service('MOUNT', RpcProgram.MOUNT, 3, Mount3Procedure, mount3),
  service('NFS', RpcProgram.NFS, 3, Nfs3Procedure, nfs3),
  service('NFS', RpcProgram.NFS, 4, Nfs4Procedure, nfs4),
  service('NFS_CB', RpcProgram.NFS_CB, 1, NfsCbProcedure, nfsCb),
];

/** The same without what clients serve. */
export const serverServices: readonly RpcService[] = rpcServices.filter(
  ({ program }) => program !== RpcProgram.NFS_CB,
);

/** The procedure of a call; `undefined` where it is none that is here. */
export function procedureOf(call: {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
}): (Procedure & { readonly name: string }) | undefined {
  return rpcServices
    .find(({ program, version }) => program === call.program && version === call.version)
    ?.procedures.get(call.procedure);
}
