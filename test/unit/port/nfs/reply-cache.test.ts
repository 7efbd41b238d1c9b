import { describe, expect, it } from 'vitest';
import { rpcCall } from '../../../../src/codecs/rpc/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { ReplyCache, type ReplyCachePolicy } from '../../../../src/port/nfs/reply-cache.ts';

const PEER = { address: '10.0.0.1', port: 700 };
const REPLY = Uint8Array.of(1, 2, 3);

function callOf(xid: number, parameters = new Uint8Array(300), procedure = 7) {
  const head = { program: 100_003, version: 3, procedure, credential: {}, verifier: {} };
  return rpcCall.decode(rpcCall.encode({ xid, ...head, parameters }));
}

/** A cache that has answered call 5 on connection 1. */
function answered(policy: ReplyCachePolicy): ReplyCache {
  const cache = new ReplyCache(policy);
  const state = cache.begin(1, PEER, callOf(5), 0);
  if (state.state === 'new') state.done(REPLY, 0);
  return cache;
}

describe('as Linux keys it', () => {
  const stateOf = (change: { conn?: number; port?: number; call?: ReturnType<typeof callOf> }) => {
    const { conn = 2, port = 700, call = callOf(5) } = change;
    return answered('linux').begin(conn, { ...PEER, port }, call, SECOND).state;
  };

  it('a call of before is known on any connection from the same address and port', () => {
    expect(stateOf({})).toBe('done');
    expect(stateOf({ port: 701 })).toBe('new');
  });

  it('another call with its xid is not', () => {
    const other = new Uint8Array(300);
    other[255] = 1;
    expect(stateOf({ call: callOf(5, other) })).toBe('new');
    expect(stateOf({ call: callOf(5, new Uint8Array(304)) })).toBe('new');
    expect(stateOf({ call: callOf(5, new Uint8Array(300), 8) })).toBe('new');
  });

  it('what differs behind 256 bytes makes no difference', () => {
    const other = new Uint8Array(300);
    other[256] = 1;
    expect(stateOf({ call: callOf(5, other) })).toBe('done');
  });

  it('a call that is being carried out is in progress', () => {
    const cache = new ReplyCache('linux');
    expect(cache.begin(1, PEER, callOf(5), 0).state).toBe('new');
    expect(cache.begin(2, PEER, callOf(5), 1).state).toBe('in-progress');
  });

  it('a reply is kept for two minutes', () => {
    const cache = answered('linux');
    expect(cache.begin(1, PEER, callOf(5), 120 * SECOND).state).toBe('done');
    expect(cache.begin(1, PEER, callOf(5), 241 * SECOND).state).toBe('new');
  });

  it('a long reply is not kept', () => {
    const cache = new ReplyCache('linux');
    const state = cache.begin(1, PEER, callOf(5), 0);
    if (state.state === 'new') state.done(new Uint8Array(260), 0);
    expect(cache.begin(1, PEER, callOf(5), 1).state).toBe('new');
  });

  it('has a limit', () => {
    const cache = new ReplyCache('linux');
    for (let xid = 0; xid < 10_000; xid++) {
      const state = cache.begin(1, PEER, callOf(xid, new Uint8Array(4)), 0);
      if (state.state === 'new') state.done(REPLY, 0);
    }
    expect(cache.size).toBeLessThanOrEqual(8193);
  });
});

describe('other policies', () => {
  it('by connection: the xid alone, and nowhere else', () => {
    expect(answered('connection').begin(1, PEER, callOf(5, new Uint8Array(4)), 1)).toEqual({
      state: 'done',
      reply: REPLY,
    });
    expect(answered('connection').begin(2, PEER, callOf(5), 1).state).toBe('new');
  });

  it('none: every call is new', () => {
    const cache = answered('none');
    expect(cache.begin(1, PEER, callOf(5), 1).state).toBe('new');
    expect(cache.size).toBe(0);
  });
});
