/** Wireshark's names for TCP and what its streams carry: iSCSI, RPC and NFS. */
import { type Frame, layerOf, type Tcp } from '../../codecs/index.ts';
import { rpcServices } from '../../codecs/nfs/index.ts';
import { RpcProgram } from '../../codecs/rpc/index.ts';
import {
  type Field,
  type FilterSubject,
  fact,
  flag,
  framesOf,
  type NameTable,
  number,
  octets,
  protocol,
} from '../field.ts';

const BYTES_A_WORD = 4;

/** The number of a procedure, in calls and in the answers to calls that were seen. */
const procedureOf = (program: number, label: string): Field =>
  fact('number', label, (subject: FilterSubject) => {
    const service = rpcServices.find((one) => one.program === program);
    for (const { procedure, programVersion } of framesOf(subject)) {
      if (service === undefined || procedure === undefined) continue;
      if (programVersion !== service.version || !procedure.startsWith(`${service.name} `)) continue;
      const name = procedure.slice(service.name.length + 1);
      for (const [code, one] of service.procedures) if (one.name === name) return code;
    }
    return undefined;
  });

const isNfs3 = ({ procedure, programVersion }: Frame): boolean =>
  programVersion === 3 && procedure?.startsWith('NFS ') === true;

const isOf = (program: string) => (subject: FilterSubject) =>
  framesOf(subject).some(({ procedure }) => procedure?.startsWith(`${program} `) === true)
    ? true
    : undefined;

/** Names for TCP, iSCSI, RPC and NFS, as tshark 4.0 has them. */
export const STREAM_NAMES_OF_FILTERS: NameTable = {
  tcp: protocol('TCP', 'tcp'),
  'tcp.ack_raw': number('tcp:acknowledgmentNumber', 'Acknowledgment Number'),
  'tcp.checksum': number('tcp:checksum', 'Checksum'),
  'tcp.dstport': number('tcp:destinationPort', 'Destination Port'),
  'tcp.flags.ack': flag('tcp:flags', 'Acknowledgment', 0x10),
  'tcp.flags.fin': flag('tcp:flags', 'Fin', 0x01),
  'tcp.flags.push': flag('tcp:flags', 'Push', 0x08),
  'tcp.flags.reset': flag('tcp:flags', 'Reset', 0x04),
  'tcp.flags.syn': flag('tcp:flags', 'Syn', 0x02),
  'tcp.flags.urg': flag('tcp:flags', 'Urgent', 0x20),
  'tcp.hdr_len': fact('number', 'Header Length', ({ frame }) => {
    const header = layerOf(frame, 'tcp')?.value as Tcp | undefined;
    return header === undefined ? undefined : header.dataOffsetWords * BYTES_A_WORD;
  }),
  'tcp.port': number(['tcp:sourcePort', 'tcp:destinationPort'], 'Source or Destination Port'),
  'tcp.seq_raw': number('tcp:sequenceNumber', 'Sequence Number'),
  'tcp.srcport': number('tcp:sourcePort', 'Source Port'),
  'tcp.urgent_pointer': number('tcp:urgentPointer', 'Urgent Pointer'),
  'tcp.window_size_value': number('tcp:window', 'Window'),
  iscsi: protocol('iSCSI', 'iscsi'),
  'iscsi.asyncevent': number('iscsi:asyncEvent', 'AsyncEvent'),
  'iscsi.bufferOffset': number('iscsi:bufferOffset', 'BufferOffset'),
  'iscsi.cid': number('iscsi:cid', 'CID'),
  'iscsi.cmdsn': number('iscsi:cmdSn', 'CmdSN'),
  'iscsi.datasegmentlength': number('iscsi:dataSegmentLengthBytes', 'DataSegmentLength'),
  'iscsi.datasn': number('iscsi:dataSn', 'DataSN'),
  'iscsi.desireddatalength': number('iscsi:desiredDataTransferLengthBytes', 'DesiredDataLength'),
  'iscsi.expcmdsn': number('iscsi:expCmdSn', 'ExpCmdSN'),
  'iscsi.expdatasn': number('iscsi:expDataSn', 'ExpDataSN'),
  'iscsi.expstatsn': number('iscsi:expStatSn', 'ExpStatSN'),
  'iscsi.I': flag('iscsi:[opcode=0|1|2|4|6].immediate', 'I'),
  'iscsi.initiatortasktag': number('iscsi:initiatorTaskTag', 'InitiatorTaskTag'),
  'iscsi.isid': octets('iscsi:isid', 'ISID'),
  'iscsi.login.C': flag('iscsi:[opcode=3|35].continue', 'C'),
  'iscsi.login.csg': number('iscsi:currentStage', 'CSG'),
  'iscsi.login.nsg': number('iscsi:[opcode=3|35].nextStage', 'NSG'),
  'iscsi.login.status': number('iscsi:[opcode=35].status', 'Status'),
  'iscsi.login.T': flag('iscsi:transit', 'T'),
  'iscsi.logout.reason': number('iscsi:[opcode=6].reason', 'Reason'),
  'iscsi.logout.response': number('iscsi:[opcode=38].response', 'Response'),
  'iscsi.maxcmdsn': number('iscsi:maxCmdSn', 'MaxCmdSN'),
  'iscsi.opcode': number('iscsi:opcode', 'Opcode'),
  'iscsi.r2tsn': number('iscsi:r2tSn', 'R2TSN'),
  'iscsi.refcmdsn': number('iscsi:refCmdSn', 'RefCmdSN'),
  'iscsi.reject.reason': number('iscsi:[opcode=63].reason', 'Reason'),
  'iscsi.scsicommand.attr': number('iscsi:taskAttribute', 'Attr'),
  'iscsi.scsicommand.expecteddatatransferlength': number(
    'iscsi:expectedDataTransferLengthBytes',
    'ExpectedDataTransferLength',
  ),
  'iscsi.scsicommand.F': flag('iscsi:[opcode=1].final', 'F'),
  'iscsi.scsicommand.R': flag('iscsi:read', 'R'),
  'iscsi.scsicommand.W': flag('iscsi:write', 'W'),
  'iscsi.scsidata.F': flag('iscsi:[opcode=5|37].final', 'F'),
  'iscsi.scsiresponse.response': number('iscsi:[opcode=33].response', 'Response'),
  'iscsi.scsiresponse.residualcount': number('iscsi:[opcode=33].residualCount', 'ResidualCount'),
  'iscsi.scsiresponse.status': number(
    ['iscsi:[opcode=33].status', 'iscsi:[opcode=37][hasStatus=1].status'],
    'Status',
  ),
  'iscsi.statsn': number('iscsi:statSn', 'StatSN'),
  'iscsi.targettransfertag': number(
    [
      'iscsi:[opcode=0|4|5|16|32|36|49].targetTransferTag',
      'iscsi:[opcode=37][acknowledge=1].targetTransferTag',
    ],
    'TargetTransferTag',
  ),
  'iscsi.taskmanfun.function': number('iscsi:[opcode=2].function', 'Function'),
  'iscsi.taskmanfun.referencedtasktag': number('iscsi:referencedTaskTag', 'ReferencedTaskTag'),
  'iscsi.taskmanfun.response': number('iscsi:[opcode=34].response', 'Response'),
  'iscsi.totalahslength': number('iscsi:totalAhsLengthWords', 'TotalAHSLength'),
  'iscsi.tsih': number('iscsi:tsih', 'TSIH'),
  'iscsi.versionactive': number('iscsi:versionActive', 'VersionActive'),
  'iscsi.versionmax': number('iscsi:versionMax', 'VersionMax'),
  'iscsi.versionmin': number('iscsi:versionMin', 'VersionMin'),
  rpc: protocol('ONC RPC', 'rpc'),
  'rpc.fraglen': number('rpc-record:lengthBytes', 'Fragment Length'),
  'rpc.lastfrag': flag('rpc-record:lastFragment', 'Last Fragment'),
  'rpc.msgtyp': number('rpc:msgType', 'Message Type'),
  'rpc.replystat': number('rpc:replyStat', 'Reply State'),
  'rpc.state_accept': number('rpc:acceptStat', 'Accept State'),
  'rpc.version': number('rpc:rpcVersion', 'RPC Version'),
  'rpc.xid': number('rpc:xid', 'XID'),
  nfs: fact('presence', 'NFS', isOf('NFS')),
  'nfs.procedure_v3': procedureOf(RpcProgram.NFS, 'Procedure of NFS version 3'),
  'nfs.status3': fact('number', 'Status of NFS version 3', (subject) =>
    framesOf(subject)
      .filter(isNfs3)
      .map(
        (frame) => (layerOf(frame, 'rpc-body')?.value as { status?: number } | undefined)?.status,
      )
      .find((status) => status !== undefined),
  ),
  mount: fact('presence', 'MOUNT', isOf('MOUNT')),
  'mount.procedure_v3': procedureOf(RpcProgram.MOUNT, 'Procedure of MOUNT version 3'),
};
