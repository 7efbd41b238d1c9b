/** FCoE in both formats, and FIP. */
import {
  around,
  type FieldMap,
  littleEndian,
  lowBits,
  part,
  same,
  shownAs,
  whole,
} from '../mapping.ts';
import type { PdmlField } from '../pdml.ts';

/** The old format counts words, CRC included; tshark shows bytes without it. */
const withCrc = ({ show = '' }: PdmlField): bigint => (BigInt(show) + 4n) / 4n;

export const fcoeFields: FieldMap = {
  'fcoe.ver': around('fcoe:version'),
  'fcoe.len': shownAs(withCrc, around('fcoe:lengthWords')),
  // The old format keeps 4 bits of the SOF code; tshark shows the code that they stand for.
  'fcoe.sof': shownAs(lowBits, around('fcoe:sof')),
  'fcoe.eof': 'fcoe-trailer:eof',
  'fcoe.crc': shownAs(littleEndian, same('fcoe-trailer:crc')),
};

const one = (path: string) => `fip:descriptors[].${path}`;

export const fipFields: FieldMap = {
  'fip.ver': 'fip:version',
  'fip.opcode': 'fip:operation',
  'fip.disc_subcode': 'fip:subcode',
  'fip.ls.subcode': 'fip:subcode',
  'fip.ctrl_subcode': 'fip:subcode',
  'fip.vlan_subcode': 'fip:subcode',
  'fip.vn2vn_subcode': 'fip:subcode',
  'fip.subcode': 'fip:subcode',
  'fip.dl_len': 'fip:descriptorWords',
  'fip.flags': 'fip:flags',
  'fip.flags.fpma': part('fip:flags'),
  'fip.flags.spma': part('fip:flags'),
  'fip.flags.rec_p2p': part('fip:flags'),
  'fip.flags.available': part('fip:flags'),
  'fip.flags.sol': part('fip:flags'),
  'fip.flags.fport': part('fip:flags'),
  'fip.reserved': whole('fip:reserved1', 'fip:reserved2', 'fip:reserved3'),
  // A descriptor of an unknown type is kept whole.
  'fip.desc_type': [same(one('type')), part(one('raw'))],
  'fip.desc_len': [same(one('lengthWords')), part(one('raw'))],
  'fip.desc_unk': [same(one('data')), part(one('raw'))],
  'fip.pri': one('priority'),
  'fip.mac': one('mac'),
  'fip.map': one('fcMap'),
  'fip.name': one('name'),
  'fip.fab.vfid': one('vfId'),
  'fip.fab.map': one('fcMap'),
  'fip.fab.name': one('fabricName'),
  'fip.fcoe_size': one('maxFcoeSizeBytes'),
  'fip.vn.mac': one('mac'),
  'fip.vn.fc_id': shownAs(lowBits, same(one('nPortId'))),
  'fip.vn.pwwn': one('portName'),
  'fip.fka': one('fkaAdvPeriodMs'),
  'fip.vendor': one('vendorId'),
  'fip.vendor.data': one('data'),
  'fip.vlan': around(one('vid')),
  'fip.fc4f.types': part(one('fc4Types')),
  'fip.fc4f.fcp': part(one('fc4Types')),
  'fip.fc4f.gs3': part(one('fc4Types')),
  'fip.fc4f.ip': part(one('fc4Types')),
  'fip.fc4f.feat.fcp': part(one('fc4Features')),
  'fip.fc4f.feat.fcp.initiator': part(one('fc4Features')),
  'fip.fc4f.feat.fcp.target': part(one('fc4Features')),
};
