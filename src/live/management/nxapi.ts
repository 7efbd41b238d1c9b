/**
 * NX-API, as Ansible's zoning module of cisco.nxos speaks it: commands as text, answers as text.
 * Source: cisco.nxos of Debian's ansible 7.7, plugins/httpapi/nxos.py.
 */
import { z } from 'zod';
import { type FrontAnswer, type FrontRequest, type FrontUser, isUser } from './http-front.ts';
import { NxapiConfig } from './nxapi-config.ts';
import { CliError, showText } from './nxapi-show.ts';
import { type ZoneDatabases, ZoneError } from './zone-database.ts';

const request = z.object({
  ins_api: z.object({
    version: z.string(),
    type: z.enum(['cli_show', 'cli_show_ascii', 'cli_conf']),
    input: z.string(),
    output_format: z.literal('json').default('json'),
  }),
});

/** What one command came to. */
interface Output {
  readonly input: string;
  readonly msg: string;
  readonly code: string;
  readonly body?: string | object;
  readonly clierror?: string;
}

/** Answers `POST /ins`. */
export class NxapiFront {
  readonly #user: FrontUser;
  readonly #databases: ZoneDatabases;

  constructor(user: FrontUser, databases: ZoneDatabases) {
    this.#user = user;
    this.#databases = databases;
  }

  /** Answers one request. */
  answer({ body, headers, method, path }: FrontRequest): FrontAnswer {
    if (path !== '/ins') return { status: 404, body: 'there is nothing but /ins\n' };
    if (method !== 'POST') return { status: 405, body: '/ins takes POST\n' };
    if (!isUser(this.#user, headers.authorization))
      return {
        status: 401,
        headers: { 'www-authenticate': 'Basic realm="nxapi"' },
        body: 'wrong user or password\n',
      };
    const parsed = request.safeParse(jsonOf(body));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return { status: 400, body: `${issue!.path.join('.') || 'the body'}: ${issue!.message}\n` };
    }
    const { input, type } = parsed.data.ins_api;
    const commands = input
      .split(' ;')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    const outputs = this.#outputs(type, commands);
    const output = outputs.length === 1 ? outputs[0] : outputs;
    const answer = { ins_api: { type, version: '1.0', sid: 'eoc', outputs: { output } } };
    return { status: 200, type: 'application/json', body: JSON.stringify(answer) };
  }

  #outputs(
    type: 'cli_show' | 'cli_show_ascii' | 'cli_conf',
    commands: readonly string[],
  ): Output[] {
    const config = new NxapiConfig(this.#databases);
    const outputs: Output[] = [];
    for (const input of commands) {
      try {
        if (type === 'cli_show')
          throw new CliError('structured output is not offered: ask for cli_show_ascii');
        const body = type === 'cli_conf' ? {} : showText(this.#databases, input);
        if (type === 'cli_conf') config.run(input);
        outputs.push({ input, msg: 'Success', code: '200', body });
      } catch (error) {
        const isTheirs =
          error instanceof CliError || error instanceof ZoneError || error instanceof RangeError;
        if (!isTheirs) throw error;
        outputs.push({
          input,
          msg: 'Input CLI command error',
          code: '400',
          clierror: `% ${error.message}\n`,
        });
        // What stands behind a command that failed may rest on it.
        if (type === 'cli_conf') break;
      }
    }
    return outputs;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
