/** `sanmotion/capture` in a page: bundled with Vite, run in Chromium. It must say what it says in Node. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePage } from '../../helpers/bundle.ts';
import { type CaptureReport, captureReport, everyInput } from '../../helpers/capture-report.ts';
import { type Browser, hasChromium, reportOf, startBrowser } from '../support/browser.ts';

const whole = readFileSync('fixtures/fabric-io.pcap');
const INPUTS: Readonly<Record<string, Uint8Array>> = {
  pcap: whole,
  pcapng: readFileSync('fixtures/lun-reuse.pcapng'),
  gzip: gzipSync(whole),
  cut: whole.subarray(0, whole.length >> 1),
  'cut gzip': gzipSync(whole, { level: 0 }).subarray(0, whole.length - 1000),
  foreign: new TextEncoder().encode('this is no capture'),
};
const base64 = Object.fromEntries(
  Object.entries(INPUTS).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
);

const program = (helper: string) => `
import { captureReport, everyInput } from '${helper}';
const given = await (await fetch('/captures.json')).json();
const found = {};
for (const [name, text] of Object.entries(given)) {
  const inputs = everyInput(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)));
  for (const [kind, input] of Object.entries(inputs)) found[name + ' as ' + kind] = await captureReport(input);
}
found['a path'] = await captureReport('/etc/hosts');
const report = document.createElement('pre');
report.id = 'report';
report.textContent = JSON.stringify(found);
document.body.append(report);
`;

describe.skipIf(!hasChromium)('sanmotion/capture in Chromium', () => {
  let browser: Browser;
  let found: Record<string, CaptureReport>;

  beforeAll(async () => {
    browser = await startBrowser();
    const helper = new URL('../../helpers/capture-report.ts', import.meta.url).pathname;
    await bundlePage(browser.folder, program(helper));
    const at = await browser.serve(join(browser.folder, 'page'), (url, response) => {
      if (url !== '/captures.json') return false;
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(base64));
      return true;
    });
    found = (await reportOf(browser, `${at}/plain/`)) as Record<string, CaptureReport>;
  }, 120_000);

  afterAll(() => browser?.close());

  it.each(Object.keys(INPUTS).filter((one) => one !== 'cut gzip'))(
    '%s by every kind of input, as in Node',
    async (name) => {
      const inputs = everyInput(Uint8Array.from(INPUTS[name]!));
      for (const [kind, input] of Object.entries(inputs)) {
        const expected = await captureReport(input);
        expect(expected.frames > 10 || name === 'foreign').toBe(true);
        expect(found[`${name} as ${kind}`], `${name} as ${kind}`).toEqual(expected);
      }
    },
  );

  // A browser's decompressor drops what it had ready when the file ends too early.
  it('a gzip file that is cut gives its beginning, and says that it is cut', () => {
    const { frames, fault } = found['cut gzip as blob']!;
    expect(frames).toBeGreaterThan(100);
    expect(fault).toMatch(/^stream: frame \d+ is cut /);
  });

  it('a path is refused with what to give instead', () => {
    expect(found['a path']!.fault).toBe(
      'a page has no files by path: give a Blob, bytes or a stream',
    );
  });
});
