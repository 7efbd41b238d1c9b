/** A scheduler that starves a group is caught by I27, and a sound one is not. */
import { afterEach, expect, test, vi } from 'vitest';
import { GroupScheduler } from '../../../src/link/group-scheduler.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { run } from '../../helpers/audited-run.ts';
import { mutantsOfLinks } from './mutants-of-links.ts';

afterEach(() => vi.restoreAllMocks());

/** Storage is to get 40 percent beside other traffic. */
function tune(scenario: Scenario): Scenario {
  const tuned = mutantsOfLinks.I27!.tune!(scenario);
  const groups = [
    { priorities: [0], bandwidth: 60 },
    { priorities: [3], bandwidth: 40 },
  ];
  return { ...tuned, qos: { ...tuned.qos!, groups } };
}

const i27 = () =>
  run({ make: () => {}, tune }).verdict.find(({ invariant }) => invariant === 'I27')!;

test('a scheduler that always takes the first group starves the second', () => {
  expect(i27()).toMatchObject({ result: 'holds', detail: expect.stringMatching(/^[1-9]/) });
  vi.spyOn(GroupScheduler.prototype, 'choose').mockImplementation((heads) => {
    const first = heads.findIndex((bytes) => bytes > 0);
    return first < 0 ? undefined : first;
  });
  expect(i27()).toMatchObject({
    result: 'violated',
    detail: expect.stringMatching(/^group 1 got .* and was to get 40 %/),
  });
});
