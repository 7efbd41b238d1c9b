/** A witness of two servers that have a leg each: a process of its own, that both reach without each other. */
import { createServer, type Server, type Socket } from 'node:net';
import { Witness, type WitnessLie } from '../../array/pair/witness.ts';
import { formatPlace } from '../listen-address.ts';
import type { LogRecord } from '../log.ts';
import { listenOn } from '../stream-wire.ts';
import type { StreamPlace } from './place.ts';
import { readGrants, writeGrants } from './witness-file.ts';
import { formatLine, LINE_CHARACTERS_MAX, parseQuestion } from './witness-text.ts';

const CONNECTIONS_MAX = 32;

/** What a witness is told. */
export interface WitnessOptions {
  readonly place: StreamPlace;
  /** Keeps what it has said. */
  readonly file: string;
  /** How it lies, for a test of what it does to a pair. */
  readonly lies?: WitnessLie;
  readonly log: (record: LogRecord) => void;
}

/**
 * Answers arrays.
 *
 * Limits: 32 connections, lines of 1,024 characters.
 */
export class WitnessServer {
  readonly #server: Server;
  readonly #options: WitnessOptions;
  readonly #witness: Witness;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, options: WitnessOptions) {
    const { file, lies } = options;
    this.#server = server;
    this.#options = options;
    this.#witness = new Witness(lies, readGrants(file), (generation, site) =>
      writeGrants(file, new Map([...this.#witness.grants, [generation, site]])),
    );
  }

  /** Listens, once its file can be written. Errors: `ListenError`. */
  static async open(options: WitnessOptions): Promise<WitnessServer> {
    writeGrants(options.file, readGrants(options.file));
    const server = createServer({ noDelay: true });
    const witness = new WitnessServer(server, options);
    server.maxConnections = CONNECTIONS_MAX;
    server.on('connection', (socket) => witness.#serve(socket));
    await listenOn(server, options.place);
    return witness;
  }

  /** The address, with the port that the system chose. */
  get address(): string {
    const { place } = this.#options;
    const bound = this.#server.address();
    return place.kind === 'tcp' && bound !== null && typeof bound === 'object'
      ? formatPlace({ ...place, port: bound.port })
      : formatPlace(place);
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      if (rest.length > LINE_CHARACTERS_MAX || !lines.every((line) => this.#answer(socket, line)))
        socket.destroy();
    });
  }

  /** False for what is no question, and where the answer cannot be kept: there is none then. */
  #answer(socket: Socket, line: string): boolean {
    const { log } = this.#options;
    const question = line.length > LINE_CHARACTERS_MAX ? undefined : parseQuestion(line);
    if (question === undefined) {
      const text = 'somebody asked what is no question of an array';
      log({ level: 'warn', event: 'refused', text, fields: {}, limitKey: 'refused' });
      return false;
    }
    const { generation, site } = question;
    try {
      const answer = this.#witness.answer(question);
      socket.write(formatLine(answer));
      const said = answer.granted ? 'may go on' : 'may not go on';
      const text = `${site} ${said} with generation ${generation}`;
      log({
        level: 'info',
        event: 'witness',
        text,
        fields: { site, generation, granted: answer.granted },
      });
      return true;
    } catch (error) {
      const { message: what } = error as Error;
      log({ level: 'error', event: 'witness-failed', text: what, fields: { what } });
      return false;
    }
  }
}
