/** From an RPC call to the procedure that it is for, or to the reply that it is for none. */

import type { AnyCodec } from '../../codecs/layout/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import { mount3, nfs3, portmap2, type RpcService, serverServices } from '../../codecs/nfs/index.ts';
import type { Compound4Args } from '../../codecs/nfs4/index.ts';
import {
  AcceptStat,
  AuthFlavor,
  AuthStat,
  callerOf,
  RejectStat,
  ReplyStat,
  RPC_VERSION,
  type RpcCall,
  RpcProgram,
  type RpcReplyInput,
  rpcReply,
} from '../../codecs/rpc/index.ts';
import type { MountService } from './mount-service.ts';
import type { Nfs3Name } from './nfs3-call.ts';
import type { NfsPeer } from './peer.ts';

/** A call that is to be carried out. */
export interface RpcProcedure {
  /** As the standard prints it; of a COMPOUND the operation that touches a medium, if there is one. */
  readonly name: string;
  /** The same where it is one of NFS. */
  readonly nfs: Nfs3Name | undefined;
  /** Carries it out, and gives the whole reply. */
  call(peer: NfsPeer): Uint8Array;
}

/** Carries out a procedure of NFS: gives its results. */
export type CallNfs = (name: Nfs3Name, args: unknown, peer: NfsPeer) => Uint8Array;

const EMPTY = new Uint8Array(0);
/** Procedures of NFS version 3. */
const NFS3 = serverServices.find(
  ({ name, version }) => name === 'NFS' && version === 3,
)!.procedures;

const NFS4 = serverServices.find(
  ({ name, version }) => name === 'NFS' && version === 4,
)!.procedures;

const accepted = (call: RpcCall, acceptStat: number, results: Uint8Array = EMPTY): Uint8Array =>
  rpcReply.encode({ xid: call.xid, verifier: {}, acceptStat, results });

const denied = (call: RpcCall, why: Partial<RpcReplyInput>): Uint8Array =>
  rpcReply.encode({ xid: call.xid, replyStat: ReplyStat.MSG_DENIED, results: EMPTY, ...why });

/** What takes time of a COMPOUND. */
const workOf = (args: unknown): string =>
  ((args as Partial<Compound4Args>).operations ?? []).find(({ kind }) => TOUCHES.has(kind))?.kind ??
  'COMPOUND';
const TOUCHES: ReadonlySet<string> = new Set(['READ', 'WRITE', 'COMMIT']);

/** What is wrong with who calls; `undefined` where nothing is. */
function authFault({ credential, verifier }: RpcCall): number | undefined {
  const { flavor } = credential;
  const isKnown = flavor === AuthFlavor.AUTH_NONE || flavor === AuthFlavor.AUTH_SYS;
  if (!isKnown) return AuthStat.AUTH_REJECTEDCRED;
  if (flavor === AuthFlavor.AUTH_SYS && callerOf(credential) === undefined)
    return AuthStat.AUTH_BADCRED;
  return verifier.flavor === AuthFlavor.AUTH_NONE ? undefined : AuthStat.AUTH_BADVERF;
}

/** Carries out a COMPOUND: gives its results. */
export type CallCompound = (args: Compound4Args, peer: NfsPeer) => Uint8Array;

/** The programs of a file server. */
export class RpcPrograms {
  readonly #mount: MountService;
  readonly #callNfs: CallNfs;
  readonly #compound: CallCompound;

  constructor(mount: MountService, callNfs: CallNfs, compound: CallCompound) {
    this.#mount = mount;
    this.#callNfs = callNfs;
    this.#compound = compound;
  }

  /** The procedure of a call with its parameters read, or the reply that refuses it. */
  procedureOf(call: RpcCall): RpcProcedure | Uint8Array {
    if (call.rpcVersion !== RPC_VERSION)
      return denied(call, {
        rejectStat: RejectStat.RPC_MISMATCH,
        versions: { low: RPC_VERSION, high: RPC_VERSION },
      });
    const authStat = authFault(call);
    if (authStat !== undefined)
      return denied(call, { rejectStat: RejectStat.AUTH_ERROR, authStat });
    const services = serverServices.filter(({ program }) => program === call.program);
    if (services.length === 0) return accepted(call, AcceptStat.PROG_UNAVAIL);
    const service = services.find(({ version }) => version === call.version);
    if (service === undefined)
      return rpcReply.encode({
        xid: call.xid,
        verifier: {},
        acceptStat: AcceptStat.PROG_MISMATCH,
        versions: { low: services[0]!.version, high: services.at(-1)!.version },
      });
    return this.#procedureIn(service, call);
  }

  #procedureIn(service: RpcService, call: RpcCall): RpcProcedure | Uint8Array {
    const procedure = service.procedures.get(call.procedure);
    const run = procedure === undefined ? undefined : this.#runner(service, procedure.name);
    if (procedure === undefined || run === undefined)
      return accepted(call, AcceptStat.PROC_UNAVAIL);
    const args = argsOf(procedure.args, call.parameters);
    if (args === undefined) return accepted(call, AcceptStat.GARBAGE_ARGS);
    return {
      name: service.procedures === NFS4 ? workOf(args) : procedure.name,
      nfs: service.procedures === NFS3 ? (procedure.name as Nfs3Name) : undefined,
      call: (peer) => accepted(call, AcceptStat.SUCCESS, run(args, peer)),
    };
  }

  #runner(
    { program, procedures: all }: RpcService,
    name: string,
  ): ((args: unknown, peer: NfsPeer) => Uint8Array) | undefined {
    if (program === RpcProgram.NFS && all !== NFS3)
      return name === 'NULL'
        ? () => EMPTY
        : (args, peer) => this.#compound(args as Compound4Args, peer);
    if (program === RpcProgram.NFS)
      return (args, peer) => this.#callNfs(name as Nfs3Name, args, peer);
    const isMount = program === RpcProgram.MOUNT;
    const handlers = isMount ? this.#mount.mount : this.#mount.portmap;
    const procedures = isMount ? mount3 : portmap2;
    const handler = (
      handlers as Readonly<Record<string, ((...given: never) => unknown) | undefined>>
    )[name];
    if (handler === undefined) return undefined;
    const { res } = (procedures as Readonly<Record<string, { readonly res: AnyCodec }>>)[name]!;
    return (args, peer) =>
      res.encode((handler as (args: unknown, peer: NfsPeer) => unknown)(args, peer)) as Uint8Array;
  }
}

/** The parameters of a call; `undefined` where they are none, or more than they should be. */
function argsOf(codec: AnyCodec, parameters: Uint8Array): unknown {
  try {
    const args = codec.decode(parameters) as {
      trailing?: unknown;
      count?: number;
      data?: Uint8Array;
    };
    const isWhole = args.trailing === undefined;
    // A WRITE says twice how much it writes. Source: RFC 1813, 3.3.7; Linux 6.1, fs/nfsd/nfs3xdr.c.
    const agrees = codec !== nfs3.WRITE.args || args.count === args.data?.length;
    return isWhole && agrees ? args : undefined;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
