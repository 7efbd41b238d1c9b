/** Asking a running server over its control socket. */
import { createConnection } from 'node:net';
import { fileFault } from '../../capture/file-fault.ts';
import { ListenError } from '../listen-address.ts';

function whyNobody(path: string, error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED')
    return 'nobody listens there; start serve with --control';
  const { advice, what } = fileFault(path, error, 'read');
  return `${what}; ${advice}`;
}

/** Sends one request line and gives the answer's line. Errors: `ListenError` when nobody answers. */
export async function askControl(path: string, request: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = createConnection(path);
    let text = '';
    const fail = (what: string): void => reject(new ListenError(`control ${path}: ${what}`));
    socket.setEncoding('utf8');
    socket.on('error', (error: NodeJS.ErrnoException) => fail(whyNobody(path, error)));
    socket.on('connect', () => socket.write(`${request}\n`));
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end < 0) return;
      resolve(text.slice(0, end));
      socket.end();
    });
    socket.on('close', () => fail('the server went away without an answer'));
  });
}
