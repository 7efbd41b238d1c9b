/** Requests on an export: what they do to the medium, and how they are refused. */
import { describe, expect, it } from 'vitest';
import { NbdCommandFlags, NbdError } from '../../../../src/codecs/nbd/index.ts';
import { type Medium, MediumError, MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { SnapshotMedium } from '../../../../src/scsi/medium/snapshot.ts';
import {
  choose,
  go,
  hello,
  NbdRig,
  nbdServerOf,
  request,
  structured,
} from '../../../helpers/nbd.ts';

const BLOCKS = 64;
const filled = (): MemoryMedium => {
  const medium = new MemoryMedium(BLOCKS);
  medium.write(0, new Uint8Array(BLOCKS * 512).fill(7));
  return medium;
};

/** Answers to requests on a medium. */
function ask(medium: Medium, ...requests: Uint8Array[]) {
  const rig = new NbdRig(nbdServerOf([medium]));
  const conn = rig.open(hello(), structured(), go(), ...requests);
  return { rig, told: rig.told(conn).slice(-requests.length) };
}

/** Runs of equal bytes, as `7x512 0x4`. */
const runs = (medium: Medium): string => {
  const bytes = medium.read(0, BLOCKS);
  const found: [number, number][] = [];
  for (const byte of bytes) {
    const last = found.at(-1);
    if (last?.[0] === byte) last[1]++;
    else found.push([byte, 1]);
  }
  return found.map(([byte, count]) => `${byte}x${count}`).join(' ');
};

describe('requests', () => {
  it('reads of zeros are holes', () => {
    const medium = new MemoryMedium(BLOCKS);
    medium.write(1, new Uint8Array(512).fill(3));
    const { told } = ask(
      medium,
      request('READ', { offset: 0n, lengthBytes: 512, cookie: 1n }),
      request('READ', { offset: 1000n, lengthBytes: 30, cookie: 2n }),
    );
    expect(told).toMatchObject([
      { kind: 'OFFSET_HOLE', cookie: 1n, data: { offset: 0n, holeBytes: 512 } },
      { kind: 'OFFSET_DATA', cookie: 2n, data: { offset: 1000n } },
    ]);
    expect([...told[1].data.content]).toEqual([...Array(24).fill(3), ...Array(6).fill(0)]);
  });

  it('TRIM gives whole blocks up, WRITE_ZEROES parts of blocks too', () => {
    const trimmed = filled();
    ask(trimmed, request('TRIM', { offset: 100n, lengthBytes: 1024 }));
    expect(runs(trimmed)).toBe('7x512 0x512 7x31744');
    expect(trimmed.mappedRun(1)).toEqual({ mapped: false, blocks: 1 });
    const zeroed = filled();
    const { rig } = ask(zeroed, request('WRITE_ZEROES', { offset: 100n, lengthBytes: 1024 }));
    expect(runs(zeroed)).toBe('7x100 0x1024 7x31644');
    expect(rig.happened('apply').map(({ change, lba, blocks }) => [change, lba, blocks])).toEqual([
      ['write', 0, 1],
      ['unmap', 1, 1],
      ['write', 2, 1],
    ]);
    ask(zeroed, request('WRITE_ZEROES', { offset: 8200n, lengthBytes: 10 }));
    expect(runs(zeroed)).toBe('7x100 0x1024 7x7076 0x10 7x24558');
  });

  it('zeros that keep their space are mapped, and no faster than data', () => {
    const medium = filled();
    const range = { offset: 0n, lengthBytes: 1024 };
    const { NO_HOLE, FAST_ZERO } = NbdCommandFlags;
    const { told } = ask(
      medium,
      request('WRITE_ZEROES', { ...range, flags: NO_HOLE | FAST_ZERO }),
      request('WRITE_ZEROES', { ...range, flags: NO_HOLE }),
    );
    expect(told[0]).toMatchObject({ kind: 'ERROR', data: { error: NbdError.ENOTSUP } });
    expect(runs(medium)).toBe('0x1024 7x31744');
    expect(medium.mappedRun(0).mapped).toBe(true);
  });

  it.each([
    ['behind the end', request('READ', { offset: 32_760n, lengthBytes: 9 }), NbdError.EINVAL],
    [
      'a write behind the end',
      request('WRITE', { offset: 32_768n, data: Uint8Array.of(1) }),
      NbdError.ENOSPC,
    ],
    [
      'an offset of 2^64 - 1',
      request('TRIM', { offset: 2n ** 64n - 1n, lengthBytes: 1 }),
      NbdError.ENOSPC,
    ],
    ['nothing', request('READ', { offset: 0n, lengthBytes: 0 }), NbdError.EINVAL],
    [
      'a command that is not known',
      request('RESIZE', { offset: 1n, lengthBytes: 1 }),
      NbdError.EINVAL,
    ],
    ['flags that mean nothing', request('READ', { lengthBytes: 1, flags: 0x40 }), NbdError.EINVAL],
    ['no meta context', request('BLOCK_STATUS', { lengthBytes: 1 }), NbdError.EINVAL],
  ])('%s is refused', (_, bytes, error) => {
    const { rig, told } = ask(filled(), bytes);
    expect(told).toMatchObject([{ kind: 'ERROR', data: { error } }]);
    expect(rig.closed.size).toBe(0);
  });

  it('a read of more than may be at once is refused', () => {
    const rig = new NbdRig(nbdServerOf([filled()], { transferBytesMax: 4096 }));
    const read = request('READ', { lengthBytes: 4097 });
    const told = rig.told(rig.open(hello(), structured(), go(), read));
    expect(told.at(-1)).toMatchObject({ data: { error: NbdError.EOVERFLOW } });
  });

  it('a snapshot is read only; what a medium cannot do is an error', () => {
    const medium = new SnapshotMedium(filled());
    medium.cut('s1');
    medium.write(0, new Uint8Array(512));
    const rig = new NbdRig(nbdServerOf([medium]));
    const write = request('WRITE', { data: Uint8Array.of(1) });
    const conn = rig.open(
      hello(),
      structured(),
      go('lun0@s1'),
      write,
      request('READ', { lengthBytes: 4 }),
    );
    expect(rig.told(conn).slice(-2)).toMatchObject([
      { kind: 'ERROR', data: { error: NbdError.EPERM } },
      { kind: 'OFFSET_DATA', data: { content: Uint8Array.of(7, 7, 7, 7) } },
    ]);
    medium.delete('s1');
    rig.send(conn, request('READ', { lengthBytes: 4 }));
    expect(rig.told(conn).at(-1)).toMatchObject({ kind: 'ERROR', data: { error: NbdError.EIO } });
    const full: Medium = {
      blocks: BLOCKS,
      blockBytes: 512,
      read: () => new Uint8Array(512),
      write: () => {
        throw new MediumError('no-space', 'full');
      },
    };
    const { told } = ask(full, request('WRITE', { data: new Uint8Array(512) }));
    expect(told).toMatchObject([{ data: { error: NbdError.ENOSPC, message: 'full' } }]);
  });

  it('BLOCK_STATUS has a chunk for each context, the last one ends the reply; REQ_ONE one extent', () => {
    const medium = new SnapshotMedium(new MemoryMedium(512), {});
    medium.write(4, new Uint8Array(512).fill(1));
    medium.cut('s1');
    medium.changed!.begin('s1');
    medium.write(300, new Uint8Array(512).fill(1));
    const rig = new NbdRig(nbdServerOf([medium]));
    const both = choose(['base:allocation', 'qemu:dirty-bitmap:s1']);
    const range = { offset: 0n, lengthBytes: 512 * 512 };
    const conn = rig.open(hello(), structured(), both, go(), request('BLOCK_STATUS', range));
    const extents = (chunk: { data: { extents: { lengthBytes: number; flags: number }[] } }) =>
      chunk.data.extents.map(({ lengthBytes, flags }) => [lengthBytes / 512, flags]);
    const [allocation, changed] = rig.told(conn).slice(-2);
    expect([allocation.flags, changed.flags]).toEqual([0, 1]);
    expect(extents(allocation)).toEqual([
      [4, 3],
      [1, 0],
      [295, 3],
      [1, 0],
      [211, 3],
    ]);
    expect(extents(changed)).toEqual([
      [256, 0],
      [128, 1],
      [128, 0],
    ]);
    rig.send(conn, request('BLOCK_STATUS', { ...range, flags: NbdCommandFlags.REQ_ONE }));
    expect(rig.told(conn).slice(-2).map(extents)).toEqual([[[4, 3]], [[256, 0]]]);
    // Its reference is lost while the client has it: unknown is an answer.
    medium.changed!.lose();
    rig.send(conn, request('BLOCK_STATUS', range));
    expect(rig.told(conn).at(-1)).toMatchObject({
      kind: 'ERROR',
      data: { error: NbdError.EIO, message: 'what has changed since s1 is not known' },
    });
  });
});
