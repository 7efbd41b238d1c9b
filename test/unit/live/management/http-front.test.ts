/** The HTTP server of the fronts: addresses, bounds, and one user. */
import { createConnection } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ListenError } from '../../../../src/live/listen-address.ts';
import {
  HttpFront,
  isUser,
  parseFrontAddress,
} from '../../../../src/live/management/http-front.ts';

describe('addresses', () => {
  test.each([
    ['8080', { host: '127.0.0.1', port: 8080 }],
    ['0', { host: '127.0.0.1', port: 0 }],
    ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['localhost:1', { host: 'localhost', port: 1 }],
  ])('%s', (text, address) => expect(parseFrontAddress('--rest', text)).toEqual(address));

  test.each(['', 'x', '1:2:3', '65536', '127.0.0.1:', 'a b:1', '-1'])('%j is none', (text) => {
    expect(() => parseFrontAddress('--rest', text)).toThrow(ListenError);
  });
});

test('one user, by Basic', () => {
  const user = { name: 'admin', password: 'a:b' };
  const basic = (words: string) => `Basic ${Buffer.from(words).toString('base64')}`;
  expect(isUser(user, basic('admin:a:b'))).toBe(true);
  expect(isUser(user, `Custom_${basic('admin:a:b')}`)).toBe(true);
  for (const wrong of [undefined, '', 'Basic', 'Bearer x', basic('admin:a'), basic('admin:a:b ')])
    expect(isUser(user, wrong)).toBe(false);
});

describe('a front', () => {
  let front: HttpFront | undefined;
  afterEach(() => front?.close());
  const failures: Error[] = [];
  const open = async (answer: Parameters<typeof HttpFront.open>[1]): Promise<string> => {
    front = await HttpFront.open({ host: '127.0.0.1', port: 0 }, answer, (error) =>
      failures.push(error),
    );
    return `http://${front.address}`;
  };

  test('a body that is too long is refused, and the next request is served', async () => {
    const base = await open(({ body }) => ({ status: 200, body: `${body.length}` }));
    const long = fetch(base, { method: 'POST', body: 'x'.repeat(2 ** 20 + 1) });
    expect(await long.then(({ status }) => status).catch(() => 413)).toBe(413);
    expect(await (await fetch(base, { method: 'POST', body: 'x'.repeat(2 ** 20) })).text()).toBe(
      `${2 ** 20}`,
    );
  });

  test('what an answer throws is told as 500, and nothing of it', async () => {
    const base = await open(() => {
      throw new Error('a secret of ours');
    });
    const response = await fetch(base);
    expect([response.status, await response.text()]).toEqual([500, 'internal error\n']);
    expect(failures.at(-1)!.message).toBe('a secret of ours');
  });

  test('what is no HTTP is told so and cut off', async () => {
    const base = await open(() => ({ status: 204 }));
    const said = await new Promise<string>((resolve) => {
      const socket = createConnection(Number(new URL(base).port), '127.0.0.1', () =>
        socket.write('\0\0\0\r\n\r\n'),
      );
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => resolve(text));
    });
    expect(said).toMatch(/^HTTP\/1\.1 400/);
  });

  test('an address that is taken is one line', async () => {
    const base = await open(() => ({ status: 204 }));
    const port = Number(new URL(base).port);
    const second = HttpFront.open(
      { host: '127.0.0.1', port },
      () => ({ status: 204 }),
      () => {},
    );
    await expect(second).rejects.toThrow(
      `cannot listen on http://127.0.0.1:${port}: another program listens there`,
    );
  });
});
