/**
 * A message declared once, as a table of fields in wire order.
 *
 * From the table come the TypeScript type, the size, `decode` (its fixed head through
 * binary-parser), range-checked `encode`, the lazy `view`, `spans` and, in `testing/`, the
 * generator of values. `encode(decode(bytes))` equals `bytes` for all bytes that decode.
 */
import type { Reader } from './compile.ts';
import { layOut } from './layout.ts';
import type { Table, TableCodec } from './message.ts';
import { lazyReader } from './read.ts';
import { makeTracer } from './trace.ts';
import { makeViewer } from './view.ts';
import { lazyWriter } from './write.ts';

/**
 * Declares a message. `kind` tags its values where it is one of a family.
 * Errors: `TypeError` when the table itself is impossible.
 */
export function codec<F extends Table>(
  name: string,
  source: string,
  table: F,
): TableCodec<undefined, F>;
export function codec<const K extends string, F extends Table>(
  name: string,
  source: string,
  table: F,
  kind: K,
): TableCodec<K, F>;
export function codec<F extends Table>(
  name: string,
  source: string,
  table: F,
  kind?: string,
): TableCodec<string | undefined, F> {
  const layout = layOut(name, kind, table);
  const made: Reader & Record<string, unknown> = {
    name,
    source,
    kind,
    table,
    headBytes: layout.headBytes,
    minBytes: layout.headBytes,
    view: makeViewer(layout),
    ...lazyReader(layout, (reader) => Object.assign(made, reader)),
    ...lazyWriter(layout, (writer) => Object.assign(made, writer)),
    ...makeTracer(layout, (bytes, at, end) => made.decode(bytes, at, end)),
  };
  return made as unknown as TableCodec<string | undefined, F>;
}
