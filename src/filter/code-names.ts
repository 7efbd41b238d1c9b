/** Names of codes, by which a filter may name a value: `fcels.opcode == FLOGI`. */
import * as codecs from '../codecs/index.ts';
import { type Frame, spansOf } from '../codecs/index.ts';
import { nearestName } from '../codecs/layout/nearest-name.ts';
import { FilterError } from './error.ts';
import type { Field } from './field.ts';

/** The name in front of a code: `FLOGI (0x04)`. */
const nameIn = (text: string): string => text.replace(/ \(0x[0-9a-f]+\)$/i, '').toLowerCase();

/** A path without places in lists and without conditions. */
const plainPath = (path: string): string => path.replace(/\[[^\]]*\]/g, '').replace(/^\./, '');

/** The names of the codes that a frame has in a field, in small letters. */
export function codeNames({ places }: Field, frame: Frame): string[] {
  const names: string[] = [];
  for (const layer of frame.layers) {
    const paths = places
      .filter((one) => one.layer === layer.layer)
      .map(({ path }) => plainPath(path));
    if (paths.length === 0) continue;
    for (const { path, text } of spansOf(frame, layer))
      if (paths.includes(plainPath(path))) names.push(nameIn(text));
  }
  return names;
}

let known: Set<string> | undefined;

/** Every name of a code that a table of the codecs has. */
function knownNames(): Set<string> {
  if (known !== undefined) return known;
  known = new Set();
  for (const table of Object.values(codecs)) {
    if (typeof table !== 'object' || table === null) continue;
    for (const [name, code] of Object.entries(table)) if (typeof code === 'number') known.add(name);
  }
  return known;
}

/** Refuses a name that no table has. Errors: {@link FilterError} with one that is like it. */
export function checkCodeName(name: string, at: number): void {
  const wanted = name.toLowerCase();
  for (const one of knownNames()) if (one.toLowerCase() === wanted) return;
  const near = nearestName(name, knownNames());
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new FilterError(at, `“${name}” is no number, and no code is called so${hint}`);
}
