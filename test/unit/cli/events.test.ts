/** `replay --events`: a table that fits, the same as data. */
import { expect, it } from 'vitest';
import { EVENT_KINDS } from '../../../src/audit/told/events.ts';
import { plain } from '../../../src/cli/columns.ts';
import { eventLines, severityOf } from '../../../src/cli/events.ts';
import { replayCommand } from '../../../src/cli/replay.ts';
import { said } from '../../helpers/said.ts';

const FILE = 'fixtures/fabric-move-same.pcap';

it('lists events with frames and seconds since the first frame', async () => {
  const { stdout } = await said(() => replayCommand([FILE], { events: true }));
  const lines = plain(stdout).split('\n');
  expect(lines[0]).toMatch(/fabric-move-same.pcap {2}pcap, 1,290 frames/);
  // tshark -T fields -e frame.time_relative of frame 85.
  expect(lines.find((line) => / 85 /.test(line))).toMatch(
    /^reject +85 +\d\.\d{6} +- +LS_RJT \(PLOGI\) 01cc00 → 01bb00 OX_ID 0001 command in progress$/,
  );
});

it('gives the same as JSON, with how grave each is', async () => {
  const { stdout } = await said(() => replayCommand([FILE], { events: true, json: true }));
  const { capture, events, left } = JSON.parse(stdout);
  expect([capture.frames, left]).toEqual([1290, 0]);
  expect(events.find(({ frames }: { frames: number[] }) => frames[0] === 85)).toMatchObject({
    kind: 'reject',
    severity: 'warning',
  });
});

it('says so where there is nothing, and what was not kept', () => {
  expect(plain(eventLines([], 0, 0n)[0]!)).toContain('no event');
  const row = { kind: 'gap', frames: [1], timeNs: 5n, fabric: '', what: '\u001b[31m' } as const;
  const lines = eventLines([row], 3, 0n).map(plain);
  expect(lines.at(-1)).toBe('and 3 more that are not kept');
  expect(lines[0]).toContain('\\x1b[31m');
});

it('knows how grave every kind is', () => {
  expect(new Set(EVENT_KINDS.map(severityOf))).toEqual(new Set(['warning', 'error', 'note']));
  expect(severityOf('gap')).toBe('error');
});
