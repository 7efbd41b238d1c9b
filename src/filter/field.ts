/** What a name of a filter stands for: places in decoded layers, or facts about the frame. */
import type { Frame, Layer, LayerName } from '../codecs/index.ts';

/** A frame that a filter looks at. */
export interface FilterSubject {
  readonly frame: Frame;
  /** Units of TCP streams that end in it, as `TcpStreams` gives them: their fields are the frame's too. */
  readonly units?: readonly Frame[] | undefined;
  /** Frame number; the first is 1. */
  readonly index: number;
  /** Time stamp in nanoseconds since 1970-01-01 UTC. */
  readonly timeNs: bigint;
  /** Time stamp of the first frame of the capture, in nanoseconds. */
  readonly firstTimeNs: bigint;
  /** Length in bytes on the wire. */
  readonly originalLength: number;
  readonly interfaceId: number;
  readonly interfaceName?: string | undefined;
  readonly comment?: string | undefined;
}

/** The frame, and the units of streams that end in it. */
export const framesOf = ({ frame, units = [] }: FilterSubject): readonly Frame[] => [
  frame,
  ...units,
];

/** Kinds of values, by how they are compared and written. */
export type FieldKind = 'number' | 'flag' | 'octets' | 'text' | 'presence';

/** Where a value lies: a layer, and the steps from its value. */
interface Place {
  readonly layer: LayerName;
  readonly path: string;
}

/** A name's field. */
export interface Field {
  readonly kind: FieldKind;
  /** A few words for people. */
  readonly label: string;
  /** Where its values lie; none for facts about the frame. */
  readonly places: readonly Place[];
  /** Octets of a value that we keep as a number. */
  readonly widthBytes?: number;
  /** All values of a frame; none where the frame has no such field. */
  values(subject: FilterSubject): readonly unknown[];
}

/** Fields by name. */
export type NameTable = Readonly<Record<string, Field>>;

/** `layer:path`, as the spans of a frame name it; a condition may stand in brackets behind a step. */
const placeOf = (text: string): Place => {
  const colon = text.indexOf(':');
  return { layer: text.slice(0, colon) as LayerName, path: text.slice(colon + 1) };
};

/** A step from a value to one in it: a member, all of a list, or only where a condition holds. */
type Step = string | ((value: Record<string, unknown>) => boolean);

/** `type=2`, `operationCode=8|10`, `flags&12` (any of the bits), `fCtl&8=0`. */
function conditionOf(written: string): Step {
  const [, key, mask, wanted] = /^(\w+)(?:&(\d+))?(?:=([\d|]+))?$/.exec(written) as unknown as [
    string,
    string,
    string | undefined,
    string | undefined,
  ];
  const allowed = wanted?.split('|').map(Number);
  return (value) => {
    const found = Number(value[key]);
    const part = mask === undefined ? found : found & Number(mask);
    return allowed === undefined ? part !== 0 : allowed.includes(part);
  };
}

const ALL = '[]';

const stepsOf = (path: string): Step[] =>
  (path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? []).flatMap((step): Step[] => {
    if (step === ALL || !step.startsWith('[')) return [step];
    return [ALL, conditionOf(step.slice(1, -1))];
  });

/** Adds what lies behind `steps` in a value; lists are walked through. */
function gather(value: unknown, steps: readonly Step[], at: number, into: unknown[]): void {
  if (value === undefined || value === null) return;
  const step = steps[at];
  if (step === undefined) {
    into.push(value);
    return;
  }
  if (step === ALL) {
    const members = Array.isArray(value) ? value : [value];
    for (const one of members) gather(one, steps, at + 1, into);
    return;
  }
  if (typeof value !== 'object') return;
  const fields = value as Record<string, unknown>;
  if (typeof step === 'function') {
    if (step(fields)) gather(value, steps, at + 1, into);
  } else gather(fields[step], steps, at + 1, into);
}

function placesOf(paths: string | readonly string[]): {
  readonly places: readonly Place[];
  readonly values: Field['values'];
} {
  const places = [paths].flat().map(placeOf);
  const steps = places.map(({ path }) => stepsOf(path));
  const take = (frame: Frame, into: unknown[]): void => {
    for (const layer of frame.layers)
      for (let i = 0; i < places.length; i++)
        if (places[i]!.layer === layer.layer) gather(layer.value, steps[i]!, 0, into);
  };
  const values = ({ frame, units }: FilterSubject): unknown[] => {
    const found: unknown[] = [];
    take(frame, found);
    if (units !== undefined) for (const unit of units) take(unit, found);
    return found;
  };
  return { places, values };
}

/** A number, or a code that has a name; `paths` are `layer:path`, as the spans of a frame name them. */
export const number = (paths: string | readonly string[], label: string): Field => ({
  kind: 'number',
  label,
  ...placesOf(paths),
});

/** True or false: a bit by itself, or one of the word at `paths`. */
export function flag(paths: string | readonly string[], label: string, mask?: number): Field {
  const { places, values } = placesOf(paths);
  const isSet = (value: unknown): boolean =>
    mask === undefined ? Boolean(value) : (Number(value) & mask) !== 0;
  return { kind: 'flag', label, places, values: (subject) => values(subject).map(isSet) };
}

/** Octets: an address, a name, data. A number is `widthBytes` of them. */
export const octets = (
  paths: string | readonly string[],
  label: string,
  widthBytes?: number,
): Field => ({
  kind: 'octets',
  label,
  ...placesOf(paths),
  ...(widthBytes === undefined ? {} : { widthBytes }),
});

/** A fact about the frame; `undefined` where the frame has none. */
export const fact = (
  kind: FieldKind,
  label: string,
  of: (subject: FilterSubject) => unknown,
): Field => ({
  kind,
  label,
  places: [],
  values: (subject) => {
    const value = of(subject);
    return value === undefined ? [] : [value];
  },
});

/** Whether the frame has a layer of one of these names. */
export const protocol = (label: string, ...layers: readonly LayerName[]): Field =>
  fact('presence', label, (subject) =>
    framesOf(subject).some((frame) => frame.layers.some((one: Layer) => layers.includes(one.layer)))
      ? true
      : undefined,
  );
