/** The management fronts of a server: what is asked for, opened together and closed together. */
import { readFileSync } from 'node:fs';
import { fileFault } from '../../capture/file-fault.ts';
import type { HistoryAccount } from '../history-account.ts';
import { ListenError } from '../listen-address.ts';
import type { LiveServer } from '../server.ts';
import {
  type FrontAnswer,
  type FrontRequest,
  type FrontUser,
  HttpFront,
  parseFrontAddress,
} from './http-front.ts';
import { ZoneDatabases } from './zone-database.ts';

/** Addresses of fronts, `HOST:PORT` each, and who may ask. */
export interface ManagementOptions {
  /** The REST surface of Fabric OS. */
  readonly rest?: string | undefined;
  /** NX-API. */
  readonly nxapi?: string | undefined;
  /** `/metrics` for Prometheus; nobody logs in there. */
  readonly metrics?: string | undefined;
  /** The page, with what the server is doing; nobody logs in there. */
  readonly web?: string | undefined;
  /** Default `admin`. */
  readonly user?: string | undefined;
  /** Its first line is the password. Needed by `rest` and `nxapi`. */
  readonly passwordFile?: string | undefined;
}

/** What a scenario says of fronts, and over it what else was said. A user of the scenario is no mistake where nobody logs in. */
export function managementOf(
  said: ManagementOptions | undefined,
  given: ManagementOptions,
): ManagementOptions {
  const { nxapi = said?.nxapi, rest = said?.rest } = given;
  const logsIn = nxapi !== undefined || rest !== undefined;
  return {
    nxapi,
    rest,
    metrics: given.metrics ?? said?.metrics,
    web: given.web ?? said?.web,
    user: given.user ?? (logsIn ? said?.user : undefined),
    passwordFile: given.passwordFile ?? (logsIn ? said?.passwordFile : undefined),
  };
}

/** The front that an address belongs to. */
export type FrontName = 'rest' | 'nxapi' | 'metrics' | 'web';

/** Fronts that are open. */
export interface Management {
  /** Where each listens, with the port that the system chose: `127.0.0.1:41233`. */
  readonly addresses: Readonly<Partial<Record<FrontName, string>>>;
  close(): Promise<void>;
}

const USER_DEFAULT = 'admin';
const PASSWORD_CHARACTERS_MAX = 1024;

/** Opens what is asked for, or nothing; `account` judges what the page shows. Errors: `ListenError`. */
export async function openManagement(
  server: LiveServer,
  account: HistoryAccount | undefined,
  options: ManagementOptions,
): Promise<Management> {
  const fronts = new Map<FrontName, HttpFront>();
  const databases = new ZoneDatabases(server);
  const open = async (
    name: FrontName,
    answer: () => Promise<(request: FrontRequest) => FrontAnswer | Promise<FrontAnswer>>,
  ): Promise<void> => {
    const text = options[name];
    if (text === undefined) return;
    const address = parseFrontAddress(`--${name}`, text);
    const failed = (error: Error): void =>
      server.log('error', 'defect', `${name}: ${error.message}`, { stack: error.stack });
    fronts.set(name, await HttpFront.open(address, await answer(), failed));
  };
  const close = async (): Promise<void> => {
    for (const front of fronts.values()) await front.close();
  };
  try {
    const user = userOf(options);
    await open('rest', async () => {
      const { RestFront } = await import('./rest.ts');
      const front = new RestFront(server, user!, databases);
      return (request) => front.answer(request);
    });
    await open('nxapi', async () => {
      const { NxapiFront } = await import('./nxapi.ts');
      const front = new NxapiFront(user!, databases);
      return (request) => front.answer(request);
    });
    await open('metrics', async () => {
      const { metricsOf } = await import('./metrics.ts');
      const registry = metricsOf(server);
      return async ({ method, path }) => {
        if (path !== '/metrics') return { status: 404, body: 'there is nothing but /metrics\n' };
        if (method !== 'GET') return { status: 405, body: '/metrics takes GET\n' };
        return { status: 200, type: registry.contentType, body: await registry.metrics() };
      };
    });
    await open('web', async () => {
      const { WebFront } = await import('./web.ts');
      const front = new WebFront(server, account);
      return (request) => front.answer(request);
    });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    addresses: Object.fromEntries([...fronts].map(([name, { address }]) => [name, address])),
    close,
  };
}

/** Who may ask; `undefined` where nobody logs in. Errors: `ListenError`. */
function userOf({ nxapi, passwordFile, rest, user }: ManagementOptions): FrontUser | undefined {
  if (rest === undefined && nxapi === undefined) {
    if (user === undefined && passwordFile === undefined) return undefined;
    throw new ListenError(
      '--user and --password-file do nothing without --rest or --nxapi: leave them out',
    );
  }
  if (passwordFile === undefined)
    throw new ListenError(
      '--rest and --nxapi need --password-file FILE (in a scenario management.passwordFile), whose first line is the password',
    );
  let text: string;
  try {
    text = readFileSync(passwordFile, 'utf8');
  } catch (error) {
    const { advice, what } = fileFault(passwordFile, error, 'read');
    throw new ListenError(`--password-file ${passwordFile}: ${what}; ${advice}`);
  }
  const password = text.split('\n', 1)[0]!.replace(/\r$/, '');
  if (password === '' || password.length > PASSWORD_CHARACTERS_MAX)
    throw new ListenError(`--password-file ${passwordFile}: its first line must be the password`);
  return { name: user ?? USER_DEFAULT, password };
}
