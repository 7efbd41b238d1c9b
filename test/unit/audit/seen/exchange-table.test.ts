import { describe, expect, it } from 'vitest';
import type { ExchangeRow } from '../../../../src/audit/seen/exchange-row.ts';
import { ExchangeTracker } from '../../../../src/audit/seen/exchange-table.ts';
import { RspFlags } from '../../../../src/codecs/fcp/index.ts';
import { Conversation, decodeFrame } from '../../../../src/codecs/frame/index.ts';
import { ADDRESS, TARGET_ADDRESS } from '../../../helpers/audit-rig.ts';
import {
  abts,
  baAcc,
  command,
  dataIn,
  elsReply,
  elsRequest,
  response,
} from '../../../helpers/fc-frames.ts';

const READ = Uint8Array.of(0x28, 0, 0, 0, 0, 5, 0, 0, 2, 0);
const read = (oxId: number) => command(oxId, { cdb: READ, fcpDl: 1024, rddata: 1 });

/** Rows of exchanges that these frames make, a microsecond apart, at a tap. */
/** Between two frames; a request that comes again sooner is sent on by its switch. */
const STEP_NS = 2_000_000n;

function rows(...frames: (Uint8Array | [tap: number, Uint8Array])[]) {
  const ended: ExchangeRow[] = [];
  const tracker = new ExchangeTracker((row) => ended.push(row));
  const conversation = new Conversation();
  for (const [index, one] of frames.entries()) {
    const [tap, bytes] = one instanceof Uint8Array ? [0, one] : one;
    tracker.add(decodeFrame(bytes, { conversation }), index + 1, BigInt(index) * STEP_NS, tap);
  }
  tracker.finish();
  return { ended, counts: tracker.counts };
}

describe('exchanges of a capture', () => {
  it('show what was asked, what came, and how long it took', () => {
    const residual = { flags: RspFlags.RESID_UNDER, residualCount: 512 };
    expect(rows(read(1), dataIn(1, 512), response(1, residual)).ended).toMatchObject([
      {
        kind: 'fcp',
        originator: ADDRESS,
        responder: TARGET_ADDRESS,
        command: 'READ(10)',
        lba: 5n,
        blocks: 2,
        dataBytes: 512,
        expectedBytes: 1024,
        residual: 512,
        status: 'GOOD',
        end: 'completed',
        firstFrame: 1,
        lastFrame: 3,
        startNs: 0n,
        endNs: 2n * STEP_NS,
      },
    ]);
  });

  it('end by an abort, by nothing, or by their OX_ID that is used again', () => {
    expect(rows(read(1), abts(1), baAcc(1)).counts.fcp).toEqual({
      opened: 1,
      completed: 0,
      aborted: 1,
      unanswered: 0,
    });
    expect(rows(read(1), read(1)).counts.fcp).toMatchObject({ opened: 2, unanswered: 2 });
  });

  it('are one each, where a tap sees their switch send them on', () => {
    const tracker = new ExchangeTracker();
    const conversation = new Conversation();
    const frames = [read(1), read(1), response(1)];
    frames.forEach((bytes, i) => {
      tracker.add(decodeFrame(bytes, { conversation }), i + 1, BigInt(i) * 1000n, 0);
    });
    tracker.finish();
    expect(tracker.counts.fcp).toMatchObject({ opened: 1, completed: 1, unanswered: 0 });
  });

  it('are one each, at however many taps they are seen', () => {
    const twice = rows(
      [0, read(1)],
      [1, read(1)],
      [0, dataIn(1, 8)],
      [1, dataIn(1, 8)],
      response(1),
    );
    expect(twice.counts.fcp).toMatchObject({ opened: 1, completed: 1 });
    expect(twice.ended[0]!.dataBytes).toBe(8);
  });

  it('of link services end with their last sequence', () => {
    const logo = Uint8Array.of(5, 0, 0, 0, ...new Uint8Array(12));
    const { ended, counts } = rows(elsRequest(3, logo), elsReply(3, Uint8Array.of(2, 0, 0, 0)));
    expect(counts.els).toMatchObject({ opened: 1, completed: 1 });
    expect(ended[0]!.command).toBe('LOGO');
  });
});
