/**
 * Messages that are named in public while their layout is not: their codecs keep the body in one
 * field, `payload`, and say so in their `source`.
 */

const NO_PUBLIC_LAYOUT = 'layout: no public source';

/** The `source` of a codec whose `payload` is laid out by no document or program in public. */
export function withoutLayout(source: string): string {
  return `${source}; ${NO_PUBLIC_LAYOUT}`;
}

/** False when the codec keeps its body as bytes because nothing in public lays it out. */
export function hasLayout(codec: { readonly source: string }): boolean {
  return !codec.source.endsWith(NO_PUBLIC_LAYOUT);
}
