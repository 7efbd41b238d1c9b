/** The log of a server: whose line it is, and how many more there were like it. */
import { describe, expect, test } from 'vitest';
import { fcTargetPort } from '../../../src/history/port-name.ts';
import type { LiveEvent } from '../../../src/live/links.ts';
import { parseListenAddress } from '../../../src/live/listen-address.ts';
import type { LogRecord } from '../../../src/live/log.ts';
import { defaultPlan } from '../../../src/live/plan.ts';
import { namesOf, ServeLog } from '../../../src/live/serve-log.ts';

const plan = defaultPlan({ listen: [parseListenAddress('unix:a.sock')], luns: [] });
const SECOND_NS = 1e9;

function rig() {
  const lines: LogRecord[] = [];
  const log = new ServeLog((line) => lines.push(line), namesOf(plan));
  const event = (fabric: string | undefined, at: number, one: object) =>
    log.event(fabric, { at, node: 'x', event: one as LiveEvent });
  return { log, lines, event, texts: () => lines.map((line) => line.text) };
}

test('names what the plan knows, and nothing else', () => {
  const { who, targetPort } = namesOf(plan);
  expect([who(0x5006_0160_0000_0001n), who(1n)]).toEqual(['array port 0', undefined]);
  expect(targetPort(fcTargetPort(0x5006_0160_0000_0001n))).toBe(0);
  expect(targetPort(fcTargetPort(1n))).toBeUndefined();
});

describe('lines', () => {
  test('are those of a switch, or of the array without a fabric', () => {
    const { event, texts } = rig();
    event('A', 0, { type: 'restarted' });
    event(undefined, 0, { type: 'power-on' });
    event('A', 0, { type: 'registered', nPortId: 1, fc4Types: [] });
    expect(texts()).toEqual(['FCF of A restarted', 'array restarted']);
  });

  test('that may come with every frame come once a second, with a count', () => {
    const { event, texts, lines } = rig();
    const dropped = { type: 'dropped', reason: 'zoning', port: 1 };
    for (const at of [0, 1, 2]) event('A', at, dropped);
    event('A', SECOND_NS, dropped);
    expect(texts()).toEqual([
      'frame on A.1 dropped, zoning',
      'frame on A.1 dropped, zoning (and 2 more like it)',
    ]);
    expect([lines[0]!.fields.more, lines[1]!.fields.more]).toEqual([undefined, 2]);
  });
});

test('a machine that throws is counted each time, and told of once a second', () => {
  const { log, texts } = rig();
  for (const at of [0, 1, SECOND_NS]) log.defect('fcf-A', new Error('oh'), at);
  expect(log.defects).toBe(3);
  expect(texts()).toEqual([
    'defect in fcf-A, a frame is lost: oh',
    'defect in fcf-A, a frame is lost: oh (and 1 more like it)',
  ]);
});

test('a medium that fails is an error of its logical unit', () => {
  const { log, lines } = rig();
  log.mediumFailed('lun0', 'ends too early');
  expect(lines).toMatchObject([
    { level: 'error', event: 'lun-failed', text: 'logical unit lun0: ends too early' },
  ]);
});
