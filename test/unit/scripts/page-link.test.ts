/** The page's program out of files: what it takes of each, and what no page can have. */
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Linker } from '../../../scripts/page/link.mjs';
import { Module } from '../../../scripts/page/module.mjs';

/** What a program of these files, of which `/main.js` is the first, does to `said`. */
async function run(files: Record<string, string>): Promise<{ said: unknown; paths: string[] }> {
  const modules = new Map(
    Object.entries(files).map(([path, text]) => [path, new Module(path, text)]),
  );
  const linker = new Linker(
    async (path: string) => modules.get(path)!,
    (from: string) => from.slice(1),
  );
  await linker.include('/main.js');
  const text = linker
    .parts((from: string, name: string) => `packages['${from} ${name}']`)
    .map((part) => (typeof part === 'string' ? part : part.module.text.slice(part.at, part.end)))
    .join('');
  const context = { said: undefined as unknown, packages: { 'zod z': { int: () => 7 } } };
  runInNewContext(text, context);
  return { said: await context.said, paths: linker.order.map(({ path }) => path) };
}

test('follows a name through those that hand it on, and leaves out of whom nobody takes one', async () => {
  const { said, paths } = await run({
    '/main.js': 'import{a as e,two}from"./all.js";import{z}from"zod";said=[e,two(),z.int()];',
    '/all.js': 'export*from"./a.js";export{b as two}from"./b.js";export*from"./never.js";',
    '/a.js': 'const e=1;export{e as a};',
    '/b.js': 'import{a}from"./a.js";export function b(){return a+1}',
    '/never.js': 'throw new Error("nobody takes this");export const never=1;',
  });
  expect(said).toEqual([1, 2, 7]);
  expect(paths).toEqual(['/a.js', '/b.js', '/main.js']);
});

test('has objects of all that a file gives, and what is imported later', async () => {
  const { said } = await run({
    '/main.js': 'import*as all from"./b.js";said=import("./a.js").then(e=>[e.a,Object.keys(all)])',
    '/a.js': 'export const a=1;',
    '/b.js': 'export class d{}export const c=2;export*from"./a.js";',
  });
  expect(said).toEqual([1, ['a', 'c', 'd']]);
});

test.each([
  ['asks where it is', 'const at=import.meta.url;'],
  ['exports something without a name', 'export default 1;'],
  ['takes no name of', 'import"./a.js";'],
  ['takes of ./a.js what has no name', 'import a from"./a.js";'],
])('refuses a file that %s', (why, text) => {
  expect(() => new Module('/a.js', text)).toThrow(why);
});
