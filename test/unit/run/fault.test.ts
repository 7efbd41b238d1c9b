/** Faults as JSON: what is taken, and what is said of the rest. */
import { describe, expect, test } from 'vitest';
import { parseFaults } from '../../../src/run/fault.ts';

describe('faults', () => {
  test('every kind is taken as it is', () => {
    const faults = [
      { frame: 1, fault: 'drop' },
      { frame: 2, fault: 'duplicate' },
      { frame: 2, fault: 'duplicate', delayNs: 70_000 },
      { frame: 3, fault: 'delay', delayNs: 9e9 },
      { frame: 4, fault: 'hold', delayNs: 1 },
      { frame: 5, fault: 'corrupt' },
      { frame: 6, fault: 'cut', forNs: 5 },
      { frame: 7, fault: 'crash', node: 'h1' },
    ];
    expect(parseFaults(JSON.parse(JSON.stringify(faults)))).toEqual(faults);
  });

  test.each([
    [{}, 'faults: a list'],
    [[1], 'faults[0]: an object'],
    [[{ frame: 1, fault: 'melt' }], 'fault is "melt"; allowed: drop, duplicate, delay'],
    [[{ frame: 0, fault: 'drop' }], 'frame is 0; a whole number 1 to'],
    [[{ frame: 1.5, fault: 'drop' }], 'frame is 1.5'],
    [[{ frame: 1, fault: 'delay' }], 'delayNs is undefined'],
    [[{ frame: 1, fault: 'delay', delayNs: -1 }], 'delayNs is -1'],
    [[{ frame: 1, fault: 'drop', delayNs: 1 }], 'drop has no delayNs'],
    [[{ frame: 1, fault: 'crash' }], 'a crash names its node'],
    [[{ frame: 1, fault: 'cut', forNs: 0 }], 'forNs is 0'],
    [new Array(65).fill({ frame: 1, fault: 'drop' }), 'at most 64'],
  ])('%j is refused', (value, words) => {
    expect(() => parseFaults(value)).toThrow(words);
  });
});
