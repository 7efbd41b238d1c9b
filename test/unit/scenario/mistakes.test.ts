/** All that is wrong with a file at once, in words that name what is allowed. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nearestName } from '../../../src/codecs/layout/nearest-name.ts';
import { mistakesIn } from '../../../src/scenario/mistakes.ts';
import { scenarioSchema } from '../../../src/scenario/schema.ts';
import { bareShape, type Shape } from '../../../src/scenario/schema-tree.ts';
import { parseYaml } from '../../../src/scenario/yaml-text.ts';
import { complaint, TEXT } from '../../helpers/scenario.ts';

describe('a key that is misspelt', () => {
  it('is named with the one that was meant, which then is not missing', () => {
    const { message, others } = complaint(TEXT.replace(/^move:/m, 'moove:'));
    expect(message).toMatch(/^x\.yaml:\d+:\d+: the scenario has no moove; did you mean move\?$/);
    expect(others).toEqual([]);
  });

  it('in a part of the file, too', () => {
    const { message } = complaint(TEXT.replace('queueDepth: 8', 'queDepth: 8'));
    expect(message).toMatch(/: vms\.0\.workload has no queDepth; did you mean queueDepth\?$/);
  });

  it('of an event is one of its kind', () => {
    const { message } = complaint(`${TEXT}\nevents: [{ at: 1, do: rscn, fabrik: A, for: vm1 }]\n`);
    expect(message).toMatch(/: events\.0 has no fabrik; did you mean fabric\?$/);
  });

  it('like none is named alone', () => {
    expect(complaint(`${TEXT}\nwheels: 4\n`).message).toMatch(/: the scenario has no wheels$/);
  });
});

it('of two least values the higher is told', () => {
  const origins = { of: () => ({ from: 'default', note: '' }) as never };
  const schema = z.object({ ms: z.number().min(0).min(1) });
  const issues = schema.safeParse({ ms: -5 }).error!.issues;
  expect(issues.length).toBe(2);
  const told = mistakesIn(issues, schema as unknown as Shape, { ms: -5 }, origins as never);
  expect(told.map(({ what }) => what)).toEqual(['ms is -5; the least is 1']);
});

it('all mistakes of a file are told, a line each', () => {
  const text = `${TEXT.replace('vlan: 1002', 'vlan: 5000').replace('domain: 1', 'domain: x')}\nwheels: 4\n`;
  const { message, others } = complaint(text);
  expect([message, ...others].map((line) => line.replace(/^x\.yaml:\d+:\d+: /, ''))).toEqual([
    'the scenario has no wheels',
    'fabrics.0.vlan is 5000; the most is 4094',
    'fabrics.0.domain is "x"; needs a number from 1 to 239',
  ]);
});

describe('what is usual says what to write', () => {
  it.each<[string, string, RegExp]>([
    [
      'a part that is missing',
      TEXT.replace(/^hosts:\n(?: .*\n)+/m, ''),
      /hosts is missing: needs a list; write hosts: \[\{ name: h1, ports: \[A\] \}, /,
    ],
    [
      'a word in the place of a list',
      TEXT.replace('ports: [A, A, B, B]', 'ports: A'),
      /array\.ports is "A"; needs a list; write ports: \[A\]$/,
    ],
    [
      'a name with another stroke',
      TEXT.replace('strategy: wwpn-pair', 'strategy: wwpn_pair'),
      /move\.strategy is "wwpn_pair"; allowed: .*; did you mean wwpn-pair\?$/,
    ],
    [
      'a part that is indented',
      TEXT.replace(/^vms:\n((?: .*\n)+)/m, '  vms: []\n'),
      /array has no vms; it is a part of the scenario: begin its line at the margin$/,
    ],
  ])('%s', (_what, text, words) => {
    const { message, others } = complaint(text);
    expect(message).toMatch(words);
    expect(others).toEqual([]);
  });
});

describe('no word of a library', () => {
  it.each<[string, string, RegExp]>([
    [
      'one of several kinds',
      TEXT.replace('{ name: h1,', '{ name: h1, noPathRetryMs: soon,'),
      /hosts\.0\.noPathRetryMs is "soon"; allowed: queue, or a number from 0 to 3600000$/,
    ],
    [
      'a mapping that has too much, in the place of a name',
      TEXT.replace(
        '{ name: h1, ports: [A, B] }',
        '{ name: h1, ports: [{ fabric: A, card: 0, x: 1 }, B] }',
      ),
      /hosts\.0\.ports\.0 has no x$/,
    ],
    [
      'one that has too little',
      TEXT.replace('{ name: h1, ports: [A, B] }', '{ name: h1, ports: [{ fabric: A }, B] }'),
      /hosts\.0\.ports\.0 is \{.*\}; needs a text, or card in it needs a number$/,
    ],
    [
      'an event that nobody knows',
      `${TEXT}\nevents: [{ at: 1, do: dance }]\n`,
      /events\.0\.do is "dance"; allowed: mask, zones, /,
    ],
    [
      'a step that no move has',
      `${TEXT}\nevents: [{ at: dusk, do: cancel-move }]\n`,
      /events\.0\.at is "dusk"; allowed: preflight, .*, or a number from 0 to 3600000$/,
    ],
    [
      'an event without a time',
      `${TEXT}\nevents: [{ do: cancel-move }]\n`,
      /events\.0\.at is missing: preflight, .*, or a number from 0 to 3600000$/,
    ],
    [
      'a key that is no number',
      `${TEXT}\nevents: [{ at: 1, do: mask, for: vm1, luns: { x: system } }]\n`,
      /events\.0\.luns\.x is no key here: needs a LUN number$/,
    ],
  ])('%s', (_what, text, words) => {
    const { message } = complaint(text);
    expect(message).toMatch(words);
    expect(message).not.toMatch(/Invalid|expected|received/);
  });
});

/** Every shape below one that takes words, alone or beside something else, by its place. */
function* wordShapes(shape: Shape, path: string): Iterable<readonly [string, Shape, string[]]> {
  const bare = bareShape(shape);
  const under: (readonly [string, Shape])[] =
    bare instanceof z.ZodObject
      ? Object.entries(bare.shape as Record<string, Shape>)
      : bare instanceof z.ZodArray
        ? [['0', bare.element]]
        : bare instanceof z.ZodRecord
          ? [['key', bare.valueType]]
          : bare instanceof z.ZodDiscriminatedUnion
            ? bare.options.map((one, i) => [`kind ${i}`, one as Shape] as const)
            : [];
  for (const [key, one] of under) yield* wordShapes(one, `${path}.${key}`);
  const options = bare instanceof z.ZodUnion ? (bare.options as readonly Shape[]) : [bare];
  const words = options.flatMap((one) =>
    one instanceof z.ZodEnum
      ? one.options.map(String)
      : one instanceof z.ZodLiteral
        ? [...one.values].map(String)
        : [],
  );
  if (words.length > 0 && !(bare instanceof z.ZodDiscriminatedUnion)) yield [path, bare, words];
}

describe('a word that is misspelt', () => {
  const shapes = [...wordShapes(scenarioSchema, 'scenario')].filter(
    ([, , words]) => words.some((one) => one.length > 3) && words.length > 0,
  );

  it('is refused in one grammar wherever words are taken, with the one that was meant', () => {
    expect(shapes.length).toBeGreaterThan(50);
    for (const [path, shape, words] of shapes) {
      const word = words.findLast((one) => one.length > 3)!;
      const { raw, origins } = parseYaml(`{ key: ${word.slice(0, -1)}xx }`, 'x.yaml');
      const whole = z.strictObject({ key: shape as z.ZodType });
      const [mistake] = mistakesIn(whole.safeParse(raw).error?.issues ?? [], whole, raw, origins);
      expect(mistake?.what, path).toMatch(
        /^key is ".*"; allowed: [\w., -]+?(?:, or (?!needs|the )[^;]+)?(?:; did you mean [\w -]+\?)?$/,
      );
      if (nearestName(`${word.slice(0, -1)}xx`, words) !== undefined)
        expect(mistake?.what, path).toContain('; did you mean ');
    }
  });

  it('beside a number says which numbers', () => {
    expect(complaint(`${TEXT}\nqos: { threshold: dynamc }\n`).message).toMatch(
      /qos\.threshold is "dynamc"; allowed: dynamic, or a number from 0 to 4294967296; did you mean dynamic\?$/,
    );
    expect(complaint(`${TEXT}\nqos: { threshold: -1 }\n`).message).toMatch(
      /qos\.threshold is -1; the least is 0$/,
    );
    expect(complaint(`${TEXT}\nevents: [{ at: 1, do: puase }]\n`).message).toMatch(
      /; allowed: mask, .*; did you mean pause\?$/,
    );
  });
});
