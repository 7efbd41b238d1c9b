/**
 * Where each value of a scenario came from: a place in its file, an option of the command line, a
 * vendor profile, or nobody, so that the default holds. Every message about a value says so.
 */

/** Keys and places from the top of a scenario down to a value. */
export type Path = readonly PropertyKey[];

/** A place in a scenario and what is wrong there. */
export interface Complaint {
  readonly path: Path;
  readonly what: string;
  /** Other values that make it wrong. */
  readonly because?: readonly Path[];
}

/** Line and column in a file, both from 1. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where a value came from. */
export type Origin =
  | ({ readonly from: 'file' } & FilePlace)
  /** Nobody said it. The place is where it could be said. */
  | ({ readonly from: 'default' } & FilePlace)
  /** An option as it is typed: `--defences`. */
  | { readonly from: 'option'; readonly option: string }
  /** A vendor profile; `chosen` is where it is named. */
  | { readonly from: 'profile'; readonly profile: string; readonly chosen: Origin };

/** An origin as text: `x.yaml:3:5`, `--defences`, `profile powervm (x.yaml:22:12)`. */
export function formatOrigin(origin: Origin): string {
  switch (origin.from) {
    case 'file':
    case 'default':
      return `${origin.file}:${origin.line}:${origin.column}`;
    case 'option':
      return origin.option;
    case 'profile':
      return `profile ${origin.profile} (${formatOrigin(origin.chosen)})`;
  }
}

/** The origins of a scenario's values. What nothing else gave comes from the file. */
export class Origins {
  readonly #inFile: (path: Path) => Origin;
  readonly #given = new Map<string, Origin>();

  /** `inFile` finds the place of a value in the file, or the nearest one around it. */
  constructor(inFile: (path: Path) => Origin) {
    this.#inFile = inFile;
  }

  /** The value at a path, and everything in it, came from elsewhere. */
  give(path: Path, origin: Origin): void {
    this.#given.set(keyOf(path), origin);
  }

  /** Where the value at a path came from. */
  of(path: Path): Origin {
    for (let length = path.length; length > 0; length--) {
      const given = this.#given.get(keyOf(path.slice(0, length)));
      if (given !== undefined) return given;
    }
    return this.#inFile(path);
  }
}

const keyOf = (path: Path): string => path.map(String).join('\0');
