/** A table of names for the codes of a field, as a constant object: `{ FLOGI: 0x04, … }`. */
export type Names = Readonly<Record<string, number>>;

const reversed = new WeakMap<Names, Map<number, string>>();

function reverse(names: Names): Map<number, string> {
  let map = reversed.get(names);
  if (map === undefined) {
    map = new Map();
    for (const [name, code] of Object.entries(names)) if (!map.has(code)) map.set(code, name);
    reversed.set(names, map);
  }
  return map;
}

/** The name of a code, `undefined` where the table has none. */
export function nameOf(names: Names, code: number): string | undefined {
  return reverse(names).get(code);
}

/** The names of the bits that are set, in the table's order; bits without a name are left out. */
export function namesOf(masks: Names, value: number): string[] {
  const set: string[] = [];
  for (const [name, mask] of Object.entries(masks)) {
    if (mask !== 0 && (value & mask) >>> 0 === mask >>> 0) set.push(name);
  }
  return set;
}
