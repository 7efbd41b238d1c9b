/** Pages in Debian's Chromium: a folder that is served, and a browser that opens it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** False where Debian's Chromium is not installed: tests that need it are skipped, with a notice. */
export const hasChromium = existsSync(CHROMIUM);
if (!hasChromium) console.warn(`skipped: ${CHROMIUM} is not installed`);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Answers what no file of the folder is; false where it does not either. */
export type Answer = (url: string, response: ServerResponse) => boolean;

/** A browser, and a server for it on loopback. */
export interface Browser {
  /** A folder of its own, gone at the end. */
  readonly folder: string;
  /** Serves the files of `root` below any first part of a path, such as `/plain/`. */
  serve(root: string, answer?: Answer): Promise<string>;
  /** Opens a page; `faults` gets what it complains of, and requests that went elsewhere. */
  open(url: string, options?: PageOptions): Promise<{ page: Page; faults: string[] }>;
  close(): Promise<void>;
}

/** How a page is looked at. */
export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** False for a browser that runs no programs of pages. */
  readonly script?: boolean;
}

/** Starts Chromium, headless. */
export async function startBrowser(): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), 'sanmotion-browser-'));
  const servers: Server[] = [];
  const context: BrowserContext = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: CHROMIUM,
    headless: true,
    args: ARGUMENTS,
    serviceWorkers: 'block',
  });
  return {
    folder,
    async serve(root, answer = () => false) {
      const server = createServer((request, response) => {
        const url = request.url ?? '/';
        if (answer(url, response)) return;
        if (url === '/favicon.ico') {
          response.writeHead(204).end();
          return;
        }
        const path = normalize(url.replace(/^\/\w+\//, '').replace(/\?.*/, '')) || 'index.html';
        const file = join(root, path === '.' || path === '/' ? 'index.html' : path);
        const type = TYPES[extname(file)];
        if (type === undefined || !existsSync(file)) response.writeHead(404).end();
        else response.setHeader('Content-Type', type).end(readFileSync(file));
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async open(url, { width = 1280, height = 900, dark = false, script = true } = {}) {
      const page = await context.newPage();
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) faults.push(message.text());
      });
      if (!script) {
        const session = await context.newCDPSession(page);
        await session.send('Emulation.setScriptExecutionDisabled', { value: true });
      }
      const origin = url.startsWith('file:') ? url : new URL(url).origin;
      page.on('request', (request) => {
        const asked = request.url();
        if (!asked.startsWith(origin) && !/^(?:data|blob):/.test(asked))
          faults.push(`asks for ${asked}`);
      });
      await page.goto(url);
      return { page, faults };
    },
    async close() {
      await context.close();
      for (const server of servers) server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The JSON that a test page leaves in `#report`; it may have complained of nothing. */
export async function reportOf(browser: Browser, url: string): Promise<unknown> {
  const { page, faults } = await browser.open(url);
  const report = page.locator('#report');
  await report.waitFor({ state: 'attached', timeout: 30_000 }).catch(() => {
    throw new Error(`the page gave no report: ${faults.join('; ')}`);
  });
  const text = await report.textContent();
  await page.close();
  if (faults.length > 0) throw new Error(`the page complains: ${faults.join('; ')}`);
  return JSON.parse(text ?? '');
}
