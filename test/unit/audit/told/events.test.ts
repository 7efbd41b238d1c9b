import { describe, expect, it } from 'vitest';
import { CaptureJudge } from '../../../../src/audit/capture-judge.ts';
import { type EVENT_KINDS, Events } from '../../../../src/audit/told/events.ts';
import { openCapture } from '../../../../src/capture/index.ts';
import { exchangeRow } from '../../../helpers/exchange-row.ts';

async function eventsOf(file: string) {
  const { info, frames } = await openCapture(file);
  const judge = new CaptureJudge(info);
  for await (const batch of frames) for (const frame of batch) judge.add(frame);
  judge.finish();
  return judge.events().rows;
}

describe('events of exchanges', () => {
  const eventOf = (changes: Parameters<typeof exchangeRow>[0]) => {
    const events = new Events();
    events.exchange(exchangeRow(changes));
    return events.rows().map(({ kind, frames, what }) => [kind, frames, what]);
  };
  const where = '010101 → 010201 OX_ID 0007';

  it('tell what an exchange came to', () => {
    expect(eventOf({})).toEqual([]);
    expect(eventOf({ end: 'unanswered', lastFrame: 1 })).toEqual([
      ['unanswered', [1], `READ(10) ${where} LUN 0: no answer in the capture`],
    ]);
    expect(eventOf({ end: 'aborted' })[0]!.slice(0, 2)).toEqual(['aborted', [1, 3]]);
    expect(eventOf({ status: 'TASK_SET_FULL' })[0]).toEqual([
      'status',
      [1, 3],
      `READ(10) ${where} LUN 0: TASK SET FULL`,
    ]);
    const sense = { senseKey: 5, asc: 0x24, ascq: 0 };
    expect(eventOf({ status: 'CHECK_CONDITION', sense })[0]).toEqual([
      'check-condition',
      [1, 3],
      `READ(10) ${where} LUN 0: CHECK CONDITION ILLEGAL REQUEST 24/00 INVALID FIELD IN CDB`,
    ]);
    expect(eventOf({ command: 'LOGICAL UNIT RESET' })[0]![0]).toBe('task-management');
    expect(eventOf({ kind: 'nvme', status: 'SUCCESS' })).toEqual([]);
  });
});

describe('events of a capture', () => {
  it('have the frames that tshark shows them in', async () => {
    const rows = await eventsOf('fixtures/fabric-move-same.pcap');
    const framesOf = (kind: (typeof EVENT_KINDS)[number]) =>
      rows.filter((one) => one.kind === kind).map(({ frames }) => frames.at(-1));
    // tshark -Y 'fcels.opcode==1 || fcct.cmd==0x8001', and scsi.status==2.
    expect(framesOf('reject')).toEqual([85, 696, 697, 699, 701]);
    expect(framesOf('check-condition')).toEqual([257, 274, 496, 867]);
    expect(framesOf('logout')).toContain(688);
  });

  it('tell a gap, and what was asked for again', async () => {
    const rows = await eventsOf('fixtures/field/23-rec-srr-recovery.pcap');
    expect(rows.map(({ kind, frames }) => [kind, frames])).toEqual([
      ['gap', [1, 4]],
      ['recovery', [6]],
      ['recovery', [8]],
    ]);
    expect(rows[0]!.what).toContain('offset 3072');
  });

  it('tell cleared virtual links and what is malformed', async () => {
    const rows = await eventsOf('fixtures/field/17-fip-odd.pcap');
    expect(rows.map(({ kind, frames }) => `${kind} ${frames}`)).toEqual([
      'malformed 2',
      'malformed 5',
      'malformed 6',
      'clear-virtual-links 10',
    ]);
  });
});
