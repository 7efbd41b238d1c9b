/** Pieces that the bodies of several servers share. */
import {
  type AnyCodec,
  type Codec,
  CodecError,
  type Cursor,
  codec,
  derived,
  type FixedField,
  of,
  rest,
  restText,
  sized,
  struct,
  type Table,
  type TailField,
  u8,
  withDefault,
} from '../layout/index.ts';
import { withoutLayout } from '../without-layout.ts';
import {
  type CtPreamble,
  type CtPreambleInput,
  CtResponse,
  type CtServer,
  ctPreamble,
  ctPreambleFor,
} from './preamble.ts';

type PreambleField = FixedField<CtPreamble, true, CtPreambleInput>;

function preambleOf(server: CtServer, command: number): PreambleField {
  const { gsType, gsSubtype } = server;
  return withDefault(struct(ctPreamble), ctPreambleFor({ gsType, gsSubtype, command }));
}

/** A request to a server: preamble (filled in when left out) and body. */
export function request<const K extends string, F extends Table>(
  server: CtServer,
  source: string,
  name: K,
  command: number,
  body: F,
) {
  const table: { preamble: PreambleField } & F = {
    preamble: preambleOf(server, command),
    ...body,
  };
  return codec(name, `${source}, ${name}`, table, name);
}

/** The accept of a request: preamble (filled in when left out) and body. */
export function accept<const K extends string, F extends Table>(
  server: CtServer,
  source: string,
  name: K,
  body: F,
) {
  const table: { preamble: PreambleField } & F = {
    preamble: preambleOf(server, CtResponse.CT_ACC),
    ...body,
  };
  return codec(`CT_ACC to ${name}`, `${source}, ${name} accept`, table, `CT_ACC ${name}`);
}

/** A request that is named in public and not laid out: preamble and `payload`. */
export function bareRequest<const K extends string>(
  server: CtServer,
  source: string,
  name: K,
  command: number,
) {
  const table: { preamble: PreambleField; payload: typeof rest } = {
    preamble: preambleOf(server, command),
    payload: rest,
  };
  return codec(name, withoutLayout(`${source}, ${name}`), table, name);
}

/** The accept of such a request. */
export function bareAccept<const K extends string>(server: CtServer, source: string, name: K) {
  const table: { preamble: PreambleField; payload: typeof rest } = {
    preamble: preambleOf(server, CtResponse.CT_ACC),
    payload: rest,
  };
  const layout = withoutLayout(`${source}, ${name} accept`);
  return codec(`CT_ACC to ${name}`, layout, table, `CT_ACC ${name}`);
}

/** Elements one behind the other up to the one that says it is the last. */
export function listUntil<T, I>(
  element: Codec<T, I>,
  isLast: (value: T) => boolean,
): TailField<T[], false, readonly I[]> {
  const each = (cursor: Cursor, one: () => T): T[] => {
    const values: T[] = [];
    while (cursor.remaining >= element.minBytes) {
      const value = one();
      values.push(value);
      if (isLast(value)) break;
    }
    return values;
  };
  return {
    place: 'tail',
    optional: false,
    shape: { kind: 'list', element: element as AnyCodec },
    read: (cursor) => each(cursor, () => element.read(cursor)),
    size(values, layer, key) {
      if (!Array.isArray(values)) throw new CodecError('bad-value', layer, key, 0, 'needs a list');
      let size = 0;
      for (const value of values) size += element.sizeOf(value);
      return size;
    },
    write(target, at, values) {
      let next = at;
      for (const value of values) next = element.write(target, next, value);
      return next;
    },
    trace(cursor, _owner, _layer, path, spans) {
      let index = 0;
      return each(cursor, () => element.trace(cursor, `${path}[${index++}]`, spans));
    },
  };
}

/** A name of up to 255 characters behind a byte that counts them: symbolic port and node names. */
export function countedName(): {
  nameLengthBytes: FixedField<number, true>;
  name: TailField<string, true>;
} {
  return {
    nameLengthBytes: derived(u8, (_value, sizeOf) => sizeOf('name')),
    name: sized(
      of<{ nameLengthBytes: number }>((value) => value.nameLengthBytes),
      restText,
    ),
  };
}
