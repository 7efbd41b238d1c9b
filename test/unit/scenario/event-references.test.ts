import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadScenario } from '../../../src/scenario/load.ts';
import { scenarioText } from '../../helpers/moves.ts';
import { TEXT } from '../../helpers/scenario.ts';

const said = (event: string): string => {
  try {
    loadScenario(`${TEXT}events:\n  - ${event}\n`, 'x.yaml');
    return '';
  } catch (error) {
    return (error as Error).message.replace(/^x\.yaml:\d+:\d+: /, '');
  }
};

it.each([
  ['{ at: 1, do: rscn, fabric: Z, for: array }', /^there is no fabric Z; there is A, B$/],
  [
    '{ at: 1, do: rscn, fabric: A, for: nobody }',
    /^nobody is neither a virtual machine nor a WWPN/,
  ],
  ['{ at: 1, do: mask, for: vm1, luns: { "0": gone } }', /^there is no logical unit gone/],
  [
    '{ at: 1, do: access, states: { "9": standby } }',
    /^there is no target port group 9; there is 1/,
  ],
  [
    '{ at: 1, do: access, states: { "1": transitioning }, by: "20:00:00:25:b5:00:00:01" }',
    /^SET TARGET PORT GROUPS cannot ask for transitioning$/,
  ],
  ['{ at: 1, do: access, states: { "1": standby }, by: vm1 }', /^vm1 is no WWPN/],
  ['{ at: 1, do: base-logout, host: h9, port: 0 }', /^there is no host h9/],
  ['{ at: 1, do: link-down, node: h1, port: 7 }', /^there is no port 7 at h1/],
  [
    '{ at: 1, do: crash, node: nothing }',
    /^there is no node nothing; there is h1, h2, array, mover, fcf-A/,
  ],
  ['{ at: 1, do: preempt, lun: system, by: vm1 }', /^vm1 is no WWPN/],
  [
    '{ at: 1, do: preempt, lun: system, by: "21:00:00:00:c9:00:00:01", array: mirror }',
    /^there is no array mirror/,
  ],
  [
    '{ at: 1, do: port-failover, from: 0, to: 4 }',
    /^there is no port 4 at array: it has 4, from 0$/,
  ],
  [
    '{ at: 1, do: port-failover, from: 1, to: 2 }',
    /^port 1 is on fabric A and port 2 on fabric B: a WWPN stays in its fabric$/,
  ],
  ['{ at: 1, do: port-failover, from: 1, to: 1 }', /^port 1 is where it logs in: port-failback/],
  ['{ at: 1, do: port-failback, port: 9 }', /^there is no port 9 at array/],
  [
    '{ at: 1, do: preempt, lun: system, by: "c0:50:76:00:00:00:01:00" }',
    /^c0:50:76:00:00:00:01:00 is a name of vm1: by is an initiator outside$/,
  ],
  ['{ at: 1, do: snapshot, snapshot: s1, luns: [gone] }', /^there is no logical unit gone/],
  ['{ at: 1, do: snapshot-revert, snapshot: s1 }', /^there is no snapshot s1/],
  ['{ at: 1, do: cancel-move, ofMove: 2 }', /^ofMove is 2, but there is 1 move/],
  ['{ at: 1, do: zones, fabric: A, zones: [{ name: z, members: [who] }] }', /^who names nobody/],
  ['{ at: never, do: cancel-move }', /events\.0/],
  ['{ at: 1, do: dance }', /events\.0/],
])('%s', (event, words) => {
  expect(said(event)).toMatch(words);
});

it('takes events whose names exist', () => {
  expect(said('{ at: stun, do: crash, node: h1 }')).toBe('');
});

it.each([
  ['implicit', { by: '20:00:00:25:b5:00:00:01' }, /alua: implicit: nobody asks it for states$/],
  ['explicit', { by: undefined }, /alua: explicit: say by, who asks for the states$/],
])('an array that is %s takes no other change of access states', (alua, by, words) => {
  const scenario = parse(scenarioText(`alua-${alua}`));
  const events = [{ ...scenario.events[0], ...by }];
  expect(() => loadScenario(stringify({ ...scenario, events }), 'x.yaml')).toThrow(words);
});
