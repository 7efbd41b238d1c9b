/** What backs a logical unit: memory, or a file. As typed behind `--lun`. */

/** Bytes of a logical block. */
const BLOCK_BYTES = 512;
/** Initiators look at the first and the last blocks before anything else. */
const LUN_BYTES_MIN = 4096;
const LUN_BYTES_MAX = 2 ** 48 * BLOCK_BYTES;

/** An unusable logical unit, in one line. */
export class LunError extends Error {
  override readonly name = 'LunError';
}

/** What keeps the blocks of a logical unit; sizes in bytes. */
export type LunSource =
  | { readonly kind: 'memory'; readonly bytes: number }
  | {
      readonly kind: 'file';
      readonly path: string;
      /** Makes the file where it is not there; checked where it is. */
      readonly bytes: number | undefined;
    };

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
};
const SIZE = /^(\d+)([KMGT]?)(?:iB|B)?$/i;

/** `64M`: memory; `disk.img`: a file; `disk.img:64M`: a file, made where missing. Errors: `LunError`. */
export function parseLunSource(text: string): LunSource {
  const bad = (what: string): never => {
    throw new LunError(`--lun ${text}: ${what}`);
  };
  if (SIZE.test(text)) return { kind: 'memory', bytes: sizeOf(text, bad) };
  const colon = text.lastIndexOf(':');
  const size = colon < 0 ? '' : text.slice(colon + 1);
  const [path, bytes] = SIZE.test(size)
    ? [text.slice(0, colon), sizeOf(size, bad)]
    : [text, undefined];
  if (path === '') bad('needs a size such as 64M, a file, or FILE:SIZE');
  return { kind: 'file', path, bytes };
}

function sizeOf(text: string, bad: (what: string) => never): number {
  const parts = SIZE.exec(text)!;
  const bytes = Number(parts[1]) * UNITS[parts[2]!.toUpperCase()]!;
  if (!(bytes <= LUN_BYTES_MAX)) bad('more than a logical unit can have');
  const fault = sizeFault(bytes);
  if (fault !== undefined) bad(fault);
  return bytes;
}

/** Why a logical unit cannot have so many bytes; `undefined` when it can. */
export function sizeFault(bytes: number): string | undefined {
  if (bytes % BLOCK_BYTES !== 0)
    return `${bytes} bytes are no whole number of blocks of ${BLOCK_BYTES}`;
  if (bytes < LUN_BYTES_MIN) return `${bytes} bytes; a logical unit has at least ${LUN_BYTES_MIN}`;
  return undefined;
}
