/** The code blocks of README.md, so that what it shows is compiled and run. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One fenced block; `line` is where it begins in the README, counted from 1. */
export interface Snippet {
  readonly line: number;
  readonly source: string;
}

const readme = fileURLToPath(new URL('../../README.md', import.meta.url));

/** The blocks fenced as `ts`, in order. */
export function readmeSnippets(): Snippet[] {
  const text = readFileSync(readme, 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((found) => ({
    line: text.slice(0, found.index).split('\n').length,
    source: found[1]!,
  }));
}
