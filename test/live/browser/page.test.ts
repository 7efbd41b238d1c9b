/**
 * The page in Chromium: a capture is dropped and read, a move is made and its ghost write found and shown. Nothing is
 * asked of anybody but the server of the page, and the console stays empty.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { moveCommand } from '../../../src/cli/move.ts';
import { serve } from '../../../src/live/program.ts';
import { inFull } from '../../helpers/in-full.ts';
import { said } from '../../helpers/said.ts';
import { type Browser, hasChromium, startBrowser } from '../support/browser.ts';
import { buildPage } from '../support/page.ts';

/** The page as the package has it. */
const built = vi.hoisted(() => ({ page: undefined as string | undefined }));
vi.mock('../../../src/live/page-file.ts', () => ({
  BUILD_PAGE: 'npm run web',
  builtPage: () => built.page,
}));

describe.skipIf(!hasChromium)('the page', () => {
  let browser: Browser;
  let at = '';
  let page: Page;
  let faults: string[] = [];

  beforeAll(async () => {
    browser = await startBrowser();
    const folder = join(browser.folder, 'web');
    await buildPage(folder);
    built.page = readFileSync(join(folder, 'index.html'), 'utf8');
    at = await browser.serve(folder);
  }, 180_000);
  afterAll(() => browser?.close());
  afterEach(async () => {
    await page?.close();
    expect(faults).toEqual([]);
  });

  const open = async (options: Parameters<Browser['open']>[1] = {}): Promise<void> => {
    ({ page, faults } = await browser.open(`${at}/page/`, options));
  };

  /** Drops a file into the page, as a person does. */
  async function drop(name: string, bytes: Uint8Array): Promise<void> {
    const text = JSON.stringify(Buffer.from(bytes).toString('base64'));
    const data = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      const octets = Uint8Array.from(atob(${text}), (one) => one.charCodeAt(0));
      transfer.items.add(new File([octets], ${JSON.stringify(name)}));
      return transfer;
    })()`);
    await page.dispatchEvent('.drop', 'dragover', { dataTransfer: data });
    await page.dispatchEvent('.drop', 'drop', { dataTransfer: data });
  }

  it('reads a capture that is dropped: verdict, move, frames by a filter, fields and bytes', async () => {
    await open();
    await drop('fabric-move-same.pcap', readFileSync('fixtures/fabric-move-same.pcap'));
    await page
      .getByRole('heading', { name: /fabric-move-same\.pcap: pcap, 1,\d\d\d frames/ })
      .waitFor();
    await page.getByText('the same WWPN').first().waitFor();

    await page.getByRole('tab', { name: 'Frames' }).click();
    const filter = page.getByRole('searchbox', { name: 'Display filter' }).first();
    await filter.fill('fcels.opcode == FLOGIN');
    await filter.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'did you mean FLOGI?' }).waitFor();
    await filter.fill('fcels.opcode == FLOGI || fip.ls.subcode == 1');
    await filter.press('Enter');
    await page.getByText(/^\d+ of [\d,]+ frames pass$/).waitFor();
    const list = page.getByRole('listbox', { name: 'frames' });
    await list.getByRole('option').first().click();
    await page.locator('.frame-line').filter({ hasText: 'FLOGI' }).waitFor();
    // A field shows its bytes.
    await page.locator('.field').filter({ hasText: 'portName' }).first().click();
    expect(await page.locator('.octet.lit').count()).toBe(8);
    // And a byte its field.
    await page.locator('.octet[data-at="12"]').click();
    expect(await page.locator('.field.lit').textContent()).toContain('etherType');
    await list.press('ArrowDown');
    await page.getByRole('option', { selected: true }).waitFor();
  });

  it('draws the ladder of an exchange', async () => {
    await open();
    await drop('fabric-io.pcap.gz', gzipSync(readFileSync('fixtures/fabric-io.pcap')));
    await page.getByRole('heading', { name: /fabric-io\.pcap\.gz: pcap/ }).waitFor();
    await page.getByRole('tab', { name: 'Exchanges' }).click();
    const rows = page.getByRole('listbox', { name: 'exchanges' });
    await rows.getByRole('option').filter({ hasText: 'INQUIRY' }).first().click();
    await page.locator('svg.ladder').waitFor();
    expect(await page.locator('svg.ladder .arrow').count()).toBeGreaterThanOrEqual(3);
  });

  it('reads a gzip file that is cut to its last byte', async () => {
    await open();
    const whole = gzipSync(readFileSync('fixtures/fabric-io.pcap'), { level: 0 });
    await drop('cut.pcap.gz', whole.subarray(0, whole.length - 20));
    // All but the last 12 bytes of the capture are there: its last frame alone is cut.
    await page.getByRole('heading', { name: /cut\.pcap\.gz: pcap, 274 frames/ }).waitFor();
  });

  it('says what is wrong with a file that is no capture', async () => {
    await open();
    await drop('letter.txt', new TextEncoder().encode('Dear reader, this is no capture.'));
    await page
      .getByRole('alert')
      .filter({ hasText: 'letter.txt: is no pcap or pcapng capture' })
      .waitFor();
  });

  it('shows texts of a capture as texts', async () => {
    await open();
    await drop('texts.pcapng', readFileSync('fixtures/field/20-texts.pcapng'));
    await page.getByRole('heading', { name: /texts\.pcapng/ }).waitFor();
    await page.getByRole('tab', { name: 'Frames' }).click();
    await page.getByRole('option').first().waitFor();
    expect(await page.locator('#capture script, #capture img, #capture iframe').count()).toBe(0);
  });

  it('makes a move, finds the ghost write, and shows the moment', async () => {
    await open();
    await page.getByRole('tab', { name: 'Watch a move' }).click();
    await page.locator('#scenario').selectOption('s-id-reuse');
    await page.locator('#late').selectOption('commands');
    await page.getByRole('button', { name: 'Make the move' }).click();
    const headline = page.locator('#headline');
    await headline.waitFor({ timeout: 120_000 });
    expect(await headline.textContent()).toMatch(/^UNSAFE: I7, a ghost write on data, LBA \d+/);
    await page.getByRole('heading', { name: /^I7: / }).waitFor();
    // The moment: the step is said, frames flow over cables, and the timeline has a mark.
    const breach = page.locator('.finding').filter({ hasText: 'I7' });
    await breach.getByRole('button', { name: 'Show this moment' }).click();
    await page.locator('.timeline-box .breach text').filter({ hasText: 'I7' }).first().waitFor();
    await page.locator('.cable.flowing').first().waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'show the whole run' }).click();
    // Its frames, by the same filter.
    await page.getByRole('tab', { name: 'Frames' }).last().click();
    const filter = page.locator('#move').getByRole('searchbox');
    await filter.fill('scsi.opcode == 0x2a && sanmotion.summary contains "WRITE"');
    await filter.press('Enter');
    await page
      .locator('#move')
      .getByText(/^\d[\d,]* of [\d,]+ frames pass$/)
      .waitFor();
  }, 180_000);

  it('makes it safe by a defence', async () => {
    await open();
    await page.getByRole('tab', { name: 'Watch a move' }).click();
    await page.locator('#late').selectOption('commands');
    await page.getByText('Defences, timers, settings').click();
    await page.getByLabel('wait-r-a-tov').check();
    await page.getByRole('button', { name: 'Make the move' }).click();
    await page.locator('#headline.holds').waitFor({ timeout: 120_000 });
  }, 180_000);

  it('tells all mistakes of a scenario that was changed', async () => {
    await open();
    await page.getByRole('tab', { name: 'Watch a move' }).click();
    await page.getByText('The scenario’s file').click();
    const text = page.getByLabel('scenario, YAML');
    await text.fill((await text.inputValue()).replace('move:', 'movee:'));
    await page.getByRole('button', { name: 'Make the move' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: 'did you mean move?' })
      .waitFor({ timeout: 60_000 });
  }, 90_000);

  it.runIf(inFull)(
    'is the report of a move too: from a disk, with its run inside',
    async () => {
      const file = join(browser.folder, 'move.html');
      const { stdout: out } = await said(() =>
        moveCommand('s-id-reuse', { late: 'commands', json: true, report: file }),
      );
      const report = JSON.parse(out) as { headline: string; digest: string };
      ({ page, faults } = await browser.open(pathToFileURL(file).href));
      const headline = page.locator('#headline');
      await headline.waitFor({ timeout: 120_000 });
      expect(await headline.textContent()).toBe(report.headline);
      await page.getByText(`digest ${report.digest}`).waitFor();
      await page.locator('#move').getByRole('tab', { name: 'Frames' }).click();
      await page.locator('#move').getByRole('option').first().waitFor();
      // What was changed can be read back: the choices are those of the command line.
      await page.getByText('Change the move, and make it again').click();
      expect(await page.locator('#late').inputValue()).toBe('commands');
      // And where no program runs, the report stands there.
      await page.close();
      ({ page, faults } = await browser.open(pathToFileURL(file).href, { script: false }));
      await page.getByRole('heading', { name: /^I7: / }).waitFor();
      expect(await page.locator('svg.ladder').count()).toBeGreaterThan(0);
      expect(await page.locator('#page-head').isVisible()).toBe(false);
    },
    240_000,
  );

  it('shows what serve does, in the page that serve gives', async () => {
    const san = await serve({ luns: ['1M'], web: '0' });
    try {
      ({ page, faults } = await browser.open(`http://${san.management.web}/`));
      await page.locator('#live-verdict').waitFor();
      await page.getByRole('cell', { name: 'array port 0' }).first().waitFor();
    } finally {
      await san.close();
    }
    await page.getByRole('alert').filter({ hasText: 'does not answer any more' }).waitFor();
    // The browser itself says that nobody answers.
    faults = faults.filter((one) => !/ERR_CONNECTION_REFUSED/.test(one));
  }, 60_000);

  it('fits a phone, by night too', async () => {
    await open({ width: 360, height: 740, dark: true });
    await drop('fabric-move-same.pcap', readFileSync('fixtures/fabric-move-same.pcap'));
    await page.getByRole('heading', { name: /fabric-move-same/ }).waitFor();
    const widest = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(widest).toBeLessThanOrEqual(360);
    // Light letters on dark.
    const ink = await page.evaluate<string>('getComputedStyle(document.body).color');
    expect(Number(/\d+/.exec(ink)![0])).toBeGreaterThan(150);
  });
});
