/**
 * The page on loopback with a server's state in it: who is logged in, links, exchanges, faults, the verdict so far. The
 * page asks for `/state` again and again; it asks nobody else for anything.
 */
import { pageWith } from '../../report/one-page.ts';
import { faultCommand } from '../control/fault.ts';
import { loginsCommand, statsCommand } from '../control/show.ts';
import type { HistoryAccount } from '../history-account.ts';
import { BUILD_PAGE, builtPage } from '../page-file.ts';
import { RecentExchanges } from '../recent-exchanges.ts';
import type { LiveServer } from '../server.ts';
import type { FrontAnswer, FrontRequest } from './http-front.ts';

/** Names of this machine: others are those of a page elsewhere that had them point here. */
const OWN_NAME = /^(?:localhost|[\d.]+|\[[0-9a-f:.]+\])(?::\d+)?$/i;

const SAFE = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };

/** Answers for the page; it may be looked at under a name of this machine alone. */
export class WebFront {
  readonly #server: LiveServer;
  readonly #account: HistoryAccount | undefined;
  readonly #exchanges: RecentExchanges;
  readonly #page: string | undefined;

  /** `account` judges the run; without one there is no verdict. */
  constructor(server: LiveServer, account: HistoryAccount | undefined) {
    this.#server = server;
    this.#account = account;
    this.#exchanges = new RecentExchanges(server);
    const page = builtPage();
    this.#page = page && pageWith(page, { start: { live: true }, title: 'sanmotion serve' });
    if (page === undefined)
      server.log('warn', 'web', `the page is not built, only /state is there: ${BUILD_PAGE}`);
  }

  /** Answers one request. */
  async answer({ headers, method, path }: FrontRequest): Promise<FrontAnswer> {
    if (!OWN_NAME.test(headers.host ?? ''))
      return { status: 421, body: 'this is another machine\n' };
    if (method !== 'GET') return { status: 405, body: 'the page takes GET\n' };
    if (path === '/state')
      return {
        status: 200,
        type: 'application/json',
        headers: SAFE,
        body: `${JSON.stringify(await this.state())}\n`,
      };
    if (path !== '/') return { status: 404, body: 'there is nothing but / and /state\n' };
    if (this.#page === undefined)
      return { status: 503, body: `the page is not built: ${BUILD_PAGE}\n` };
    return { status: 200, type: 'text/html; charset=utf-8', headers: SAFE, body: this.#page };
  }

  /** What the page shows, in the words of the control protocol. */
  async state(): Promise<object> {
    const { counts, last } = this.#exchanges;
    return {
      ...(await statsCommand.run(this.#server, {})),
      ...(await loginsCommand.run(this.#server, {})),
      ...(await faultCommand.run(this.#server, { action: 'list' })),
      exchanges: { counts, last },
      verdict: this.#account?.soFar() ?? [],
    };
  }
}
