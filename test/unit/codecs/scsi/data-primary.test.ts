/** INQUIRY, REPORT LUNS, READ CAPACITY: bytes of a Storwize and of a Linux target, frames named. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  PeripheralDeviceType,
  PeripheralQualifier,
  readCapacity10Data,
  readCapacity16Data,
  reportLunsData,
  SpcVersion,
  standardInquiry,
  VersionDescriptor,
} from '../../../../src/codecs/scsi/data-primary.ts';
import { bareHex, checkFixedVector, checkRead, checkVector } from '../../../helpers/vector.ts';

describe('standard INQUIRY data', () => {
  test('a Storwize: esxi-cisco/fcoe1-both.pcap, frame 76', () => {
    checkRead(
      standardInquiry,
      `00 00 06 32 68 18 10 02 49424d2020202020 32313435202020202020202020202020 30303030 3032303736 ${'00'.repeat(67)}`,
      {
        peripheralQualifier: 0,
        peripheralDeviceType: PeripheralDeviceType.DIRECT_ACCESS_BLOCK,
        version: SpcVersion['SPC-4'],
        normaca: 1,
        hisup: 1,
        responseDataFormat: 2,
        additionalLengthBytes: 104,
        sccs: 0,
        tpgs: 1,
        threePc: 1,
        multip: 1,
        cmdque: 1,
        t10VendorIdentification: 'IBM     ',
        productIdentification: '2145            ',
        productRevisionLevel: '0000',
        vendorSpecific: parseHex('3032303736000000000000000000000000000000'),
      },
    );
  });

  test('a Linux target: linux/vn2vn-io.pcap, frame 26, cut at 36 bytes', () => {
    const hex = `00 00 06 02 5b b8 00 02 4c494f2d4f524720 52414d4449534b2d4d43502020202020 342e3020`;
    checkRead(standardInquiry, hex, {
      additionalLengthBytes: 91,
      sccs: 1,
      tpgs: 3,
      threePc: 1,
      protect: 0,
      t10VendorIdentification: 'LIO-ORG ',
      productIdentification: 'RAMDISK-MCP     ',
      productRevisionLevel: '4.0 ',
      versionDescriptors: [],
    });
  });

  test('each flag has its bit', () => {
    const of = (hex: string) =>
      standardInquiry.decode(parseHex(bareHex(`${hex} ${'20'.repeat(28)}`)));
    expect(of('7f f0 07 02 1f 81 5a 03')).toMatchObject({
      peripheralQualifier: PeripheralQualifier.NOT_SUPPORTED,
      peripheralDeviceType: PeripheralDeviceType.UNKNOWN,
      rmb: 1,
      luCong: 1,
      hotPluggable: 3,
      sccs: 1,
      tpgs: 0,
      threePc: 0,
      protect: 1,
      encserv: 1,
      vs1: 0,
      multip: 1,
      cmdque: 1,
      vs2: 1,
    });
  });

  test('version descriptors stand at byte 58', () => {
    checkVector(
      standardInquiry,
      `00 00 06 02 39 00 00 02 ${'20'.repeat(28)} ${'00'.repeat(22)} 0080 0460`,
      { versionDescriptors: [VersionDescriptor['SAM-4'], VersionDescriptor['SPC-4']] },
      {
        t10VendorIdentification: '',
        productIdentification: '',
        productRevisionLevel: '',
        versionDescriptors: [0x0080, 0x0460],
      },
    );
  });

  test('codes of scsi.inquiry.devtype, .qualifier, .version, .version_desc', () => {
    expect(PeripheralDeviceType).toMatchObject({
      SEQUENTIAL_ACCESS: 1,
      PROCESSOR: 3,
      CD_DVD: 5,
      MEDIA_CHANGER: 8,
      STORAGE_ARRAY_CONTROLLER: 0xc,
      ENCLOSURE_SERVICES: 0xd,
      OBJECT_BASED_STORAGE: 0x11,
      WELL_KNOWN_LOGICAL_UNIT: 0x1e,
      UNKNOWN: 0x1f,
    });
    expect(PeripheralQualifier).toEqual({ CONNECTED: 0, NOT_CONNECTED: 1, NOT_SUPPORTED: 3 });
    expect(SpcVersion).toMatchObject({ 'SCSI-2': 2, SPC: 3, 'SPC-2': 4, 'SPC-3': 5, 'SPC-4': 6 });
    expect(VersionDescriptor).toMatchObject({
      'SAM-3': 0x0060,
      'SAM-4': 0x0080,
      'SAM-5': 0x00a0,
      'SPC-2': 0x0260,
      'SPC-3': 0x0300,
      'SPC-4': 0x0460,
      'SPC-5': 0x05c0,
      'SBC-2': 0x0320,
      'SBC-3': 0x04c0,
      'SBC-4': 0x0600,
      FCP: 0x08c0,
      'FCP-2': 0x0900,
      'FCP-3': 0x0a00,
      'FCP-4': 0x0a40,
      iSCSI: 0x0960,
    });
  });
});

test('REPORT LUNS: one unit, number 0 (esxi-cisco/fcoe1-both.pcap, frame 52); none', () => {
  checkVector(reportLunsData, '00000008 00000000 0000000000000000', {
    lunListLengthBytes: 8,
    luns: [0n],
  });
  checkVector(reportLunsData, '00000000 00000000', { luns: [] });
});

describe('READ CAPACITY', () => {
  test('of 10 bytes', () => {
    checkFixedVector(readCapacity10Data, '00007fff 00000200', {
      lastLba: 0x7fff,
      blockLengthBytes: 512,
    });
  });

  test('of 16 bytes: linux/vn2vn-io.pcap, frame 91', () => {
    checkFixedVector(readCapacity16Data, `0000000000007fff 00000200 ${'00'.repeat(20)}`, {
      lastLba: 0x7fffn,
      blockLengthBytes: 512,
    });
  });

  test('protection, physical blocks, provisioning, alignment', () => {
    checkFixedVector(
      readCapacity16Data,
      `0000000000007fff 00001000 17 23 8123 ${'00'.repeat(16)}`,
      {
        lastLba: 0x7fffn,
        blockLengthBytes: 4096,
        rcBasis: 1,
        pType: 3,
        protEn: 1,
        pIExponent: 2,
        logicalBlocksPerPhysicalBlockExponent: 3,
        lbpme: 1,
        lbprz: 0,
        lowestAlignedLba: 0x123,
      },
    );
  });
});
