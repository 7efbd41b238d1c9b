/**
 * Messages as the field has them: ended too early by an allocation length, or with one member that
 * does not fit. Whichever message it is, what is there is read, nothing is lost, and its kind stays.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginTolerance, endTolerance } from '../../../../src/codecs/layout/cursor.ts';
import { cutOf, isCutFault } from '../../../../src/codecs/layout/cut.ts';
import { type AnyCodec, CodecError } from '../../../../src/codecs/layout/index.ts';
import { arbitraryOf } from '../../../../src/testing/index.ts';
import { everyCodec } from '../../../helpers/every-codec.ts';

const SEED = 20_263;
const titled = (codecs: AnyCodec[]) =>
  codecs.map((codec) => ({ title: `${codec.source}: ${codec.name}`, codec }));

/** Codecs of `[folder]` whose last field is a list of messages that goes to the end of its bytes. */
const listOf = (codec: AnyCodec): { key: string; element: AnyCodec } | undefined => {
  const [key, field] = Object.entries(codec.table ?? {}).at(-1) ?? [];
  if (key === undefined || field?.place !== 'tail' || field.shape.kind !== 'list') return undefined;
  const { element, count } = field.shape;
  return count === undefined && 'decode' in element ? { key, element } : undefined;
};

function orRefused<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** Bytes of a value that decode; some values do not fit their own length. */
function encoded(codec: AnyCodec, value: unknown): Uint8Array | undefined {
  const bytes = orRefused(() => codec.encode(value));
  if (bytes === undefined || orRefused(() => codec.decode(bytes)) === undefined) return undefined;
  return bytes;
}

/** What a reader who looks at the bytes of others makes of them. */
function readTolerantly<T>(read: () => T): { value: T | undefined; noted: CodecError | undefined } {
  beginTolerance();
  let value: T | undefined;
  let noted: CodecError | undefined;
  try {
    value = orRefused(read);
  } finally {
    noted = endTolerance();
  }
  return { value, noted };
}

/** Messages of which a piece of a member was noted as a fault. */
const met = new Set<AnyCodec>();

const all = await everyCodec();
const lists = all.filter((codec) => listOf(codec) !== undefined);
const scsi = await everyCodec('scsi');

describe('a list whose last member does not fit', () => {
  it('is the tail of many messages', () => {
    expect(lists.length).toBeGreaterThan(5);
  });

  it.each(titled(lists))('$title keeps the members before it', ({ codec }) => {
    const { key, element } = listOf(codec)!;
    fc.assert(
      fc.property(arbitraryOf(codec), arbitraryOf(element), fc.nat(), (value, extra, any) => {
        const good = encoded(codec, value);
        const more = encoded(element, extra);
        if (good === undefined || more === undefined || more.length < 2) return;
        const bytes = new Uint8Array([...good, ...more.subarray(0, 1 + (any % (more.length - 1)))]);
        const whole = codec.decode(good) as Record<string, unknown[]>;
        const { value: read, noted } = readTolerantly(
          () => codec.decode(bytes) as Record<string, unknown[]>,
        );
        if (read === undefined) return;
        if (noted !== undefined) met.add(codec);
        const kept = whole[key]!;
        // The End TLV of LLDP takes what is behind it for padding.
        if ((kept.at(-1) as { kind?: unknown } | undefined)?.kind === 'end') return;
        expect(read[key]!.slice(0, kept.length)).toEqual(kept);
        expect(codec.encode(read)).toEqual(bytes);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  // Where the message counts its list, what is appended is behind it, and no member of it.
  it('has been met in lists that go to the end of their bytes', () => {
    expect(met.size).toBeGreaterThan(3);
  });
});

describe('data of a SCSI command that end too early', () => {
  it.each(titled(scsi))('$title: what is there is read, at every length', ({ codec }) => {
    fc.assert(
      fc.property(arbitraryOf(codec), (value) => {
        const whole = encoded(codec, value);
        if (whole === undefined) return;
        const kind = (codec.decode(whole) as { kind?: unknown } | undefined)?.kind;
        const step = Math.max(1, Math.floor(whole.length / 64));
        for (let kept = 1; kept < whole.length; kept += step) {
          const bytes = whole.subarray(0, kept);
          const part = cutOf(codec).decode(bytes);
          expect(cutOf(codec).encode(part)).toEqual(bytes);
          if (codec.kind !== undefined) expect(part.kind).toBe(kind);
        }
      }),
      { seed: SEED, numRuns: 5 },
    );
  });

  it('is told from a message that is wrong', () => {
    expect(isCutFault(new CodecError('truncated', 'x', 'y', 0, 'z'))).toBe(true);
    expect(isCutFault(new CodecError('bad-value', 'x', 'y', 0, 'z'))).toBe(false);
  });
});
