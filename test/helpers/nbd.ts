/** NBD: the messages of a capture, servers with nothing between them and their clients. */
import { openCapture } from '../../src/capture/index.ts';
import { decodeFrame } from '../../src/codecs/index.ts';
import type { AnyCodec } from '../../src/codecs/layout/index.ts';
import { u16, u32, u64 } from '../../src/codecs/layout/index.ts';
import {
  NBD_CHUNK_MAGIC,
  NBD_OPTION_MAGIC,
  NBD_TCP_PORT,
  NbdCommand,
  type NbdOptionInput,
  type NbdRequestInput,
  nbdChunk,
  nbdClientFlags,
  nbdGreeting,
  nbdOption,
  nbdOptionReply,
  nbdRequest,
  nbdSimpleReply,
} from '../../src/codecs/nbd/index.ts';
import type { StorageEvent } from '../../src/history/storage.ts';
import type { Conn } from '../../src/machine/stream-machine.ts';
import { NbdExports } from '../../src/port/nbd/exports.ts';
import { NbdServer, type NbdServerOptions } from '../../src/port/nbd/server.ts';
import type { Medium } from '../../src/scsi/medium/medium.ts';
import { concat } from './capture.ts';

/** One message, whole. */
export interface NbdMessage {
  readonly codec: AnyCodec;
  readonly from: 'client' | 'server';
  readonly bytes: Uint8Array;
}

/** Both directions of each connection at the port of NBD, in a capture that lacks nothing. */
async function connectionsOf(path: string) {
  const connections = new Map<number, { client: Uint8Array[]; server: Uint8Array[] }>();
  const capture = await openCapture(path);
  for await (const batch of capture.frames) {
    for (const { bytes, linkType, originalLength } of batch) {
      const { layers } = decodeFrame(bytes, { linkType, originalLength });
      const at = layers.findIndex(({ layer }) => layer === 'tcp');
      const payload = layers[at + 1];
      if (at < 0 || payload?.layer !== 'payload') continue;
      const { destinationPort, sourcePort } = layers[at]!.value as {
        destinationPort: number;
        sourcePort: number;
      };
      const fromClient = destinationPort === NBD_TCP_PORT;
      const key = fromClient ? sourcePort : destinationPort;
      const both = connections.get(key) ?? { client: [], server: [] };
      connections.set(key, both);
      const data = bytes.slice(payload.offset, payload.offset + payload.length);
      both[fromClient ? 'client' : 'server'].push(data);
    }
  }
  return [...connections.values()].map(({ client, server }) => ({
    client: concat(client),
    server: concat(server),
  }));
}

/** The messages of a client's bytes. */
export function fromClient(bytes: Uint8Array): NbdMessage[] {
  const messages: NbdMessage[] = [];
  const take = (codec: AnyCodec, at: number, length: number): number => {
    messages.push({ codec, from: 'client', bytes: bytes.slice(at, at + length) });
    return at + length;
  };
  let at = take(nbdClientFlags, 0, 4);
  while (at < bytes.length) {
    if (u64.read(bytes, at, 0) === NBD_OPTION_MAGIC)
      at = take(nbdOption, at, 16 + u32.read(bytes, at + 12, 0));
    else {
      const isWrite = u16.read(bytes, at + 6, 0) === NbdCommand.WRITE;
      at = take(nbdRequest, at, 28 + (isWrite ? u32.read(bytes, at + 24, 0) : 0));
    }
  }
  return messages;
}

/** The messages of a server's bytes; what its client read is told by the length of data. */
export function fromServer(bytes: Uint8Array, reads: ReadonlyMap<bigint, number>): NbdMessage[] {
  const messages: NbdMessage[] = [];
  const take = (codec: AnyCodec, at: number, length: number): number => {
    if (at + length > bytes.length) throw new RangeError('the last message is not whole');
    messages.push({ codec, from: 'server', bytes: bytes.slice(at, at + length) });
    return at + length;
  };
  let at = take(nbdGreeting, 0, 18);
  while (at < bytes.length) {
    const magic = u32.read(bytes, at, 0);
    if (magic === NBD_CHUNK_MAGIC) at = take(nbdChunk, at, 20 + u32.read(bytes, at + 16, 0));
    else if (magic === 0x0003_e889) at = take(nbdOptionReply, at, 20 + u32.read(bytes, at + 16, 0));
    else {
      const went = u32.read(bytes, at + 4, 0) === 0;
      const read = reads.get(u64.read(bytes, at + 8, 0)) ?? 0;
      at = take(nbdSimpleReply, at, 16 + (went ? read : 0));
    }
  }
  return messages;
}

/** Bytes that each READ asks for, by its cookie; none where the answers are structured. */
export function readsOf(messages: readonly NbdMessage[]): Map<bigint, number> {
  const isStructured = messages.some(
    ({ codec, bytes }) =>
      codec === (nbdOption as AnyCodec) && nbdOption.decode(bytes).kind === 'STRUCTURED_REPLY',
  );
  if (isStructured) return new Map();
  const requests = messages.filter(({ codec }) => codec === (nbdRequest as AnyCodec));
  return new Map(
    requests
      .map(({ bytes }) => nbdRequest.decode(bytes))
      .filter(({ command }) => command === NbdCommand.READ)
      .map(({ cookie, lengthBytes }) => [cookie, lengthBytes]),
  );
}

/** Every message of a capture. */
export async function nbdMessagesOf(path: string): Promise<NbdMessage[]> {
  return (await connectionsOf(path)).flatMap(({ client, server }) => {
    const asked = fromClient(client);
    return [...asked, ...fromServer(server, readsOf(asked))];
  });
}

/** Exports of these media: `lun0` and on. */
export const exportsOf = (media: readonly Medium[]): NbdExports =>
  new NbdExports(media.map((medium, i) => ({ name: `lun${i}`, medium, luName: `lu${i}` })));

/** A server of these media, its clients at 10.0.0.1. */
export const nbdServerOf = (
  media: readonly Medium[],
  options: Partial<NbdServerOptions> = {},
): NbdServer =>
  new NbdServer({
    name: 'array',
    exports: exportsOf(media),
    peerOf: (conn) => ({ address: '10.0.0.1', port: 40_000 + conn }),
    ...options,
  });

/** A client's first words. */
export const hello = (flags = 3): Uint8Array => nbdClientFlags.encode({ flags });
/** An option. */
export const option = (input: NbdOptionInput): Uint8Array => nbdOption.encode(input);
const EMPTY = new Uint8Array(0);
/** GO to an export, with these kinds of information. */
export const go = (exportName = 'lun0', informations: readonly number[] = []): Uint8Array =>
  option({ kind: 'GO', data: { exportName, informations } });
/** Structured replies are asked for. */
export const structured = (): Uint8Array => option({ kind: 'STRUCTURED_REPLY', data: EMPTY });
/** Meta contexts are chosen. */
export const choose = (queries: readonly string[], exportName = 'lun0'): Uint8Array =>
  option({
    kind: 'SET_META_CONTEXT',
    data: { exportName, queries: queries.map((query) => ({ query })) },
  });
/** A request. */
export const request = (
  command: keyof typeof NbdCommand,
  rest: Omit<NbdRequestInput, 'command' | 'cookie'> & { cookie?: bigint } = {},
): Uint8Array => nbdRequest.encode({ cookie: 7n, ...rest, command: NbdCommand[command] });

/** A server, one client of it at a time, and what it says. */
export class NbdRig {
  readonly server: NbdServer;
  readonly events: StorageEvent[] = [];
  readonly closed = new Map<Conn, string>();
  readonly #said = new Map<Conn, Uint8Array[]>();
  #reads = new Map<bigint, number>();
  now = 1_000;
  #conns = 0;

  constructor(server: NbdServer) {
    this.server = server;
  }

  /** A connection on which these bytes were said. */
  open(...bytes: Uint8Array[]): Conn {
    const conn = ++this.#conns;
    this.server.handleOpened(conn, this.now);
    this.drain();
    this.send(conn, ...bytes);
    return conn;
  }

  /** Says more. */
  send(conn: Conn, ...bytes: Uint8Array[]): void {
    for (const one of bytes) {
      if (u32.read(one, 0, 0) === 0x2560_9513) {
        const { command, cookie, lengthBytes } = nbdRequest.view(one);
        this.#reads.set(cookie, command === NbdCommand.READ ? lengthBytes : 0);
      }
      this.server.handleBytes(conn, one, this.now);
      this.drain();
    }
  }

  /** Time passes. */
  wait(ns: number): void {
    this.now += ns;
    this.server.handleTimeout(this.now);
    this.drain();
  }

  drain(): void {
    for (let out = this.server.poll(); out !== undefined; out = this.server.poll()) {
      if ('event' in out) this.events.push(out.event);
      else if ('send' in out)
        this.#said.set(out.conn, [...(this.#said.get(out.conn) ?? []), out.send]);
      else if ('close' in out) this.closed.set(out.conn, out.close);
    }
  }

  /** What a connection was told so far, decoded; the greeting is left out. */
  // biome-ignore lint/suspicious/noExplicitAny: messages of several families, looked into by tests
  told(conn: Conn): any[] {
    const all = fromServer(concat(this.#said.get(conn) ?? []), this.#reads);
    return all.slice(1).map(({ codec, bytes }) => codec.decode(bytes));
  }

  /** Happenings of a kind. */
  happened<T extends StorageEvent['type']>(type: T): Extract<StorageEvent, { type: T }>[] {
    return this.events.filter((one) => one.type === type) as Extract<StorageEvent, { type: T }>[];
  }
}
