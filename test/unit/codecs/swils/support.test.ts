/** What switches support. Layout: packet-fcswils.h; read alike by tshark 4.0.17. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  authIls,
  authIlsAccept,
  capabilityEntry,
  capabilityObject,
  cec,
  cecAccept,
  ess,
  essAccept,
  essCapability,
  ffi,
  ffiAccept,
  interconnectInformation,
  str,
  strAccept,
  vendorCapabilityObject,
} from '../../../../src/codecs/swils/support.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

describe('ESS', () => {
  const text = '42726f63616465';
  /** The field as it is, with the zeros that end and fill it. */
  const padded = 'Brocade'.padEnd(252, '\0');
  const information = `000000 07 ${text} ${'00'.repeat(245)}`;
  const server = { gsType: 0xfc, gsSubtype: 2, entries: [{ capabilities: 0x8000_0000 }] };
  const SERVER = 'fc 02 00 01 80000000 00000000';
  const VENDOR = `e0 00 00 08 ${'41'.repeat(8)} ${'01'.repeat(8)}`;

  test('who made the switch: 256 bytes', () => {
    checkFixedVector(
      interconnectInformation,
      information,
      { informationLengthBytes: 7, information: padded },
      { informationLengthBytes: 7, information: 'Brocade' },
    );
  });

  test('a server and its capabilities, 8 bytes each', () => {
    checkFixedVector(capabilityEntry, '80000001 00000002', {
      capabilities: 0x8000_0001,
      vendorCapabilities: 2,
    });
    checkVector(capabilityObject, SERVER, { kind: 'SERVER', entryCount: 1, ...server });
    expect(essCapability.decode(parseHex(SERVER.replaceAll(' ', '')))).toMatchObject(server);
  });

  test('a vendor capability object has its own shape', () => {
    const bytes = parseHex(`e0000008${'41'.repeat(8)}${'01'.repeat(8)}`);
    expect(essCapability.decode(bytes)).toMatchObject({ kind: 'VENDOR', vendorId: 'AAAAAAAA' });
  });

  test('a vendor object counts bytes where a server counts entries', () => {
    checkVector(vendorCapabilityObject, VENDOR, {
      kind: 'VENDOR',
      gsSubtype: 0,
      dataLengthBytes: 8,
      vendorId: 'AAAAAAAA',
      data: parseHex('01'.repeat(8)),
    });
  });

  test('the message: 272 bytes and objects', () => {
    const body = `00000001 00000124 ${information} 0002 0000 ${SERVER} ${VENDOR}`;
    const value = {
      revision: 1,
      payloadLengthBytes: 292,
      interconnect: { information: padded, informationLengthBytes: 7 },
      objectCount: 2,
      objects: [
        { kind: 'SERVER', ...server },
        { kind: 'VENDOR', gsSubtype: 0, vendorId: 'AAAAAAAA', data: parseHex('01'.repeat(8)) },
      ],
    };
    const { payloadLengthBytes: _length, objectCount: _count, ...input } = value;
    checkVector(ess, `31000000 ${body}`, { kind: 'ESS', ...value }, input);
    checkVector(essAccept, `02000000 ${body}`, { kind: 'SW_ACC ESS', ...value }, input);
  });
});

test('AUTH_ILS: the envelope of FC-SP behind its code', () => {
  checkVector(authIls, '40 00 0c 01 00000002 00000007 abcd', {
    kind: 'AUTH_ILS',
    messageCode: 0x0c,
    protocolVersion: 1,
    payloadLengthBytes: 2,
    transactionId: 7,
    payload: parseHex('abcd'),
  });
  checkFixedVector(authIlsAccept, '02000000', { kind: 'SW_ACC AUTH_ILS' });
});

test('services that nobody lays out keep their payload', () => {
  const bare = [
    [cec, '29', 'CEC'],
    [str, '35', 'STR'],
    [ffi, '50', 'FFI'],
    [cecAccept, '02', 'SW_ACC CEC'],
    [strAccept, '02', 'SW_ACC STR'],
    [ffiAccept, '02', 'SW_ACC FFI'],
  ] as const;
  for (const [codec, code, kind] of bare)
    checkVector(codec, `${code}000000 0a`, { kind, payload: parseHex('0a') });
});
