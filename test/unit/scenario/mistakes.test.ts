/** All that is wrong with a file at once, in words that name what is allowed. */
import { describe, expect, it } from 'vitest';
import { complaint, TEXT } from '../../helpers/scenario.ts';

describe('a key that is misspelt', () => {
  it('is named with the one that was meant, which then is not missing', () => {
    const { message, others } = complaint(TEXT.replace(/^move:/m, 'moove:'));
    expect(message).toMatch(/^x\.yaml:\d+:\d+: the scenario has no moove; did you mean move\?$/);
    expect(others).toEqual([]);
  });

  it('in a part of the file, too', () => {
    const { message } = complaint(TEXT.replace('queueDepth: 8', 'queDepth: 8'));
    expect(message).toMatch(/: vms\.0\.workload has no queDepth; did you mean queueDepth\?$/);
  });

  it('of an event is one of its kind', () => {
    const { message } = complaint(`${TEXT}\nevents: [{ at: 1, do: rscn, fabrik: A, for: vm1 }]\n`);
    expect(message).toMatch(/: events\.0 has no fabrik; did you mean fabric\?$/);
  });

  it('like none is named alone', () => {
    expect(complaint(`${TEXT}\nwheels: 4\n`).message).toMatch(/: the scenario has no wheels$/);
  });
});

it('all mistakes of a file are told, a line each', () => {
  const text = `${TEXT.replace('vlan: 1002', 'vlan: 5000').replace('domain: 1', 'domain: x')}\nwheels: 4\n`;
  const { message, others } = complaint(text);
  expect([message, ...others].map((line) => line.replace(/^x\.yaml:\d+:\d+: /, ''))).toEqual([
    'the scenario has no wheels',
    'fabrics.0.vlan is 5000; the most is 4094',
    'fabrics.0.domain is "x"; needs a number from 1 to 239',
  ]);
});

describe('what is usual says what to write', () => {
  it.each<[string, string, RegExp]>([
    [
      'a part that is missing',
      TEXT.replace(/^hosts:\n(?: .*\n)+/m, ''),
      /hosts is missing: needs a list; write hosts: \[\{ name: h1, ports: \[A\] \}, /,
    ],
    [
      'a word in the place of a list',
      TEXT.replace('ports: [A, A, B, B]', 'ports: A'),
      /array\.ports is "A"; needs a list; write ports: \[A\]$/,
    ],
    [
      'a name with another stroke',
      TEXT.replace('strategy: wwpn-pair', 'strategy: wwpn_pair'),
      /move\.strategy is "wwpn_pair"; allowed: .*; did you mean wwpn-pair\?$/,
    ],
    [
      'a part that is indented',
      TEXT.replace(/^vms:\n((?: .*\n)+)/m, '  vms: []\n'),
      /array has no vms; it is a part of the scenario: begin its line at the margin$/,
    ],
  ])('%s', (_what, text, words) => {
    const { message, others } = complaint(text);
    expect(message).toMatch(words);
    expect(others).toEqual([]);
  });
});

describe('no word of a library', () => {
  it.each<[string, string, RegExp]>([
    [
      'one of several kinds',
      TEXT.replace('{ name: h1,', '{ name: h1, noPathRetryMs: soon,'),
      /hosts\.0\.noPathRetryMs is "soon"; allowed: queue, or needs a number$/,
    ],
    [
      'a mapping that has too much, in the place of a name',
      TEXT.replace(
        '{ name: h1, ports: [A, B] }',
        '{ name: h1, ports: [{ fabric: A, card: 0, x: 1 }, B] }',
      ),
      /hosts\.0\.ports\.0 has no x$/,
    ],
    [
      'one that has too little',
      TEXT.replace('{ name: h1, ports: [A, B] }', '{ name: h1, ports: [{ fabric: A }, B] }'),
      /hosts\.0\.ports\.0 is \{.*\}; needs a text, or card in it needs a number$/,
    ],
    [
      'an event that nobody knows',
      `${TEXT}\nevents: [{ at: 1, do: dance }]\n`,
      /events\.0\.do is "dance"; allowed: mask, zones, /,
    ],
    [
      'a step that no move has',
      `${TEXT}\nevents: [{ at: dusk, do: cancel-move }]\n`,
      /events\.0\.at is "dusk"; allowed: preflight, .*, or needs a number$/,
    ],
    [
      'an event without a time',
      `${TEXT}\nevents: [{ do: cancel-move }]\n`,
      /events\.0\.at is missing: preflight, .*, or needs a number$/,
    ],
    [
      'a key that is no number',
      `${TEXT}\nevents: [{ at: 1, do: mask, for: vm1, luns: { x: system } }]\n`,
      /events\.0\.luns\.x is no key here: needs a LUN number$/,
    ],
  ])('%s', (_what, text, words) => {
    const { message } = complaint(text);
    expect(message).toMatch(words);
    expect(message).not.toMatch(/Invalid|expected|received/);
  });
});
