/** What means nothing over a scenario's protocol is refused, with the place of what it does not fit. */
import { describe, expect, it } from 'vitest';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { cablesAt, nodePlaceOf, switchesOf } from '../../../src/scenario/topology.ts';
import { scenarioText } from '../../helpers/moves.ts';

const text = scenarioText('two-host-move');
const load = (change: (text: string) => string, protocol = 'fc') =>
  loadScenario(change(text), 'x.yaml', { protocol });

describe('protocol fc', () => {
  it('lays native links out: N_Ports, F_Ports, and cables without a VLAN', () => {
    const topology = topologyOf(load((one) => one));
    const [first] = switchesOf(topology);
    expect(first).toMatchObject({ kind: 'fc-switch', options: { bbCredit: 16, domain: 1 } });
    expect(nodePlaceOf(first!)).toMatchObject({ kind: 'switch', fabric: 'A' });
    expect(new Set(first!.ports.map(({ kind }) => kind))).toEqual(new Set(['f-port']));
    const cables = cablesAt(topology, 'h1');
    expect(cables.map(({ kind, vlan }) => [kind, vlan])).toEqual([
      ['fc', 0],
      ['fc', 0],
    ]);
    expect(topology.nodes.find(({ name }) => name === 'h1')!.ports[0]).toEqual({
      kind: 'n-port',
      fabric: 'A',
      wwpn: '21:00:00:25:b5:00:01:00',
      bbCredit: 16,
      bbScN: 0,
    });
  });

  it.each([
    ['npv: {}', /npv is FCoE's/],
    ['furtherFcfs: [{ domain: 9 }]', /furtherFcfs is FCoE's/],
    ['accessLists: lazy', /FIP snooping/],
  ])('refuses %s of a fabric', (key, what) => {
    const change = (one: string) => one.replace(/(fabrics:\n +- \{ ?)/, `$1${key}, `);
    expect(change(text)).not.toBe(text);
    expect(() => load(change)).toThrow(what);
    expect(() => load(change, 'fcoe')).not.toThrow();
  });

  it.each([
    ['{ at: 1, do: vlans, fabric: A, vlans: [] }', /no VLANs/],
    ['{ at: 1, do: lose, frames: keep-alives, node: h1, port: 0, forMs: 5 }', /frames of FIP/],
  ])('refuses the event %s', (event, what) => {
    const change = (one: string) => `${one}\nevents: [${event}]\n`;
    expect(() => load(change)).toThrow(what);
    expect(() => load(change, 'fcoe')).not.toThrow();
  });

  it('is one of those that there are', () => {
    expect(() => load((one) => one, 'token-ring')).toThrow(/protocol/);
  });
});
