/** What a line tells of a message. */
import { describe, expect, it } from 'vitest';
import { notable } from '../../../../src/codecs/frame/notable.ts';

describe('the notable fields of a message', () => {
  it.each([
    [{ kind: 'GPN_ID', portId: 0x01_0e01 }, 'Port_ID 010e01'],
    [
      { nPortId: 0x01_0203, portName: 0x2000_001b_2184_7463n },
      'N_Port_ID 010203 WWPN 20:00:00:1b:21:84:74:63',
    ],
    [{ fc4Type: 8 }, 'FC-4 FCP'],
    [{ fc4Type: 0xee }, 'FC-4 eeh'],
    [{ name: 'Zürich\0\0' }, 'name "Z.rich"'],
    [{ oxId: 0x12, rxId: 0xffff }, 'OX_ID 0012 RX_ID ffff'],
    [{ lba: 0x1234, transferLengthBlocks: 8 }, 'LBA 0x1234 length 8'],
    [{ evpd: 1, pageCode: 0x83, allocationLengthBytes: 255 }, 'VPD page 83 allocation length 255'],
    [{ evpd: 0, pageCode: 0 }, ''],
    [{ pageCode: 8 }, 'page 08'],
    [{ pages: [{ nPortId: 1 }, { nPortId: 2 }] }, '000001 000002'],
    [{ ports: [1, 2, 3, 4, 5] }, '5 ports'],
    [{ pages: [{ serviceParameters: 0x22 }] }, 'initiator function read fcp xfer rdy disabled'],
    [{ identifier: 7 }, ''],
    [undefined, ''],
    ['text', ''],
  ])('of %o', (value, words) => {
    expect(notable(value)).toBe(words);
  });
});
