/** The zoo's table: rows as they come, in the width of the terminal. */
import { expect, test } from 'vitest';
import { plain } from '../../../src/cli/columns.ts';
import type { CellResult } from '../../../src/cli/zoo-cells.ts';
import { ZooTable } from '../../../src/cli/zoo-text.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';

const defences = ['logo-acknowledged', 'clean-address', 'acl-first', 'oxid-epochs'];
const planned = ['powervm', 'flexattach'].map((profile) => ({
  cell: { profile, setting: 'persistent' } as unknown as CellResult['cell'],
  scenario: { move: { drain: 'logout-clears', defences } } as unknown as Scenario,
}));
const result = (other: Partial<CellResult> = {}): CellResult => ({
  cell: planned[0]!.cell,
  drain: 'logout-clears',
  defences,
  outcome: 'moved',
  blackoutNs: 5_776_000,
  holds: 22,
  breaks: [
    { invariant: 'I7', late: 'data' },
    { invariant: 'I13', late: '' },
    { invariant: 'I8', late: 'data' },
  ],
  runs: [{ late: undefined, digest: '', violated: [] }],
  replay: 'sanmotion move x.yaml --profile powervm --late data',
  words: '',
  ...other,
});

test.each([72, 80, 100])('a table of %i columns is no wider, and has every word', (columns) => {
  const table = new ZooTable(planned, columns);
  const text = plain(table.row(result()) + table.row(result({ cell: planned[1]!.cell })));
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
  const words = text.replace(/\s+/g, ' ');
  for (const word of ['profile', 'powervm', '5.776 ms', 'I13; late']) {
    expect(words).toContain(word);
  }
  expect(text.match(/^profile/gm)).toHaveLength(1);
});

test('in a pipe a row is a line; what breaks stands by what was late', () => {
  const table = new ZooTable(planned, Number.POSITIVE_INFINITY);
  const [, row, ...rest] = plain(table.row(result())).split('\n');
  expect(row).toMatch(/ 5\.776 ms +22 {2}I13; late data: I7 I8$/);
  expect(rest).toEqual(['']);
  expect(plain(table.row(result({ breaks: [], outcome: 'refused' })))).toMatch(
    / refused +22 {2}-\n$/,
  );
});

test('a way whose run has no end is told apart', () => {
  const table = new ZooTable(planned, 80);
  const lost = result({ error: 'the move did not end', outcome: 'no end', breaks: [], runs: [] });
  const refused = result({ outcome: 'refused', breaks: [] });
  const text = plain(table.end([result(), lost, refused, result({ breaks: [] })]));
  expect(text).toContain(
    '4 ways to move, 3 runs: 1 safe, 1 unsafe, 1 refused or undone, 1 without an end',
  );
  expect(text).toContain(`no end: ${lost.replay}: the move did not end`);
  expect(text).toContain(`one of them again: ${result().replay}`);
});

test('captures of what broke are listed, with what shows it', () => {
  const table = new ZooTable(planned, 100);
  const captures = [
    { invariant: 'I7', path: 'out/zoo/nfs-I7.pcapng', frames: 5, isShown: true },
    { invariant: 'I8', path: 'out/zoo/fc-I8.pcapng', frames: 17, isShown: false },
  ];
  const text = plain(table.end([result({ captures }), result()]));
  expect(text).toMatch(/^out\/zoo\/nfs-I7\.pcapng +I7 +5 +named by replay$/m);
  expect(text).toMatch(
    /^out\/zoo\/fc-I8\.pcapng +I8 +17 +with comments: frames alone do not show it$/m,
  );
  expect(plain(table.end([result()]))).not.toContain('capture');
});

test('of LANs it tells what was lost and for how long, in 80 columns', () => {
  const cell = { lan: 'learning', announcement: 'RARP', order: 'together' } as const;
  const table = new ZooTable([{ cell, scenario: planned[0]!.scenario }], 80);
  const lan = {
    vm: 'vm1',
    toGuest: { sent: 2000, lost: 1012, pauseNs: 1_012_000_000 },
    fromGuest: { sent: 2000, lost: 1, pauseNs: 1000 },
    apartNs: null,
    duplicates: [],
  };
  const breaks = ['I37', 'I38', 'I41'].map((invariant) => ({ invariant, late: '' }));
  const text = plain(table.row(result({ cell, lan, breaks })));
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(text).toMatch(
    /^learning +RARP +clean sheet +5\.776 ms +1,013 +1\.012 s +to the end +I37/m,
  );
});
