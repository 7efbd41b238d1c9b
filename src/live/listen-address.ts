/** Where guests plug in: Unix sockets, TCP and UDP ports of the loopback interface. */
import { resolve } from 'node:path';
import { fileFault } from '../capture/file-fault.ts';

/** An address that cannot be used, in one line. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Where to listen. UDP has no connections: frames come from, and go to, one remote port. */
export type ListenPlace =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'udp'; readonly localPort: number; readonly remotePort: number };

/** A place, and the fabric whose switch is behind it; without one, the first fabric. */
export interface ListenAddress {
  readonly fabric: string | undefined;
  readonly place: ListenPlace;
}

const FABRIC = /^([A-Za-z][A-Za-z0-9._-]{0,31})=(.+)$/;
const TCP = /^tcp:(.+):(\d{1,5})$/;
const UDP = /^udp:(\d{1,5}),(\d{1,5})$/;
const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])$/;
/** True for a host that only programs of this machine reach. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host) || host === '::1';

const PORT_MAX = 65_535;
/** A socket's path has 108 bytes with the zero behind it. Source: unix(7). */
const PATH_BYTES_MAX = 107;
const FORMS = 'unix:PATH, tcp:HOST:PORT or udp:LOCALPORT,REMOTEPORT';
/** Of places that one connects to. */
export const STREAM_FORMS = 'unix:PATH or tcp:HOST:PORT';

/** `[FABRIC=]unix:PATH`, `tcp:HOST:PORT` or `udp:LOCALPORT,REMOTEPORT`. Errors: `ListenError`. */
export function parseListenAddress(text: string): ListenAddress {
  return listenAddressFrom('--listen', text);
}

/** The same, where something else than an option said it: `x.yaml:3:5: listen`; `forms` are those that may stand there. */
export function listenAddressFrom(said: string, text: string, forms = FORMS): ListenAddress {
  const named = FABRIC.exec(text);
  const fabric = named?.[1];
  const place = parsePlace(`${said} ${text}`, named?.[2] ?? text, forms);
  return { fabric, place };
}

/** Refuses what two guests' sockets would share, before anything listens. Errors: `ListenError`. */
export function checkDistinct(addresses: readonly ListenAddress[]): void {
  const seen = new Set<string>();
  for (const { place } of addresses) {
    for (const key of keysOf(place)) {
      if (seen.has(key))
        throw new ListenError(`listen ${formatPlace(place)}: given twice; each needs its own`);
      seen.add(key);
    }
  }
}

/** True where both are one address of this machine, as far as their texts say. */
export function isSamePlace(a: ListenPlace, b: ListenPlace): boolean {
  if (a.kind === 'tcp' && b.kind === 'tcp' && a.port === b.port && a.port > 0)
    return a.host === b.host || a.host === 'localhost' || b.host === 'localhost';
  return keysOf(a).some((key) => keysOf(b).includes(key));
}

/** What a place occupies: a path, however it is written, or a port of this machine. */
function keysOf(place: ListenPlace): readonly string[] {
  switch (place.kind) {
    case 'unix':
      return [`unix:${resolve(place.path)}`];
    case 'tcp':
      // Port 0 is another one each time.
      return place.port === 0 ? [] : [formatPlace(place)];
    case 'udp':
      return [`udp:${place.localPort}`];
  }
}

function parsePlace(whole: string, text: string, forms: string): ListenPlace {
  const bad = (what: string): never => {
    throw new ListenError(`${whole}: ${what}`);
  };
  if (text.startsWith('unix:')) return { kind: 'unix', path: checkPath(text.slice(5), bad) };
  const tcp = TCP.exec(text);
  if (tcp !== null) {
    const host = tcp[1]!;
    if (!LOOPBACK.test(host))
      bad(`${host} is not this machine's loopback; use 127.0.0.1, [::1] or localhost`);
    return { kind: 'tcp', host: host.replace(/[[\]]/g, ''), port: portOf(tcp[2]!, 0, bad) };
  }
  const udp = UDP.exec(text);
  if (udp !== null) {
    const localPort = portOf(udp[1]!, 1, bad);
    const remotePort = portOf(udp[2]!, 1, bad);
    if (localPort === remotePort) bad('the local and the remote port must differ');
    return { kind: 'udp', localPort, remotePort };
  }
  return bad(`needs ${forms}`);
}

function checkPath(path: string, bad: (what: string) => never): string {
  if (path === '') bad('needs a path behind unix:');
  const bytes = Buffer.byteLength(path);
  if (bytes > PATH_BYTES_MAX)
    bad(`the path has ${bytes} bytes; a socket's path has at most ${PATH_BYTES_MAX}`);
  return path;
}

function portOf(text: string, least: number, bad: (what: string) => never): number {
  const port = Number(text);
  if (port < least || port > PORT_MAX) bad(`port ${text} is not ${least} to ${PORT_MAX}`);
  return port;
}

/** A place as it is typed. */
export function formatPlace(place: ListenPlace): string {
  switch (place.kind) {
    case 'unix':
      return `unix:${place.path}`;
    case 'tcp':
      return `tcp:${place.host.includes(':') ? `[${place.host}]` : place.host}:${place.port}`;
    case 'udp':
      return `udp:${place.localPort},${place.remotePort}`;
  }
}

/** What the system's error codes mean to the person who named the address. */
const FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop it or choose another address',
  EACCES: 'permission denied; choose an address you may use',
  EADDRNOTAVAIL: 'this machine has no such address; use 127.0.0.1',
};

/** A failed bind as one line. */
export function cannotListen(name: string, cause: unknown): ListenError {
  const error = cause as NodeJS.ErrnoException;
  const known = FAULTS[error.code ?? ''];
  if (known !== undefined) return new ListenError(`cannot listen on ${name}: ${known}`);
  const { advice, what } = fileFault(name.replace(/^unix:/, ''), cause, 'write');
  return new ListenError(`cannot listen on ${name}: ${what}; ${advice}`);
}
