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

const OF_42 = 'of version 4.2 (RFC 7862)';
const LATER = 'of a later standard';
/** The same reason for each of a run of codes. */
const numbered = (first: number, last: number, why: string): Record<number, string> =>
  Object.fromEntries(Array.from({ length: last - first + 1 }, (_, i) => [first + i, why]));

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
    tshark: 'the same; it also reads version 2',
  },
  {
    title: 'NFS, version 4.1',
    tables: [
      table('Nfs4Procedure', c.Nfs4Procedure, 'nfs.procedure_v4'),
      table('NfsCbOp4', c.NfsCbOp4),
      table('NfsOp4', c.NfsOp4, 'nfs.opcode', numbered(59, 75, OF_42)),
      table('NfsStat4', c.NfsStat4, 'nfs.nfsstat4', {
        19: 'of version 3 (RFC 8881, 15.1)',
        10073: 'unused (RFC 8881, 15.1)',
        ...numbered(10_088, 10_096, OF_42),
      }),
      table('NfsAttribute4', c.NfsAttribute4),
      table('NfsFtype4', c.NfsFtype4, 'nfs.nfs_ftype4'),
      table('StableHow4', c.StableHow4, 'nfs.stable_how4'),
      table('CreateMode4', c.CreateMode4, 'nfs.createmode4'),
      table('OpenType4', c.OpenType4, 'nfs.open.opentype'),
      table('OpenClaim4', c.OpenClaim4, 'nfs.open.claim_type'),
      table(
        'OpenDelegation4',
        c.OpenDelegation4,
        'nfs.open.delegation_type',
        numbered(4, 5, LATER),
      ),
      table('WhyNoDelegation4', c.WhyNoDelegation4, 'nfs.open.why_no_delegation'),
      table('LayoutType4', c.LayoutType4, 'nfs.layouttype', numbered(4, 4, LATER)),
      table('LayoutIomode4', c.LayoutIomode4, 'nfs.iomode'),
      table('LayoutReturnType4', c.LayoutReturnType4, 'nfs.returntype'),
      table('StateProtect4', c.StateProtect4, 'nfs.exchange_id.state_protect'),
      table('SecinfoStyle4', c.SecinfoStyle4, 'nfs.secinfo.style'),
      table('ChannelDirFromClient4', c.ChannelDirFromClient4, 'nfs.bctsa_dir'),
      table('ChannelDirFromServer4', c.ChannelDirFromServer4, 'nfs.bctsr_dir'),
      table('Access4', c.Access4),
      table('OpenShare4', c.OpenShare4),
      table('OpenResult4', c.OpenResult4),
      table('ExchangeIdFlags4', c.ExchangeIdFlags4),
      table('CreateSessionFlags4', c.CreateSessionFlags4),
      table('SequenceStatus4', c.SequenceStatus4),
    ],
    messages: {
      'COMPOUND and its results': some(c.compound4args, c.compound4res),
      'Calls of a server, and their results': some(c.cbCompound4args, c.cbCompound4res),
      'Bodies of block layouts': some(
        c.blockDeviceAddr4,
        c.blockLayout4,
        c.blockLayoutUpdate4,
        c.scsiLayoutUpdate4,
      ),
      operations: membersOf(c.nfsArgOp4),
      results: membersOf(c.nfsResOp4),
      'operations of callbacks': membersOf(c.nfsCbArgOp4),
      'results of callbacks': membersOf(c.nfsCbResOp4),
    },
    sources: ['T', 'V'],
    tshark:
      'the same, values of attributes too, which are bytes here until `decodeAttributes`; the handles of SSV as one',
    note: 'Of callbacks those about sessions, layouts and delegations that a move can meet; no operations that only version 4.0 has. Byte-range locks and delegations are laid out and not served (`NFS4ERR_NOTSUPP`). tshark does not read the bodies of layouts and devices: Linux 6.1 goes to a disk by a SCSI layout of ours, and block layouts of its own server are read (docs/nfs.md). Linux 6.1 mounts what is made of these.',
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
