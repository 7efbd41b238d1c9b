/** A question to a witness that is a process of its own: a connection for each. */
import { createConnection } from 'node:net';
import type { WitnessAnswered, WitnessAsked } from '../../history/pair.ts';
import type { StreamPlace } from './place.ts';
import { formatLine, LINE_CHARACTERS_MAX, parseAnswer } from './witness-text.ts';

/** What it says within the time; `undefined` where it does not, or says what is no answer. */
export function askWitness(
  place: StreamPlace,
  question: WitnessAsked,
  limitMs: number,
): Promise<WitnessAnswered | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(
      place.kind === 'unix' ? { path: place.path } : { host: place.host, port: place.port },
    );
    let text = '';
    const end = (answer?: WitnessAnswered): void => {
      clearTimeout(limit);
      socket.destroy();
      resolve(answer);
    };
    const limit = setTimeout(end, limitMs);
    socket.setEncoding('utf8');
    socket.once('connect', () => socket.write(`${formatLine(question)}\n`));
    socket.on('data', (chunk: string) => {
      text += chunk;
      const at = text.indexOf('\n');
      if (at >= 0) end(parseAnswer(text.slice(0, at)));
      else if (text.length > LINE_CHARACTERS_MAX) end();
    });
    socket.on('error', () => end());
    socket.on('close', () => end());
  });
}
