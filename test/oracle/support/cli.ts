/**
 * `npm run oracle -- FILE…`: compares our fields with tshark's.
 *
 * Exit status: 0 all agree or the difference is documented; 1 an undocumented mismatch; 2 bad
 * usage, an unreadable capture, or no tshark.
 */
import { parseArgs } from 'node:util';
import { CaptureError } from '../../../src/capture/index.ts';
import { compareCapture, type FileReport } from './compare.ts';
import { compareGenerated } from './generated.ts';
import { reportJson, reportText, totalsOf } from './report.ts';
import { TsharkError, tsharkVersion } from './tshark.ts';

const USAGE =
  'usage: npm run oracle -- [--json] [--unmapped] [--documented] [--generated [--seed N] [--each N]] FILE…';

/** Something that one line tells. */
class UsageError extends Error {}

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        unmapped: { type: 'boolean', default: false },
        documented: { type: 'boolean', default: false },
        generated: { type: 'boolean', default: false },
        seed: { type: 'string', default: '1' },
        each: { type: 'string', default: '3' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]}; ${USAGE}`);
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} needs a whole number, got ${text}`);
  return Number(text);
}

async function run(): Promise<number> {
  const { values, positionals } = options();
  const seed = wholeNumber('seed', values.seed);
  const each = wholeNumber('each', values.each);
  if (positionals.length === 0 && !values.generated)
    throw new UsageError(`name a capture; ${USAGE}`);
  if (tsharkVersion() === undefined)
    throw new UsageError('tshark is not installed; install it (Debian: apt-get install tshark)');
  const reports: FileReport[] = [];
  for (const path of positionals) reports.push(await compareCapture(path));
  if (values.generated) reports.push(await compareGenerated({ seed, each }));
  console.log(values.json ? reportJson(reports) : reportText(reports, values));
  return totalsOf(reports).mismatched > 0 ? 1 : 0;
}

try {
  process.exitCode = await run();
} catch (error) {
  const isExpected =
    error instanceof UsageError || error instanceof TsharkError || error instanceof CaptureError;
  if (!isExpected) throw error;
  console.error(`oracle: ${error.message}`);
  process.exitCode = 2;
}
