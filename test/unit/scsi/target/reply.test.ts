/** Replies by the bytes of their sense data. Source: SPC-4, 4.5.3 (fixed format). */
import { describe, expect, it } from 'vitest';
import {
  checkCondition,
  data,
  illegalRequest,
  invalidFieldInCdb,
  invalidFieldInParameterList,
  senseData,
} from '../../../../src/scsi/target/reply.ts';
import { filled, toHex } from '../../../helpers/scsi-target.ts';

describe('sense data', () => {
  it('has key and code at their places, and 10 more bytes', () => {
    expect(toHex(senseData(6, 0x2907))).toBe('700006000000000a00000000290700000000');
    expect(checkCondition(2, 0x0401)).toMatchObject({ status: 2 });
  });

  it('carries information of 32 bits, and says nothing of more', () => {
    expect(toHex(senseData(5, 0x2100, { information: 0x12345678 })).slice(0, 14)).toBe(
      'f0000512345678',
    );
    expect(toHex(senseData(5, 0x2100, { information: 2 ** 32 })).slice(0, 14)).toBe(
      '70000500000000',
    );
  });

  it('points at a field: in the CDB or behind it, at a byte or a bit', () => {
    const pointer = ({ sense }: { sense?: Uint8Array }) => toHex(sense?.subarray(12));
    expect(pointer(invalidFieldInCdb(2))).toBe('240000c00002');
    expect(pointer(invalidFieldInCdb(1, 4))).toBe('240000cc0001');
    expect(pointer(invalidFieldInParameterList(20, 3))).toBe('2600008b0014');
    expect(pointer(illegalRequest(0x2000))).toBe('200000000000');
  });
});

describe('data', () => {
  it('is cut to the allocation length', () => {
    expect(data(filled(1, 1)).dataIn?.length).toBe(512);
    expect(data(filled(1, 1), 36).dataIn?.length).toBe(36);
    expect(data(filled(1, 1), 1000).dataIn?.length).toBe(512);
  });
});
