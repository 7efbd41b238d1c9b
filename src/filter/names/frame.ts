/** Names for frames as such and for whole protocols, and a few that Wireshark has not. */
import { type Frame, formatFcId, layerOf, summarize } from '../../codecs/index.ts';
import {
  type FilterSubject,
  fact,
  framesOf,
  type NameTable,
  number,
  octets,
  protocol,
} from '../field.ts';

const SECOND_NS = 1e9;

/** Names for the frame, protocols by presence, and names of our own (`sanmotion.…`). */
export const FRAME_NAMES: NameTable = {
  'frame.number': fact('number', 'Frame number', ({ index }) => index),
  'frame.len': fact(
    'number',
    'Length on the wire, in bytes',
    ({ originalLength }) => originalLength,
  ),
  'frame.cap_len': fact('number', 'Bytes captured', ({ frame }) => frame.bytes.length),
  'frame.time_epoch': fact(
    'number',
    'Time stamp, in seconds since 1970-01-01 UTC',
    ({ timeNs }) => Number(timeNs) / SECOND_NS,
  ),
  'frame.time_relative': fact(
    'number',
    'Seconds since the first frame',
    ({ timeNs, firstTimeNs }) => Number(timeNs - firstTimeNs) / SECOND_NS,
  ),
  'frame.interface_id': fact('number', 'Interface number', ({ interfaceId }) => interfaceId),
  'frame.interface_name': fact('text', 'Interface name', ({ interfaceName }) => interfaceName),
  'frame.comment': fact('text', 'Comment on the frame', ({ comment }) => comment),
  '_ws.malformed': fact('presence', 'Malformed', ({ frame }) =>
    frame.malformed !== undefined && !frame.cut ? true : undefined,
  ),
  eth: protocol('Ethernet', 'ethernet'),
  vlan: protocol('IEEE 802.1Q tag', 'vlan'),
  arp: protocol('ARP', 'arp'),
  ip: protocol('IPv4', 'ipv4'),
  ipv6: protocol('IPv6', 'ipv6'),
  udp: protocol('UDP', 'udp'),
  vxlan: protocol('VXLAN', 'vxlan'),
  geneve: protocol('Geneve', 'geneve'),
  lldp: protocol('LLDP', 'lldp'),
  fip: protocol('FCoE Initialization Protocol', 'fip'),
  fcoe: protocol('FCoE', 'fcoe'),
  fc: protocol('Fibre Channel', 'fc'),
  fcels: protocol('Extended link services', 'els'),
  fcct: protocol('Common Transport', 'ct'),
  swils: protocol('Switch fabric internal link services', 'swils'),
  fcp: fact('presence', 'SCSI over Fibre Channel', (subject) =>
    framesOf(subject).some(isFcp) ? true : undefined,
  ),
  scsi: fact('presence', 'SCSI: commands, data, answers', (subject) =>
    framesOf(subject).some((frame) => (isFcp(frame) ? !isTransferReady(frame) : isScsi(frame)))
      ? true
      : undefined,
  ),
  'eth.addr': octets(['ethernet:destination', 'ethernet:source'], 'Source or destination'),
  'fc.id': octets(['fc:dId', 'fc:sId'], 'Source or destination N_Port_ID', 3),
  'fcp.lun': fact('number', 'LUN, where it has one level of 256', singleLevelLun),
  'scsi.opcode': number('scsi:operationCode', 'Operation code of any command'),
  'sanmotion.summary': fact('text', 'The frame in one line, as decode prints it', ({ frame }) =>
    summarize(frame),
  ),
  'sanmotion.protocol': fact('text', 'What the frame carries', ({ frame }) => frame.protocol),
  'sanmotion.crc': fact('text', 'FC CRC: good, bad, absent or cut', ({ frame }) => frame.crc),
  'sanmotion.fault': fact('text', 'What is malformed', ({ frame }) => frame.malformed?.message),
  'sanmotion.exchange': fact(
    'text',
    'Originator and OX_ID of the exchange it belongs to',
    (subject) => {
      const fc = layerOf(subject.frame, 'fc')?.value as FcEnds | undefined;
      if (fc === undefined) return undefined;
      const isResponder = (fc.fCtl & EXCHANGE_CONTEXT) !== 0;
      return `${formatFcId(isResponder ? fc.dId : fc.sId)}/${fc.oxId.toString(16).padStart(4, '0')}`;
    },
  ),
};

/** F_CTL: the sender answers. Source: FC-FS, F_CTL bit 23. */
const EXCHANGE_CONTEXT = 0x80_0000;

interface FcEnds {
  readonly fCtl: number;
  readonly dId: number;
  readonly sId: number;
  readonly oxId: number;
}

/** The method of addressing in the first two bits, and the bus below. Source: SAM-5, peripheral device addressing. */
function singleLevelLun({ frame }: FilterSubject): number | undefined {
  const lun = (layerOf(frame, 'fcp')?.value as { readonly lun?: bigint } | undefined)?.lun;
  if (lun === undefined || lun >> 56n !== 0n) return undefined;
  return Number((lun >> 48n) & 0xffn);
}

const isFcp = ({ protocol }: Frame): boolean => protocol === 'fcp';

/** Over iSCSI. */
const isScsi = ({ layers }: Frame): boolean =>
  layers.some(({ layer }) => layer === 'scsi' || layer === 'sense');

/** R_CTL of data descriptors, which are FCP's own. Source: FCP-4, FCP_XFER_RDY. */
const DATA_DESCRIPTOR = 0x05;

const isTransferReady = (frame: Frame): boolean =>
  (layerOf(frame, 'fc')?.value as { readonly rCtl?: number } | undefined)?.rCtl === DATA_DESCRIPTOR;
