import { describe, expect, test } from 'vitest';
import { nfsArgOp4, nfsResOp4, parseHex } from '../../../../src/codecs/index.ts';

const hex = (text: string) => parseHex(text.replaceAll(' ', ''));

/** The bytes are written down from RFC 5662, field by field. */
describe('operations on sessions', () => {
  test('SEQUENCE', () => {
    const bytes = hex(`00000035 ${'0a'.repeat(16)} 00000007 00000002 00000003 00000001`);
    expect(nfsArgOp4.decode(bytes)).toMatchObject({
      kind: 'SEQUENCE',
      sequenceId: 7,
      slotId: 2,
      highestSlotId: 3,
      cacheThis: 1,
    });
  });

  test('EXCHANGE_ID with the implementation of its client', () => {
    const bytes = hex(
      '0000002a 0102030405060708 00000002 68310000 00000100 00000000 00000001' +
        '00000001 61000000 00000001 62000000 0000000000000009 00000005',
    );
    const value = nfsArgOp4.decode(bytes);
    expect(value).toMatchObject({
      kind: 'EXCHANGE_ID',
      ownerId: Uint8Array.of(0x68, 0x31),
      flags: 0x100,
      protect: 0,
      implId: [{ domain: 'a', name: 'b', date: { seconds: 9n, nseconds: 5 } }],
    });
    expect(nfsArgOp4.encode(value)).toEqual(bytes);
  });

  test('CREATE_SESSION with AUTH_SYS for callbacks', () => {
    const channel = '00000000 00001000 00001000 00000200 00000008 00000010 00000000';
    const bytes = hex(
      `0000002b 00000000000000ff 00000001 00000002 ${channel} ${channel} 40000000` +
        '00000001 00000001 00000000 00000002 68310000 00000000 00000000 00000000',
    );
    const value = nfsArgOp4.decode(bytes);
    expect(value).toMatchObject({
      clientId: 255n,
      flags: 2,
      fore: { maxRequestBytes: 4096, maxRequests: 16 },
      security: [{ flavor: 1, sys: { machineName: 'h1' } }],
    });
    expect(nfsArgOp4.encode(value)).toEqual(bytes);
  });

  test('a SEQUENCE that failed is its status', () => {
    expect(nfsResOp4.decode(hex('00000035 00002744'))).toMatchObject({
      kind: 'SEQUENCE',
      status: 10_052,
    });
  });
});
