/** What is to be said of the frames of an unsafe run, found by making it again. */
import { expect, test } from 'vitest';
import { lateFrames } from '../../../src/run/late-frames.ts';
import { runMove } from '../../../src/run/run.ts';
import { storyOf } from '../../../src/run/story.ts';
import { scenarioOf } from '../../helpers/moves.ts';

const scenario = scenarioOf({ profile: 'powervm' });
const undisturbed = runMove({ scenario });
const rules = lateFrames('data', scenario, undisturbed);

test('of a late write: that it was held, when it was applied, when the guest was told', () => {
  const report = runMove({ scenario, rules });
  expect(report.hits.length).toBeGreaterThan(0);
  const notes = storyOf({ scenario, rules }, report);
  const marks = [...notes.values()].flatMap((note) => note.marks.map(({ text }) => text));
  for (const words of [/^held until \+/, /^applied \+/, /^purged \+/, /^guest told \+/])
    expect(marks.filter((mark) => words.test(mark)).length, `${words}`).toBeGreaterThan(0);
  const ghosts = [...notes].filter(([, { texts }]) =>
    texts.some((text) => text.includes('after the guest was told')),
  );
  const { frames } = report.verdict.find(({ invariant }) => invariant === 'I7')!;
  expect(ghosts.length).toBeGreaterThan(0);
  for (const [frame, { held }] of ghosts) {
    expect(frames).toContain(frame);
    expect(held!.untilNs).toBeGreaterThan(held!.fromNs);
  }
});

test('nothing where nothing is violated', () => {
  expect(storyOf({ scenario }, undisturbed).size).toBe(0);
});
