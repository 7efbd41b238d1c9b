/** `sanmotion control`: one request to a running `serve`, by hand. */
import { askControl } from '../live/control/client.ts';
import { Exit, UsageError } from './output.ts';

/**
 * Asks the server behind a control socket. `words` are one JSON request, or a command and
 * `key=value` pairs. Prints the answer; status 1 when it is a refusal.
 * Errors: `UsageError`, `ListenError`.
 */
export async function controlCommand(
  path: string,
  words: readonly string[],
  options: { readonly json?: boolean },
): Promise<number> {
  const answer = await askControl(path, JSON.stringify(requestFrom(words)));
  const value = JSON.parse(answer) as { readonly ok?: boolean };
  process.stdout.write(`${options.json === true ? answer : JSON.stringify(value, undefined, 2)}\n`);
  return value.ok === true ? Exit.clean : Exit.violated;
}

function requestFrom(words: readonly string[]): unknown {
  const [first = '', ...rest] = words;
  if (first.startsWith('{')) {
    try {
      return JSON.parse(words.join(' '));
    } catch (error) {
      throw new UsageError(`control: the request is no JSON: ${(error as Error).message}`);
    }
  }
  const request: Record<string, unknown> = { command: first };
  for (const word of rest) {
    const at = word.indexOf('=');
    if (at < 1) throw new UsageError(`control: ${word}: needs key=value, such as wwpn=20:00:…`);
    request[word.slice(0, at)] = jsonOf(word.slice(at + 1));
  }
  return request;
}

/** JSON where it is JSON; text where it is not. Hex digits stay text. */
function jsonOf(text: string): unknown {
  if (!/^(true|false|null|-?\d{1,5}(\.\d+)?|[[{"].*)$/s.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
