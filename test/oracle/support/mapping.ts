/** How one of tshark's fields corresponds to fields of ours, and how two such are compared. */
import { bitsOf, type OurField } from './ours.ts';
import { type BitRange, bitRuns, type PdmlField } from './pdml.ts';

/**
 * Turns what tshark shows into the number that the `width` bits of our field form; `undefined`
 * where it shows none, so only the place is compared.
 */
export type Shown = (field: PdmlField, width: number) => bigint | undefined;

/**
 * Which fields of ours a field of tshark's is, by `layer:path`:
 * - `same`: the very same bits;
 * - `part`: tshark's bits are a part of our field (a flag of a flag word);
 * - `whole`: several of our fields, side by side, are tshark's one;
 * - `around`: tshark marks whole bytes around our field.
 */
export interface Target {
  readonly place: 'same' | 'part' | 'whole' | 'around';
  readonly paths: readonly string[];
  readonly shown?: Shown;
}

/** One target, or several of which one must fit; a plain path means `same`. */
export type Mapped = string | Target | readonly Target[];
/** Fields of a protocol by tshark's name. */
export type FieldMap = Readonly<Record<string, Mapped>>;

export const same = (...paths: string[]): Target => ({ place: 'same', paths });
export const part = (...paths: string[]): Target => ({ place: 'part', paths });
export const whole = (...paths: string[]): Target => ({ place: 'whole', paths });
export const around = (...paths: string[]): Target => ({ place: 'around', paths });
/** A target whose value tshark shows in a form of its own. */
export const shownAs = (shown: Shown, target: Target): Target => ({ ...target, shown });

/** tshark shows text or nothing where a number stands: its bytes are compared. */
export const rawOf: Shown = ({ raw }) => (raw === undefined ? undefined : BigInt(`0x0${raw}`));

/** A number times a unit on the wire is shown as the product. */
export const dividedBy =
  (unit: number): Shown =>
  (field) =>
    BigInt(field.show ?? '') / BigInt(unit);

/** tshark shows more bits than the field has: those in front are not its own. */
export const lowBits: Shown = (field, width) => BigInt.asUintN(width, BigInt(field.show ?? ''));

/** An FC CRC is stored least significant byte first; tshark shows the bytes as they stand. */
export const littleEndian: Shown = ({ show = '' }) => {
  const digits = show.slice(2).match(/../g) ?? [];
  return BigInt(`0x${digits.reverse().join('')}`);
};

/** The same target for each of several names made from a number. */
export function numbered(
  count: number,
  make: (i: number) => readonly [name: string, target: Mapped],
): FieldMap {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => make(i)));
}

/** Says in which way two fields differ; `undefined` where they agree. */
export interface Difference {
  readonly what: 'position' | 'value';
  readonly theirs: string;
  readonly ours: string;
}

const NEAREST_MAX = 2;
const HEX_OCTETS = /^[0-9a-f]{2}(?:[:.][0-9a-f]{2})*$/i;
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;
const PRINTABLE = /^[ -~]*$/;

const fromHex = (digits: string): bigint => BigInt(`0x0${digits.replace(/[^0-9a-f]/gi, '')}`);

/** tshark's text for a value of ours that is bytes, or a number, as the number its bits form. */
function numberShown(show: string, isBytes: boolean): bigint | undefined {
  if (isBytes && HEX_OCTETS.test(show)) return fromHex(show);
  if (/^0x[0-9a-f]+$/i.test(show) || /^\d+$/.test(show)) return BigInt(show);
  if (/^-\d+$/.test(show)) return BigInt(show);
  if (IPV4.test(show))
    return show.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  if (HEX_OCTETS.test(show)) return fromHex(show);
  if (show === 'True' || show === 'False') return show === 'True' ? 1n : 0n;
  return undefined;
}

const plainly =
  (isBytes: boolean): Shown =>
  ({ show = '' }) =>
    numberShown(show, isBytes);

const isText = (value: unknown): value is string =>
  typeof value === 'string' && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(value);

const withoutPadding = (text: string): string => text.replace(/[\0 ]+$/, '');

/** Bits as `byte.bit` and width, for people. */
export const placeOf = ({ first, width }: BitRange): string =>
  `${first >> 3}${first % 8 === 0 ? '' : `.${first % 8}`}+${width % 8 === 0 ? `${width / 8}B` : `${width}b`}`;

const shownAt = (field: PdmlField, place: BitRange): string =>
  `${(field.show ?? field.raw ?? '').slice(0, 60)}@${placeOf(place)}`;

const oursAt = (fields: readonly OurField[]): string =>
  fields.map((one) => `${one.path}=${one.text.slice(0, 60)}@${placeOf(one)}`).join(' ') || 'none';

/** The few of our fields that lie closest to a place. */
const nearest = (fields: readonly OurField[], { first }: BitRange): OurField[] =>
  [...fields]
    .sort((a, b) => Math.abs(a.first - first) - Math.abs(b.first - first))
    .slice(0, NEAREST_MAX);

const endOf = (range: BitRange): number => range.first + range.width;

function covering(target: Target, wanted: BitRange, ours: readonly OurField[]): OurField[] {
  switch (target.place) {
    case 'same':
      return ours.filter((one) => one.first === wanted.first && one.width === wanted.width);
    case 'part':
      return ours.filter((one) => one.first <= wanted.first && endOf(one) >= endOf(wanted));
    case 'around':
      return ours.filter((one) => one.first >= wanted.first && endOf(one) <= endOf(wanted));
    case 'whole': {
      const tiles = ours
        .filter((one) => one.first >= wanted.first && endOf(one) <= endOf(wanted) && one.width > 0)
        .sort((a, b) => a.first - b.first);
      let at = wanted.first;
      for (const one of tiles) {
        if (one.first !== at) return [];
        at = endOf(one);
      }
      return at === endOf(wanted) ? tiles : [];
    }
  }
}

/** The number that our fields form where tshark's field lies. */
function valueAt(target: Target, wanted: BitRange, found: readonly OurField[]): bigint | undefined {
  let value: bigint | undefined;
  for (const one of found) {
    const bits = bitsOf(one.value);
    if (bits === undefined) return undefined;
    if (target.place !== 'whole')
      return target.place === 'part'
        ? BigInt.asUintN(wanted.width, bits >> BigInt(endOf(one) - endOf(wanted)))
        : bits;
    value = ((value ?? 0n) << BigInt(one.width)) | bits;
  }
  return value;
}

/**
 * Compares a field of tshark's with ours: with the first target that we have a field for at its
 * place. `byPath` finds our fields by `layer:path`.
 */
export function compareField(
  field: PdmlField,
  targets: readonly Target[],
  byPath: ReadonlyMap<string, readonly OurField[]>,
): Difference | undefined {
  let first: Difference | undefined;
  for (const target of targets) {
    const difference = compareTarget(field, target, byPath);
    if (difference?.what !== 'position') return difference;
    first ??= difference;
  }
  return first;
}

/** Whether a path is meant: `scsi:*` is all of a layer, `ct:**.portId` a field wherever it stands. */
function isMeant(pattern: string, path: string): boolean {
  if (pattern.endsWith('*')) return path.startsWith(pattern.slice(0, -1));
  const [layer, field] = pattern.split('**.') as [string, string];
  return path.startsWith(layer) && path.slice(layer.length).split('.').at(-1) === field;
}

function fieldsAt(
  pattern: string,
  byPath: ReadonlyMap<string, readonly OurField[]>,
): readonly OurField[] {
  if (!pattern.includes('*')) return byPath.get(pattern) ?? [];
  return [...byPath].flatMap(([path, fields]) => (isMeant(pattern, path) ? fields : []));
}

function compareTarget(
  field: PdmlField,
  target: Target,
  byPath: ReadonlyMap<string, readonly OurField[]>,
): Difference | undefined {
  const runs = bitRuns(field);
  const wanted = { first: runs[0]!.first, width: runs.reduce((sum, { width }) => sum + width, 0) };
  const named = target.paths.flatMap((path) => fieldsAt(path, byPath));
  const found =
    runs.length === 1
      ? covering(target, wanted, named)
      : runs.flatMap((run) => covering({ ...target, place: 'same' }, run, named));
  const theirs = shownAt(field, wanted);
  if (found.length === 0) return { what: 'position', theirs, ours: oursAt(nearest(named, wanted)) };
  const first = found[0]!.value;
  const ours = oursAt(found);
  if (found.length === 1 && isText(first) && target.shown === undefined) {
    const text = withoutPadding(first);
    const isSame =
      (PRINTABLE.test(text) && withoutPadding(field.show ?? '') === text) ||
      rawOf(field, 0) === bitsOf(first);
    return isSame ? undefined : { what: 'value', theirs, ours };
  }
  const isBytes = first instanceof Uint8Array && target.place !== 'part';
  const { width } = target.place === 'around' ? found[0]! : wanted;
  const shown = (target.shown ?? plainly(isBytes))(field, width);
  if (shown === undefined && target.shown !== undefined) return undefined;
  const value = valueAt(target, wanted, found);
  if (shown !== undefined && value === BigInt.asUintN(wanted.width, shown)) return undefined;
  return { what: 'value', theirs, ours };
}
