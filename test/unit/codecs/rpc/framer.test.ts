import { describe, expect, it } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  encodeRecord,
  looksLikeCall,
  rpcCall,
  rpcFramer,
  rpcReply,
} from '../../../../src/codecs/rpc/index.ts';

const HEAD = { xid: 1, version: 3, procedure: 0, credential: {}, verifier: {} };
const call = encodeRecord(rpcCall.encode({ ...HEAD, program: 100_003 }));
const reply = encodeRecord(rpcReply.encode({ xid: 1, verifier: {}, acceptStat: 0 }));
const begins = (bytes: Uint8Array, at = 0): boolean => rpcFramer.begins(bytes, at, bytes.length);

describe('the fragments of a stream', () => {
  it('say how long they are', () => {
    expect(rpcFramer.lengthAt(call, 0)).toBe(call.length);
    expect(rpcFramer.lengthAt(parseHex('00000010'), 0)).toBe(20);
    expect(rpcFramer.lengthAt(parseHex('ffffffff'), 0)).toBeUndefined();
  });

  it('begin with a call to a program that is known, or an answer', () => {
    expect([begins(call), begins(reply)]).toEqual([true, true]);
    expect(looksLikeCall(reply, 0, reply.length)).toBe(false);
    const other = encodeRecord(rpcCall.encode({ ...HEAD, program: 7 }));
    expect(begins(other)).toBe(false);
  });

  it('begin nowhere else in them, and not where too little is there to tell', () => {
    for (const bytes of [call, reply]) {
      for (let at = 1; at < bytes.length; at++) expect(begins(bytes, at)).toBe(false);
      for (let end = 0; end < 20; end++) expect(rpcFramer.begins(bytes, 0, end)).toBe(false);
    }
  });
});
