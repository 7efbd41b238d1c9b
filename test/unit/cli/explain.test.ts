/** `sanmotion explain`: one invariant, all of them, as text and as JSON. */
import { expect, test } from 'vitest';
import { invariants } from '../../../src/audit/auditor.ts';
import { explanationOf } from '../../../src/audit/explanations.ts';
import { explainCommand } from '../../../src/cli/explain.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { said } from '../../helpers/said.ts';

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test('one: sentence, evidence, broken machine, and what to do', async () => {
  const { status, stdout } = await said(() => explainCommand(['i7'], {}));
  expect(status).toBe(0);
  const words = stdout.replace(/\s+/g, ' ');
  expect(words).toMatch(/^I7 No write reaches the medium after its end was reported/);
  expect(words).toContain('violated a ghost write');
  expect(words).toContain("needs what reached the medium, what the guest was told, the target's");
  expect(words).toContain(`caught ${explanationOf('I7')!.mutant}`);
  expect(words).toContain(`what to do ${explanationOf('I7')!.remedy}`);
});

test('without a name a line for each; with --json all that is known', async () => {
  const { stdout } = await said(() => explainCommand([], {}));
  expect(stdout.match(/^I\d+ /gm)).toHaveLength(invariants().length);
  const json = JSON.parse((await said(() => explainCommand([], { json: true }))).stdout);
  expect(json).toHaveLength(invariants().length);
  expect(json[6]).toMatchObject({
    invariant: 'I7',
    isBuilt: true,
    breach: 'a ghost write',
    mutant: explanationOf('I7')!.mutant,
    remedy: explanationOf('I7')!.remedy,
  });
  const one = JSON.parse((await said(() => explainCommand(['I36', 'I1'], { json: true }))).stdout);
  expect(one.map((each: { invariant: string }) => each.invariant)).toEqual(['I36', 'I1']);
  expect(one[0]).toMatchObject({ isBuilt: true, breach: 'legs that differ, and nobody knows' });
});

test('an invariant that does not exist is refused with those that do', () => {
  expect(() => explainCommand(['I99'], {})).toThrow(UsageError);
  expect(() => explainCommand(['I99'], {})).toThrow(
    /^explain I99: there are I1 to I\d+(?:, I\d+(?: to I\d+)?)*; profiles powervm, /,
  );
  // A number that none has is in no range.
  const [, ranges = ''] =
    /there are (.*?);/.exec(messageOf(() => explainCommand(['I99'], {}))) ?? [];
  const named = ranges.split(', ').flatMap((range) => {
    const [first = 0, last = first] = [...range.matchAll(/\d+/g)].map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => `I${first + i}`);
  });
  expect(named).toEqual(invariants().map(({ invariant }) => invariant));
  expect(() => explainCommand(['powervn'], {})).toThrow(/did you mean powervm\?$/);
});
