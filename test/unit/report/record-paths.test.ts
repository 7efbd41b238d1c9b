/** What a report gathers of a run. */
import { beforeEach, expect, test } from 'vitest';
import { RunRecord } from '../../../src/report/record.ts';
import { entry, io, moved, PLACES, seen, step } from '../../helpers/run-record.ts';

let record: RunRecord;
beforeEach(() => {
  record = new RunRecord();
  record.begin(PLACES);
});

const sent = (number: number) =>
  entry(0, 'alpha', {
    type: 'io-sent',
    vm: 'vm',
    io: number,
    attempt: 1,
    port: 0,
    initiator: 'i',
    target: 't',
    address: 0x01_0001,
    targetAddress: 0x01_0002,
    tag: number,
    command: 'WRITE (10)',
  } as never);

function write(number: number, fromNs: number, untilNs: number): void {
  record.observe(entry(fromNs, 'alpha', io.submit(number)));
  record.observe(sent(number));
  record.observe(entry(untilNs, 'alpha', io.complete(number)));
}

test('I/Os and frames are counted by path and by the part of the run', () => {
  write(1, 0, 100);
  record.see(seen(1));
  record.observe(entry(1000, 'mover', step('preflight')));
  write(2, 1000, 1300);
  record.observe(entry(2000, 'mover', step('stun')));
  write(3, 2000, 2500);
  record.see(seen(2, { tap: 'right' }));
  record.observe(entry(3000, 'mover', moved));
  write(4, 3000, 3700);
  const path = record.paths.get('alpha 010001 to 010002')!;
  expect(path.counts).toEqual({ before: 2, during: 1, after: 1 });
  expect(record.taps.get('left')!.counts).toEqual({ before: 1, during: 0, after: 0 });
  expect(record.taps.get('right')!.counts).toEqual({ before: 0, during: 1, after: 0 });
  expect(record.latency.before.maxNs).toBe(300);
  expect(record.latency.during.maxNs).toBe(500);
  expect(record.latency.after.maxNs).toBe(700);
  expect(record.steps.map(({ phase }) => phase)).toEqual(['preflight', 'stun', 'moved']);
  expect(record.lastNs).toBe(3700);
});

test('an I/O that ends without having begun is none', () => {
  record.observe(entry(5, 'alpha', io.complete(9)));
  expect(record.paths.size).toBe(0);
});

test('paths beyond the limit are counted together', () => {
  for (let i = 0; i < 70; i++) record.see(seen(i + 1, { tap: `tap ${i}` }));
  expect(record.taps.size).toBe(65);
  expect(record.taps.get('others')!.counts.before).toBe(6);
});

test('a login stands at the cable of its switch port, and a list has an end', () => {
  const login = { type: 'logout', nPortId: 1, wwpn: 1n, port: 1, reason: 'link' } as const;
  record.observe(entry(7, 'beta', login));
  expect(record.logins).toEqual([{ at: 7, fabric: 'A', link: 'right', event: login }]);
  for (let i = 0; i < 1000; i++) record.observe(entry(8, 'beta', login));
  expect([record.logins.length, record.loginsLeftOut]).toEqual([1000, 1]);
});
