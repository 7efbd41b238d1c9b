/** Coverage of ONC RPC and of NFS with the programs beside it. */
import * as c from '../../src/codecs/index.ts';
import type { AnyCodec } from '../../src/codecs/layout/index.ts';
import { type Family, membersOf, some, table } from './family.ts';

const PSEUDO = 'a way of RPCSEC_GSS, in MOUNT’s list alone';
const GSS_FLAVORS = Object.fromEntries(
  [5, 300_001, 390_003, 390_004, 390_005, 390_006, 390_007, 390_008, 390_009, 390_010, 390_011]
    .concat(390_039)
    .map((flavor) => [flavor, PSEUDO]),
);

/** Parameters and results of a program's procedures, each once. */
const messagesOf = (procedures: Readonly<Record<string, c.Procedure>>): AnyCodec[] => [
  ...new Set(Object.values(procedures).flatMap(({ args, res }) => [args, res])),
];

export const files: readonly Family[] = [
  {
    title: 'ONC RPC',
    tables: [
      table('MsgType', c.MsgType, 'rpc.msgtyp'),
      table('ReplyStat', c.ReplyStat, 'rpc.replystat'),
      table('AcceptStat', c.AcceptStat, 'rpc.state_accept'),
      table('RejectStat', c.RejectStat, 'rpc.state_reject'),
      table('AuthStat', c.AuthStat, 'rpc.state_auth'),
      table('AuthFlavor', c.AuthFlavor, 'rpc.auth.flavor', GSS_FLAVORS),
      table('RpcProgram', c.RpcProgram),
    ],
    messages: {
      messages: some(c.rpcCall, c.rpcReply, c.opaqueAuth, c.authSys, c.recordMark),
    },
    sources: ['T', 'C', 'V'],
    tshark: 'the same; it also reads the bodies of RPCSEC_GSS',
    note: 'Over TCP, by record marking; a record of several fragments stays bytes in captures. Bodies of other credentials than AUTH_SYS are bytes.',
  },
  {
    title: 'Port mapper',
    tables: [
      table('PortmapProcedure', c.PortmapProcedure, 'portmap.procedure_v2'),
      table('PortmapProtocol', c.PortmapProtocol),
    ],
    messages: { 'parameters and results': messagesOf(c.portmap2) },
    sources: ['T', 'C', 'V'],
    tshark: 'the same; it also reads versions 3 and 4',
  },
  {
    title: 'MOUNT, version 3',
    tables: [
      table('Mount3Procedure', c.Mount3Procedure, 'mount.procedure_v3'),
      table('MountStat3', c.MountStat3, 'mount.status'),
    ],
    messages: { 'parameters and results': messagesOf(c.mount3) },
    sources: ['T', 'C', 'V'],
    tshark: 'the same; it also reads versions 1 and 2',
  },
  {
    title: 'NFS, version 3',
    tables: [
      table('Nfs3Procedure', c.Nfs3Procedure, 'nfs.procedure_v3'),
      table('NfsStat3', c.NfsStat3, 'nfs.status3'),
      table('FType3', c.FType3, 'nfs.fattr3.type'),
      table('StableHow', c.StableHow, 'nfs.write.stable'),
      table('CreateMode3', c.CreateMode3, 'nfs.createmode'),
      table('Access3', c.Access3),
      table('TimeHow', c.TimeHow),
      table('FsInfoProperties', c.FsInfoProperties),
    ],
    messages: { 'parameters and results': messagesOf(c.nfs3) },
    sources: ['T', 'C', 'V'],
    tshark: 'the same; it also reads versions 2 and 4',
  },
  {
    title: 'NBD: fixed newstyle handshake, transmission',
    tables: [
      table('NbdOption', c.NbdOption),
      table('NbdOptionReply', c.NbdOptionReply),
      table('NbdInfo', c.NbdInfo),
      table('NbdTransmissionFlags', c.NbdTransmissionFlags),
      table('NbdCommand', c.NbdCommand),
      table('NbdCommandFlags', c.NbdCommandFlags),
      table('NbdChunk', c.NbdChunk),
      table('NbdError', c.NbdError),
    ],
    messages: {
      options: membersOf(c.nbdOption),
      'replies to options': membersOf(c.nbdOptionReply),
      information: membersOf(c.nbdInformation),
      'requests and simple replies': some(c.nbdRequest, c.nbdSimpleReply),
      chunks: membersOf(c.nbdChunk),
    },
    sources: ['T', 'C', 'L', 'V'],
    tshark: 'requests without flags and simple replies alone',
    note: 'Between QEMU, libnbd and nbd-client in a capture; extended headers are not there.',
  },
];
