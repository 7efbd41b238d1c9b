import { describe, expect, test } from 'vitest';
import { formatOrigin, type Origin, Origins } from '../../../src/scenario/origin.ts';

const FILE: Origin = { from: 'file', file: 'x.yaml', line: 3, column: 5 };
const OPTION: Origin = { from: 'option', option: '--drain' };

describe('origins', () => {
  test('what nobody else gave is the file, asked by the whole path', () => {
    const asked: unknown[] = [];
    const origins = new Origins((path) => {
      asked.push(path);
      return FILE;
    });
    expect(origins.of(['move', 'drain'])).toBe(FILE);
    expect(asked).toEqual([['move', 'drain']]);
  });

  test('a part that was given takes along what is in it, and nothing beside it', () => {
    const origins = new Origins(() => FILE);
    origins.give(['move', 'defences'], OPTION);
    expect(origins.of(['move', 'defences', 0])).toBe(OPTION);
    expect(origins.of(['move', 'defencesX'])).toBe(FILE);
    expect(origins.of(['move'])).toBe(FILE);
  });

  test('the nearest one that was given counts, and the last', () => {
    const origins = new Origins(() => FILE);
    origins.give(['vms', 0], FILE);
    origins.give(['vms', 0, 'host'], FILE);
    origins.give(['vms', 0, 'host'], OPTION);
    expect(origins.of(['vms', 0, 'host'])).toBe(OPTION);
    expect(origins.of(['vms', 0, 'name'])).toBe(FILE);
  });

  test('as text', () => {
    expect(formatOrigin(FILE)).toBe('x.yaml:3:5');
    expect(formatOrigin({ ...FILE, from: 'default' })).toBe('x.yaml:3:5');
    expect(formatOrigin(OPTION)).toBe('--drain');
    const ofFile: Origin = { from: 'profile', profile: 'npv', chosen: FILE };
    expect(formatOrigin(ofFile)).toBe('profile npv (x.yaml:3:5)');
  });
});
