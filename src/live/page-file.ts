/**
 * The page of `web/`: in a clone the file that was built, by `npm run web -- --build-only`. In the package most of what it
 * runs are the package's own programs, and it is put together of those.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

const PROGRAMS = fileURLToPath(new URL('..', import.meta.url));
const PARTS = fileURLToPath(new URL('../web/page.br', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/web/index.html', import.meta.url));

/** What makes it in a clone. */
export const BUILD_PAGE = 'npm run web -- --build-only';

/** A text of the page, or where it stands: the path of a program, left out where it is that of the place before, and from where to where. */
export type PagePart =
  | string
  | readonly [path: string, at: number, end: number]
  | readonly [at: number, end: number];

/** The page as text; `undefined` where nobody has built it. */
export function builtPage(): string | undefined {
  if (existsSync(PARTS)) {
    const parts = JSON.parse(brotliDecompressSync(readFileSync(PARTS)).toString('utf8'));
    return joinedPage(parts, (path) => readFileSync(join(PROGRAMS, path), 'utf8'));
  }
  return existsSync(BUILT) ? readFileSync(BUILT, 'utf8') : undefined;
}

/** The text of parts; `programOf` gives the text of a program by its path. */
export function joinedPage(
  parts: readonly PagePart[],
  programOf: (path: string) => string,
): string {
  let program = '';
  let page = '';
  for (const part of parts) {
    if (typeof part === 'string') page += part;
    else if (part.length === 3) {
      program = programOf(part[0]);
      page += program.slice(part[1], part[2]);
    } else page += program.slice(part[0], part[1]);
  }
  return page;
}
