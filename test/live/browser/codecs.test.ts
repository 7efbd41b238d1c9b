/**
 * The codec library in a page: bundled with Vite, run in Chromium, once as it is and once where the
 * page's security policy forbids to make code from text. It must say what it says in Node.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePage } from '../../helpers/bundle.ts';
import { type CodecReport, codecReport, type GivenFrame } from '../../helpers/codec-report.ts';
import { readPcap } from '../../helpers/shared-captures.ts';

const CHROMIUM = '/usr/bin/chromium';
const FIXTURES = ['fabric-login', 'read-3frame-pre-t11', 'wireshark-gaps'];
const STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'";
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const isThere = existsSync(CHROMIUM);
if (!isThere) console.warn(`skipped: ${CHROMIUM} is not installed`);

const frames: GivenFrame[] = FIXTURES.flatMap((name) => {
  const { linkType, frames } = readPcap(`fixtures/${name}.pcap`);
  return frames.map(({ bytes }) => ({ linkType, bytes: Buffer.from(bytes).toString('hex') }));
});

const program = (helper: string) => `
import { codecReport } from '${helper}';
const response = await fetch('/frames.json');
const report = document.createElement('pre');
report.id = 'report';
report.textContent = JSON.stringify(codecReport(await response.json()));
document.body.append(report);
`;

/** Serves the page: below /strict/ with a policy that forbids making code. */
function serve(folder: string): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    if (url === '/frames.json') {
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(frames));
      return;
    }
    if (url.startsWith('/strict/')) response.setHeader('Content-Security-Policy', STRICT);
    const path = url.replace(/^\/\w+\//, '') || 'index.html';
    const type = TYPES[extname(path)];
    if (type === undefined) response.writeHead(404).end();
    else response.setHeader('Content-Type', type).end(readFileSync(join(folder, path)));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe.skipIf(!isThere)('sanmotion/codecs in Chromium', () => {
  let folder = '';
  let server: Server;
  let context: BrowserContext;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sanmotion-browser-'));
    const helper = new URL('../../helpers/codec-report.ts', import.meta.url).pathname;
    await bundlePage(folder, program(helper));
    server = await serve(join(folder, 'page'));
    context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: CHROMIUM,
      headless: true,
      args: ARGUMENTS,
    });
  }, 120_000);

  afterAll(async () => {
    await context?.close();
    server?.close();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  async function reportOf(path: string): Promise<CodecReport> {
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/${path}/`);
    const report = page.locator('#report');
    await report.waitFor({ state: 'attached', timeout: 30_000 }).catch(() => {
      throw new Error(`the page gave no report: ${faults.join('; ')}`);
    });
    const text = await report.textContent();
    await page.close();
    expect(faults).toEqual([]);
    return JSON.parse(text ?? '') as CodecReport;
  }

  const { codeCanBeMade: _, ...expected } = codecReport(frames);

  it('decodes, describes and encodes frames as in Node', async () => {
    const { codeCanBeMade, ...report } = await reportOf('plain');
    expect(codeCanBeMade).toBe(true);
    expect(report.identical).toBe(frames.length);
    expect(report).toEqual(expected);
  });

  it('does the same where the page forbids to make code', async () => {
    const { codeCanBeMade, ...report } = await reportOf('strict');
    expect(codeCanBeMade).toBe(false);
    expect(report).toEqual(expected);
  });
});
