/** The page of `web/` where it was built: in the package, or in a clone by `npm run web -- --build-only`. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

const PLACES = ['../web/index.html.br', '../../dist/web/index.html.br'];

/** What makes it in a clone. */
export const BUILD_PAGE = 'npm run web -- --build-only';

/** The page as text; `undefined` where nobody has built it. */
export function builtPage(): string | undefined {
  const file = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(
    existsSync,
  );
  return file === undefined ? undefined : brotliDecompressSync(readFileSync(file)).toString('utf8');
}
