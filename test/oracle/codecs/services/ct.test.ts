import { describe, expect, it } from 'vitest';
import * as ct from '../../../../src/codecs/ct/index.ts';
import { hasTshark } from '../../../helpers/shared-captures.ts';
import { askTshark } from './ask-tshark.ts';

const wwn = 0x1000_0005_3327_deb5n;
const wwnText = '10:00:00:05:33:27:de:b5';
const other = 0x2010_0005_3327_deb5n;
const otherText = '20:10:00:05:33:27:de:b5';
const { configuration } = ct;

interface Case {
  readonly name: string;
  readonly request: Uint8Array;
  readonly reply?: Uint8Array;
  readonly expected: Readonly<Record<string, readonly string[]>>;
}

const NAME_SERVER: readonly Case[] = [
  {
    name: 'GPN_FT',
    request: ct.gpnFt.encode({ domainIdScope: 3, areaIdScope: 4, fc4Type: 8 }),
    expected: {
      'fcdns.opcode': ['0x0172'],
      'fcdns.req.domainid': ['0x03'],
      'fcdns.req.areaid': ['0x04'],
      'fcdns.req.fc4type': ['8'],
    },
  },
  {
    name: 'CT_ACC GPN_FT',
    request: ct.gpnFt.encode({ fc4Type: 8 }),
    reply: ct.gpnFtAccept.encode({
      ports: [
        { portId: 0x01_0203, portName: wwn },
        { control: 0x80, portId: 0x01_0204, portName: other },
      ],
    }),
    // tshark 4.0.17 looks for the names four bytes too early (fc_ns.h and a Cisco switch agree with us).
    expected: { 'fcdns.rply.portid': ['01.02.03', '01.02.04'] },
  },
  {
    name: 'GID_FF',
    request: ct.gidFf.encode({ domainIdScope: 1, fc4Features: 2, fc4Type: 8 }),
    expected: {
      'fcdns.req.domainid': ['0x01'],
      'fcdns.fc4features': ['0x02'],
      'fcdns.req.fc4type': ['8'],
    },
  },
  {
    name: 'GID_PT',
    request: ct.gidPt.encode({ portType: 0x7f, areaIdScope: 6 }),
    expected: { 'fcdns.req.porttype': ['0x7f'], 'fcdns.req.areaid': ['0x06'] },
  },
  {
    name: 'CT_ACC GA_NXT',
    request: ct.gaNxt.encode({ portId: 1 }),
    reply: ct.gaNxtAccept.encode({
      portType: 1,
      portId: 0x01_0e01,
      portName: other,
      symbolicPortNameLengthBytes: 4,
      symbolicPortName: 'port',
      nodeName: wwn,
      symbolicNodeNameLengthBytes: 5,
      symbolicNodeName: 'node1',
      classOfService: 0x08,
      fc4Types: ct.fc4TypeMap([0x08, 0x20]),
      fabricPortName: wwn,
      hardAddress: 0x0a_0b0c,
    }),
    expected: {
      'fcdns.rply.porttype': ['0x01'],
      'fcdns.rply.portid': ['01.0e.01'],
      'fcdns.rply.pname': [otherText],
      'fcdns.rply.spname': ['port'],
      'fcdns.rply.nname': [wwnText],
      'fcdns.rply.sname': ['node1'],
      'fcdns.cos.3': ['1'],
      'fcdns.fc4types.fcp': ['1'],
      'fcdns.fc4types.gs3': ['1'],
      'fcdns.rply.fpname': [wwnText],
      'fcdns.rply.hrdaddr': ['0a.0b.0c'],
    },
  },
  {
    name: 'RFT_ID',
    request: ct.rftId.encode({ portId: 0x01_0203, fc4Types: ct.fc4TypeMap([0x05, 0x08]) }),
    expected: {
      'fcdns.req.portid': ['01.02.03'],
      'fcdns.fc4types.fcp': ['1'],
      'fcdns.fc4types.ip': ['1'],
    },
  },
  {
    name: 'RFF_ID',
    request: ct.rffId.encode({ portId: 0x01_0203, fc4Features: 2, fc4Type: 8 }),
    expected: {
      'fcdns.req.portid': ['01.02.03'],
      'fcdns.fc4features': ['0x02'],
      'fcdns.req.fc4type': ['8'],
    },
  },
  {
    name: 'RSPN_ID',
    request: ct.rspnId.encode({ portId: 0x01_0203, name: 'a port' }),
    expected: { 'fcdns.req.spnamelen': ['6'], 'fcdns.req.spname': ['a port'] },
  },
  {
    name: 'RSNN_NN',
    request: ct.rsnnNn.encode({ nodeName: wwn, name: 'a node' }),
    expected: { 'fcdns.req.nname': [wwnText], 'fcdns.req.sname': ['a node'] },
  },
  {
    name: 'RPT_ID',
    request: ct.rptId.encode({ portId: 1, portType: 1 }),
    expected: { 'fcdns.req.portid': ['00.00.01'], 'fcdns.req.porttype': ['0x01'] },
  },
  {
    name: 'CT_ACC GE_ID',
    request: ct.geId.encode({ portId: 0x01_0203 }),
    reply: ct.geIdAccept.encode({
      entries: [
        {
          format: 0,
          ownerId: 0xff_fc01,
          portType: 1,
          portId: 0x01_0203,
          portName: other,
          symbolicPortName: { name: 'p' },
          nodeName: wwn,
          symbolicNodeName: { name: 'node' },
          classOfService: 8,
          fc4Types: ct.fc4TypeMap([8]),
          fabricPortName: other,
          hardAddress: 5,
        },
        {
          format: 1,
          ownerId: 0xff_fc02,
          portType: 2,
          portId: 0x02_0203,
          portName: wwn,
          nodeName: other,
          classOfService: 4,
          fc4Types: ct.fc4TypeMap([8]),
        },
      ],
    }),
    expected: {
      'fcdns.num_entries': ['0x00000002'],
      'fcdns.rply.ownerid': ['ff.fc.01', 'ff.fc.02'],
      'fcdns.rply.portid': ['01.02.03', '02.02.03'],
      'fcdns.rply.pname': [otherText, wwnText],
      'fcdns.rply.nname': [wwnText, otherText],
      'fcdns.rply.spname': ['p'],
      'fcdns.rply.sname': ['node'],
      'fcdns.rply.hrdaddr': ['00.00.05', '00.00.00'],
    },
  },
  {
    name: 'CT_RJT',
    request: ct.gpnId.encode({ portId: 1 }),
    reply: ct.ctReject.encode(
      ct.ctRejectFor(ct.gpnId.decode(ct.gpnId.encode({ portId: 1 })).preamble, 9, 1),
    ),
    expected: { 'fcdns.rply.reason': ['0x09'], 'fcdns.rply.reasondet': ['0x01'] },
  },
];

const ZONES: readonly Case[] = [
  {
    name: 'CT_ACC GZC',
    request: ct.gzc.encode({}),
    reply: ct.gzcAccept.encode({ capabilities: 0x81, vendorCapabilities: 7 }),
    expected: { 'fcfzs.gzc.flags': ['0x81'], 'fcfzs.gzc.vendor': ['0x00000007'] },
  },
  {
    name: 'CT_ACC GAZS',
    request: ct.gazs.encode({}),
    reply: ct.gazsAccept.encode({
      name: 'theset',
      zones: [
        { name: 'z1', members: [{ kind: 'N_PORT_NAME', portName: other }] },
        {
          name: 'zone',
          members: [
            { kind: 'N_PORT_ID', nPortId: 0x01_0203 },
            { kind: 'NODE_NAME', nodeName: wwn },
          ],
        },
      ],
    }),
    expected: {
      'fcfzs.zoneset.namelen': ['6'],
      'fcfzs.zoneset.name': ['theset'],
      'fcfzs.zoneset.numzones': ['2'],
      'fcfzs.zone.namelen': ['2', '4'],
      'fcfzs.zone.name': ['z1', 'zone'],
      'fcfzs.zonembr.numattrs': ['1', '2'],
      'fcfzs.zonembr.idtype': ['1', '3', '4'],
      'fcfzs.zone.mbrid.fcwwn': [otherText, wwnText],
      'fcfzs.zone.mbrid.fc': ['01.02.03'],
    },
  },
  {
    name: 'AZSD',
    request: ct.azsd.encode({
      name: 'set1',
      zones: [{ name: 'zone', members: [{ kind: 'N_PORT_NAME', portName: wwn }] }],
    }),
    expected: {
      'fcfzs.zoneset.name': ['set1'],
      'fcfzs.zone.name': ['zone'],
      'fcfzs.zone.mbrid.fcwwn': [wwnText],
    },
  },
  {
    name: 'AZS',
    request: ct.azs.encode({ name: 'set1' }),
    expected: { 'fcfzs.zoneset.namelen': ['4'], 'fcfzs.zoneset.name': ['set1'] },
  },
  {
    name: 'CT_ACC GZM',
    request: ct.gzm.encode({ name: 'zone' }),
    reply: ct.gzmAccept.encode({ members: [{ kind: 'N_PORT_NAME', portName: wwn }] }),
    expected: { 'fcfzs.zonembr.idtype': ['1'], 'fcfzs.zone.mbrid.fcwwn': [wwnText] },
  },
];

const CONFIGURATION: readonly Case[] = [
  {
    name: 'CT_ACC GIEL',
    request: configuration.giel.encode({}),
    reply: configuration.gielAccept.encode({
      entries: [
        { interconnectElementName: wwn, elementType: 1 },
        { interconnectElementName: other, elementType: 2 },
      ],
    }),
    expected: { 'fcs.ie.name': [wwnText, otherText], 'fcs.ie.type': ['1', '2'] },
  },
  {
    name: 'CT_ACC GDID',
    request: configuration.gdid.encode({ interconnectElementName: wwn }),
    reply: configuration.gdidAccept.encode({ domainId: 0x21 }),
    expected: { 'fcs.ie.domainid': ['0x21'] },
  },
  {
    name: 'CT_ACC GFN',
    request: configuration.gfn.encode({ interconnectElementName: wwn }),
    reply: configuration.gfnAccept.encode({ fabricName: other }),
    expected: { 'fcs.ie.fname': [otherText] },
  },
  {
    name: 'CT_ACC GPL',
    request: configuration.gpl.encode({ interconnectElementName: wwn }),
    reply: configuration.gplAccept.encode({
      entries: [{ portName: other, moduleType: 8, transmitterType: 3, portType: 0x81 }],
    }),
    expected: {
      'fcs.port.name': [otherText],
      'fcs.port.moduletype': ['8'],
      'fcs.port.txtype': ['3'],
      'fcs.port.type': ['0x81'],
    },
  },
  {
    name: 'CT_ACC GPS',
    request: configuration.gps.encode({ portName: wwn }),
    reply: configuration.gpsAccept.encode({ portType: 0x81, portState: 1 }),
    expected: { 'fcs.port.type': ['0x81'], 'fcs.port.state': ['1'] },
  },
  {
    name: 'CT_ACC GAPNL',
    request: configuration.gapnl.encode({ portName: wwn }),
    reply: configuration.gapnlAccept.encode({
      entries: [{ portName: other, portFlags: 1, portType: 1 }],
    }),
    expected: { 'fcs.port.name': [otherText], 'fcs.port.type': ['0x01'] },
  },
  {
    name: 'RPL',
    request: configuration.rpl.encode({
      platformName: { name: 'host' },
      platformType: 10,
      managementAddresses: [{ name: 'http://h' }],
      nodeNames: [wwn],
    }),
    expected: {
      'fcs.platform.name': ['686f7374'],
      'fcs.platform.type': ['10'],
      'fcs.ie.mgmtaddr': ['http://h'],
      'fcs.platform.nodename': [wwnText],
    },
  },
  {
    name: 'CT_ACC GIEIL',
    request: configuration.gieil.encode({ interconnectElementName: wwn }),
    reply: configuration.gieilAccept.encode({ information: 'us\0m1\0r2\0' }),
    expected: {
      'fcs.vendorname': ['us'],
      'fcs.modelname': ['m1'],
      'fcs.releasecode': ['r2'],
    },
  },
  {
    name: 'CT_ACC GCAP',
    request: configuration.gcap.encode({}),
    reply: configuration.gcapAccept.encode({
      entries: [{ subtype: 1, vendorCapabilities: 9, capabilities: 3 }],
    }),
    expected: {
      'fcs.numcap': ['0x00000001'],
      'fcs.vbitmask': ['0x000009'],
      'fcs.fcsmask': ['0x00000003'],
    },
  },
];

const CASES = [...NAME_SERVER, ...ZONES, ...CONFIGURATION];
const FIELDS = [...new Set(CASES.flatMap(({ expected }) => Object.keys(expected)))];

/** Numbers by value: tshark prints some fields in hex and some in decimal. */
const plain = (text: string): string =>
  /^(0x[0-9a-f]+|\d+)$/.test(text) ? String(Number(text)) : text;

describe.skipIf(!hasTshark)('CT: tshark reads what was encoded (skipped without tshark)', () => {
  const answers = hasTshark
    ? askTshark(
        CASES.map((one) => ({ rCtl: [0x02, 0x03] as const, type: 0x20, ...one })),
        FIELDS,
      )
    : [];
  it.each(CASES.map((one, i) => [one.name, one, i] as const))('%s', (_name, one, i) => {
    const found = answers[i]!;
    for (const [field, values] of Object.entries(one.expected))
      expect(found.get(field)?.map(plain), field).toEqual(values.map(plain));
  });
});
