/** RPC messages as frames of their own: layers, what answers are of, lines. */
import { describe, expect, it } from 'vitest';
import { summarizeRpc } from '../../../../src/codecs/frame/rpc.ts';
import {
  authSysCredential,
  decodeRpc,
  encodeFrame,
  encodeRecord,
  fromLatin1,
  Nfs3Procedure,
  nfs3,
  RpcConversation,
  recordMark,
  rpcCall,
  rpcNameOf,
  rpcReply,
} from '../../../../src/codecs/index.ts';
import { concat } from '../../../helpers/capture.ts';

const CALLER = { machineName: 'host', uid: 0, gid: 0, gids: [] };
const layersOf = (frame: ReturnType<typeof decodeRpc>) => frame.layers.map(({ layer }) => layer);

function callOf(name: keyof typeof Nfs3Procedure, parameters: Uint8Array, version = 3): Uint8Array {
  const head = { program: 100_003, version, procedure: Nfs3Procedure[name] };
  const credential = authSysCredential(CALLER);
  return encodeRecord(
    rpcCall.encode({ xid: 0xabcd, ...head, credential, verifier: {}, parameters }),
  );
}
const replyOf = (results: Uint8Array, acceptStat = 0): Uint8Array =>
  encodeRecord(rpcReply.encode({ xid: 0xabcd, verifier: {}, acceptStat, results }));

const write = callOf(
  'WRITE',
  nfs3.WRITE.args.encode({
    file: Uint8Array.of(1),
    offset: 512n,
    count: 4,
    stable: 2,
    data: Uint8Array.of(1, 2, 3, 4),
  }),
);

describe('an RPC message', () => {
  it('has its mark, the message, the caller and the parameters', () => {
    const frame = decodeRpc(write);
    expect(layersOf(frame)).toEqual(['rpc-record', 'rpc', 'authsys', 'rpc-body']);
    expect(frame).toMatchObject({ protocol: 'rpc', procedure: 'NFS WRITE', malformed: undefined });
    expect(encodeFrame(frame)).toEqual(write);
    expect(summarizeRpc(frame, 'a → b')).toBe(
      'NFS WRITE call a → b xid 0000abcd offset 512 count 4 stable 2',
    );
  });

  it('an answer is read by the call that it answers, and says by itself little', () => {
    const results = nfs3.WRITE.res.encode({
      status: 70,
      resfail: { fileWcc: { before: {}, after: {} } },
    });
    const conversation = new RpcConversation();
    decodeRpc(write, { conversation });
    const frame = decodeRpc(replyOf(results), { conversation, fromClient: false });
    expect(layersOf(frame)).toEqual(['rpc-record', 'rpc', 'rpc-body']);
    expect(summarizeRpc(frame)).toBe('NFS WRITE reply xid 0000abcd NFS3ERR_STALE');
    const alone = decodeRpc(replyOf(results), { fromClient: false });
    expect([layersOf(alone).length, rpcNameOf(alone)]).toEqual([2, 'RPC reply']);
  });

  it('refused, or of a procedure that nothing is known of, is told by what is there', () => {
    const conversation = new RpcConversation();
    decodeRpc(callOf('NULL', new Uint8Array(), 2), { conversation });
    const frame = decodeRpc(replyOf(new Uint8Array(), 5), { conversation, fromClient: false });
    expect(summarizeRpc(frame)).toBe('NFS version 2 procedure 0 reply xid 0000abcd SYSTEM_ERR');
  });

  it('names from others are escaped', () => {
    const what = { dir: Uint8Array.of(1), name: 'a\u001b[1m' };
    const frame = decodeRpc(callOf('LOOKUP', nfs3.LOOKUP.args.encode({ what })));
    expect(summarizeRpc(frame)).toContain('name "a\\\\x1b[1m"');
  });
});

describe('what is no whole message', () => {
  it('a record in fragments is bytes, and the next one is read again', () => {
    const conversation = new RpcConversation();
    const part = concat([
      recordMark.encode({ lastFragment: 0, lengthBytes: 4 }),
      write.subarray(4, 8),
    ]);
    const end = encodeRecord(write.subarray(8));
    for (const bytes of [part, end])
      expect(layersOf(decodeRpc(bytes, { conversation }))).toEqual(['rpc-record', 'data']);
    expect(decodeRpc(write, { conversation }).procedure).toBe('NFS WRITE');
  });

  it('parameters that do not fit are a fault, every byte being kept', () => {
    const frame = decodeRpc(callOf('WRITE', Uint8Array.of(0, 0, 0, 99)));
    expect(frame.malformed?.layer).toBe('WRITE3args');
    const noise = fromLatin1('no message at all')!;
    for (const bytes of [noise, write.subarray(0, 30), write.subarray(0, 3)])
      expect(encodeFrame(decodeRpc(bytes))).toEqual(bytes);
  });

  it('what the capture cut is read as far as it goes', () => {
    const frame = decodeRpc(write.subarray(0, 60), { lengthBytes: write.length });
    expect([frame.cut, frame.malformed]).toEqual([true, undefined]);
    expect(frame.layers[1]!.value).toMatchObject({ xid: 0xabcd, procedure: 7 });
  });

  it('calls that are never answered are forgotten', () => {
    const conversation = new RpcConversation();
    const called = { program: 100_003, version: 3, procedure: 0 };
    for (let xid = 0; xid < 5000; xid++) conversation.called(xid, 'client', called);
    const of = (xid: number) => conversation.of(xid, 'client');
    expect([of(0), of(4999)]).toEqual([undefined, called]);
  });

  it('calls of both sides under one number are two', () => {
    const conversation = new RpcConversation();
    const mine = { program: 100_003, version: 4, procedure: 1 };
    const back = { program: 0x4000_0000, version: 1, procedure: 1 };
    conversation.called(7, 'client', mine);
    conversation.called(7, 'server', back);
    expect([conversation.of(7, 'client'), conversation.of(7, 'server')]).toEqual([mine, back]);
  });
});
