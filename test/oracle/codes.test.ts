/** The codes that our list says tshark names are those it names. */
import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { type TsharkField, tsharkCodes } from '../../scripts/coverage-table/tshark-codes.ts';
import { hasTshark } from '../helpers/shared-captures.ts';

const VERSION = /^TShark \(Wireshark\) 4\.0\./;
const version = hasTshark ? execFileSync('tshark', ['--version'], { encoding: 'utf8' }) : '';
if (hasTshark && !VERSION.test(version)) console.warn('skipped: tshark is not 4.0');

/** The values of all fields that have names, from `tshark -G values`: V, field, value, name. */
async function namedCodes(): Promise<Map<string, number[]>> {
  const codes = new Map<string, Set<number>>();
  const tshark = spawn('tshark', ['-G', 'values'], { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: tshark.stdout })) {
    if (!line.startsWith('V\t')) continue;
    const [, field = '', value] = line.split('\t');
    if (!(field in tsharkCodes)) continue;
    codes.set(field, (codes.get(field) ?? new Set()).add(Number(value)));
  }
  return new Map([...codes].map(([field, some]) => [field, [...some].sort((a, b) => a - b)]));
}

describe.skipIf(!VERSION.test(version))('codes that tshark 4.0 names', async () => {
  const named = VERSION.test(version) ? await namedCodes() : new Map<string, number[]>();

  it.each(Object.keys(tsharkCodes) as TsharkField[])('%s', (field) => {
    expect(named.get(field)).toEqual([...tsharkCodes[field]]);
  });
});
