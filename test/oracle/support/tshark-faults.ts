/**
 * Where tshark 4.0.17 is known to read a frame wrongly: what is left when it contradicts us there
 * is documented, not a fault of ours.
 */
import {
  ElsCommand,
  type Frame,
  fieldSpans,
  type LayerName,
  layerOf,
  NameServerCommand,
  ZoneCommand,
} from '../../../src/codecs/index.ts';
import { wholeOf } from '../../../src/codecs/layout/index.ts';
import type { PdmlField, PdmlPacket } from './pdml.ts';

/** A field of tshark's that does not agree with ours, and where it was found. */
export interface Disagreement {
  readonly field: PdmlField;
  readonly packet: PdmlPacket;
  readonly frame: Frame;
}

export interface TsharkFault {
  /** A short name for reports. */
  readonly name: string;
  /** tshark's names of the fields concerned. */
  readonly fields: readonly string[] | RegExp;
  /** When it happens; always, where left out. */
  readonly when?: (found: Disagreement) => boolean;
  readonly reason: string;
  /** Why we are right: a standard, a header file, a dissector's own comment. */
  readonly source: string;
}

/** The code of the request in this frame, or of the one that it answers. */
const codeOf = ({ frame }: Disagreement): number | undefined => frame.exchange?.code;

/** True where this frame, or what it answers, is one of these requests of a service. */
const concerns =
  (protocol: Frame['protocol'], codes: readonly number[]) =>
  (found: Disagreement): boolean =>
    found.frame.protocol === protocol && codes.includes(codeOf(found) ?? -1);

/** Values of the frame's layers of this name. */
const valuesOf = ({ frame }: Disagreement, name: LayerName): Record<string, unknown>[] =>
  frame.layers
    .filter(({ layer }) => layer === name)
    .map(({ value }) => value as Record<string, unknown>);

/** True when a value, or one inside it, has this field. */
function hasField(value: unknown, key: string): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  return Object.hasOwn(value, key) || Object.values(value).some((one) => hasField(one, key));
}

const MALFORMED = '_ws.malformed';

/** Where we keep bytes as they are, because what they are in does not fit. */
const AS_BYTES = /(^|\.)(raw|cut|bytes|trailing)$/;

/** True for what lies in a part of the frame of which we say that it does not fit. */
function isInDamage({ field, frame }: Disagreement): boolean {
  if (frame.malformed === undefined) return false;
  if (field.name === MALFORMED) return true;
  const end = field.pos + field.size;
  const isBehind = ({ codec, offset, length }: Frame['layers'][number]): boolean =>
    wholeOf(codec) !== undefined && end > offset + length;
  if (frame.layers.some(isBehind)) return true;
  return fieldSpans(frame).some(
    ({ path, offset, length }) =>
      AS_BYTES.test(path) && field.pos >= offset && end <= offset + length,
  );
}

/** True where a CDB stands in a command that only asks for task management. */
const asksForTaskManagement = (found: Disagreement): boolean =>
  valuesOf(found, 'fcp').some((fcp) => Number(fcp.taskManagementFlags) > 0);

/** True where sense data ends before its format does. */
const hasCutSense = (found: Disagreement): boolean =>
  valuesOf(found, 'sense').some((sense) => hasField(sense, 'cut'));
const RNID_TOPOLOGY = [
  'fcels.rnid.vendoruniq',
  'fcels.rnid.asstype',
  'fcels.rnid.physport',
  'fcels.rnid.attnodes',
  'fcels.rnid.nodemgmt',
  'fcels.rnid.ipvers',
  'fcels.rnid.tcpport',
  'fcels.rnid.ip',
  'fcels.rnid.vendorsp',
];
const { GPN_FT, GNN_FT, GCS_ID, GFD_ID, RFD_ID, GE_ZN } = NameServerCommand;
const { GZSN, GZD, GZM, AZM, RZM, AZD, RZD } = ZoneCommand;

const linkFaults: readonly TsharkFault[] = [
  {
    name: 'ifr-header',
    fields: /^fc\./,
    when: ({ frame }) => layerOf(frame, 'ifr') !== undefined,
    reason: 'an Inter-Fabric Routing header is read as if it were the FC header behind it',
    source: 'FC-FS, IFR_Header; packet-fc.c knows only R_CTL 50h (VFT)',
  },
  {
    name: 'fip-vendor-data',
    fields: ['fip.vendor.data'],
    reason: 'the data is shown from byte 9 of the descriptor; the vendor identification ends at 12',
    source: 'FC-BB-5, Vendor_ID descriptor: 2 reserved bytes and 8 of identification come first',
  },
];

const lldpFaults: readonly TsharkFault[] = [
  {
    name: 'vdp-filter-count',
    fields: /^vdp21\.(assoc\.mac_id|vidstr\.)/,
    reason: 'filter entries are read where their number stands, PS and PCP a bit too low',
    source: 'IEEE 802.1Q, VDP filter info; open-lldp and its frames have 2 bytes of count first',
  },
];

const elsFaults: readonly TsharkFault[] = [
  {
    name: 'flogi-common',
    fields: ['fcels.logi.maxconseq', 'fcels.logi.reloff'],
    when: (found) => valuesOf(found, 'els').some((els) => hasField(els, 'rATovMs')),
    reason: 'the common service parameters of FLOGI and FDISC are read as those of PLOGI',
    source: 'FC-LS-3, FLOGI: R_A_TOV lies there; Linux include/uapi/scsi/fc/fc_els.h, sp_r_a_tov',
  },
  {
    name: 'services-availability',
    fields: ['fcels.logi.svcavail'],
    reason: 'shown 16 bytes too far on: the vendor version is not counted',
    source: 'FC-LS-3, FLOGI payload: words 29 and 30, directly behind the vendor version',
  },
  {
    name: 'rsi-exchange-ids',
    fields: ['fcels.oxid', 'fcels.rxid'],
    when: concerns('els', [ElsCommand.RSI]),
    reason: 'RX_ID is read in front of OX_ID',
    source: 'FC-LS-3, RSI; ABTX, RRQ and REC in packet-fcels.c itself have OX_ID first',
  },
  {
    name: 'prlo-parameters',
    fields: /^fcels\.fcpflags/,
    when: concerns('els', [ElsCommand.PRLO, ElsCommand.TPRLO]),
    reason: 'logout pages are shown as if they had the service parameters of PRLI',
    source: 'FC-LS-3, PRLO (reserved) and TPRLO (third party N_Port_ID)',
  },
  {
    name: 'accept-as-request',
    fields: [MALFORMED],
    when: concerns('els', [ElsCommand['FARP-REPLY'], ElsCommand.LIRR]),
    reason: 'an accept without a body is read as its request',
    source: 'FC-LS-3, FARP-REPLY and LIRR: LS_ACC of 4 bytes',
  },
  {
    name: 'rpl-port-block',
    fields: [MALFORMED],
    when: concerns('els', [ElsCommand.RPL]),
    reason: 'the subtree of a port block is laid 12 bytes behind it, past the end for the last one',
    source: 'packet-fcels.c, dissect_fcels_rpl: offset already counts the 12 bytes in front',
  },
  {
    name: 'rnid-topology',
    fields: [MALFORMED, ...RNID_TOPOLOGY],
    when: concerns('els', [ElsCommand.RNID]),
    reason: 'the topology data is looked for at byte 24 also where there is no common data',
    source: 'Linux include/uapi/scsi/fc/fc_els.h, fc_els_rnid_resp: rnid_cid_len may be 0',
  },
  {
    name: 'lirr-format',
    fields: ['fcels.lirr.regn_format'],
    reason: 'the byte of the registration function is shown as the format',
    source: 'packet-fcels.c, dissect_fcels_lirr reads the format at offset + 1 and shows offset',
  },
];

const ctFaults: readonly TsharkFault[] = [
  {
    name: 'list-entry-names',
    fields: ['fcdns.rply.pname', 'fcdns.rply.nname'],
    when: concerns('ct', [GPN_FT, GNN_FT]),
    reason: 'the name is looked for directly behind the port identifier, 4 bytes early',
    source: 'Linux include/uapi/scsi/fc/fc_ns.h, struct fc_gpn_ft_resp: fp_resvd comes first',
  },
  {
    name: 'gcs-id-port',
    fields: ['fcdns.req.portid'],
    when: concerns('ct', [GCS_ID]),
    reason: 'the port identifier is read a byte early',
    source: 'FC-GS-7, GCS_ID: a reserved byte comes first, as in every request by port identifier',
  },
  {
    name: 'fc4-descriptors',
    fields: [MALFORMED, 'fcdns.rply.fc4desc'],
    when: concerns('ct', [GFD_ID, RFD_ID]),
    reason: 'a descriptor is shown with its length byte, or with all that remains of the message',
    source: 'FC-GS-7, FC-4 Descriptor: a length byte and 255 bytes',
  },
  {
    name: 'ge-zn-name',
    fields: ['fcdns.zonename'],
    when: concerns('ct', [GE_ZN]),
    reason: 'the zone name is read a byte early',
    source: 'packet-fcfzs.c, dissect_fcfzs_zoneset: three reserved bytes behind the length',
  },
  {
    name: 'zone-names',
    fields: /^(fcfzs\.zone|_ws\.malformed)/,
    when: concerns('ct', [GZSN, GZD, GZM, AZM, RZM, AZD, RZD]),
    reason: 'names are read directly behind their length, and what follows them accordingly',
    source: 'packet-fcfzs.c itself, dissect_fcfzs_zoneset: three reserved bytes behind the length',
  },
  {
    name: 'zone-lun-members',
    fields: /^(fcfzs\.zone|_ws\.malformed)/,
    when: (found) => valuesOf(found, 'ct').some((ct) => hasField(ct, 'lun')),
    reason: 'members with a LUN are counted as 12 bytes like the others, their LUN read too early',
    source: 'FC-GS-7, zone member: the LUN follows the 8 bytes of the identifier',
  },
  {
    name: 'zone-domain-port',
    fields: ['fcfzs.zone.mbrid.uint'],
    reason: '3 of the 4 bytes of domain and port are shown',
    source: 'packet-fcswils.c shows 4 bytes for the same member type',
  },
];

const damageFaults: readonly TsharkFault[] = [
  {
    name: 'reads-on-in-damage',
    fields: /./,
    when: isInDamage,
    reason: 'a member that its own length or the end of its message cuts is read on, and not told',
    source: 'fixtures/field/16 to 19: the bytes that tshark shows are those of what follows',
  },
  {
    name: 'short-sense',
    fields: /^(scsi\.sns\.|_ws\.malformed)/,
    when: hasCutSense,
    reason: 'sense data that its sender or an allocation length cut is called malformed',
    source: 'SPC-4, sense data: additional length may be less; 8 bytes of fixed format are valid',
  },
  {
    name: 'task-management-cdb',
    fields: /^scsi(_sbc)?\./,
    when: asksForTaskManagement,
    reason: 'the CDB field is read as a command, TEST UNIT READY where it is zero',
    source: 'FCP-4, FCP_CMND: FCP_CDB is ignored where a task management flag is set',
  },
];

const otherFaults: readonly TsharkFault[] = [
  {
    name: 'elp-offset',
    fields: /^(swils\.elp\.|_ws\.malformed)/,
    when: (found) => valuesOf(found, 'swils').some((ils) => hasField(ils, 'islFlowControlMode')),
    reason: 'everything is read 4 bytes too far on: the command word is counted twice',
    source: 'FC-SW-6, ELP; captured ELP payloads have the revision in byte 4',
  },
  {
    name: 'ess-vendor-objects',
    fields: /^(swils\.ess\.capability\.|_ws\.malformed)/,
    when: (found) => valuesOf(found, 'swils').some((ils) => hasField(ils.objects, 'vendorId')),
    reason: 'vendor information is cut into pieces of 8 bytes that run into the next object',
    source: 'FC-SW-6, ESS vendor specific capability object: the length covers all of it',
  },
  {
    name: 'additional-cdb',
    fields: ['fcp.dl'],
    when: (found) => valuesOf(found, 'fcp').some((fcp) => Number(fcp.additionalCdbLengthWords) > 0),
    reason: 'FCP_DL is looked for in front of the end of the additional CDB',
    source: 'FCP-4, FCP_CMND: FCP_DL follows ADDITIONAL FCP_CDB; Linux fc_fcp.h, fc_dl',
  },
  {
    name: 'copy-operation-abort',
    fields: ['scsi.reserved8', 'scsi.extcopy.param_list_len'],
    when: (found) => valuesOf(found, 'scsi').some(({ kind }) => kind === 'COPY OPERATION ABORT'),
    reason: 'shown with the parameter list length of EXTENDED COPY, which it does not have',
    source: 'SPC-5, COPY OPERATION ABORT command',
  },
  {
    name: 'osd-attribute-descriptor',
    fields: /^(scsi\.sns\.|_ws\.malformed)/,
    when: (found) => valuesOf(found, 'sense').some((sense) => hasField(sense, 'attributes')),
    reason: 'an OSD attribute descriptor is stepped over twice: what follows is read elsewhere',
    source: 'packet-scsi.c, dissect_scsi_descriptor_snsinfo: case 8 moves the offset by itself',
  },
  {
    name: 'nfs4-ssv-handles',
    fields:
      /^(_ws\.malformed|rpc\.(opaque_length|fill_bytes)|nfs\.(gsshandle4|minorid4|majorid4))$/,
    when: ({ packet }) => packet.fields.some(({ name }) => name === 'nfs.prot_info4_svv_length'),
    reason: 'spi_handles of EXCHANGE_ID is read as one handle, not as a list of them',
    source: 'RFC 5662, ssv_prot_info4: gsshandle4_t spi_handles<>',
  },
  {
    name: 'fcip-special-frame-two-bytes-late',
    fields: ['fcip.dstwwn', 'fcip.katov'],
    reason: 'what stands behind the connection usage code is read two bytes too far behind',
    source: 'RFC 3821, figure 9: words 15 to 17',
  },
  {
    name: 'scsi-data-shorter-than-asked',
    fields: ['_ws.malformed'],
    when: ({ packet, frame }) =>
      frame.protocol === 'tcp' && packet.protos.some(({ name }) => name === 'scsi'),
    reason: 'data that an allocation length cut are read on, over the end of what is there',
    source: 'SPC-5, 4.2.5.6: the allocation length is the most that is returned, and no error',
  },
];

export const tsharkFaults: readonly TsharkFault[] = [
  ...linkFaults,
  ...lldpFaults,
  ...elsFaults,
  ...ctFaults,
  ...damageFaults,
  ...otherFaults,
];

/** The fault that explains a disagreement. */
export function faultFor(found: Disagreement): TsharkFault | undefined {
  return tsharkFaults.find(
    ({ fields, when }) =>
      (fields instanceof RegExp
        ? fields.test(found.field.name)
        : fields.includes(found.field.name)) &&
      (when?.(found) ?? true),
  );
}
