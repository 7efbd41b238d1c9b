/** SW_ILS told apart by their first byte, and replies by what they answer. */
import { describe, expect, test } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import { EnhancedCommit, SwIlsCommand } from '../../../../src/codecs/swils/codes.ts';
import {
  swIlsAccept,
  swIlsAccepts,
  swIlsName,
  swIlsReply,
  swIlsRequest,
  swIlsRequests,
} from '../../../../src/codecs/swils/family.ts';

describe('the family of SW_ILS', () => {
  test('every command has a codec of its name', () => {
    for (const name of Object.keys({ ...SwIlsCommand, ...EnhancedCommit })) {
      if (name === 'SW_ACC' || name === 'ENHANCED_COMMIT') continue;
      expect(swIlsRequests[name as keyof typeof swIlsRequests]?.kind, name).toBe(name);
    }
    for (const [name, codec] of Object.entries(swIlsAccepts))
      expect(codec.kind).toBe(`SW_ACC ${name}`);
  });

  test('the enhanced commit services are told apart by the second byte', () => {
    const request = swIlsRequest.decode(parseHex('2a03000001020304'));
    expect(request).toMatchObject({ kind: 'EUFC', subCommand: 3 });
    expect(swIlsAccept(0x2a, 3).kind).toBe('SW_ACC EUFC');
    expect(swIlsRequest.decode(parseHex('2a770000')).kind).toBe('unknown');
    expect(swIlsReply(0x2a, 1).decode(parseHex('02000000')).kind).toBe('SW_ACC EACA');
  });

  test('every request is read by its code as itself', () => {
    for (const [name, codec] of Object.entries(swIlsRequests)) {
      const first = new Uint8Array(Math.max(codec.minBytes, 8));
      const sub = EnhancedCommit[name as keyof typeof EnhancedCommit];
      first[0] = SwIlsCommand[sub === undefined ? (name as 'ELP') : 'ENHANCED_COMMIT'];
      first[1] = sub ?? 0;
      expect(swIlsName(first[0]!, first[1]), name).toBe(name);
    }
    expect(swIlsName(0x99)).toBeUndefined();
    expect(swIlsName(0x2a, 9)).toBeUndefined();
  });

  test('a reply is an accept of the request, a refusal, or unknown', () => {
    // Domain 97 granted: RDI accept of packet-fcswils.h.
    const reply = swIlsReply(SwIlsCommand.RDI);
    expect(reply.decode(parseHex('02000010100000000000000100000061'))).toMatchObject({
      kind: 'SW_ACC RDI',
      domains: [{ domainId: 0x61 }],
    });
    expect(reply.decode(parseHex('0100000000092900'))).toMatchObject({
      kind: 'SW_RJT',
      reason: 9,
      explanation: 0x29,
    });
    expect(reply.decode(parseHex('1300000000000000')).kind).toBe('unknown');
    expect(swIlsReply(SwIlsCommand.RDI)).toBe(reply);
    expect(swIlsReply(SwIlsCommand.RDI, 5)).toBe(reply);
    expect(swIlsReply(0x2a, 1)).not.toBe(swIlsReply(0x2a, 2));
  });

  test('a request without an accept of its own is answered by any SW_ACC', () => {
    expect(swIlsAccept(SwIlsCommand.HLO).kind).toBe('SW_ACC');
    expect(swIlsAccept(0x99).kind).toBe('SW_ACC');
    expect(swIlsAccept(SwIlsCommand.ELP).kind).toBe('SW_ACC ELP');
  });
});
