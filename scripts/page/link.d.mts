/** The types of link.mjs, for tests. */
import type { Module } from './module.mjs';

export type Part = string | { readonly module: Module; readonly at: number; readonly end: number };

export class Linker {
  constructor(
    load: (path: string) => Promise<Module>,
    resolve: (from: string, by: string) => string,
  );
  readonly order: readonly Module[];
  include(path: string): Promise<void>;
  parts(packageOf: (from: string, name: string) => string): readonly Part[];
}
