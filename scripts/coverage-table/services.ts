/** Coverage of the services of Fibre Channel: ELS, CT, SW_ILS. */
import * as c from '../../src/codecs/index.ts';
import type { AnyCodec } from '../../src/codecs/layout/index.ts';
import { all, type Family, membersOf, some, table } from './family.ts';

const { CtResponse } = c;
/** tshark lists the answers with the commands. */
const withAnswers = (codes: Readonly<Record<string, number>>) => ({ ...codes, ...CtResponse });
const RESERVED = { 0: 'reserved' };

const MODERN = [
  'FPIN',
  'EDC',
  'RDF',
  'RDP',
  'LCB',
  'QFPA',
  'UVEM',
  'EVFP',
  'QSA',
  'RNID',
  'RLIR',
  'SRL',
  'RPSC',
  'AUTH_ELS',
];
const isModern = (codec: AnyCodec): boolean =>
  MODERN.includes((codec.kind ?? '').replace('LS_ACC ', ''));
const elsRequests = all(c.elsRequests);
const elsAccepts = all(c.elsAccepts);

export const services: readonly Family[] = [
  {
    title: 'Extended link services',
    tables: [
      table('ElsCommand', c.ElsCommand, 'fcels.opcode'),
      table('RncDocument', c.RncDocument),
      table('LsRjtReason', c.LsRjtReason, 'fcels.rjt.reason'),
      table('LsRjtExplanation', c.LsRjtExplanation, 'fcels.rjt.detail'),
      table('RscnEventQualifier', c.RscnEventQualifier, 'fcels.rscn.evqual'),
      table('RscnAddressFormat', c.RscnAddressFormat, 'fcels.rscn.addrfmt'),
      table('ScrFunction', c.ScrFunction, 'fcels.scr.regn'),
      table('CbindStatus', c.CbindStatus, 'fcels.cbind.status'),
      table('UnbindStatus', c.UnbindStatus, 'fcels.unbind.status', {
        17: 'of CBIND: RFC 4172',
        19: 'of CBIND: RFC 4172',
        20: 'of CBIND: RFC 4172',
        21: 'of CBIND: RFC 4172',
        22: 'of CBIND: RFC 4172',
      }),
    ],
    messages: {
      requests: elsRequests.filter((one) => !isModern(one)),
      accepts: elsAccepts.filter((one) => !isModern(one)),
      'accepts of what is not known': some(c.lsAcc),
      pages: membersOf(c.serviceParameterPage),
    },
    sources: ['T', 'C', 'L', 'V'],
    tshark:
      'reads 31 bodies; leaves those of LS_ACC, RTV, RLS, ECHO, TEST, LINIT and LKA as bytes; reads the common parameters of FLOGI as those of PLOGI; has the status codes of CBIND and UNBIND exchanged',
  },
  {
    title: `The newer and larger of them: ${MODERN.join(' ')}`,
    tables: [
      table('LsDescriptorTag', c.LsDescriptorTag),
      table('LinkIntegrityEvent', c.LinkIntegrityEvent),
      table('DeliveryReason', c.DeliveryReason),
      table('CongestionEvent', c.CongestionEvent),
      table('PortSpeed', c.PortSpeed, 'fcels.rpsc.port_oper_speed'),
      table('UnitType', c.UnitType, 'fcels.rnid.asstype', RESERVED),
      table('NodeManagement', c.NodeManagement, 'fcels.rnid.nodemgmt'),
      table('LirrFunction', c.LirrFunction, 'fcels.lirr.regn_function'),
      table('AuthMessage', c.AuthMessage, 'fcsp.opcode'),
      table('AuthRejectReason', c.AuthRejectReason, 'fcsp.rjtcode'),
      table('AuthRejectExplanation', c.AuthRejectExplanation, 'fcsp.rjtcodet'),
      table('DhChapGroup', c.DhChapGroup, 'fcsp.dhchap.dhgid'),
      table('DhChapHash', c.DhChapHash, 'fcsp.dhchap.hashtype'),
    ],
    messages: {
      requests: elsRequests.filter(isModern),
      accepts: elsAccepts.filter(isModern),
      descriptors: membersOf(c.lsDescriptor),
      'EVFP descriptors': membersOf(c.evfpDescriptor),
    },
    sources: ['T', 'C', 'L'],
    tshark:
      'knows RNID, LIRR, SRL, RPSC and AUTH, of RLIR the name; FPIN, EDC, RDF, RDP, LCB, QFPA, UVEM, EVFP and QSA not at all',
    note: 'Of the authentication protocols DH-CHAP is decoded.',
  },
  {
    title: 'CT: preamble, reject reasons',
    tables: [
      table('GsType', c.GsType, 'fcct.gstype'),
      table('DirectorySubtype', c.DirectorySubtype),
      table('ManagementSubtype', c.ManagementSubtype),
      table('CtReason', c.CtReason, 'fcdns.rply.reason'),
    ],
    messages: { units: some(c.ctPreamble, c.ctReject, c.ctAcc) },
    sources: ['T', 'C', 'L'],
    tshark: 'does not know the subtypes 10h (FDMI) and 20h (application server)',
  },
  {
    title: 'Name server, and unzoned name server',
    tables: [
      table('NameServerCommand', withAnswers(c.NameServerCommand), 'fcdns.opcode'),
      table('NameServerExplanation', c.NameServerExplanation, 'fcdns.rply.reasondet'),
      table('NameServerPortType', c.NameServerPortType, 'fcdns.req.porttype'),
      table('ClassOfService', c.ClassOfService),
    ],
    messages: { requests: all(c.nameServerRequests), accepts: all(c.nameServerAccepts) },
    sources: ['T', 'C', 'L'],
    tshark:
      'reads 44 of 52 bodies, not those of GID_A GIPP_ID GHA_ID GIPA_NN GNN_IP GIPA_IP GPN_IPP RHA_ID; looks for the port names of a GPN_FT accept 4 bytes too early',
    note: 'The unzoned name server (FAh/02h) is asked and answers with the same messages.',
  },
  {
    title: 'FDMI',
    tables: [
      table('FdmiCommand', c.FdmiCommand),
      table('FdmiExplanation', c.FdmiExplanation),
      table('HbaAttributeType', c.HbaAttributeType),
      table('PortAttributeType', c.PortAttributeType),
    ],
    messages: {
      requests: all(c.fdmiRequests),
      accepts: all(c.fdmiAccepts),
      attributes: [...membersOf(c.hbaAttribute), ...membersOf(c.portAttribute)],
    },
    sources: ['C', 'L'],
    tshark: 'does not read it',
  },
  {
    title: 'Zone server',
    tables: [
      table('ZoneCommand', withAnswers(c.ZoneCommand), 'fcfzs.opcode'),
      table('EnhancedZoneCommand', c.EnhancedZoneCommand),
      table('ZoneExplanation', c.ZoneExplanation, 'fcfzs.rjtdetail'),
      table('ZoneMemberType', c.ZoneMemberType, 'fcfzs.zonembr.idtype', RESERVED),
    ],
    messages: {
      requests: all(c.zoneRequests),
      accepts: all(c.zoneAccepts),
      'requests of enhanced zoning': all(c.enhancedZoneRequests),
      'accepts of enhanced zoning': all(c.enhancedZoneAccepts),
      members: membersOf(c.zoneMember),
    },
    sources: ['T', 'L'],
    tshark: 'reads all of basic zoning, nothing of enhanced zoning',
  },
  {
    title: 'Fabric configuration server',
    tables: [
      table('ConfigurationCommand', withAnswers(c.ConfigurationCommand), 'fcs.opcode'),
      table('ConfigurationExplanation', c.ConfigurationExplanation, 'fcs.reasondet'),
      table('InterconnectElementType', c.InterconnectElementType, 'fcs.ie.type'),
      table('PortTransmitterType', c.PortTransmitterType, 'fcs.port.txtype'),
      table('PortModuleType', c.PortModuleType, 'fcs.port.moduletype'),
      table('PortState', c.PortState, 'fcs.port.state'),
      table('PlatformType', c.PlatformType, 'fcs.platform.type'),
    ],
    messages: { requests: all(c.configurationRequests), accepts: all(c.configurationAccepts) },
    sources: ['T', 'C'],
    tshark: 'reads 27 of 30 bodies',
  },
  {
    title: 'Application server (VMID)',
    tables: [
      table('ApplicationCommand', c.ApplicationCommand),
      table('ApplicationExplanation', c.ApplicationExplanation),
    ],
    messages: { requests: all(c.applicationRequests), accepts: all(c.applicationAccepts) },
    sources: ['L'],
    tshark: 'does not read it',
  },
  {
    title: 'SW_ILS: links, domains, routes, support, zoning',
    tables: [
      table('SwIlsCommand', c.SwIlsCommand, 'swils.opcode'),
      table('EnhancedCommit', c.EnhancedCommit),
      table('SwRjtReason', c.SwRjtReason, 'swils.rjt.reason'),
      table('SwRjtExplanation', c.SwRjtExplanation, 'swils.rjt.reasonexpl'),
      table('SwRscnPortState', c.SwRscnPortState, 'swils.rscn.evtype'),
      table('DetectionFunction', c.DetectionFunction, 'swils.rscn.detectfn'),
      table('ZoningObjectType', c.ZoningObjectType, 'swils.zone.zoneobjtype', RESERVED),
      table('ZoningMemberType', c.ZoningMemberType, 'swils.zone.mbrtype', RESERVED),
      table('ZoningReason', c.ZoningReason, 'swils.zone.reason', { 3: 'reserved' }),
      table('ZoningStatus', c.ZoningStatus, 'swils.zone.status'),
    ],
    messages: {
      requests: all(c.swIlsRequests),
      accepts: all(c.swIlsAccepts),
      'reject, accepts of what is not known': some(c.swRjt, c.swAcc),
      records: [...membersOf(c.efpRecord), ...membersOf(c.linkStateRecord)],
      'zone members': membersOf(c.zoningMember),
      capabilities: membersOf(c.essCapability),
    },
    sources: ['T', 'C', 'V'],
    tshark:
      'reads 17 bodies; of DRLIR the name; does not know CEC, the enhanced commit services, TCO, STR, EVFP and FFI',
    note: 'The databases of enhanced zoning in MR are kept as bytes; their layout: no public source.',
  },
];
