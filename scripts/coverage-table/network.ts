/** Coverage of Ethernet, FCoE, FIP and the frames of Fibre Channel. */
import * as c from '../../src/codecs/index.ts';
import { type Family, membersOf, some, table } from './family.ts';

const RESERVED = { 0: 'reserved' };

export const network: readonly Family[] = [
  {
    title: 'Ethernet II, 802.1Q, 802.1ad, VN-Tag',
    tables: [table('EtherType', c.EtherType)],
    messages: { headers: some(c.ethernet, c.vlanTag, c.vnTag) },
    sources: ['T', 'C', 'V'],
    tshark: 'the same',
  },
  {
    title: 'MAC control: PAUSE, PFC',
    tables: [table('MacControlOpcode', c.MacControlOpcode)],
    messages: { operations: membersOf(c.macControl) },
    sources: ['T', 'V'],
    tshark: 'the same',
  },
  {
    title: 'ARP, RARP, gratuitous ARP',
    tables: [table('ArpOperation', c.ArpOperation)],
    messages: { packets: some(c.arp) },
    sources: ['T', 'C', 'V'],
    tshark: 'the same',
  },
  {
    title: 'LLDP',
    tables: [
      table('LldpType', c.LldpType, 'lldp.tlv.type'),
      table('ChassisIdSubtype', c.ChassisIdSubtype, 'lldp.chassis.subtype', RESERVED),
      table('PortIdSubtype', c.PortIdSubtype, 'lldp.port.subtype', RESERVED),
      table('SystemCapability', c.SystemCapability),
    ],
    messages: {
      TLVs: some(
        c.lldpChassisId,
        c.lldpPortId,
        c.lldpTimeToLive,
        c.lldpPortDescription,
        c.lldpSystemName,
        c.lldpSystemDescription,
        c.lldpSystemCapabilities,
        c.lldpManagementAddress,
        c.lldpPortVlanId,
        c.lldpVlanName,
        c.lldpMaximumFrameSize,
        c.lldpOrganizational,
        c.lldpEnd,
      ),
    },
    sources: ['T', 'C', 'V'],
    tshark: 'the same; it also knows the TLVs of several vendors',
    note: 'An organization without a table keeps its information as bytes.',
  },
  {
    title: 'DCBX, IEEE: ETS, PFC, application priority, congestion notification',
    tables: [
      table('Ieee8021Subtype', c.Ieee8021Subtype, 'lldp.ieee.802_1.subtype', {
        5: 'VID usage digest: not part of DCBX',
        6: 'management VID: not part of DCBX',
        7: 'link aggregation: not part of DCBX',
        15: 'port extension: not part of DCBX',
        16: 'application VLAN: not part of DCBX',
        17: 'LRP: not part of DCBX',
        18: 'LRP: not part of DCBX',
        19: 'congestion isolation: not part of DCBX',
        20: 'topology recognition: not part of DCBX',
      }),
      table('Ieee8023Subtype', c.Ieee8023Subtype, 'lldp.ieee.802_3.subtype', {
        5: 'energy-efficient Ethernet: not part of DCBX',
        7: 'additional Ethernet capabilities: not part of DCBX',
      }),
      table('TransmissionSelection', c.TransmissionSelection),
      table('ApplicationSelector', c.ApplicationSelector),
    ],
    messages: {
      TLVs: some(
        c.lldpEtsConfiguration,
        c.lldpEtsRecommendation,
        c.lldpPfcConfiguration,
        c.lldpApplicationPriority,
        c.lldpCongestionNotification,
      ),
    },
    sources: ['T', 'C', 'V'],
    tshark: 'the same',
  },
  {
    title: 'DCBX, CEE',
    tables: [table('CeeType', c.CeeType, 'lldp.dcbx.type'), table('CeeSelector', c.CeeSelector)],
    messages: { TLVs: [...some(c.lldpCee), ...membersOf(c.ceeTlv)] },
    sources: ['T', 'V'],
    tshark: 'the same',
  },
  {
    title: 'EVB, CDCP, ECP, VDP',
    tables: [
      table('EcpOperation', c.EcpOperation),
      table('EcpSubtype', c.EcpSubtype),
      table('VdpType', c.VdpType),
      table('VsiidFormat', c.VsiidFormat),
      table('VdpFilterFormat', c.VdpFilterFormat),
      table('VdpError', c.VdpError),
    ],
    messages: { TLVs: [...some(c.lldpEvb, c.lldpCdcp, c.ecp), ...membersOf(c.vdpTlv)] },
    sources: ['T', 'C', 'V'],
    tshark: 'reads the TLVs of the draft of 802.1Qbg, and of VDP not the number of filter entries',
  },
  {
    title: 'VXLAN in UDP and IP',
    tables: [table('IpProtocol', c.IpProtocol), table('VxlanFlags', c.VxlanFlags)],
    messages: { headers: some(c.ipv4, c.ipv6, c.udp, c.vxlan) },
    sources: ['T', 'C', 'V'],
    tshark: 'the same; it reads all of IP, which is not meant here',
    note: 'Only as much of IP as it takes to find the inner frame.',
  },
  {
    title: 'TCP, ICMPv6',
    tables: [
      table('TcpFlags', c.TcpFlags),
      table('Icmpv6Type', c.Icmpv6Type),
      table('NdOptionType', c.NdOptionType),
    ],
    messages: {
      headers: some(c.tcp),
      messages: membersOf(c.icmpv6),
      'options of neighbour discovery': membersOf(c.ndOption),
    },
    sources: ['T', 'C', 'V'],
    tshark: 'the same; it also reads options, and puts all streams together',
    note: 'Options stay bytes. Streams of iSCSI, FCIP, RPC and BGP are put together (`TcpStreams`).',
  },
  {
    title: 'BGP-4, Ethernet VPNs',
    tables: [
      table('BgpType', c.BgpType),
      table('AttributeType', c.AttributeType),
      table('CapabilityCode', c.CapabilityCode),
      table('EvpnRouteType', c.EvpnRouteType),
      table('ExtendedCommunityType', c.ExtendedCommunityType),
      table('NotificationCode', c.NotificationCode),
    ],
    messages: {
      messages: membersOf(c.bgpMessage),
      attributes: membersOf(c.pathAttribute),
      routes: membersOf(c.evpnRoute),
      communities: membersOf(c.extendedCommunity),
      parameters: membersOf(c.openParameter),
      capabilities: membersOf(c.bgpCapability),
      parts: some(c.asPathSegment, c.asPathSegmentAs4, c.routeDistinguisherIpv4),
    },
    sources: ['T', 'C', 'V'],
    tshark:
      'reads many more attributes and families; of an EVPN label the upper 20 bits, where VXLAN has a VNI of 24',
    note: 'Attributes, routes, communities and capabilities of other types stay bytes. Segments of an AS path have numbers of 2 or 4 octets as the two OPENs say, so they stay bytes too.',
  },
  {
    title: 'iSCSI',
    tables: [
      table('IscsiOpcode', c.IscsiOpcode, 'iscsi.opcode', {
        28: 'a vendor’s',
        29: 'a vendor’s',
        30: 'a vendor’s',
        60: 'a vendor’s',
        61: 'a vendor’s',
        62: 'a vendor’s',
      }),
      table('IscsiTaskAttribute', c.IscsiTaskAttribute, 'iscsi.scsicommand.attr'),
      table('AhsType', c.AhsType, 'iscsi.ahs.type'),
      table('IscsiResponse', c.IscsiResponse, 'iscsi.scsiresponse.response'),
      table('IscsiTaskManagement', c.IscsiTaskManagement, 'iscsi.taskmanfun.function'),
      table(
        'IscsiTaskManagementResponse',
        c.IscsiTaskManagementResponse,
        'iscsi.taskmanfun.response',
      ),
      table('LoginStage', c.LoginStage, 'iscsi.login.csg'),
      table('LoginStatus', c.LoginStatus, 'iscsi.login.status'),
      table('LogoutReason', c.LogoutReason, 'iscsi.logout.reason'),
      table('LogoutResponse', c.LogoutResponse, 'iscsi.logout.response'),
      table('SnackType', c.SnackType, 'iscsi.snack.type'),
      table('AsyncEvent', c.AsyncEvent, 'iscsi.asyncevent'),
      table('IscsiRejectReason', c.IscsiRejectReason, 'iscsi.reject.reason', {
        1: 'reserved since RFC 7143',
      }),
    ],
    messages: {
      PDUs: membersOf(c.iscsiPdu),
      'additional headers': membersOf(c.additionalHeader),
      parts: some(c.senseSegment, c.iscsiText),
    },
    sources: ['T', 'C', 'V'],
    tshark:
      'does not know task management functions 9 to 12 and "function succeeded" (RFC 7144), the command priority and the status qualifier',
    note: 'With and without digests (`iscsiPduWith`). PDUs are cut out of the stream by `TcpStreams`.',
  },
  {
    title: 'FCIP',
    tables: [
      table('FcEncapsulation', c.FcEncapsulation),
      table('FcipFlags', c.FcipFlags),
      table('FcipConnectionUsage', c.FcipConnectionUsage),
    ],
    messages: { parts: some(c.fcipHeader, c.fcipSof, c.fcipTrailer, c.fcipSpecialFrame) },
    sources: ['T', 'V'],
    tshark:
      'reads what stands behind the connection usage code of a special frame two bytes too far behind; finds a frame only where its header lies in one segment',
  },
  {
    title: 'Link types: Ethernet, Linux SLL and SLL2, FC-2 without and with delimiters',
    tables: [
      table('LinkType', c.LinkType),
      table('SofOrderedSet', c.SofOrderedSet, 'fc.sof'),
      table('EofOrderedSet', c.EofOrderedSet, 'fc.eof'),
      table('PacketType', c.PacketType),
    ],
    messages: { headers: some(c.sll, c.sll2, c.sofDelimiter, c.fcTrailer) },
    sources: ['T', 'C'],
    tshark: 'the same',
  },
  {
    title: 'FCoE',
    tables: [table('Sof', c.Sof, 'fcoe.sof'), table('Eof', c.Eof, 'fcoe.eof')],
    messages: { parts: some(c.fcoeHeader, c.fcoeTrailer) },
    sources: ['T', 'C', 'V'],
    tshark:
      'takes every frame for the last of its sequence: it does not keep the EOF; sequences of several frames are not put together',
  },
  {
    title: 'FCoE before August 2007',
    tables: [],
    messages: { parts: some(c.fcoeHeaderPreT11, c.fcoeTrailerPreT11) },
    sources: ['T', 'C'],
    tshark: 'the same',
  },
  {
    title: 'FIP operations',
    tables: [
      table('FipOperation', c.FipOperation, 'fip.opcode'),
      table('FipDiscovery', c.FipDiscovery, 'fip.disc_subcode'),
      table('FipLinkService', c.FipLinkService, 'fip.ls.subcode'),
      table('FipControl', c.FipControl, 'fip.ctrl_subcode'),
      table('FipVlan', c.FipVlan, 'fip.vlan_subcode'),
      table('FipVn2vn', c.FipVn2vn, 'fip.vn2vn_subcode'),
      table('FipFlags', c.FipFlags),
    ],
    messages: { messages: some(c.fipHeader, c.fipMessage) },
    sources: ['T', 'C', 'L', 'V'],
    tshark:
      'does not know the VN2VN notification (VLAN, subcode 3), the flags FCF and FDF, and the vendors’ operations',
    note: `\`checkFip\` holds a message against ${c.fipRules.length} rules, one for each operation and subcode: required descriptors, those that may be repeated, and that an unknown one below type 128 voids the frame.`,
  },
  {
    title: 'FIP descriptors',
    tables: [
      table('FipDescriptorType', c.FipDescriptorType, 'fip.desc_type'),
      table('FkaAdvPeriodFlags', c.FkaAdvPeriodFlags),
    ],
    messages: { descriptors: membersOf(c.fipDescriptor) },
    sources: ['T', 'C', 'L', 'V'],
    tshark:
      'does not know the reason of Clear Virtual Links (type 128) and the D bit; shows a vendor’s data from 3 bytes too early',
  },
  {
    title: 'FC frame header',
    tables: [
      table('RCtl', c.RCtl),
      table('FcType', c.FcType, 'fc.type'),
      table('FCtl', c.FCtl),
      table('WellKnownAddress', c.WellKnownAddress),
    ],
    messages: { header: some(c.fcHeader) },
    sources: ['T', 'C', 'L'],
    tshark: 'has no name for FC-NVMe (28h)',
  },
  {
    title: 'Extended headers: VFT, IFR, Enc',
    tables: [],
    messages: { headers: some(c.vftHeader, c.ifrHeader, c.encHeader) },
    sources: ['T', 'L', 'V'],
    tshark: 'reads VFT alone; IFR and Enc are taken for an FC header, and all behind them is wrong',
  },
  {
    title: 'Optional headers: ESP, Network, Association, Device',
    tables: [table('DfCtl', c.DfCtl), table('AssociationValidity', c.AssociationValidity)],
    messages: {
      headers: some(
        c.espHeader,
        c.networkHeader,
        c.associationHeader,
        c.deviceHeader16,
        c.deviceHeader32,
        c.deviceHeader64,
      ),
    },
    sources: ['T', 'V'],
    tshark: 'reads the Network_Header alone',
  },
  {
    title: 'Basic link services',
    tables: [
      table('BaRjtReason', c.BaRjtReason, 'fc.bls_reason'),
      table('BaRjtExplanation', c.BaRjtExplanation, 'fc.bls_rjtdetail', {
        1: 'FC-FS and Linux have “no explanation” at 00h',
      }),
    ],
    messages: { services: some(c.abts, c.baAcc, c.baRjt) },
    sources: ['T', 'C', 'L'],
    tshark: 'the same',
  },
  {
    title: 'Link control: ACK, P_RJT, F_RJT, P_BSY, F_BSY',
    tables: [
      table('RejectAction', c.RejectAction),
      table('RejectReason', c.RejectReason),
      table('BusyAction', c.BusyAction),
      table('BusyReason', c.BusyReason),
      table('FabricBusyReason', c.FabricBusyReason),
    ],
    messages: { parameters: some(c.ackParameter, c.rejectParameter, c.busyParameter) },
    sources: ['T', 'L'],
    tshark: 'the same',
  },
];

export const fcp: readonly Family[] = [
  {
    title: 'FCP information units',
    tables: [
      table('TaskAttribute', c.TaskAttribute, 'fcp.taskattr'),
      table('TaskManagement', c.TaskManagement),
      table('RspFlags', c.RspFlags),
      table('RspCode', c.RspCode, 'fcp.rspcode'),
      table('ScsiStatus', c.ScsiStatus, 'fcp.status'),
      table('RetryDelayScope', c.RetryDelayScope),
    ],
    messages: { units: some(c.fcpCmnd, c.fcpXferRdy, c.fcpRsp, c.fcpRspInfo, c.srr) },
    sources: ['T', 'C', 'L', 'V'],
    tshark:
      'does not tie data and responses to their commands: the LUN of a command is overwritten, all commands to a LUN share one record',
    note: 'FCP_CONF has no payload; SRR is a link service of FCP (R_CTL 32h).',
  },
  {
    title: 'FC-NVMe',
    tables: [
      table('NvmeRCtl', c.NvmeRCtl),
      table('NvmeOpcode', c.NvmeOpcode),
      table('NvmeGenericStatus', c.NvmeGenericStatus),
      table('NvmePathStatus', c.NvmePathStatus),
      table('NvmeLsCommand', c.NvmeLsCommand),
      table('NvmeLsDescriptor', c.NvmeLsDescriptor),
      table('NvmeLsRejectReason', c.NvmeLsRejectReason),
      table('NvmeLsRejectExplanation', c.NvmeLsRejectExplanation),
    ],
    messages: {
      units: some(c.nvmeCmnd, c.nvmeXferRdy, c.nvmeRsp, c.nvmeErsp, c.nvmeSr, c.nvmeSrRsp),
      'link services': some(c.nvmeLinkService),
      descriptors: membersOf(c.nvmeLsDescriptor, ['other']),
    },
    sources: ['L', 'V'],
    tshark: 'does not read it',
  },
];
