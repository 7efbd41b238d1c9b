/** A folder of its own for each test file, gone when its tests are done. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** To be called while tests are collected; the folder is there while they run. */
export function testFolder(name: string): {
  path(file: string): string;
  /** Writes a file and gives its path. */
  file(file: string, content: Uint8Array | string): string;
} {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), `sanmotion-${name}-`));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (file: string): string => join(folder, file);
  return {
    path,
    file(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}
