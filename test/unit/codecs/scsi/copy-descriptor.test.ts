/** CSCD and segment descriptors; layout: SPC-5, 6.6, as sg_xcopy sends them. */
import { describe, expect, test } from 'vitest';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  CscdType,
  cscdDescriptor,
  LuIdType,
  SegmentType,
  segmentDescriptor,
} from '../../../../src/codecs/scsi/copy-descriptor.ts';
import { bareHex, checkVector } from '../../../helpers/vector.ts';

const LUN = '0001000000000000';
const WWPN = '2000000000000001';

describe('CSCD descriptors: 32 bytes', () => {
  test.each([
    [
      `e0 00 0000 ${LUN} ${WWPN} 0000000000000000 00 000200`,
      {
        kind: 'FC N_Port_Name',
        lun: 1n << 48n,
        portName: 0x2000_0000_0000_0001n,
        diskBlockLengthBytes: 512,
      },
    ],
    [
      `e1 00 0001 ${LUN} 000000000000000000 010203 00000000 04 000200`,
      {
        kind: 'FC N_Port_ID',
        relativeInitiatorPort: 1,
        lun: 1n << 48n,
        nPortId: 0x01_0203,
        pad: 1,
        diskBlockLengthBytes: 512,
      },
    ],
    [
      `e2 65 0000 ${LUN} ${WWPN} 00 010203 00000000 00 001000`,
      {
        kind: 'FC N_Port_ID with N_Port_Name checking',
        luIdType: LuIdType.PROXY_TOKEN,
        nul: 1,
        peripheralDeviceType: 5,
        lun: 1n << 48n,
        portName: 0x2000_0000_0000_0001n,
        nPortId: 0x01_0203,
        diskBlockLengthBytes: 4096,
      },
    ],
    [
      'e4 00 0000 01 03 00 10 60050768028181179800000000000005 00000000 00 000200',
      {
        kind: 'identification descriptor',
        codeSet: 1,
        association: 0,
        designatorType: 3,
        designatorLengthBytes: 16,
        designator: parseHex('6005076802818117980000000000000500000000'),
        diskBlockLengthBytes: 512,
      },
    ],
    [
      `e8 ${'01'.repeat(31)}`,
      { kind: 'CSCD descriptor', descriptorTypeCode: 0xe8, parameters: new Uint8Array(31).fill(1) },
    ],
    [
      `ea ${'01'.repeat(63)}`,
      {
        kind: 'CSCD descriptor',
        descriptorTypeCode: CscdType.IPV6,
        parameters: new Uint8Array(63).fill(1),
      },
    ],
  ])('%s', (hex, value) => checkVector(cscdDescriptor, hex, value));

  test('one that is cut is refused', () => {
    expect(() => cscdDescriptor.decode(parseHex(bareHex(`e0 00 0000 ${LUN}`)))).toThrow(CodecError);
  });

  test('types of SPC-5, as sg_copy_results of sg3_utils 1.46 names them', () => {
    expect(CscdType).toEqual({
      FC_N_PORT_NAME: 0xe0,
      FC_N_PORT_ID: 0xe1,
      FC_N_PORT_ID_WITH_NAME_CHECKING: 0xe2,
      PARALLEL_INTERFACE: 0xe3,
      IDENTIFICATION_DESCRIPTOR: 0xe4,
      IPV4: 0xe5,
      ALIAS: 0xe6,
      RDMA: 0xe7,
      IEEE_1394_EUI_64: 0xe8,
      SAS: 0xe9,
      IPV6: 0xea,
      IP_COPY_SERVICE: 0xeb,
      ROD: 0xfe,
      EXTENSION: 0xff,
    });
  });
});

describe('segment descriptors: 4 bytes and as many as they say', () => {
  test.each([
    [
      '00 00 0014 0001 0002 00 000200 0000 0003 0000000000000004',
      {
        kind: 'block to stream',
        sourceCscd: 1,
        destinationCscd: 2,
        streamTransferLengthBytes: 512,
        numberOfBlocks: 3,
        lba: 4n,
      },
    ],
    [
      '01 01 0014 0001 0002 00 000200 0000 0003 0000000000000004',
      {
        kind: 'stream to block',
        cat: 1,
        sourceCscd: 1,
        destinationCscd: 2,
        streamTransferLengthBytes: 512,
        numberOfBlocks: 3,
        lba: 4n,
      },
    ],
    [
      '02 02 0018 0000 0001 0000 0008 0000000000000064 00000000000000c8',
      {
        kind: 'block to block',
        dc: 1,
        cat: 0,
        sourceCscd: 0,
        destinationCscd: 1,
        numberOfBlocks: 8,
        sourceLba: 100n,
        destinationLba: 200n,
      },
    ],
    [
      '07 00 0008 0001 0002 01 000000',
      { kind: 'verify CSCD', sourceCscd: 1, destinationCscd: 2, tur: 1 },
    ],
    [
      '0a 00 001c 0001 0002 00000400 0000000000000064 00000000000000c8 0003 0004',
      {
        kind: 'block with offset to block with offset',
        sourceCscd: 1,
        destinationCscd: 2,
        lengthBytes: 1024,
        sourceLba: 100n,
        destinationLba: 200n,
        sourceOffsetBytes: 3,
        destinationOffsetBytes: 4,
      },
    ],
    [
      '14 00 0018 0000 0002 0000000000000003 0000000000000004 00000000',
      {
        kind: 'register persistent reservation key',
        destinationCscd: 2,
        reservationKey: 3n,
        serviceActionReservationKey: 4n,
      },
    ],
    [
      'be 00 0002 0102',
      { kind: 'segment descriptor', descriptorTypeCode: 0xbe, parameters: parseHex('0102') },
    ],
  ])('%s', (hex, value) => checkVector(segmentDescriptor, hex, value));

  test('one that is cut is refused', () => {
    expect(() => segmentDescriptor.decode(parseHex('020000180000'))).toThrow(CodecError);
  });

  test('types of SPC-5, as sg_copy_results of sg3_utils 1.46 names them', () => {
    expect(SegmentType).toEqual({
      BLOCK_TO_STREAM: 0x00,
      STREAM_TO_BLOCK: 0x01,
      BLOCK_TO_BLOCK: 0x02,
      STREAM_TO_STREAM: 0x03,
      INLINE_TO_STREAM: 0x04,
      EMBEDDED_TO_STREAM: 0x05,
      STREAM_TO_DISCARD: 0x06,
      VERIFY_CSCD: 0x07,
      BLOCK_WITH_OFFSET_TO_STREAM: 0x08,
      STREAM_TO_BLOCK_WITH_OFFSET: 0x09,
      BLOCK_WITH_OFFSET_TO_BLOCK_WITH_OFFSET: 0x0a,
      WRITE_FILEMARKS: 0x10,
      SPACE: 0x11,
      LOCATE: 0x12,
      TAPE_IMAGE_COPY: 0x13,
      REGISTER_PERSISTENT_RESERVATION_KEY: 0x14,
      THIRD_PARTY_PERSISTENT_RESERVATIONS_SOURCE_I_T_NEXUS: 0x15,
      BLOCK_IMAGE_COPY: 0x16,
      POPULATE_ROD_FROM_RANGES: 0xbe,
      POPULATE_ROD_FROM_ONE_RANGE: 0xbf,
    });
  });
});
