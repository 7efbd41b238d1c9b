/**
 * The REST surface of Fabric OS: sessions, what a fabric shows, and zoning.
 * Source: brocade/pyfos and brocade/ansible (paths, sessions, statuses); Debian's python3-cinder.
 */
import { randomBytes } from 'node:crypto';
import type { LiveServer } from '../server.ts';
import { type FrontAnswer, type FrontRequest, type FrontUser, isUser } from './http-front.ts';
import {
  mediaOf,
  RestBodyError,
  type RestMedia,
  type RestValue,
  readRest,
  writeRest,
} from './rest-format.ts';
import { RESOURCES } from './rest-resources.ts';
import {
  changeDefined,
  changeEffective,
  editOf,
  readDefined,
  readEffective,
  type ZoneEdits,
} from './rest-zoning.ts';
import { type ZoneDatabase, type ZoneDatabases, ZoneError } from './zone-database.ts';

/** As on a switch; the next one is told to come again later. */
const SESSIONS_MAX = 3;
/** A session that nobody uses ends, so that a program that died leaves room for the next. */
const IDLE_MS = 10 * 60_000;

const ZONING = ['zoning', 'brocade-zone'];

/** What a request came to that is no answer with a body. */
class RestFault extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Session {
  usedMs: number;
  readonly edits: ZoneEdits;
}

/** Answers the requests of REST clients. */
export class RestFront {
  readonly #server: LiveServer;
  readonly #user: FrontUser;
  readonly #databases: ZoneDatabases;
  readonly #sessions = new Map<string, Session>();

  constructor(server: LiveServer, user: FrontUser, databases: ZoneDatabases) {
    this.#server = server;
    this.#user = user;
    this.#databases = databases;
  }

  /** Answers one request. */
  answer(request: FrontRequest): FrontAnswer {
    const { headers } = request;
    const media = mediaOf(headers.accept);
    try {
      return this.#answer(request, media);
    } catch (error) {
      const status = error instanceof RestFault ? error.status : isTheirs(error) ? 400 : undefined;
      if (status === undefined) throw error;
      return this.#refuse(media, status, request.path, (error as Error).message);
    }
  }

  #refuse(media: RestMedia, status: number, path: string, message: string): FrontAnswer {
    const error = [
      {
        'error-type': 'application',
        'error-tag': 'operation-failed',
        'error-path': path.slice(0, 200),
        'error-message': message,
      },
    ];
    return { status, ...writeRest(media, 'errors', { error }) };
  }

  #answer({ body, headers, method, path, query }: FrontRequest, media: RestMedia): FrontAnswer {
    const parts = path
      .split('/')
      .filter((part) => part !== '')
      .map(decoded);
    if (parts[0] !== 'rest') throw new RestFault(404, 'there is nothing but /rest');
    if (parts[1] === 'login') return this.#login(method, headers.authorization);
    const session = this.#sessionOf(headers.authorization);
    if (parts[1] === 'logout') {
      if (method !== 'POST') throw new RestFault(405, 'logout is a POST');
      this.#sessions.delete(headers.authorization ?? '');
      return { status: 204 };
    }
    if (parts[1] !== 'running') throw new RestFault(404, `there is no /rest/${parts[1] ?? ''}`);
    const number = Number(query.get('vf-id') ?? 1);
    // 128 is the default logical fabric of a switch.
    const database = this.#databases.of(number === 128 ? 1 : number);
    if (database === undefined) throw new RestFault(400, `there is no fabric with vf-id ${number}`);
    const rest = parts.slice(2);
    if (ZONING.includes(rest[0] ?? '')) {
      const read = () => readRest(mediaOf(headers['content-type'] ?? headers.accept), body);
      return this.#zoning(method, rest.slice(1), database, session, media, read);
    }
    if (method !== 'GET') throw new RestFault(405, 'this can be read, and not changed');
    return this.#show(rest, database, number, media);
  }

  #login(method: string, authorization: string | undefined): FrontAnswer {
    if (method !== 'POST') throw new RestFault(405, 'login is a POST');
    if (!isUser(this.#user, authorization))
      throw new RestFault(401, 'Unauthorized: wrong user or password');
    const { now } = this.#server;
    for (const [token, { usedMs }] of this.#sessions)
      if (now / 1e6 - usedMs > IDLE_MS) this.#sessions.delete(token);
    if (this.#sessions.size >= SESSIONS_MAX)
      throw new RestFault(503, 'Max limit for REST sessions reached');
    const token = `Custom_Basic ${randomBytes(24).toString('base64')}`;
    this.#sessions.set(token, { usedMs: now / 1e6, edits: new Map() });
    return { status: 200, headers: { authorization: token } };
  }

  /** The session of a token; Basic credentials are a session of one request. */
  #sessionOf(authorization: string | undefined): Session {
    const session = this.#sessions.get(authorization ?? '');
    if (session !== undefined) {
      session.usedMs = this.#server.now / 1e6;
      return session;
    }
    if (isUser(this.#user, authorization)) return { usedMs: 0, edits: new Map() };
    throw new RestFault(401, 'Unauthorized: log in by POST /rest/login first');
  }

  #show(
    [module, leaf, key, value]: readonly string[],
    { fabric }: ZoneDatabase,
    number: number,
    media: RestMedia,
  ): FrontAnswer {
    const resource = RESOURCES.find(
      (one) => one.leaf === leaf && one.modules.includes(module ?? ''),
    );
    if (resource === undefined) throw new RestFault(404, 'there is no such resource');
    const all = resource.read({ fabric, number });
    const entries =
      key === undefined ? all : all.filter((one) => key === resource.key && one[key] === value);
    if (entries.length === 0) throw new RestFault(404, resource.empty);
    // A switch is one; everything else is a list, whatever its length.
    const shown: RestValue =
      key !== undefined || resource.leaf === 'fibrechannel-switch' ? entries[0]! : entries;
    return { status: 200, ...writeRest(media, 'Response', { [resource.leaf]: shown }) };
  }

  #zoning(
    method: string,
    [part, ...path]: readonly string[],
    database: ZoneDatabase,
    { edits }: Session,
    media: RestMedia,
    read: () => Readonly<Record<string, unknown>>,
  ): FrontAnswer {
    if (part === 'effective-configuration') {
      if (method === 'PATCH') {
        changeEffective(edits, database, path, read());
        return { status: 204 };
      }
      if (method !== 'GET') throw new RestFault(405, 'effective-configuration is read and patched');
      const value = readEffective(database, path);
      if (value === undefined) throw new RestFault(404, 'No entries found');
      return { status: 200, ...writeRest(media, 'Response', { [part]: value }) };
    }
    if (part !== 'defined-configuration') throw new RestFault(404, 'there is no such resource');
    if (method === 'GET') {
      const edit = edits.get(database) ?? database.edit();
      const found = readDefined(edit, path);
      if (found === undefined) throw new RestFault(404, 'No entries found');
      return { status: 200, ...writeRest(media, 'Response', { [found.leaf]: found.value }) };
    }
    if (method !== 'POST' && method !== 'PATCH' && method !== 'DELETE')
      throw new RestFault(405, 'a definition is read, posted, patched and deleted');
    const edit = editOf(edits, database);
    const change = read();
    edit.together(() => changeDefined(edit, method, path, change));
    return { status: method === 'POST' ? 201 : 204 };
  }
}

const isTheirs = (error: unknown): boolean =>
  error instanceof ZoneError || error instanceof RestBodyError || error instanceof RangeError;

/** A part of a path. Errors: `RestFault` for one that is not well formed. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new RestFault(400, 'the path has a % that is none');
  }
}
