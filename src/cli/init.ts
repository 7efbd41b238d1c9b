/** `sanmotion init`: a commented scenario to start from, as usual or as a capture shows the world. */
import { holdsSomething, writeText } from './files.ts';
import { initText, PLAIN_PARTS } from './init-text.ts';
import { Exit, UsageError } from './output.ts';

/** Options of `sanmotion init`, as they were typed. */
export interface InitOptions {
  /** A capture whose world is drawn. */
  readonly from?: string;
}

/**
 * Runs the command: to standard output, or to a file that holds nothing yet. Returns the exit status.
 * Errors: `UsageError`, `CaptureError`.
 */
export async function initCommand(
  path: string | undefined,
  options: InitOptions,
  version: string,
): Promise<number> {
  const file = path === undefined || path === '-' ? undefined : { said: 'init', path };
  if (file !== undefined && holdsSomething(file))
    throw new UsageError(
      `init ${path}: that file holds something; give another name, or remove it`,
    );
  const text = initText(await partsOf(options.from), version);
  if (file === undefined) process.stdout.write(text);
  else writeText(file, text);
  return Exit.clean;
}

async function partsOf(capture: string | undefined) {
  if (capture === undefined) return PLAIN_PARTS;
  const { surveyCapture } = await import('./init-survey.ts');
  const { partsFrom } = await import('./init-from.ts');
  return partsFrom(await surveyCapture(capture));
}
