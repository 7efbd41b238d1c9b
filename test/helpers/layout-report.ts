/**
 * What the codec kernel makes of random messages, as text: to compare a process that may make code
 * with one that may not. Run as a program it prints the report.
 */
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { CodecError } from '../../src/codecs/layout/index.ts';
import { codecOf } from './naive-table.ts';
import { bytesFor, variableMessage } from './random-table.ts';

const SAMPLES = { seed: 7, numRuns: 150 };

function show(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (one instanceof Uint8Array) return `bytes ${[...one].join(' ')}`;
    return typeof one === 'bigint' ? `${one}n` : one;
  });
}

function attempt(call: () => unknown): string {
  try {
    return show(call());
  } catch (error) {
    return error instanceof CodecError ? error.message : `not a CodecError: ${String(error)}`;
  }
}

/** True where the host lets a program make code from text. */
export function codeCanBeMade(): boolean {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
}

/** A line for each thing that is asked of each message. */
export function layoutReport(): string[] {
  const cases = fc.sample(
    variableMessage.chain((message) => fc.tuple(fc.constant(message), bytesFor(message))),
    SAMPLES,
  );
  return cases.flatMap(([message, bytes]) => {
    const codec = codecOf(message);
    const view = (): unknown => {
      const one = codec.view(bytes) as unknown as Record<string, unknown>;
      return message.head.map(({ key }) => one[key]);
    };
    const wrong = (key: string, value: unknown) => () =>
      codec.encode({ ...codec.decode(bytes), [key]: value });
    return [
      attempt(() => codec.decode(bytes)),
      attempt(view),
      attempt(() => codec.spans(bytes)),
      attempt(() => codec.encode(codec.decode(bytes))),
      ...message.head.flatMap(({ key }) =>
        [undefined, null, -1, -0, 0.5, Number.NaN, 2 ** 40, '', {}, 1n << 70n].map((value) =>
          attempt(wrong(key, value)),
        ),
      ),
    ];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.stdout.write(JSON.stringify({ compiled: codeCanBeMade(), lines: layoutReport() }));
