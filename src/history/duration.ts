/** Times in words, for everybody who tells of a history. */

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

/** `12.345 ms`, with so many digits behind the point. */
export function inMs(ns: number, digits = 3): string {
  return `${(ns / NS_PER_MS).toFixed(digits)} ms`;
}

/** `12.3 s`, with so many digits behind the point. */
export function inSeconds(ns: number, digits = 1): string {
  return `${(ns / NS_PER_S).toFixed(digits)} s`;
}

/** A time since a moment, with its sign: `+68.304 ms`, `-1.000000 s`. */
export function since(startNs: number, atNs: number): string {
  const ns = atNs - startNs;
  const sign = ns < 0 ? '-' : '+';
  const size = Math.abs(ns);
  return `${sign}${size >= NS_PER_S ? inSeconds(size, 6) : inMs(size)}`;
}

/** A duration that somebody chose, without digits that say nothing: `9 s`, `1.5 ms`, `50 us`. */
export function asChosen(ns: number): string {
  if (ns >= NS_PER_S) return `${Number((ns / NS_PER_S).toFixed(3))} s`;
  if (ns >= NS_PER_MS) return `${Number((ns / NS_PER_MS).toFixed(3))} ms`;
  return `${ns / 1000} us`;
}
