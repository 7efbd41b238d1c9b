/** Metrics for Prometheus. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from '../../../helpers/live-bench.ts';
import { Managed } from '../../../helpers/managed.ts';

let bench: Bench;
let managed: Managed;
beforeEach(async () => {
  bench = new Bench();
  managed = await Managed.open(bench, { listen: [`unix:${bench.socket}`] });
});
afterEach(() => bench.end());

const sampleOf = (text: string, sample: string): number => {
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
  return line === undefined ? Number.NaN : Number(line.slice(sample.length));
};

test('say what a guest did, and the next time what it did since', async () => {
  const host = await bench.host();
  expect(await host.work(0xc050_7600_0000_0100n, 20)).toEqual([]);
  const { headers, status, text } = await managed.fetch('metrics', '/metrics');
  expect([status, headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^text\/plain/),
  ]);
  expect(sampleOf(text, 'sanmotion_fabric_logins{fabric="A",by="FDISC"}')).toBe(1);
  expect(sampleOf(text, 'sanmotion_link_up{fabric="A",link="A.1"}')).toBe(1);
  expect(sampleOf(text, 'sanmotion_unit_bytes{unit="lun0"}')).toBe(1 << 20);
  const frames = 'sanmotion_link_frames_total{fabric="A",link="A.1",direction="in"}';
  expect(sampleOf(text, frames)).toBeGreaterThan(20);
  expect(sampleOf(text, frames)).toBeLessThanOrEqual(managed.san.server.links()[1]!.frames.in);
  expect(sampleOf(text, 'sanmotion_scsi_commands_total{status="0"}')).toBeGreaterThanOrEqual(20);
  expect(sampleOf(text, 'sanmotion_defects_total')).toBe(0);
  expect(await host.work(0xc050_7600_0000_0100n, 40)).toEqual([]);
  const again = await managed.fetch('metrics', '/metrics');
  expect(sampleOf(again.text, frames)).toBeGreaterThan(sampleOf(text, frames));
});

test('there is nothing else', async () => {
  expect((await managed.fetch('metrics', '/')).status).toBe(404);
  expect((await managed.fetch('metrics', '/metrics', { method: 'POST' })).status).toBe(405);
});
