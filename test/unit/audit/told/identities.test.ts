/** The rows of units, and captures of a run in which a LUN is given to another unit. */
import { describe, expect, it } from 'vitest';
import { CaptureJudge } from '../../../../src/audit/capture-judge.ts';
import { openCapture } from '../../../../src/capture/index.ts';
import { Conversation, decodeFrame, type Frame } from '../../../../src/codecs/index.ts';

const A = 'naa.602534d0000000004f9e14b634c6b026';
const B = 'naa.602534d0000000014f9e14b634c6b026';

async function judged(name: string, keep: (frame: Frame) => boolean = () => true) {
  const capture = await openCapture(`fixtures/${name}.pcapng`);
  const judge = new CaptureJudge(capture.info);
  const conversation = new Conversation();
  for await (const batch of capture.frames)
    for (const one of batch) {
      const { linkType, originalLength } = one;
      if (keep(decodeFrame(one.bytes, { linkType, originalLength, conversation }))) judge.add(one);
    }
  const { identities, verdict } = judge.finish();
  const violated = verdict.filter(({ result }) => result === 'violated');
  const i21 = verdict.find(({ invariant }) => invariant === 'I21')!;
  return { identities, violated: violated.map(({ invariant }) => invariant), i21 };
}

describe('a LUN that was given to another unit', () => {
  it('is told with the write that went there, unseen', async () => {
    const { identities, violated, i21 } = await judged('lun-reuse');
    expect(violated).toEqual(['I21']);
    expect(i21).toMatchObject({ frames: [21, 22, 33] });
    expect(i21.detail).toContain(`meaning ${A}, which its look in frame 33 shows to be ${B}`);
    expect(identities).toMatchObject([
      {
        initiator: { nPortId: '010007', wwpn: 'c0:50:76:00:00:00:01:01' },
        target: { nPortId: '010004', wwpn: '50:06:01:60:00:00:00:01' },
        lun: '0',
        identity: B,
        blocks: '2048',
        looks: [11, 33],
        heeded: [{ warning: '3F/0E', warningFrame: 22, commands: 1, lookFrame: 33 }],
        unseen: undefined,
      },
    ]);
    expect(identities[0]!.heeded[0]).toMatchObject({ from: A, to: B, firstFrame: 21 });
  });

  it('accuses nobody who looks before writing', async () => {
    const { identities, violated, i21 } = await judged('lun-reuse-rescan');
    expect(violated).toEqual([]);
    expect(i21.result).toBe('holds');
    expect(identities[0]!.heeded).toMatchObject([{ from: A, to: B, commands: 0 }]);
  });

  it('is not observable where no look shows the unit, but what was unseen is said', async () => {
    let looks = 0;
    const { identities, violated, i21 } = await judged('lun-reuse', (frame) => {
      const { command } = frame.exchange ?? {};
      if (command?.name === 'REPORT LUNS') looks++;
      return command?.name !== 'INQUIRY' || looks < 4;
    });
    expect(violated).toEqual([]);
    expect(i21).toMatchObject({
      result: 'not-observable',
      detail:
        '1 logical units were read or written after a warning that they may be others, and no look proves what they were',
    });
    expect(identities).toMatchObject([
      { identity: A, unseen: { warning: '3F/0E', warningFrame: 22, commands: 1 } },
    ]);
  });
});
