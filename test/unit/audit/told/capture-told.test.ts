import { expect, it } from 'vitest';
import { CaptureJudge } from '../../../../src/audit/capture-judge.ts';
import { openCapture } from '../../../../src/capture/index.ts';

async function reportOf(file: string, linkType?: number) {
  const { info, frames } = await openCapture(file);
  const judge = new CaptureJudge(info);
  for await (const batch of frames)
    for (const frame of batch) judge.add(linkType === undefined ? frame : { ...frame, linkType });
  return judge.finish();
}

it('tells answers, refusals and latencies with the names of the ports', async () => {
  const report = await reportOf('fixtures/fabric-move-same.pcap');
  expect(report.statuses[0]).toMatchObject({
    initiator: { wwpn: '20:01:52:54:00:aa:00:01' },
    target: { wwpn: '20:00:52:54:00:bb:00:01' },
    sense: 'ILLEGAL REQUEST 20/00 INVALID COMMAND OPERATION CODE',
    count: 2,
  });
  expect(report.rejects).toHaveLength(5);
  expect(report.rejects[0]).toMatchObject({
    from: '01cc00',
    to: '01bb00',
    count: 1,
    firstFrame: 85,
  });
  expect(report.latencies.reduce((sum, { count }) => sum + count, 0)).toBe(268);
  expect(report.loginLoops).toEqual([]);
  expect(report.unread).toEqual([]);
  expect(report.eventCounts).toMatchObject({ reject: 5, 'check-condition': 4 });
});

it('says which link type is not read, once', async () => {
  const report = await reportOf('fixtures/field/01-read-whole.pcap', 147);
  expect(report.unread).toEqual([{ what: 'link type', code: 147, frames: 4 }]);
});
