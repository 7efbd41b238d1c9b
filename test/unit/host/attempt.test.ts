/** One sending of an I/O, and what it comes to in the books. */
import { describe, expect, it } from 'vitest';
import { Attempt, attemptEndOf } from '../../../src/host/attempt.ts';
import type { GuestIo } from '../../../src/host/workload.ts';
import type { Path } from '../../../src/scsi/initiator/multipath.ts';
import type { CommandOutcome } from '../../../src/scsi/transport.ts';

const NONE = new Uint8Array(0);
const answered = (status: number): CommandOutcome => ({
  end: 'answered',
  status,
  sense: NONE,
  data: NONE,
  residual: 0,
});

describe('an attempt', () => {
  it('is a command on its path, and tells its end once it has one', () => {
    const told: unknown[] = [];
    const path = { lun: 5n } as Path;
    const sent = { cdb: { kind: 'TEST UNIT READY' }, dataOut: NONE, dataInBytes: 512 } as const;
    const cdb = new Uint8Array(6);
    const owner = { handleEnd: (one: Attempt, outcome: CommandOutcome) => told.push(one, outcome) };
    const attempt = new Attempt(owner, { attempts: 3 } as GuestIo, path, sent, cdb, 7);
    expect(attempt).toMatchObject({
      lun: 5n,
      number: 3,
      dataInBytes: 512,
      timeoutNs: 7,
      ended: false,
    });
    expect(attempt.cdb).toBe(cdb);
    const outcome = answered(0);
    attempt.onDone(outcome);
    expect(attempt.ended).toBe(true);
    expect(told).toEqual([attempt, outcome]);
  });

  it('is in the books as what it came to', () => {
    const ends: CommandOutcome[] = [
      answered(0),
      answered(8),
      { end: 'data-lost' },
      { end: 'aborted' },
      { end: 'forgotten' },
      { end: 'nexus-lost', confirmed: true },
      { end: 'nexus-lost', confirmed: false },
      { end: 'not-sent' },
    ];
    expect(ends.map(attemptEndOf)).toEqual([
      'good',
      'check',
      'data-lost',
      'aborted',
      'purged',
      'lost-cleared',
      'lost-uncleared',
      undefined,
    ]);
  });
});
