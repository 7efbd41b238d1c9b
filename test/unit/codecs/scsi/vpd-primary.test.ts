/** VPD pages of every device: bytes of a Storwize (esxi-cisco/fcoe1-both.pcap); others as sg_vpd --inhex reads them. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import * as m from '../../../../src/codecs/scsi/vpd-primary.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

const NAA = '01 93 00 08 2000000000000001';

describe('a Storwize', () => {
  test('frame 79: seven pages, two of them of the vendor', () => {
    checkVector(m.supportedPages, '00 00 0007 00 80 83 b0 b2 c0 c2', {
      kind: 'supported VPD pages',
      pages: [0, 0x80, 0x83, 0xb0, 0xb2, 0xc0, 0xc2],
    });
  });

  test('frame 82: its serial number', () => {
    checkVector(m.unitSerialNumber, '00 80 0010 30323030613036303435653658583030', {
      kind: 'unit serial number',
      productSerialNumber: '0200a06045e6XX00',
    });
  });

  test('frame 85: the unit, its port, its port group, its node', () => {
    checkVector(
      m.deviceIdentification,
      `00 83 0038 01 03 00 10 60050768028181179800000000000005 01 94 00 04 00000880
       01 95 00 04 00000000 01 90 00 10 60050768028181179800000000000002`,
      {
        kind: 'device identification',
        pageLengthBytes: 56,
        designators: [
          { kind: 'NAA', identifier: parseHex('60050768028181179800000000000005') },
          { kind: 'relative target port', piv: 1, association: 1, relativeTargetPort: 0x880 },
          { kind: 'target port group', piv: 1, association: 1, targetPortGroup: 0 },
          { kind: 'vendor specific', piv: 1, association: 1 },
        ],
      },
      {
        designators: [
          { kind: 'NAA', identifier: parseHex('60050768028181179800000000000005') },
          { kind: 'relative target port', piv: 1, association: 1, relativeTargetPort: 0x880 },
          { kind: 'target port group', piv: 1, association: 1, targetPortGroup: 0 },
          {
            kind: 'vendor specific',
            piv: 1,
            association: 1,
            identifier: parseHex('60050768028181179800000000000002'),
          },
        ],
      },
    );
  });
});

test('management network addresses', () => {
  checkVector(
    m.managementNetworkAddresses,
    '00 85 0014 21 00 0010 687474703a2f2f5b3a3a315d2f000000',
    {
      kind: 'management network addresses',
      addresses: [
        {
          association: 1,
          serviceType: m.NetworkService.STORAGE_CONFIGURATION,
          networkAddress: 'http://[::1]/\0\0\0',
        },
      ],
    },
  );
  expect(Object.values(m.NetworkService)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

// NO_PI_CHK is 20h of byte 7, as FreeBSD's scsi_all.h has it; sg_vpd 1.46 shows P_I_I_SUP twice.
test('extended INQUIRY: each flag has its bit', () => {
  checkFixedVector(
    m.extendedInquiry,
    `00 86 003c 4b 2b 0b 21 32 03 001e b0 fc ${'00'.repeat(50)}`,
    {
      kind: 'extended INQUIRY data',
      activateMicrocode: 1,
      spt: 1,
      grdChk: 0,
      appChk: 1,
      refChk: 1,
      uaskSup: 1,
      groupSup: 0,
      priorSup: 1,
      headsup: 0,
      ordsup: 1,
      simpsup: 1,
      wuSup: 1,
      crdSup: 0,
      nvSup: 1,
      vSup: 1,
      noPiChk: 1,
      pIISup: 0,
      luiclr: 1,
      luCollectionType: 1,
      rSup: 1,
      rtdSup: 0,
      hssrelef: 1,
      cbcs: 0,
      multiITNexusMicrocodeDownload: 3,
      extendedSelfTestCompletionMinutes: 30,
      poaSup: 1,
      hraSup: 0,
      vsaSup: 1,
      dmsValid: 1,
      maximumSupportedSenseDataLengthBytes: 252,
    },
  );
});

test('mode page policy: 4 bytes a page', () => {
  checkVector(m.modePagePolicy, '00 87 0008 0a 00 80 00 08 01 03 00', {
    kind: 'mode page policy',
    policies: [
      {
        policyPageCode: 0x0a,
        policySubpageCode: 0,
        mlus: 1,
        modePagePolicy: m.ModePagePolicy.SHARED,
      },
      {
        policyPageCode: 8,
        policySubpageCode: 1,
        mlus: 0,
        modePagePolicy: m.ModePagePolicy.PER_I_T_NEXUS,
      },
    ],
  });
  expect(m.ModePagePolicy).toEqual({
    SHARED: 0,
    PER_TARGET_PORT: 1,
    OBSOLETE: 2,
    PER_I_T_NEXUS: 3,
  });
});

test('SCSI ports: initiator and target names of each', () => {
  checkVector(
    m.scsiPorts,
    `00 88 0030 0000 0001 0000 0018 00 00000000000000 20000025b500000f 0000000000000000
     0000 000c ${NAA}`,
    {
      kind: 'SCSI ports',
      ports: [
        {
          relativePortIdentifier: 1,
          initiatorPortTransportIds: [{ kind: 'Fibre Channel', portName: 0x2000_0025_b500_000fn }],
          targetPortDescriptors: [
            { kind: 'NAA', piv: 1, association: 1, identifier: parseHex('2000000000000001') },
          ],
        },
      ],
    },
  );
});
