/** The code blocks of the papers, so that what they show is compiled and run. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One fenced block; `line` is where it begins in its paper, counted from 1. */
export interface Snippet {
  /** The paper, from the project's folder: `docs/codecs.md`. */
  readonly paper: string;
  readonly line: number;
  readonly source: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** README.md and the pages of docs. */
export const papers: readonly string[] = [
  'README.md',
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];

/** The blocks fenced as `ts`, in order. */
export function snippets(): Snippet[] {
  return papers.flatMap((paper) => {
    const text = readFileSync(root + paper, 'utf8');
    return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((found) => ({
      paper,
      line: text.slice(0, found.index).split('\n').length,
      source: found[1]!,
    }));
  });
}

/** A file name for a snippet. */
export const fileOf = ({ paper, line }: Snippet): string =>
  `${paper.replace(/\W+/g, '-')}-line-${line}`;
