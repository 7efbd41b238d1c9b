/** The part of a move that takes a disk along: what is asked of the source, and when. */
import { expect, it } from 'vitest';
import { copyDisk, dropCopy, finishCopy } from '../../../src/mobility/disk-steps.ts';
import type { Answer, MovePlan, Step } from '../../../src/mobility/plan.ts';
import { StepFailed } from '../../../src/mobility/step-failed.ts';

const disk = {
  ...{ volume: 'disk', to: '6025', by: 'iterative', chunkBlocks: 8, windowBlocks: 8 },
  ...{ roundsMax: 3, restBlocks: 0 },
} as const;
const PLAN = { vm: 'vm1', from: 'h1', disk, units: [{ luName: '6025', name: 'new' }] };
const plan = PLAN as unknown as MovePlan;

function stepsOf(steps: Generator<Step, void, Answer | undefined>, answer: Answer | undefined) {
  const seen: Step[] = [];
  let next = steps.next();
  while (next.done !== true) {
    seen.push(next.value);
    next = steps.next(next.value.step === 'ask' ? answer : undefined);
  }
  return seen;
}

it('asks the source to copy, names the unit, and asks for the rest when the guest stands still', () => {
  expect(stepsOf(copyDisk(plan), { ok: true, command: 'copy-disk' })).toEqual([
    { step: 'phase', phase: 'pre-copy', detail: 'disk is copied to new in rounds' },
    { step: 'ask', host: 'h1', command: { command: 'copy-disk', vm: 'vm1', disk } },
  ]);
  expect(stepsOf(finishCopy(plan), { ok: true, command: 'finish-copy' })).toEqual([
    { step: 'phase', phase: 'drain', detail: 'the rest of disk is copied' },
    { step: 'ask', host: 'h1', command: { command: 'finish-copy', vm: 'vm1' } },
  ]);
});

it('fails by a refusal or by silence; on the way back neither matters', () => {
  const refused = { ok: false, reason: 'no space' } as const;
  expect(() => stepsOf(copyDisk(plan), refused)).toThrow(new StepFailed('no space'));
  expect(() => stepsOf(copyDisk(plan), undefined)).toThrow('h1 did not answer to copy-disk');
  expect(stepsOf(dropCopy(plan), refused)).toHaveLength(1);
});

it('has nothing to do where the data stay', () => {
  const stays = { ...plan, disk: undefined } as unknown as MovePlan;
  for (const steps of [copyDisk, finishCopy, dropCopy])
    expect(stepsOf(steps(stays), undefined)).toEqual([]);
});
