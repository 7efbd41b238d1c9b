/**
 * What the management fronts have in common: an HTTP server on one address, with bounds on all that a client
 * may make it keep, and one user.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { cannotListen, ListenError } from '../listen-address.ts';

/** Longest body of a request: a zone set of some ten thousand members. */
const BODY_BYTES_MAX = 1024 * 1024;
const CONNECTIONS_MAX = 64;
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const IDLE_MS = 15_000;

/** A request, whole. */
export interface FrontRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An answer. */
export interface FrontAnswer {
  readonly status: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Where a front listens. */
export interface FrontAddress {
  readonly host: string;
  readonly port: number;
}

const ADDRESS = /^(?:(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):)?(\d{1,5})$/;

/** `HOST:PORT`, or `PORT` on the loopback interface. Port 0 is one that the system chooses. Errors: `ListenError`. */
export function parseFrontAddress(said: string, text: string): FrontAddress {
  const parts = ADDRESS.exec(text);
  const port = Number(parts?.[2]);
  if (parts === null || port > 65_535)
    throw new ListenError(`${said} ${text}: needs HOST:PORT or PORT, such as 127.0.0.1:8080`);
  return { host: (parts[1] ?? '127.0.0.1').replace(/[[\]]/g, ''), port };
}

/** The one user who may ask. */
export interface FrontUser {
  readonly name: string;
  readonly password: string;
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** True for the user's Basic credentials. */
export function isUser({ name, password }: FrontUser, authorization: string | undefined): boolean {
  const given = /^(?:Custom_)?Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) return false;
  const words = Buffer.from(given, 'base64').toString('utf8');
  return timingSafeEqual(digest(words), digest(`${name}:${password}`));
}

/** An HTTP server whose requests one function answers. */
export class HttpFront {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens. `failed` hears of what `answer` threw: the client is told 500. Errors: `ListenError`. */
  static async open(
    { host, port }: FrontAddress,
    answer: (request: FrontRequest) => FrontAnswer | Promise<FrontAnswer>,
    failed: (error: Error) => void,
  ): Promise<HttpFront> {
    const server = createServer({
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: IDLE_MS,
    });
    server.maxConnections = CONNECTIONS_MAX;
    server.on('request', (request, response) => {
      serve(request, response, answer).catch((error: Error) => {
        failed(error);
        if (!response.headersSent) send(response, { status: 500, body: 'internal error\n' });
        else response.destroy();
      });
    });
    server.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(cannotListen(`http://${host}:${port}`, error)));
      server.listen(port, host, resolve);
    });
    return new HttpFront(server);
  }

  /** `127.0.0.1:41233`. */
  get address(): string {
    const { address, family, port } = this.#server.address() as {
      address: string;
      family: string;
      port: number;
    };
    return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    await closed;
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: FrontRequest) => FrontAnswer | Promise<FrontAnswer>,
): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) {
    send(response, {
      status: 413,
      headers: { connection: 'close' },
      body: `a request has at most ${BODY_BYTES_MAX} bytes\n`,
    });
    request.destroy();
    return;
  }
  // A path of a client is only looked up; its form must not matter.
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const { method = 'GET', headers } = request;
  send(response, await answer({ method, path, query: new URLSearchParams(query), headers, body }));
}

/** The body; `undefined` for one that is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(
  response: ServerResponse,
  { body = '', headers = {}, status, type = 'text/plain' }: FrontAnswer,
): void {
  const more = body === '' ? {} : { 'content-type': type };
  response.writeHead(status, { ...more, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}
