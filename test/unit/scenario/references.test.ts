/** What a schema cannot say: names that must exist, and moves that make no sense. */
import { describe, expect, test } from 'vitest';
import { complaint, placeOf, TEXT, withMove } from '../../helpers/scenario.ts';

describe('parts that exclude each other', () => {
  test.each([
    [
      'a quiesce bound below a round trip',
      withMove('defences: [wait-r-a-tov]', 'quiesceMs: 0.001'),
      /less than a round trip of 0\.008 ms/,
      'quiesceMs: 0.001',
    ],
    [
      'a quiesce bound above R_A_TOV',
      withMove('defences: [wait-r-a-tov]', 'quiesceMs: 20000'),
      /more than R_A_TOV of 10000 ms/,
      'quiesceMs: 20000',
    ],
    [
      'a quiesce bound that nobody waits for',
      withMove('quiesceMs: 40'),
      /wait-r-a-tov waits, which is not among the defences \(move\.defences: by default\)$/,
      'quiesceMs: 40',
    ],
    [
      'a port made beforehand for a pair',
      withMove('strategy: wwpn-pair', 'preCreated: true'),
      /preCreated is for strategy same-wwpn/,
      'preCreated: true',
    ],
    [
      'a fence around oneself',
      withMove('strategy: same-wwpn', 'defences: [preempt-and-abort]'),
      /source and destination are the same one/,
      'defences: [preempt-and-abort]',
    ],
    [
      'a login to carry over that has died',
      withMove('strategy: handoff', 'drain: crash'),
      /drain crash destroys it/,
      'drain: crash',
    ],
    [
      'a pair without a second WWPN',
      withMove('strategy: wwpn-pair').replace(
        'luns: [system, data]\n',
        'luns: [system, data]\n    wwpns: { A: ["c0:50:76:00:00:00:01:00"] }\n',
      ),
      /needs a second WWPN for vm1 on fabric A/,
      'wwpns: { A: ["c0:50:76:00:00:00:01:00"] }',
    ],
    [
      'a pair of a second vHBA without a second WWPN',
      withMove('strategy: wwpn-pair').replace(
        'luns: [system, data]\n',
        'luns: [system, data]\n    wwpns: { A: [["c0:50:76:00:00:00:01:00", "c0:50:76:00:00:00:01:01"], ["c0:50:76:00:00:00:01:04"]] }\n',
      ),
      /needs a second WWPN for vm1 on fabric A/,
      'wwpns: { A: [["c0:50:76:00:00:00:01:00", "c0:50:76:00:00:00:01:01"], ["c0:50:76:00:00:00:01:04"]] }',
    ],
    [
      'a WWPN of two vHBAs',
      withMove('strategy: same-wwpn').replace(
        'luns: [system, data]\n',
        'luns: [system, data]\n    wwpns: { A: [["c0:50:76:00:00:00:01:00"], ["c0:50:76:00:00:00:01:00"]] }\n',
      ),
      /:00:01:00 on fabric A is the name of vm1 twice.*\(vms\.0\.wwpns/,
      'wwpns: { A: [["c0:50:76:00:00:00:01:00"], ["c0:50:76:00:00:00:01:00"]] }',
    ],
    [
      'a card of a port in no fabric',
      TEXT.replace('h1, ports: [A, B]', 'h1, ports: [A, { fabric: C, card: 1 }]'),
      /there is no fabric C; there is A, B/,
      '- { name: h1, ports: [A, { fabric: C, card: 1 }] }',
    ],
    [
      'a zone that names nobody',
      TEXT.replace('domain: 1 }', 'domain: 1, zones: [{ name: z, members: [array, vm9] }] }'),
      /vm9 names nobody/,
      '- { name: A, vlan: 1002, domain: 1, zones: [{ name: z, members: [array, vm9] }] }',
    ],
    [
      'a fence with a reservation that only its holder may write under',
      withMove('defences: [preempt-and-abort]').replace(
        'luns: [system, data]\n',
        'luns: [system, data]\n    reservation: { type: write-exclusive }\n',
      ),
      /preempt-and-abort needs a type for registrants/,
      'reservation: { type: write-exclusive }',
    ],
    [
      'a RESERVE(6) that is to be handed over',
      withMove('drain: wait').replace(
        'luns: [system, data]\n',
        'luns: [system, data]\n    reservation: { type: reserve-6, handover: register-and-move }\n',
      ),
      /handover register-and-move is for persistent reservations: one of type reserve-6 ends with its login/,
      'reservation: { type: reserve-6, handover: register-and-move }',
    ],
    [
      'a RESERVE(6) that is to outlive a loss of power',
      withMove('drain: wait').replace(
        'luns: [system, data]\n',
        'luns: [system, data]\n    reservation: { type: reserve-6, aptpl: true }\n',
      ),
      /aptpl is for persistent reservations/,
      'reservation: { type: reserve-6, aptpl: true }',
    ],
    [
      'a mask for nobody',
      TEXT.replace('array:\n', 'array:\n  masks: [{ for: vm9, luns: { "0": system } }]\n'),
      /vm9 is neither a virtual machine nor a WWPN/,
      'masks: [{ for: vm9, luns: { "0": system } }]',
    ],
    [
      'a port in no group',
      TEXT.replace('array:\n', 'array:\n  targetPortGroups: [{ id: 1, ports: [0, 1, 2] }]\n'),
      /port 3 is in none of the groups/,
      'targetPortGroups: [{ id: 1, ports: [0, 1, 2] }]',
    ],
    [
      'more than all I/Os',
      TEXT.replace('queueDepth: 8', 'unmapPercent: 60, writeSamePercent: 50'),
      /are 110 together, more than 100/,
      /workload:/,
    ],
  ])('%s', (_what, text, message, line) => {
    const found = complaint(text);
    expect(found.message).toMatch(message);
    expect(found.message).toMatch(/^x\.yaml:\d+:\d+: /);
    expect(found.line).toMatch(line);
  });
});

describe('names that do not exist', () => {
  const wrong = TEXT.replace('host: h1\n', 'host: hh1\n')
    .replace('luns: [system, data]\n', 'luns: [system, datta]\n')
    .replace('to: h2', 'to: H3')
    .replace('domain: 2 }', 'domain: 2, zones: [{ name: z, members: [aray, vm1] }] }')
    .replace('array:\n', 'array:\n  masks: [{ for: vm2, luns: { "5": sistem }, ports: [0, 9] }]\n')
    .concat(
      'events:\n',
      '  - { at: 1, do: crash, node: fcf-a }\n',
      '  - { at: 1, do: link-down, node: switch, port: 0 }\n',
      '  - { at: 1, do: access, states: { "7": standby } }\n',
      '  - { at: 1, do: rscn, fabric: C, for: vm }\n',
    );

  test('are all told at once, each with its place and the one that was meant', () => {
    const { message, others } = complaint(wrong);
    const at = (piece: string): string => placeOf(wrong, piece);
    const member = 'a virtual machine, or a WWPN; did you mean array?';
    expect([message, ...others]).toEqual([
      `${at('hh1')}: there is no host hh1; there is h1, h2; did you mean h1?`,
      `${at('datta]')}: there is no logical unit datta; there is system, data; did you mean data?`,
      `${at('H3')}: there is no host H3; there is h1, h2`,
      `${at('sistem')}: there is no logical unit sistem; there is system, data; did you mean system?`,
      `${at('vm2')}: vm2 is neither a virtual machine nor a WWPN; did you mean vm1?`,
      `${at('9] }]')}: there is no port 9 at array: it has 4, from 0`,
      `${at('aray')}: aray names nobody: allowed are array, ${member}`,
      `${at('fcf-a')}: there is no node fcf-a; there is h1, h2, array, mover, fcf-A, fcf-B; did you mean fcf-A?`,
      `${at('switch')}: there is no host or array switch; there is h1, h2, array`,
      `${at('standby')}: there is no target port group 7; there is 1`,
      `${at('C, for')}: there is no fabric C; there is A, B`,
      `${at('vm }')}: vm is neither a virtual machine nor a WWPN; did you mean vm1?`,
    ]);
  });

  test('of very many, the first twenty; of very many known ones, the first', () => {
    const many = Array.from({ length: 30 }, (_, i) => `  - { name: n${i}, ports: [Z] }\n`);
    const text = TEXT.replace('array:\n', `${many.join('')}array:\n`);
    expect(complaint(text).others).toHaveLength(19);
    const far = text.replaceAll('[Z]', '[A]').replace('to: h2', 'to: somewhere');
    expect(complaint(far).message).toMatch(/there is h1, h2, n0, .*, n9 and 20 more$/);
  });
});
