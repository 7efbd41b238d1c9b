/** A server with its management fronts, and what a client of each would ask. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Served, type ServeOptions, serve } from '../../src/live/program.ts';
import type { Bench } from './live-bench.ts';

const PASSWORD = 'secret';
const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** What a front answered. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON of many shapes
  readonly json: any;
}

/** A program's server with all fronts on free ports of the loopback interface. */
export class Managed {
  readonly san: Served;

  private constructor(san: Served) {
    this.san = san;
  }

  static async open(bench: Bench, options: ServeOptions = {}): Promise<Managed> {
    const passwordFile = join(bench.dir, 'password');
    writeFileSync(passwordFile, `${PASSWORD}\n`);
    const san = await serve({
      luns: ['1M'],
      rest: '0',
      nxapi: '0',
      metrics: '0',
      web: '0',
      passwordFile,
      ...options,
    });
    bench.atEnd(() => san.close());
    return new Managed(san);
  }

  async fetch(
    front: 'rest' | 'nxapi' | 'metrics' | 'web',
    path: string,
    options: RequestInit = {},
  ): Promise<Answered> {
    const response = await fetch(`http://${this.san.management[front]}${path}`, options);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  }

  /** Logs in; what asks in that session. */
  async session(user = 'admin', password = PASSWORD) {
    const login = await this.fetch('rest', '/rest/login', {
      method: 'POST',
      headers: { authorization: basic(user, password), accept: 'application/yang-data+json' },
    });
    const token = login.headers.get('authorization') ?? '';
    const ask = (method: string, path: string, body?: object | string, media = 'json') =>
      this.fetch('rest', `/rest/${path}`, {
        method,
        headers: {
          authorization: token,
          accept: `application/yang-data+${media}`,
          'content-type': `application/yang-data+${media}`,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
    return { login, token, ask };
  }

  /** Asks NX-API for commands; the outputs, one for each. */
  async nxapi(type: string, ...commands: string[]) {
    const ins_api = {
      version: '1.0',
      type,
      chunk: '0',
      sid: null,
      input: commands.join(' ;'),
      output_format: 'json',
    };
    const { json, status, text } = await this.fetch('nxapi', '/ins', {
      method: 'POST',
      headers: { authorization: basic('admin', PASSWORD), 'content-type': 'application/json' },
      body: JSON.stringify({ ins_api }),
    });
    if (status !== 200) throw new Error(`${status}: ${text}`);
    return [json.ins_api.outputs.output].flat() as {
      code: string;
      body?: string;
      clierror?: string;
    }[];
  }
}
