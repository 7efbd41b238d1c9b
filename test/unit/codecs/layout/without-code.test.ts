import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codeCanBeMade, layoutReport } from '../../../helpers/layout-report.ts';

describe('where no code may be made from text', () => {
  it('decodes, views, encodes and refuses just as where it may', () => {
    const program = fileURLToPath(new URL('../../../helpers/layout-report.ts', import.meta.url));
    const printed = execFileSync(
      process.execPath,
      ['--disallow-code-generation-from-strings', '--import', 'tsx', program],
      { encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    const { compiled, lines } = JSON.parse(printed) as { compiled: boolean; lines: string[] };
    expect(compiled).toBe(false);
    expect(codeCanBeMade()).toBe(true);
    const here = layoutReport();
    expect(here.length).toBeGreaterThan(1_000);
    expect(lines).toEqual(here);
    expect(lines.filter((line) => line.startsWith('not a CodecError'))).toEqual([]);
  });
});
