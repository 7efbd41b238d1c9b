/** FIP messages of a Cisco FCF, an ESXi host and Linux, as tshark 4.0.17 reads them. */
import { describe, expect, it } from 'vitest';
import { fcHeader } from '../../../../src/codecs/fc/header.ts';
import { checkFip } from '../../../../src/codecs/fip/check.ts';
import { FipFlags } from '../../../../src/codecs/fip/codes.ts';
import type { FipDescriptorInput } from '../../../../src/codecs/fip/descriptor.ts';
import {
  type FipMessage,
  fipDescriptorOf,
  fipDescriptorsOf,
  fipElsOf,
  fipEncapsulate,
  fipMessage,
  fipMessageName,
} from '../../../../src/codecs/fip/message.ts';
import { CodecError } from '../../../../src/codecs/layout/error.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectVector } from '../../../helpers/vector.ts';

// Frame 3 of shared/captures/esxi-cisco/fcoe1-both.pcap, read by tshark: Advertisement, priority
// 128, switch 10:00:00:05:33:d7:27:c2, VF_ID 923, FC-MAP 0e:fc:00, FKA_ADV_PERIOD 8000.
const ADVERTISEMENT = parseHex(`1000 0001 0002 000c 8007
  0101 0080  0202 8c604f18a7b6  0403 0000 1000000533d727c2
  0504 039b 000efc00 1000000533d727c2  0c02 0000 00001f40`);

const mac = (address: string): FipDescriptorInput => ({ kind: 'mac', mac: address });
const ENODE = '02:00:00:00:00:01';

function message(
  operation: number,
  subcode: number,
  descriptors: FipDescriptorInput[],
): FipMessage {
  return fipMessage.decode(fipMessage.encode({ operation, subcode, flags: 0x8000, descriptors }));
}

describe('fipMessage', () => {
  it('deconstructs an advertisement', () => {
    const value = fipMessage.decode(ADVERTISEMENT);
    expect(value).toMatchObject({ version: 1, operation: 1, subcode: 2, descriptorWords: 12 });
    expect(value.flags).toBe(0x8007);
    expect(value.descriptors.map((one) => one.kind)).toEqual([
      'priority',
      'mac',
      'nameIdentifier',
      'fabric',
      'fkaAdvPeriod',
    ]);
    expect(fipDescriptorOf(value, 'fabric')).toMatchObject({
      vfId: 923,
      fcMap: 0x0e_fc00,
      fabricName: 0x1000_0005_33d7_27c2n,
    });
    expect(fipDescriptorOf(value, 'fkaAdvPeriod')?.fkaAdvPeriodMs).toBe(8000);
    expect(fipMessageName(value)).toBe('Discovery Advertisement');
    expect(checkFip(value)).toBeUndefined();
  });

  it('constructs it again, deriving every length', () => {
    const bytes = fipMessage.encode({
      operation: 1,
      subcode: 2,
      flags: 0x8007,
      descriptors: [
        { kind: 'priority', priority: 128 },
        mac('8c:60:4f:18:a7:b6'),
        { kind: 'nameIdentifier', name: 0x1000_0005_33d7_27c2n },
        { kind: 'fabric', vfId: 923, fcMap: 0x0e_fc00, fabricName: 0x1000_0005_33d7_27c2n },
        { kind: 'fkaAdvPeriod', fkaAdvPeriodMs: 8000 },
      ],
    });
    expect(bytes).toEqual(ADVERTISEMENT);
  });

  it('keeps the padding of the frame', () => {
    const padded = new Uint8Array(ADVERTISEMENT.length + 7).fill(0xa5);
    padded.set(ADVERTISEMENT);
    const value = fipMessage.decode(padded);
    expect(value.pad).toHaveLength(7);
    expect(fipMessage.encode(value)).toEqual(padded);
  });

  it('refuses every cut', () => {
    for (let length = 0; length < ADVERTISEMENT.length; length++)
      expect(() => fipMessage.decode(ADVERTISEMENT.subarray(0, length))).toThrow(CodecError);
  });

  it('refuses a descriptor of no length and one that runs past the list', () => {
    const empty = ADVERTISEMENT.slice();
    empty[11] = 0;
    expect(() => fipMessage.decode(empty)).toThrow('says it has 0 bytes');
    const long = ADVERTISEMENT.slice();
    long[51] = 3;
    expect(() => fipMessage.decode(long)).toThrow('says it has 12 bytes, 8 remain');
  });
});

describe('a login in FIP', () => {
  const header = { rCtl: 0x22, dId: 0xff_fffe, sId: 0, type: 1, fCtl: 0x29_0000, oxId: 1 };

  it('holds an FC frame without SOF, EOF and CRC', () => {
    const flogi = fipEncapsulate('flogi', header, Uint8Array.of(4, 0, 0, 0));
    const value = message(2, 1, [flogi, mac(ENODE)]);
    const els = fipElsOf(value);
    expect(els?.header).toEqual(fcHeader.decode(fcHeader.encode(header)));
    expect(els?.payload).toEqual(Uint8Array.of(4, 0, 0, 0));
    expect(fipMessageName(value)).toBe('FLOGI Request');
  });
});

describe('messages of a session, esxi-cisco/fcoe1-both.pcap', () => {
  it('VLAN notification: frame 1', () => {
    const bytes = `1000 0004 0002 0003 0000 0202 8c604f18a7b6 0e01 039b ${'00'.repeat(24)}`;
    const value = fipMessage.decode(parseHex(bytes));
    expect(fipMessageName(value)).toBe('FIP VLAN Notification');
    expect(fipDescriptorOf(value, 'mac')?.mac).toBe('8c:60:4f:18:a7:b6');
    expect(fipDescriptorsOf(value, 'vlan').map(({ vid }) => vid)).toEqual([923]);
    expect(value.pad).toHaveLength(24);
    expect(formatHex(fipMessage.encode(value))).toBe(formatHex(parseHex(bytes)));
  });

  it('solicitation: frame 2, without the padding', () => {
    const value = expectVector(
      fipMessage,
      '1000 0001 0001 0006 8000 0202 001b21847463 0403 0000 1000001b21847463 0601 086e',
      { operation: 1, subcode: 1, descriptorWords: 6, flags: FipFlags.FP },
    );
    expect(fipMessageName(value)).toBe('Discovery Solicitation');
    expect(fipDescriptorOf(value, 'maxFcoeSize')?.maxFcoeSizeBytes).toBe(2158);
    expect(fipDescriptorOf(value, 'priority')).toBeUndefined();
  });

  it('FLOGI reply with the granted address: frame 5', () => {
    const accept = `02000000200600003300084000002710000007d0200e000533d727c210000005
      33d727c20000000000000000000000000000000088000000000000000000000000000000880000000000000000000000000000000000000000000000000000000000000000000000001800000000000000000000`;
    const value = expectVector(
      fipMessage,
      `1000 0002 0002 0026 8000 0724 0000 23010e01 00fffffe 01980000 00000000 00b000a3 00000000 ${accept} 0202 0efc00010e01`,
      { operation: 2, subcode: 2, descriptorWords: 38, flags: FipFlags.FP },
    );
    expect(fipMessageName(value)).toBe('FLOGI Reply');
    const els = fipElsOf(value);
    expect(els?.header).toMatchObject({ rCtl: 0x23, dId: 0x01_0e01, sId: 0xff_fffe, oxId: 0xb0 });
    expect(els?.payload).toEqual(parseHex(accept));
    expect(fipDescriptorOf(value, 'mac')?.mac).toBe('0e:fc:00:01:0e:01');
  });
});
