/** Frames that damage of a file took away accuse nobody, and what stood before stays. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CaptureJudge } from '../../src/audit/capture-judge.ts';
import { openCapture } from '../../src/capture/index.ts';
import { testFolder } from '../helpers/folder.ts';

const folder = testFolder('damage');

/** What is violated where the block of each of these frames is damaged. */
async function violated(fixture: string, frame: number): Promise<[frames: number, string[]]> {
  const bytes = readFileSync(fixture);
  let frames = 0;
  for (let start = 0; start < bytes.length; ) {
    const total = bytes.readUInt32LE(start + 4);
    if (bytes.readUInt32LE(start) === 6 && ++frames === frame)
      bytes.writeUInt32LE(0xdead_beef, start + 4);
    start += total;
  }
  const capture = await openCapture(folder.file('damaged.pcapng', bytes));
  const judge = new CaptureJudge(capture.info);
  let seen = 0;
  const visited = capture.visitAll((place) => {
    seen++;
    judge.visit(place);
  });
  await expect(visited).rejects.toThrow(/the file is damaged there/);
  const { verdict } = judge.finish();
  return [seen, verdict.filter((one) => one.result === 'violated').map((one) => one.invariant)];
}

test('whichever frame is missing, a sound capture stays sound', async () => {
  for (let frame = 1; frame < 49; frame++)
    expect(await violated('fixtures/lun-reuse-rescan.pcapng', frame), `frame ${frame}`).toEqual([
      48,
      [],
    ]);
});

test('what was proven before the damage is said', async () => {
  expect(await violated('fixtures/lun-reuse.pcapng', 39)).toEqual([40, ['I21']]);
  // The look that would prove it is missing, or may be.
  expect(await violated('fixtures/lun-reuse.pcapng', 34)).toEqual([40, []]);
  expect(await violated('fixtures/lun-reuse.pcapng', 32)).toEqual([40, []]);
});
