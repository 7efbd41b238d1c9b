/** Zoning requests of the REST surface, on a copy of the definitions. */
import { describe, expect, test } from 'vitest';
import { RestBodyError } from '../../../../src/live/management/rest-format.ts';
import { changeDefined, readDefined } from '../../../../src/live/management/rest-zoning.ts';
import { ZoneEdit, ZoneError } from '../../../../src/live/management/zone-database.ts';

const A = 'c0:50:76:00:00:00:01:00';
const B = '50:06:01:60:00:00:00:01';
const edited = () =>
  new ZoneEdit(
    { alias: new Map(), zone: new Map([['z0', [A]]]), cfg: new Map([['c0', ['z0']]]) },
    0,
  );

describe('definitions', () => {
  test.each<[string, readonly string[], object]>([
    ['by the path', ['zone', 'zone-name', 'z1'], { 'member-entry': { 'entry-name': [A] } }],
    [
      'by the path, with the kind in the body',
      ['zone', 'zone-name', 'z1'],
      { zone: { 'member-entry': { 'entry-name': A } } },
    ],
    [
      'as a list',
      ['zone'],
      { zone: [{ 'zone-name': 'z1', 'member-entry': { 'entry-name': [A] } }] },
    ],
    ['as one', ['zone'], { zone: { 'zone-name': 'z1', 'member-entry': { 'entry-name': A } } }],
    ['bare', ['zone'], { 'zone-name': 'z1', 'member-entry': { 'entry-name': A } }],
    [
      'below the whole',
      [],
      {
        'defined-configuration': {
          zone: [{ 'zone-name': 'z1', 'member-entry': { 'entry-name': A } }],
        },
      },
    ],
  ])('are named %s', (_how, path, body) => {
    const edit = edited();
    changeDefined(edit, 'POST', path, body as Record<string, unknown>);
    expect(edit.definitions.zone.get('z1')).toEqual([A]);
  });

  test('POST adds, PATCH replaces, DELETE takes away', () => {
    const edit = edited();
    const members = (...names: string[]) => ({ 'member-entry': { 'entry-name': names } });
    const path = ['zone', 'zone-name', 'z0'];
    changeDefined(edit, 'POST', path, members(B));
    expect(edit.definitions.zone.get('z0')).toEqual([A, B]);
    changeDefined(edit, 'PATCH', path, members(B));
    expect(edit.definitions.zone.get('z0')).toEqual([B]);
    changeDefined(edit, 'DELETE', path, members(B));
    expect(edit.definitions.zone.get('z0')).toEqual([]);
    changeDefined(edit, 'DELETE', path, {});
    expect(edit.definitions.zone.has('z0')).toBe(false);
  });

  test.each<
    [
      'POST' | 'PATCH' | 'DELETE',
      readonly string[],
      object,
      typeof ZoneError | typeof RestBodyError,
    ]
  >([
    ['PATCH', ['zone', 'zone-name', 'z9'], {}, ZoneError],
    ['DELETE', ['zone', 'zone-name', 'z9'], {}, ZoneError],
    ['POST', ['zone', 'cfg-name', 'z1'], {}, ZoneError],
    ['POST', ['nothing'], {}, ZoneError],
    ['POST', [], { 'defined-configuration': 'x' }, ZoneError],
    ['POST', ['zone'], { zone: ['x'] }, ZoneError],
    [
      'POST',
      ['zone'],
      { zone: [{ 'zone-name': 'z1', 'member-entry': { 'entry-name': [7] } }] },
      RestBodyError,
    ],
  ])('%s %j %j is refused', (method, path, body, kind) => {
    const edit = edited();
    expect(() => changeDefined(edit, method, path, body as Record<string, unknown>)).toThrow(kind);
  });
});

describe('reading', () => {
  test('all, a kind, one of it', () => {
    const zone = {
      'zone-name': 'z0',
      'zone-type': 0,
      'zone-type-string': 'zone',
      'member-entry': { 'entry-name': [A] },
    };
    const cfg = { 'cfg-name': 'c0', 'member-zone': { 'zone-name': ['z0'] } };
    expect(readDefined(edited(), [])).toEqual({
      leaf: 'defined-configuration',
      value: { alias: [], zone: [zone], cfg: [cfg] },
    });
    expect(readDefined(edited(), ['zone'])).toEqual({ leaf: 'zone', value: [zone] });
    expect(readDefined(edited(), ['cfg', 'cfg-name', 'c0'])).toEqual({ leaf: 'cfg', value: cfg });
  });

  test.each([
    [['alias']],
    [['zone', 'zone-name', 'z9']],
    [['zone', 'cfg-name', 'z0']],
    [['nothing']],
  ])('%j is not there', (path) => expect(readDefined(edited(), path)).toBeUndefined());
});
