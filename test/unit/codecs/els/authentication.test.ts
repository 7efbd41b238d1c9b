/** FC-SP messages of DH-CHAP, byte by byte as tshark 4.0.17 reads them (fcsp.*). */
import { describe, expect, test } from 'vitest';
import {
  AuthFlags,
  AuthMessage,
  AuthNameTag,
  AuthProtocol,
  AuthRejectExplanation,
  AuthRejectReason,
  authNegotiate,
  authPayload,
  authProtocolOffer,
  authReject,
  DhChapGroup,
  DhChapHash,
  dhChapChallenge,
  dhChapReply,
  dhChapSuccess,
} from '../../../../src/codecs/els/authentication.ts';
import { authEls } from '../../../../src/codecs/els/other.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const NAME = '0001 0008 1000525400aa0001';
const VALUE = '000102030405060708090a0b0c0d0e0f';
const OTHER = '101112131415161718191a1b1c1d1e1f';

describe('payloads of DH-CHAP', () => {
  test('AUTH_Negotiate: a name and offered protocols', () => {
    // tshark: WWN, 1 usable protocol of length 24, DHCHAP, HashList MD5 SHA-1, DHgIDList NULL.
    const PARAMETERS = '0001 0002 00000005 00000006 0002 0001 00000000';
    const OFFER = `00000018 00000001 ${PARAMETERS}`;
    expectVector(authNegotiate, `${NAME} 00000001 ${OFFER}`, {
      nameTag: AuthNameTag.WWN,
      nameLengthBytes: 8,
      name: parseHex('1000525400aa0001'),
      protocolCount: 1,
      protocols: [{ protocol: AuthProtocol['DH-CHAP'], parameters: parseHex(PARAMETERS) }],
    });
    expectVector(authProtocolOffer, OFFER, { offerLengthBytes: 24, protocol: 1 });
    expectEncoded(
      authNegotiate,
      {
        name: parseHex('1000525400aa0001'),
        protocols: [{ protocol: 1, parameters: parseHex(PARAMETERS) }],
      },
      `${NAME} 00000001 ${OFFER}`,
    );
  });

  test('DHCHAP_Challenge: name, hash, group, challenge, DH value', () => {
    // tshark: MD5 (5), DH NULL (0), Challenge Value Length 16, DH Value Length 0.
    const hex = `${NAME} 00000005 00000000 00000010 ${VALUE} 00000000`;
    const fields = { hash: DhChapHash.MD5, group: DhChapGroup.NULL, challenge: parseHex(VALUE) };
    expectVector(dhChapChallenge, hex, { ...fields, dhValue: new Uint8Array(0) });
    expectEncoded(
      dhChapChallenge,
      { name: parseHex('1000525400aa0001'), ...fields, dhValue: new Uint8Array(0) },
      hex,
    );
  });

  test('DHCHAP_Reply: response, DH value, challenge', () => {
    expectVector(dhChapReply, `00000010 ${VALUE} 00000000 00000010 ${OTHER}`, {
      response: parseHex(VALUE),
      dhValue: new Uint8Array(0),
      challenge: parseHex(OTHER),
    });
  });

  test('DHCHAP_Success and AUTH_Reject', () => {
    expectVector(dhChapSuccess, `00000010 ${VALUE}`, { response: parseHex(VALUE) });
    // tshark: Authentication Failure (1), Authentication Failed (5).
    expectVector(authReject, '01050000', {
      reason: AuthRejectReason.AUTHENTICATION_FAILURE,
      explanation: AuthRejectExplanation.AUTHENTICATION_FAILED,
    });
  });

  test('are found by their message', () => {
    expect(authPayload(AuthMessage.AUTH_Negotiate)).toBe(authNegotiate);
    expect(authPayload(AuthMessage.DHCHAP_Challenge)).toBe(dhChapChallenge);
    expect(authPayload(AuthMessage.DHCHAP_Reply)).toBe(dhChapReply);
    expect(authPayload(AuthMessage.DHCHAP_Success)).toBe(dhChapSuccess);
    expect(authPayload(AuthMessage.AUTH_Reject)).toBe(authReject);
    expect(authPayload(AuthMessage.AUTH_Done).decode(new Uint8Array(0))).toEqual({
      padding: new Uint8Array(0),
    });
    expect(authPayload(AuthMessage.FCAP_Request).decode(parseHex('0102'))).toEqual({
      raw: parseHex('0102'),
    });
  });
});

describe('the envelope', () => {
  test('flags, message, version, length, transaction (tshark: DHCHAP_Success, 20, 7)', () => {
    const hex = `90 00 12 01 00000014 00000007 00000010 ${VALUE}`;
    expectVector(authEls, hex, {
      flags: 0,
      messageCode: AuthMessage.DHCHAP_Success,
      protocolVersion: 1,
      payloadLengthBytes: 20,
      transactionId: 7,
      payload: parseHex(`00000010 ${VALUE}`),
    });
  });
});

describe('codes', () => {
  test('messages: fcsp.opcode', () => {
    expect(Object.values(AuthMessage)).toEqual([
      0x0a, 0x0b, 0x0c, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18,
    ]);
  });

  test('rejects, hashes, groups, protocols: fcsp.rjtcode, rjtcodet, hashtype, dhgid, proto', () => {
    expect(AuthRejectReason).toEqual({ AUTHENTICATION_FAILURE: 1, LOGICAL_ERROR: 2 });
    expect(Object.values(AuthRejectExplanation)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(DhChapHash).toEqual({ MD5: 5, SHA1: 6 });
    expect(DhChapGroup).toEqual({ NULL: 0, DH_1024: 1, DH_1280: 2, DH_1536: 3, DH_2048: 4 });
    expect(AuthProtocol).toEqual({ 'DH-CHAP': 1, FCAP: 2, FCPAP: 3 });
    expect(AuthFlags).toEqual({ MORE_FRAGMENTS: 0x80, SEQUENCE_NUMBER: 0x40 });
  });
});
