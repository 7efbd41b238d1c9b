/** What two taps show that lie behind one another: a write that was sent before its repetition, and came after it. */
import { describe, expect, it } from 'vitest';
import { judgeSeen, type SeenAtTap } from '../../../src/audit/seen-judge.ts';
import { putStamp, STAMP_BYTES } from '../../../src/codecs/stamp/index.ts';
import { blocksOf } from '../../helpers/iscsi-script.ts';
import { NfsScript } from '../../helpers/nfs-script.ts';
import { invariantsThat, SessionTap, verdictOf } from '../../helpers/session-tap.ts';

const MS = 1e6;
const LBA = 8;

function stamped(version: number, unit = 7): Uint8Array {
  const block = new Uint8Array(STAMP_BYTES);
  putStamp(block, 0, { writerId: 1, version, lba: LBA, luId: new Uint8Array(16).fill(unit) });
  return block;
}
const OLD = stamped(5);
const NEW = stamped(6);

interface Late {
  /** How long a write is held on its way to the server. */
  readonly heldMs?: number;
  readonly data?: Uint8Array;
  /** The number under which it is sent again. */
  readonly xid?: number;
  readonly queue?: number;
  readonly goesOn?: (second: NfsScript) => void;
}

/** A client's WRITE, and another's that sends it again and goes on, seen where clients send and at the server's card. */
function seenOf({ data = OLD, heldMs = 0, queue, goesOn, xid = 70 }: Late): SeenAtTap[] {
  const tap = new SessionTap();
  const first = new NfsScript(tap);
  const second = new NfsScript(tap, 'other', 9);
  second.write(60, 0, blocksOf(1, 1));
  const before = tap.frames.length;
  first.callWrite(7, LBA * STAMP_BYTES, data);
  const held = tap.frames[before]!;
  second.write(xid, LBA * STAMP_BYTES, data);
  second.write(xid + 1, LBA * STAMP_BYTES, NEW);
  tap.wait(heldMs);
  first.written(7, data.length);
  goesOn?.(second);
  // An answer passes the card first; what a client sends comes there a little later, or held.
  const frames = tap.frames.flatMap(({ at, bytes }) => {
    const isAnswer = bytes[34 + 1] === (2049 & 0xff) && bytes[34] === 2049 >> 8;
    const wayNs = bytes === held.bytes ? heldMs * MS : 1000;
    return isAnswer
      ? [{ tap: 'array', at, bytes }]
      : [
          { tap: 'host', at, bytes },
          { tap: 'array', at: at + wayNs, bytes },
        ];
  });
  return frames
    .sort((a, b) => a.at - b.at)
    .map((one, i) => ({ ...one, number: i + 1, ...(queue === undefined ? {} : { queue }) }));
}

describe('a write that was held between two taps', () => {
  it('is I7, with both writes, however short the time is where one queue shows the order', () => {
    const report = judgeSeen(seenOf({ heldMs: 6, queue: 0 }));
    expect(invariantsThat('violated', report)).toEqual(['I7']);
    const { detail, frames } = verdictOf(report, 'I7');
    expect(detail).toMatch(
      /^at array: byte 4096: NFS WRITE of frame \d+ of 10\.0\.0\.2 .* came, .*after the same write \(version 5 of writer 1\), sent again by 10\.0\.0\.9 .*, had been acknowledged in frame \d+$/,
    );
    expect(frames.length).toBeGreaterThanOrEqual(4);
  });

  it('is I7 without queues where the time between is long enough', () => {
    expect(invariantsThat('violated', judgeSeen(seenOf({ heldMs: 60 })))).toEqual(['I7']);
  });

  it('is I8, too, where it is read in the place of what had replaced it', () => {
    const goesOn = (second: NfsScript): void => second.read(90, LBA * STAMP_BYTES, OLD);
    const report = judgeSeen(seenOf({ heldMs: 60, queue: 0, goesOn }));
    expect(invariantsThat('violated', report)).toEqual(['I7', 'I8']);
    expect(verdictOf(report, 'I8').detail).toMatch(
      /^at array: byte 4096: NFS READ of frame \d+ returns what NFS WRITE of frame \d+ brought back late \(version 5 of writer 1\); NFS WRITE of frame \d+ had replaced it$/,
    );
  });

  it.each<[string, readonly SeenAtTap[]]>([
    ['it was not held', seenOf({ queue: 0 })],
    ['the order is not sure: no queue tells it', seenOf({ heldMs: 6 })],
    ['blocks do not say which write they are of', seenOf({ heldMs: 60, data: blocksOf(1, 3) })],
    ['it may have been answered from memory', seenOf({ heldMs: 60, queue: 0, xid: 7 })],
    [
      'only one tap shows it',
      seenOf({ heldMs: 60, queue: 0 }).filter(({ tap }) => tap === 'array'),
    ],
    [
      'what was read is new',
      seenOf({ queue: 0, goesOn: (second) => second.read(90, LBA * STAMP_BYTES, NEW) }),
    ],
  ])('nobody is accused where %s', (_why, frames) => {
    expect(invariantsThat('violated', judgeSeen(frames))).toEqual([]);
  });

  it('nobody is accused of what one tap shows, where another tap shows why', () => {
    const tap = new SessionTap();
    const restorer = new NfsScript(tap, 'other', 9);
    restorer.write(1, 0, blocksOf(1, 1));
    const between = tap.frames.length;
    const guest = new NfsScript(tap);
    guest.write(2, LBA * STAMP_BYTES, OLD);
    guest.write(3, LBA * STAMP_BYTES, NEW);
    const back = tap.frames.length;
    tap.wait(100);
    restorer.write(4, LBA * STAMP_BYTES, OLD);
    const read = tap.frames.length;
    tap.wait(100);
    guest.read(5, LBA * STAMP_BYTES, OLD);
    const frames = tap.frames.map(({ at, bytes }, i) => {
      const isOther = i < between || (i >= back && i < read);
      return { tap: isOther ? 'h9' : 'h2', at, bytes, number: i + 1 };
    });
    expect(invariantsThat('violated', judgeSeen(frames))).toEqual([]);
    // Where only that tap is there, nobody knows of another.
    const alone = frames.filter((one) => one.tap === 'h2');
    expect(invariantsThat('violated', judgeSeen(alone))).toEqual(['I8']);
  });

  it('nobody is accused of writing back what was there before', () => {
    const tap = new SessionTap();
    const older = new NfsScript(tap);
    const newer = new NfsScript(tap, 'other', 9);
    older.write(1, 0, blocksOf(1, 1));
    newer.write(2, LBA * STAMP_BYTES, OLD);
    newer.write(3, LBA * STAMP_BYTES, NEW);
    tap.wait(100);
    // A copy that is restored, and read.
    older.write(4, LBA * STAMP_BYTES, OLD);
    newer.read(5, LBA * STAMP_BYTES, OLD);
    const frames = tap.frames.flatMap(({ at, bytes }) => [
      { tap: 'host', at, bytes },
      { tap: 'array', at: at + 1000, bytes },
    ]);
    const report = judgeSeen(frames.map((one, i) => ({ ...one, number: i + 1, queue: 0 })));
    expect(invariantsThat('violated', report)).toEqual([]);
  });
});
