/** The page of all keys of a scenario says what the shape says. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { scenarioJsonSchema, scenarioPage } from '../../../scripts/scenario-keys.ts';
import { meaningsIn, shapeKey } from '../../../scripts/scenario-meanings.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { scenarioSchema } from '../../../src/scenario/schema.ts';

const page = scenarioPage();

test('docs/scenarios.md is up to date', () => {
  expect(readFileSync('docs/scenarios.md', 'utf8')).toBe(page);
});

test('it has a row for each key, with what it takes, its default and its comment', () => {
  for (const key of Object.keys(scenarioSchema.shape)) expect(page).toContain(`\n| \`${key}\` | `);
  expect(page).toContain(
    '| `vlan` | whole number, 0 to 4,094 | 1002 | FCoE VLAN; 0 for untagged. |',
  );
  expect(page).toContain('| `ports` | list (1 to 256) of a name | **needed** | One target port');
  expect(page).toContain('\n## events[] rscn\n\nThe fabric tells all its ports by RSCN');
  expect(page).not.toMatch(/undefined|\[object/);
});

test('its links lead to its headings', () => {
  const anchors = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  expect(new Set(anchors).size).toBe(anchors.length);
  for (const [, anchor] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
});

test('the file that it shows is one', () => {
  const text = /```yaml\n([\s\S]*?)```/.exec(page)![1]!;
  expect(loadScenario(text, 'page.yaml').name).toBe('short');
});

test('comments are found by the keys of their mapping, those of several keys with the first', () => {
  const found = meaningsIn([
    `/** About it. */
    const a = z.strictObject({
      /** One
       * of them. */
      x: z.string(), y, ...more });
    const more = {
      /** Third. */
      z: z.string(),
    };
    const u = z.union([
      /** Kind. */
      z.strictObject({ do: z.enum(['p', 'q']) }),
    ]);`,
  ]);
  expect(found.get(shapeKey(['x', 'y', 'z'], []))).toEqual({
    about: 'About it.',
    keys: new Map([
      ['x', 'One of them.'],
      ['z', 'Third.'],
    ]),
  });
  expect(found.get(shapeKey(['do'], ['p', 'q']))?.about).toBe('Kind.');
  expect(() => meaningsIn(['z.strictObject({ ...nobody })'])).toThrow('nothing declares nobody');
});

test('the JSON Schema for editors is up to date, and takes what the shape takes', () => {
  const text = readFileSync('scenario.schema.json', 'utf8');
  expect(text).toBe(scenarioJsonSchema());
  const schema = z.fromJSONSchema(JSON.parse(text));
  const good = { ...parse(/```yaml\n([\s\S]*?)```/.exec(page)![1]!) };
  expect(schema.safeParse(good).success).toBe(true);
  expect(schema.safeParse({ ...good, movee: good.move }).success).toBe(false);
  expect(schema.safeParse({ ...good, seed: -1 }).success).toBe(false);
  for (const file of readdirSync('scenarios')) {
    const raw: unknown = parse(readFileSync(`scenarios/${file}`, 'utf8'));
    expect(schema.safeParse(raw).error?.issues, file).toBeUndefined();
  }
});

test('editors show what keys mean', () => {
  const { fabrics, events } = JSON.parse(scenarioJsonSchema()).properties;
  expect(fabrics.items.properties.vlan.description).toBe('FCoE VLAN; 0 for untagged.');
  expect(JSON.stringify(events)).toContain('The fabric tells all its ports by RSCN');
});
