/** Where PDUs begin: on a wire that nobody saw from its start. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  encodeIscsiPdu,
  IscsiFramer,
  iscsiPdu,
  looksLikeLogin,
  looksLikePdu,
} from '../../../../src/codecs/iscsi/index.ts';
import { pdusOf } from '../../../helpers/iscsi-pdus.ts';

const login = iscsiPdu.encode({
  kind: 'Login Request',
  isid: Uint8Array.of(0x80, 1, 2, 3, 0, 0),
  initiatorTaskTag: 1,
});

describe('what looks like a PDU', () => {
  test('every PDU of real initiators and targets does', async () => {
    for (const pdu of (await pdusOf('iscsi-test-cu-tgt')).all)
      expect(looksLikePdu(iscsiPdu.encode(pdu as never), 0), pdu.kind).toBe(true);
  });

  test('of noise hardly anything does', () => {
    const noise = fc.sample(fc.uint8Array({ minLength: 48, maxLength: 48 }), {
      seed: 7,
      numRuns: 20_000,
    });
    const likely = noise.filter(
      (bytes) => bytes.some((one) => one > 1) && looksLikePdu(bytes, 0),
    ).length;
    expect(likely).toBeLessThan(20);
  });

  test('neither text nor zeros do', () => {
    expect(looksLikePdu(new TextEncoder().encode('x'.repeat(48)), 0)).toBe(false);
    const zeros = new Uint8Array(48);
    zeros[0] = 0x3f;
    expect(looksLikePdu(zeros, 0)).toBe(false);
  });
});

test('a login is told by its opcode, its version and what it reserves', () => {
  expect(looksLikeLogin(login, 0, login.length)).toBe(true);
  expect(looksLikeLogin(login, 0, 47)).toBe(false);
  const other = login.slice();
  other[2] = 1;
  expect(looksLikeLogin(other, 0, other.length)).toBe(false);
});

describe('a connection whose login was not seen', () => {
  const pdu = {
    kind: 'SCSI Data-In',
    initiatorTaskTag: 3,
    data: new Uint8Array(8).fill(7),
  } as const;

  test.each([
    [false, false],
    [true, false],
    [true, true],
    [false, true],
  ])('shows by its first PDU whether it has digests: %s %s', (header, data) => {
    const framer = new IscsiFramer();
    const bytes = encodeIscsiPdu(pdu, { header, data });
    expect(framer.begins(bytes, 0, bytes.length)).toBe(true);
    expect(framer.digests).toEqual({ header, data });
    expect(framer.lengthAt(bytes, 0)).toBe(bytes.length);
  });
});

test('nothing begins with an opcode that there is not', () => {
  const bytes = new Uint8Array(48);
  bytes[0] = 0x0f;
  expect(new IscsiFramer().lengthAt(bytes, 0)).toBeUndefined();
  bytes[0] = 0x3d;
  expect(new IscsiFramer().lengthAt(bytes, 0)).toBe(48);
});
