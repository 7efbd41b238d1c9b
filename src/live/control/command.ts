/** What a control command is, and how requests for it are checked. */
import { z } from 'zod';
import { parseWwn, type Wwn } from '../../codecs/layout/index.ts';
import type { LiveFabric, LiveLink } from '../links.ts';
import type { LiveServer } from '../server.ts';

/** Why a request was refused, in one line; the answer's `error`. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
}

/** A command of the control socket. */
export interface ControlCommand {
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  /** Serves a request; what it returns stands in the answer. Errors: `ControlError`. */
  run(server: LiveServer, request: unknown): object | Promise<object>;
}

/** Declares a command whose requests have this shape (besides `command` and `id`). */
export function controlCommand<S extends z.ZodRawShape>(
  name: string,
  summary: string,
  shape: S,
  run: (
    server: LiveServer,
    request: z.infer<z.ZodObject<S, z.core.$strict>>,
  ) => object | Promise<object>,
): ControlCommand {
  const schema = z.strictObject(shape);
  return {
    name,
    summary,
    run: (server, request) => {
      const parsed = schema.safeParse(request);
      if (!parsed.success) throw new ControlError(`${name}: ${describe(parsed.error.issues[0]!)}`);
      return run(server, parsed.data as z.infer<z.ZodObject<S, z.core.$strict>>);
    },
  };
}

/** Asks a server for what `command` names, with what else the request has. Errors: `ControlError`. */
export async function askServer(
  server: LiveServer,
  commands: readonly ControlCommand[],
  { command: name, ...request }: Readonly<Record<string, unknown>>,
): Promise<object> {
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    const known = commands.map((one) => one.name).join(', ');
    throw new ControlError(`there is no command ${name ?? ''}; there is ${known}`);
  }
  return await command.run(server, request);
}

function describe(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): string {
  const path = [...above, ...issue.path];
  const where = path.map(String).join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return `has no ${issue.keys.join(', ')}`;
    case 'invalid_value':
      return `${where} must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return `${where} must be ${issue.expected}`;
    case 'too_small':
      return `${where} must be at least ${issue.minimum}`;
    case 'too_big':
      return `${where} must be at most ${issue.maximum}`;
    case 'invalid_union':
      return [...new Set(issue.errors.map(([first]) => describe(first!, path)))].join(', or ');
    case 'invalid_key':
    case 'invalid_element':
      return describe(issue.issues[0]!, path);
    default:
      return `${where}: ${issue.message}`;
  }
}

const WWN = /^([0-9a-fA-F]{2}(:?)){1}([0-9a-fA-F]{2}\2){6}[0-9a-fA-F]{2}$/;

/** A WWPN with colons or without, as `fc_host` shows it (`0x…`). */
export const wwpnText = z
  .string()
  .transform((text) => text.replace(/^0x/, ''))
  .refine((text) => WWN.test(text), { error: 'a WWPN: 16 hex digits, colons or none' })
  .transform((text): Wwn => parseWwn(text.replaceAll(':', '').replace(/(..)(?!$)/g, '$1:')));

/** An N_Port_ID in hex: `010101`. */
export const nPortIdText = z
  .string()
  .regex(/^[0-9a-fA-F]{6}$/, { error: 'an N_Port_ID: six hex digits' })
  .transform((text) => Number.parseInt(text, 16));

/** A time in milliseconds, up to an hour. */
export const milliseconds = z.number().min(0).max(3_600_000);

/** The fabric of a name; without one the only or first. Errors: `ControlError`. */
export function fabricOf(server: LiveServer, name: string | undefined): LiveFabric {
  const names = [...server.fabrics.keys()];
  const fabric = server.fabrics.get(name ?? names[0]!);
  if (fabric === undefined)
    throw new ControlError(`there is no fabric ${name}; there is ${names.join(', ')}`);
  return fabric;
}

/** The link of a name, or that of a WWPN that is logged in. Errors: `ControlError`. */
export function linkOf(
  server: LiveServer,
  { link, wwpn }: { readonly link?: string | undefined; readonly wwpn?: Wwn | undefined },
): LiveLink {
  const links = server.links();
  if (link !== undefined) {
    const found = links.find((one) => one.name === link);
    if (found !== undefined) return found;
    throw new ControlError(
      `there is no link ${link}; there is ${links.map((one) => one.name).join(', ')}`,
    );
  }
  if (wwpn === undefined) throw new ControlError('needs link or wwpn');
  const login = server.loginsOf(wwpn)[0];
  if (login === undefined) throw new ControlError('that WWPN is not logged in');
  return login.fabric.links.get(login.login.port)!;
}
