/** Attributes: type, length with its head, value; what ESXi registers, and fc_ms.h. */
import { describe, expect, test } from 'vitest';
import { fc4TypeMap } from '../../../../src/codecs/ct/fc4-types.ts';
import { hbaAttribute, portAttribute } from '../../../../src/codecs/ct/fdmi-attributes.ts';
import { HbaAttributeType, PortAttributeType } from '../../../../src/codecs/ct/fdmi-codes.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';

const text = (value: string) => Buffer.from(value, 'latin1').toString('hex');

describe('attributes of an HBA', () => {
  test('each type has its member', () => {
    for (const [kind, type] of Object.entries(HbaAttributeType)) {
      const bytes = Uint8Array.of(type >> 8, type, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8);
      expect(hbaAttribute.decode(bytes).kind).toBe(kind);
    }
  });

  test.each([
    ['NODE_NAME', '0001 000c 1000001b21847463', 0x1000_001b_2184_7463n],
    ['MANUFACTURER', `0002 0008 ${text('VMW\0')}`, 'VMW\0'],
    ['OS_NAME_AND_VERSION', `000a 0014 ${text('VMware ESXi 6.7\0')}`, 'VMware ESXi 6.7\0'],
    ['MAX_CT_PAYLOAD_LENGTH', '000b 0008 00000400', 1024],
    ['NUMBER_OF_PORTS', '000e 0008 00000001', 1],
    ['FABRIC_NAME', '000f 000c 1000000533d727c2', 0x1000_0005_33d7_27c2n],
    ['VENDOR_IDENTIFIER', `00e0 000c ${text('VENDOR  ')}`, 'VENDOR  '],
  ] as const)('%s', (kind, hex, value) => {
    const bytes = parseHex(hex);
    const attribute = hbaAttribute.decode(bytes);
    expect(attribute).toMatchObject({ kind, value, entryLengthBytes: bytes.length });
    expect(hbaAttribute.encode(attribute)).toEqual(bytes);
    expect(hbaAttribute.encode({ kind, value } as never)).toEqual(bytes);
  });
});

describe('attributes of a port', () => {
  test.each([
    [
      'SUPPORTED_FC4_TYPES',
      `0001 0024 00000100 00000001 ${'00'.repeat(24)}`,
      fc4TypeMap([0x08, 0x20]),
    ],
    ['SUPPORTED_SPEED', '0002 0008 00000004', 4],
    ['CURRENT_SPEED', '0003 0008 00000010', 16],
    ['MAX_FRAME_SIZE', '0004 0008 00000840', 2112],
    ['OS_DEVICE_NAME', `0005 000c ${text('vmhba64\0')}`, 'vmhba64\0'],
    ['HOST_NAME', `0006 0008 ${text('ESXi')}`, 'ESXi'],
    ['PORT_NAME', '0008 000c 2000001b21847463', 0x2000_001b_2184_7463n],
    ['PORT_TYPE', '000a 0008 00000001', 1],
    ['SUPPORTED_CLASS_OF_SERVICE', '000b 0008 00000008', 8],
    ['PORT_STATE', '0101 0008 00000002', 2],
    ['DISCOVERED_PORTS', '0102 0008 00000003', 3],
    ['PORT_IDENTIFIER', '0103 0008 00010e01', 0x01_0e01],
  ] as const)('%s', (kind, hex, value) => {
    const bytes = parseHex(hex);
    const attribute = portAttribute.decode(bytes);
    expect(attribute).toMatchObject({ kind, value, type: PortAttributeType[kind] });
    expect(portAttribute.encode(attribute)).toEqual(bytes);
  });

  test('an unknown type, and a value too short for its type, are kept', () => {
    for (const hex of ['0200 0008 01020304', '0004 0006 0102']) {
      const raw = parseHex(hex);
      expect(portAttribute.decode(raw)).toEqual({ kind: 'unknown', raw });
    }
  });
});
