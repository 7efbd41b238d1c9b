/** The way to a witness that is a process of its own: who is asked, and whether anybody is there at all. */
import { createConnection, type Socket } from 'node:net';
import type { WitnessAnswered, WitnessAsked } from '../../history/pair.ts';
import { formatPlace } from '../listen-address.ts';
import type { LogRecord } from '../log.ts';
import { askWitness } from './ask-witness.ts';
import type { StreamPlace } from './place.ts';

/** Between two looks whether somebody listens: a witness is missed before it is asked. */
const LOOK_MS = 2000;

/** Says a line of the log. */
export type WitnessLog = (
  level: LogRecord['level'],
  event: string,
  text: string,
  fields: Readonly<Record<string, unknown>>,
) => void;

/** Asks, looks, and says once that nobody answers, and once that somebody does again. */
export class WitnessWay {
  readonly #place: StreamPlace;
  readonly #log: WitnessLog;
  /** What it does not do: take a connection, or answer a question. */
  #silent: 'nobody' | 'mute' | undefined;
  #look: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(place: StreamPlace, log: WitnessLog) {
    this.#place = place;
    this.#log = log;
    this.#lookAgain();
  }

  /** What it says within the time; `undefined` where it says nothing. */
  async ask(question: WitnessAsked, limitMs: number): Promise<WitnessAnswered | undefined> {
    const answer = await askWitness(this.#place, question, limitMs);
    if (answer === undefined) this.#isSilent(this.#silent ?? 'mute');
    else this.#answers();
    return answer;
  }

  /** Looks no more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#look?.destroy();
  }

  /** A connection without a question: who is asked has to answer, and remembers what it said. */
  #lookAgain(): void {
    const place = this.#place;
    const look =
      place.kind === 'unix'
        ? createConnection(place.path)
        : createConnection({ host: place.host, port: place.port });
    this.#look = look;
    let isThere = false;
    look.on('error', () => {});
    look.once('connect', () => {
      isThere = true;
      look.destroy();
    });
    look.once('close', () => {
      if (this.#closed) return;
      if (!isThere) this.#isSilent('nobody');
      else if (this.#silent === 'nobody') this.#answers();
      this.#timer = setTimeout(() => this.#lookAgain(), LOOK_MS);
    });
  }

  #isSilent(how: 'nobody' | 'mute'): void {
    const isNew = this.#silent === undefined;
    this.#silent = how;
    if (!isNew) return;
    const address = formatPlace(this.#place);
    const why = how === 'nobody' ? 'nobody listens there' : 'a question had no answer';
    this.#log(
      'warn',
      'witness-silent',
      `the witness does not answer at ${address}: ${why}; while it is silent nobody goes on alone`,
      { address },
    );
  }

  #answers(): void {
    if (this.#silent === undefined) return;
    this.#silent = undefined;
    const address = formatPlace(this.#place);
    this.#log('info', 'witness-answers', `the witness is there, at ${address}`, { address });
  }
}
