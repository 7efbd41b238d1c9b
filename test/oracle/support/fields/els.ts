/** Extended link services. */
import { around, type FieldMap, part, same, whole } from '../mapping.ts';

const classes = (path: string) =>
  ['class1', 'class2', 'class3', 'class4'].map((one) => `els:${one}.${path}`);
const ofClass = (path: string) => same(...classes(path));
const inClass = (path: string) => part(...classes(path));
const features = part('els:common.features');
const initiator = inClass('initiatorControl');
const recipient = inClass('recipientControl');
const parameters = part('els:pages[].serviceParameters');
const pageFlags = part('els:pages[].flags');

const login: FieldMap = {
  'fcels.logi.b2b': 'els:common.bbCredit',
  'fcels.logi.bbscnum': 'els:common.bbScN',
  'fcels.logi.rcvsize': 'els:common.bbReceiveDataFieldSizeBytes',
  'fcels.logi.cmnfeatures': 'els:common.features',
  'fcels.logi.maxconseq': 'els:common.totalConcurrentSequences',
  'fcels.logi.reloff': 'els:common.relativeOffsetByCategory',
  'fcels.logi.clsflags': ofClass('options'),
  'fcels.logi.initctl': ofClass('initiatorControl'),
  'fcels.logi.rcptctl': ofClass('recipientControl'),
  'fcels.logi.clsrcvsize': around(...classes('receiveDataFieldSizeBytes')),
  'fcels.logi.totconseq': ofClass('concurrentSequences'),
  'fcels.logi.e2e': ofClass('endToEndCredit'),
  'fcels.logi.openseq': ofClass('openSequencesPerExchange'),
  'fcels.logi.vendvers': 'els:vendorVersion',
  'fcels.logi.initctl.ack0': initiator,
  'fcels.logi.initctl.ackgaa': initiator,
  'fcels.logi.initctl.initial_pa': initiator,
  'fcels.logi.initctl.sync': initiator,
  'fcels.logi.rcptctl.ack': recipient,
  'fcels.logi.rcptctl.category': recipient,
  'fcels.logi.rcptctl.interlock': recipient,
  'fcels.logi.rcptctl.policy': recipient,
  'fcels.logi.rcptctl.sync': recipient,
  'fcels.cls.cns': inClass('options'),
  'fcels.cls.nzctl': inClass('options'),
  'fcels.cls.prio': inClass('options'),
  'fcels.cls.sdr': inClass('options'),
  'fcels.cmn.bbb': features,
  'fcels.cmn.broadcast': features,
  'fcels.cmn.cios': features,
  'fcels.cmn.clk': features,
  'fcels.cmn.dhd': features,
  'fcels.cmn.e_d_tov': features,
  'fcels.cmn.multicast': features,
  'fcels.cmn.payload': features,
  'fcels.cmn.rro': features,
  'fcels.cmn.security': features,
  'fcels.cmn.seqcnt': features,
  'fcels.cmn.simplex': features,
  'fcels.cmn.vvv': features,
  'fcels.edtov': 'els:common.eDTov',
};

const processLogin: FieldMap = {
  'fcels.prlilo.type': 'els:pages[].type',
  'fcels.prlilo.type_code_extension': 'els:pages[].typeExtension',
  'fcels.prlilo.page_length': 'els:pageLengthBytes',
  'fcels.prlilo.payload_length': 'els:payloadLengthBytes',
  'fcels.prlilo.originator_pa': 'els:pages[].originatorProcessAssociator',
  'fcels.prlilo.responder_pa': 'els:pages[].responderProcessAssociator',
  // Both are shown as the whole byte that holds them.
  'fcels.prlilo.response_code': whole('els:pages[].flags', 'els:pages[].responseCode'),
  'fcels.prliloflags': whole('els:pages[].flags', 'els:pages[].responseCode'),
  'fcels.prliloflags.ipe': pageFlags,
  'fcels.prliloflags.opav': pageFlags,
  'fcels.tprloflags.rpav': pageFlags,
  'fcels.fcpflags': 'els:pages[].serviceParameters',
  'fcels.fcpflags.ccomp': parameters,
  'fcels.fcpflags.datao': parameters,
  'fcels.fcpflags.initiator': parameters,
  'fcels.fcpflags.rdxr': parameters,
  'fcels.fcpflags.retry': parameters,
  'fcels.fcpflags.target': parameters,
  'fcels.fcpflags.trirep': parameters,
  'fcels.fcpflags.trireq': parameters,
  'fcels.fcpflags.wrxr': parameters,
};

export const elsFields: FieldMap = {
  ...login,
  ...processLogin,
  'fcels.opcode': 'els:command',
  'fcels.fnname': 'els:nodeName',
  'fcels.npname': 'els:portName',
  'fcels.portid': 'els:nPortId',
  'fcels.hrdaddr': 'els:hardAddress',
  'fcels.rjt.reason': 'els:reason',
  'fcels.rjt.detail': 'els:explanation',
  'fcels.rjt.vnduniq': 'els:vendorSpecific',
  'fcels.scr.regn': 'els:registrationFunction',
  'fcels.rscn.page_len': 'els:pageLengthBytes',
  'fcels.rscn.payload_len': 'els:payloadLengthBytes',
  'fcels.rscn.evqual': 'els:pages[].eventQualifier',
  'fcels.rscn.addrfmt': 'els:pages[].addressFormat',
  'fcels.rscn.domain': part('els:pages[].nPortId'),
  'fcels.rscn.area': part('els:pages[].nPortId'),
  'fcels.rscn.port': part('els:pages[].nPortId'),
};
