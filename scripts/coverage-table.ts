/** Writes docs/coverage.md: `npm run coverage-table`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { coveragePage } from './coverage-table/page.ts';

writeFileSync(fileURLToPath(new URL('../docs/coverage.md', import.meta.url)), coveragePage());
