import { describe, expect, it } from 'vitest';
import { Answers } from '../../../../src/audit/told/answers.ts';
import { PortNames } from '../../../../src/audit/told/port-names.ts';
import { exchangeRow } from '../../../helpers/exchange-row.ts';

function answersTo(...rows: Parameters<typeof exchangeRow>[0][]) {
  const names = new PortNames();
  names.learn('', 0x010101, 0x2000_0025_b500_0001n);
  const answers = new Answers(names);
  for (const row of rows) answers.take(exchangeRow(row));
  return answers;
}

describe('statuses other than GOOD', () => {
  const sense = { senseKey: 6, asc: 0x29, ascq: 0 };
  const attention = { status: 'CHECK_CONDITION', sense } as const;

  it('are counted by initiator, target, unit, status and sense', () => {
    const answers = answersTo(
      { ...attention, lastFrame: 5 },
      { status: 'RESERVATION_CONFLICT', command: 'WRITE(10)', lastFrame: 9, lun: 1n << 48n },
      { ...attention, lastFrame: 20 },
      {},
      { ...attention, originator: 0x010102, lastFrame: 30 },
    );
    expect(answers.statuses()).toMatchObject([
      {
        initiator: { nPortId: '010101', wwpn: '20:00:00:25:b5:00:00:01' },
        target: { nPortId: '010201', wwpn: undefined },
        lun: '0',
        status: 'CHECK CONDITION',
        sense: 'UNIT ATTENTION 29/00 POWER ON, RESET, OR BUS DEVICE RESET OCCURRED',
        count: 2,
        firstFrame: 5,
        lastFrame: 20,
      },
      { status: 'RESERVATION CONFLICT', sense: undefined, lun: '1', count: 1 },
      { initiator: { nPortId: '010102' }, count: 1 },
    ]);
  });
});

describe('latencies', () => {
  it('are those of the port that had the address then', () => {
    const names = new PortNames();
    const answers = new Answers(names);
    const target = 0x010201;
    names.learn('', target, 1n);
    answers.take(exchangeRow({ responder: target }));
    names.learn('', target, 2n);
    answers.take(exchangeRow({ responder: target }));
    expect(answers.latencies().map((row) => row.target.wwpn)).toEqual([
      '00:00:00:00:00:00:00:01',
      '00:00:00:00:00:00:00:02',
    ]);
  });

  it('are those of reads, writes and others apart, of what was answered', () => {
    const answers = answersTo(
      ...[1n, 2n, 3n].map((ms) => ({ endNs: ms * 1_000_000n })),
      { command: 'WRITE(16)', endNs: 9_000_000n },
      { command: 'INQUIRY', endNs: 5n },
      { end: 'unanswered', endNs: 90_000_000n },
      { kind: 'els', command: 'PLOGI' },
      { kind: 'nvme', command: 'NVMe READ', lun: undefined, status: 'SUCCESS' },
    );
    expect(
      answers.latencies().map(({ what, lun, count, maxNs }) => [what, lun, count, maxNs]),
    ).toEqual([
      ['reads', '0', 3, 3e6],
      ['writes', '0', 1, 9e6],
      ['others', '0', 1, 5],
      ['reads', undefined, 1, 1e6],
    ]);
    const { p50Ns, p99Ns } = answers.latencies()[0]!;
    expect(p50Ns).toBeGreaterThanOrEqual(2e6);
    expect(p50Ns).toBeLessThan(2.1e6);
    expect(p99Ns).toBe(3e6);
  });

  it('are of 10,000 initiators and units at most, and the answers of others are counted', () => {
    const rows = Array.from({ length: 10_005 }, (_, i) => ({ originator: i + 1 }));
    const answers = answersTo(...rows, { originator: 1 }, { originator: 10_001 });
    expect(answers.latencies().length).toBe(10_000);
    expect(answers.latencies()[0]).toMatchObject({ count: 2, initiator: { nPortId: '000001' } });
    expect(answers.latenciesLeft).toBe(6);
  });
});
