/** Makes the pictures of the page in docs: `npm run screenshots`, with Debian's Chromium. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBrowser } from '../test/live/support/browser.ts';
import { buildPage } from '../test/live/support/page.ts';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));
const FIXTURE = fileURLToPath(new URL('../fixtures/fabric-io.pcap', import.meta.url));
const WIDE = { width: 1180, height: 900 };

const browser = await startBrowser();
try {
  const folder = join(browser.folder, 'web');
  await buildPage(folder);
  const at = `${await browser.serve(folder)}/page/`;

  const watching = await browser.open(`${at}#move`, WIDE);
  const { page } = watching;
  await page.locator('#late').selectOption('commands');
  await page.getByRole('button', { name: 'Make the move' }).click();
  await page.locator('#headline').waitFor({ timeout: 120_000 });
  await page.locator('.finding').first().getByRole('button', { name: 'Show this moment' }).click();
  await page.locator('.timeline-box .breach text').first().waitFor();
  await page.locator('#headline').evaluate((one) => one.scrollIntoView());
  await page.screenshot({ path: join(docs, 'page-move.png') });

  const reading = await browser.open(at, WIDE);
  await reading.page.setInputFiles('#file', FIXTURE);
  await reading.page.getByRole('heading', { name: /fabric-io/ }).waitFor();
  await reading.page.getByRole('tab', { name: 'Frames' }).click();
  const filter = reading.page.getByRole('searchbox').first();
  await filter.fill('fcp && scsi.opcode in {0x28, 0x2a}');
  await filter.press('Enter');
  await reading.page.getByText(/frames pass$/).waitFor();
  await reading.page.getByRole('listbox', { name: 'frames' }).getByRole('option').nth(1).click();
  await reading.page.locator('.field').filter({ hasText: 'lba' }).first().click();
  await reading.page
    .locator('.filter')
    .first()
    .evaluate((one) => one.scrollIntoView());
  await reading.page.screenshot({ path: join(docs, 'page-capture.png') });
} finally {
  await browser.close();
}
