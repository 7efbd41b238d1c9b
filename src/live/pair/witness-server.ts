/** A witness of two servers that have a leg each: a process of its own, that both reach without each other. */
import { Witness, type WitnessLie } from '../../array/pair/witness.ts';
import { LineServer } from '../line-server.ts';
import type { LogRecord } from '../log.ts';
import type { StreamPlace } from './place.ts';
import { readGrants, writeGrants } from './witness-file.ts';
import { keepFile } from './witness-lock.ts';
import { formatLine, LINE_CHARACTERS_MAX, parseQuestion } from './witness-text.ts';

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
 * Limits: those of `LineServer`, lines of 1,024 characters.
 */
export class WitnessServer {
  readonly #lines: LineServer;
  readonly #giveUp: () => void;

  private constructor(lines: LineServer, giveUp: () => void) {
    this.#lines = lines;
    this.#giveUp = giveUp;
  }

  /** Listens, once its file is its own and can be written. Errors: `ListenError`. */
  static async open(options: WitnessOptions): Promise<WitnessServer> {
    const giveUp = keepFile(options.file);
    try {
      return new WitnessServer(await linesOf(options), giveUp);
    } catch (error) {
      giveUp();
      throw error;
    }
  }

  /** The address, with the port that the system chose. */
  get address(): string {
    return this.#lines.address;
  }

  /** Ends every connection, and gives the file up. */
  async close(): Promise<void> {
    await this.#lines.close();
    this.#giveUp();
  }
}

/** Its lines, once its file can be written. */
function linesOf({ file, lies, log, place }: WitnessOptions): Promise<LineServer> {
  writeGrants(file, readGrants(file));
  const witness = new Witness(lies, readGrants(file), (generation, site) =>
    writeGrants(file, new Map([...witness.grants, [generation, site]])),
  );
  const answer = (line: string) => answerOf(witness, line, log);
  return LineServer.open({ place, charactersMax: LINE_CHARACTERS_MAX, answer });
}

/** `undefined` for what is no question, and where the answer cannot be kept: there is none then. */
function answerOf(witness: Witness, line: string, log: WitnessOptions['log']): string | undefined {
  const question = line.length > LINE_CHARACTERS_MAX ? undefined : parseQuestion(line);
  if (question === undefined) {
    const text = 'somebody asked what is no question of an array';
    log({ level: 'warn', event: 'refused', text, fields: {}, limitKey: 'refused' });
    return undefined;
  }
  const { generation, site } = question;
  try {
    const answer = witness.answer(question);
    const { granted } = answer;
    const text = `${site} ${granted ? 'may go on' : 'may not go on'} with generation ${generation}`;
    log({ level: 'info', event: 'witness', text, fields: { site, generation, granted } });
    return formatLine(answer);
  } catch (error) {
    const { message: what } = error as Error;
    log({ level: 'error', event: 'witness-failed', text: what, fields: { what } });
    return undefined;
  }
}
