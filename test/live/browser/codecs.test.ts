/**
 * The codec library in a page: bundled with Vite, run in Chromium, once as it is and once where the
 * page's security policy forbids to make code from text. It must say what it says in Node.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePage } from '../../helpers/bundle.ts';
import { type CodecReport, codecReport, type GivenFrame } from '../../helpers/codec-report.ts';
import { readPcap } from '../../helpers/shared-captures.ts';
import { type Browser, hasChromium, reportOf, startBrowser } from '../support/browser.ts';

const FIXTURES = ['fabric-login', 'read-3frame-pre-t11', 'wireshark-gaps'];
const STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'";

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

describe.skipIf(!hasChromium)('sanmotion/codecs in Chromium', () => {
  let browser: Browser;
  let at = '';

  beforeAll(async () => {
    browser = await startBrowser();
    const helper = new URL('../../helpers/codec-report.ts', import.meta.url).pathname;
    await bundlePage(browser.folder, program(helper));
    // Below /strict/ the page's policy forbids to make code.
    at = await browser.serve(join(browser.folder, 'page'), (url, response) => {
      if (url.startsWith('/strict/')) response.setHeader('Content-Security-Policy', STRICT);
      if (url !== '/frames.json') return false;
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(frames));
      return true;
    });
  }, 120_000);

  afterAll(() => browser?.close());

  const { codeCanBeMade: _, ...expected } = codecReport(frames);

  it('decodes, describes and encodes frames as in Node', async () => {
    const { codeCanBeMade, ...report } = (await reportOf(browser, `${at}/plain/`)) as CodecReport;
    expect(codeCanBeMade).toBe(true);
    expect(report.identical).toBe(frames.length);
    expect(report).toEqual(expected);
  });

  it('does the same where the page forbids to make code', async () => {
    const { codeCanBeMade, ...report } = (await reportOf(browser, `${at}/strict/`)) as CodecReport;
    expect(codeCanBeMade).toBe(false);
    expect(report).toEqual(expected);
  });
});
