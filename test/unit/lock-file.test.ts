/** package-lock.json serves every platform, and no particular registry. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Record<string, string>;
}

const file = new URL('../../package-lock.json', import.meta.url);
const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
  packages: Record<string, LockedPackage>;
};

describe('package-lock.json', () => {
  it('names the optional packages of every platform, or `npm ci` refuses it', () => {
    const named = Object.keys(packages).map((folder) => folder.replace(/^.*node_modules\//, ''));
    const asked = Object.values(packages).flatMap((one) =>
      Object.keys(one.optionalDependencies ?? {}),
    );
    expect(asked.length).toBeGreaterThan(0);
    const missing = asked.filter((name) => !named.includes(name));
    expect(missing, 'run `node scripts/complete-lock.mjs`').toEqual([]);
  });

  it('names no place to load packages from', () => {
    expect(Object.values(packages).filter((one) => one.resolved !== undefined)).toEqual([]);
  });
});
