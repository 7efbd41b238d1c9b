/** What `sanmotion move` says of a run: failed I/Os with their reasons, a capture that came to its bound. */
import { expect, test } from 'vitest';
import { moveJson, moveText } from '../../../src/cli/move-text.ts';
import { headlineOf } from '../../../src/run/headline.ts';
import { runMove } from '../../../src/run/run.ts';
import { scenarioOf } from '../../helpers/moves.ts';

const report = runMove({ scenario: scenarioOf({}) });
const { luName } = report.units[0]!;
const start = report.timeline[0]!.atNs;
const failures = [
  {
    vm: 'vm1',
    luName,
    op: 'write' as const,
    reason: 'RESERVATION CONFLICT',
    count: 39,
    firstAtNs: start + 1_000_000,
    lastAtNs: start + 9_000_000,
  },
];
const capture = { path: 'x.pcapng', bytes: 21_321_456 };
const made = (changes: object) => {
  const one = { ...report, captured: report.frames, ...changes };
  return { report: one, headline: headlineOf(one), remedy: undefined, notes: new Map(), capture };
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with ESC
const plain = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '');

test('I/Os that failed: how many, whose, on which unit, why and when', () => {
  const text = plain(moveText(made({ failures }), { all: false }));
  expect(text).toMatch(/^failed +I\/O +on +reason +when$/m);
  expect(text).toMatch(
    /^ +39 +write of vm1 +\S+ \(LUN 0, 60[0-9a-f]{30}\) +RESERVATION CONFLICT +\+1\.000 ms to \+9\.000 ms$/m,
  );
  const json = moveJson(made({ failures })) as { failures: unknown };
  expect(json.failures).toEqual(failures);
});

test('how each of several moves ended, and what did not happen', () => {
  const [one] = report.moves;
  const two = { ...one!, from: 'h2', to: 'h1', outcome: 'refused' as const, reason: 'no path' };
  const changes = { moves: [one, two], eventsLeft: ['h1 crashes'] };
  const text = plain(moveText(made(changes), { all: false }));
  expect(text).toContain(
    '\nvm1 from h1 to h2, wwpn-pair: moved\nvm1 from h2 to h1, wwpn-pair: refused: no path\n',
  );
  expect(text).toMatch(/^ +at +took +guest +step +frames +I\/Os done$/m);
  expect(text).toMatch(/^ +\+0 ns +[\d.]+ us +vm1 +preflight +\d+ +\d+ /m);
  expect(plain(moveText(made({}), { all: false }))).not.toMatch(/took +guest/);
  expect(text).toContain('did not happen: h1 crashes: its step or its time never came');
  expect(moveJson(made(changes))).toMatchObject(changes);
});

test('it begins and ends with what it came to', () => {
  const lines = plain(moveText(made({}), { all: false }))
    .trimEnd()
    .split('\n');
  const headline = headlineOf(report).text;
  expect(lines[0]).toBe(headline);
  expect(lines.at(-1)).toBe(headline);
  expect(lines.at(-2)).toBe('capture   x.pcapng, 21.3 MB');
});

test('a capture that came to its bound says so', () => {
  const text = plain(moveText(made({ captured: 1234 }), { all: false }));
  expect(text).toContain(
    'capture   x.pcapng, 21.3 MB, its first 1,234 frames: it came to its bound',
  );
});

test('without a capture it says how to have one', () => {
  const text = plain(moveText({ ...made({}), capture: undefined }, { all: false }));
  expect(text).toContain('\ncapture   none: --pcap FILE writes one\n');
  expect(moveJson({ ...made({}), capture: undefined })).toMatchObject({
    capture: null,
    captured: 0,
  });
});

test('folded, and with everything', () => {
  const folded = plain(moveText(made({}), { all: false }));
  const whole = plain(moveText(made({}), { all: true }));
  expect(folded).toMatch(/^holds +I1 I2 /m);
  expect(folded).not.toContain('Every guest I/O ends');
  expect(whole).toMatch(/^I1 +holds +Every guest I\/O ends/m);
});

test('a pause that has no end is none of 0 ns', () => {
  const said = (changes: object) => plain(moveText(made(changes), { all: false }));
  expect(said({ blackoutNs: 0 })).toContain(
    '\nblackout  not over: no I/O on the new ports has ended well\n',
  );
  const refused = { outcome: 'refused' as const, reason: 'x' };
  const [one] = report.moves;
  const moves = [{ ...one!, ...refused }];
  expect(said({ blackoutNs: 0, result: refused, moves })).toContain(
    '\nblackout  none: vm1 has done no I/O on h2\n',
  );
  expect(said({ moves: [one, one] })).toMatch(
    /^blackout .* the last I\/O of vm1 on the old ports/m,
  );
});

test('backups: when each was cut, what it is, and what came of it', () => {
  const backups = [
    {
      vm: 'vm1',
      snapshot: 'backup-1',
      atNs: start - 2_000_000,
      kind: 'full' as const,
      consistency: 'application' as const,
      outcome: 'identical',
    },
    {
      vm: 'vm1',
      snapshot: 'backup-2',
      atNs: start + 3_000_000,
      kind: 'incremental' as const,
      consistency: 'crash' as const,
      outcome: `LBA 3 of ${luName} differs`,
    },
    { vm: 'vm1', snapshot: 'backup-3', atNs: start, outcome: 'array lost power while it cut' },
  ];
  const text = plain(moveText(made({ backups }), { all: false }));
  const { name } = report.units[0]!;
  expect(text).toMatch(/^backup +of +cut at +kind +is +came to$/m);
  expect(text).toMatch(
    /^backup-1 +vm1 +-2\.000 ms +full +application-consistent +restored, identical$/m,
  );
  expect(text).toMatch(
    new RegExp(
      `^backup-2 +vm1 +\\+3\\.000 ms +incremental +crash-consistent +LBA 3 of ${name} differs$`,
      'm',
    ),
  );
  expect(text).toMatch(/^backup-3 +vm1 +\+0 ns +– +– +array lost power while it cut$/m);
  expect(moveJson(made({ backups }))).toMatchObject({ backups });
  expect(plain(moveText(made({}), { all: false }))).not.toContain('cut at');
});
