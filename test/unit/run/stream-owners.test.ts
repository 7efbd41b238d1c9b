/** Whose the segments of a connection are. */
import { describe, expect, it } from 'vitest';
import type { Segment } from '../../../src/net/index.ts';
import { StreamOwners } from '../../../src/run/stream-owners.ts';

const client = { source: 1, destination: 2, sourcePort: 50_000, destinationPort: 3260 };
const server = { source: 2, destination: 1, sourcePort: 3260, destinationPort: 50_000 };
const segment = (way: typeof client, seq: number, payload: Uint8Array): Segment => ({
  ...way,
  ...{ seq, ack: 0, flags: 0, window: 0, payload },
});

/** A SCSI command with so much data behind it. */
function command(tag: number, dataBytes = 0): Uint8Array {
  const bytes = new Uint8Array(48 + dataBytes);
  bytes.set([0x01, 0x80, 0, 0, 0, dataBytes >> 16, dataBytes >> 8, dataBytes]);
  new DataView(bytes.buffer).setUint32(16, tag);
  return bytes;
}

/** A call of NFS by its xid. */
function call(xid: number, moreBytes = 0): Uint8Array {
  const bytes = new Uint8Array(28 + moreBytes);
  const words = [(0x8000_0000 | (24 + moreBytes)) >>> 0, xid, 0, 2, 100_003, 3, 7];
  for (const [i, word] of words.entries()) new DataView(bytes.buffer).setUint32(4 * i, word);
  return bytes;
}

const joined = (...parts: Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((one) => [...one]));
const sharesOf = (owners: StreamOwners, one: Segment) =>
  owners.read('t', one)!.shares.map(({ share, tag }) => [tag, share]);

describe('segments', () => {
  it('are the task’s whose bytes they have, in shares', () => {
    const owners = new StreamOwners();
    const bytes = joined(command(7, 52), command(8));
    expect(sharesOf(owners, segment(client, 0, bytes.subarray(0, 90)))).toEqual([[7, 1]]);
    expect(sharesOf(owners, segment(client, 90, bytes.subarray(90)))).toEqual([
      [7, 10 / 58],
      [8, 48 / 58],
    ]);
    // What acknowledges them is theirs, too.
    const ack = owners.read('t', segment(server, 0, new Uint8Array(0)))!;
    expect(ack).toMatchObject({ isRequest: false, hasBytes: false });
    expect(ack.shares).toMatchObject([{ tag: 8, share: 1 }]);
    expect(ack.connection).toBe(owners.read('other', segment(client, 0, bytes))!.connection);
  });

  it('are followed where a head is cut, a segment comes again, and one is missing', () => {
    const owners = new StreamOwners();
    const bytes = joined(command(1), command(2), command(3));
    expect(sharesOf(owners, segment(client, 0, bytes.subarray(0, 60)))).toEqual([[1, 1]]);
    expect(sharesOf(owners, segment(client, 60, bytes.subarray(60, 96)))).toEqual([[2, 1]]);
    expect(sharesOf(owners, segment(client, 0, bytes.subarray(0, 60)))).toEqual([[2, 1]]);
    // Behind a gap nobody knows, until a unit begins.
    expect(sharesOf(owners, segment(client, 120, bytes.subarray(120)))).toEqual([]);
    expect(sharesOf(owners, segment(client, 500, command(9)))).toEqual([[9, 1]]);
  });

  it('of NFS are the call’s, and what is of no known protocol is nobody’s', () => {
    const owners = new StreamOwners();
    const nfs = { ...client, destinationPort: 2049 };
    const bytes = joined(call(70, 100), call(71));
    expect(sharesOf(owners, segment(nfs, 5, bytes))).toEqual([
      [70, 128 / 156],
      [71, 28 / 156],
    ]);
    expect(owners.read('t', segment({ ...client, destinationPort: 80 }, 0, bytes))).toBeUndefined();
  });
});
