/** What the options of `sanmotion campaign` say. */
import { describe, expect, test } from 'vitest';
import {
  type CampaignOptions,
  checkReplay,
  planOf,
  worldOf,
} from '../../../src/cli/campaign-options.ts';
import { UsageError } from '../../../src/cli/output.ts';

describe('the plan', () => {
  test.each<[CampaignOptions, ReturnType<typeof planOf>]>([
    [{}, { mode: { mode: 'random', faultsMax: 2 }, seeds: [1, 200] }],
    [
      { faults: '5', seeds: '3..7' },
      { mode: { mode: 'random', faultsMax: 5 }, seeds: [3, 7] },
    ],
    [{ exhaustive: true }, { mode: { mode: 'exhaustive' }, seeds: [1, 1] }],
    [
      { pairs: '30', seeds: '9' },
      { mode: { mode: 'pairs', pairs: 30 }, seeds: [9, 9] },
    ],
  ])('of %j', (options, plan) => expect(planOf(options)).toEqual(plan));

  test.each<[CampaignOptions, string]>([
    [{ seeds: '5..1' }, '--seeds 5..1: give A..B'],
    [{ seeds: '1..' }, '--seeds 1..'],
    [{ seeds: '99999999999999999999' }, '--seeds 9'],
    [{ pairs: '0' }, '--pairs 0: a whole number from 1'],
    [{ faults: '17' }, '--faults 17: a whole number from 1 to 16'],
    [{ exhaustive: true, pairs: '3' }, '--exhaustive and --pairs exclude each other'],
    [{ pairs: '3', faults: '3' }, '--faults is for random faults'],
  ])('of %j is refused', (options, words) => {
    expect(() => planOf(options)).toThrow(words);
    expect(() => planOf(options)).toThrow(UsageError);
  });
});

describe('the world', () => {
  test('is the scenario, with what the options say of its runs', () => {
    const world = worldOf(undefined, { drain: 'abort' }, { ios: '7', lifetime: '250' });
    expect(world).toMatchObject({ iosPerStep: 7, lifetimeNs: 250_000_000 });
    expect(world.scenario.move.drain).toBe('abort');
  });

  test('has four I/Os a step, and frames that live as long as they may', () => {
    const world = worldOf(undefined, {}, {});
    expect(world.iosPerStep).toBe(4);
    expect(world).not.toHaveProperty('lifetimeNs');
  });

  test('has limits', () => {
    expect(() => worldOf(undefined, {}, { ios: '0' })).toThrow('--ios 0: a whole number from 1');
    expect(() => worldOf(undefined, {}, { lifetime: 'x' })).toThrow('--lifetime x');
  });
});

describe('beside --replay', () => {
  test.each<[CampaignOptions, string]>([
    [{ replay: 'r.jsonl', resume: true }, '--resume does nothing with --replay and a result file'],
    [{ replay: 'r.jsonl', ios: '3' }, '--ios does nothing with --replay and a result file'],
    [{ replay: '{"seed":1}', seeds: '1..3' }, '--seeds does nothing with --replay: leave it out'],
    [{ replay: '{"seed":1}', out: 'x' }, '--out does nothing with --replay'],
    [{ replay: '{"seed":1}', shrink: false }, '--no-shrink does nothing with --replay'],
  ])('what it would ignore is refused: %j', (options, words) => {
    expect(() => checkReplay(options)).toThrow(words);
    expect(() => checkReplay(options)).toThrow(UsageError);
  });

  test('what is for it is not, nor anything without it', () => {
    checkReplay({ replay: ' {"seed":1}', ios: '3', lifetime: '5', shrink: true, json: true });
    checkReplay({ replay: 'r.jsonl', drain: 'abort', shrink: true });
    checkReplay({ seeds: '1', resume: true, shrink: false, ios: '3' });
  });
});
