/** NFS of a client that nobody here wrote, out of its TCP connections. */
import { describe, expect, it } from 'vitest';
import {
  type Compound4Args,
  encodeFrame,
  layerOf,
  rpcNameOf,
} from '../../../../src/codecs/index.ts';
import { streamsOf } from '../../../helpers/iscsi-pdus.ts';

describe('libnfs', () => {
  it('every call and reply is read, and encodes to its own bytes', async () => {
    const counts = new Map<string, number>();
    let gaps = 0;
    await streamsOf('fixtures/nfs/libnfs.pcap', {
      pdu: ({ frame }) => {
        expect(frame.malformed).toBeUndefined();
        expect(encodeFrame(frame)).toEqual(frame.bytes);
        const name = rpcNameOf(frame);
        counts.set(name, (counts.get(name) ?? 0) + 1);
      },
      gap: () => gaps++,
    });
    // Counted with tshark: `rpc.msgtyp == 0`, by procedure.
    const calls = [...counts].filter(([name]) => name.endsWith(' call'));
    expect(Object.fromEntries(calls)).toEqual({
      'MOUNT NULL call': 4,
      'MOUNT MNT call': 4,
      'MOUNT EXPORT call': 4,
      'NFS NULL call': 4,
      'NFS FSINFO call': 4,
      'NFS GETATTR call': 8,
      'NFS READDIRPLUS call': 1,
      'NFS CREATE call': 2,
      'NFS LOOKUP call': 2,
      'NFS SETATTR call': 1,
      'NFS WRITE call': 1,
      'NFS COMMIT call': 1,
      'NFS ACCESS call': 1,
      'NFS READ call': 1,
    });
    for (const [name, count] of calls)
      expect(counts.get(name.replace('call', 'reply'))).toBe(count);
    expect(gaps).toBe(0);
  });
});

describe('Linux, version 4.1', () => {
  it('every call and reply is read, and encodes to its own bytes', async () => {
    const counts = new Map<string, number>();
    await streamsOf('fixtures/nfs/linux-4.1.pcap', {
      pdu: ({ frame, fromClient }) => {
        expect(frame.malformed).toBeUndefined();
        expect(encodeFrame(frame)).toEqual(frame.bytes);
        const body = layerOf(frame, 'rpc-body')?.value as Compound4Args | undefined;
        for (const { kind } of fromClient ? (body?.operations ?? []) : [])
          counts.set(kind, (counts.get(kind) ?? 0) + 1);
      },
      gap: () => expect.unreachable(),
    });
    // Counted with tshark: `nfs.opcode` of `rpc.msgtyp == 0`.
    expect(Object.fromEntries(counts)).toEqual({
      ACCESS: 7,
      CLOSE: 6,
      GETATTR: 22,
      GETFH: 3,
      OPEN: 6,
      PUTFH: 29,
      PUTROOTFH: 2,
      READ: 1,
      REMOVE: 2,
      WRITE: 6,
      EXCHANGE_ID: 2,
      CREATE_SESSION: 1,
      DESTROY_SESSION: 1,
      SECINFO_NO_NAME: 1,
      SEQUENCE: 32,
      DESTROY_CLIENTID: 1,
      RECLAIM_COMPLETE: 1,
    });
  });
});
