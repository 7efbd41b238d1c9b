/** A backup agent as a scenario has it: its node, its units at the array, its mask and its zone. */
import { describe, expect, it } from 'vitest';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { nodesOf } from '../../../src/scenario/topology.ts';
import { unitsOf } from '../../../src/scenario/units.ts';
import { complaint, TEXT } from '../../helpers/scenario.ts';

const laidOut = (backup: string) =>
  topologyOf(loadScenario(`${TEXT}backup: ${backup}\nevents: [{ at: 5, do: backup }]\n`, 'x.yaml'));

describe('a backup agent', () => {
  it('has a port on each fabric, behind those of everybody else, and a zone with the array', () => {
    const before = topologyOf(loadScenario(TEXT, 'x.yaml'));
    const topology = laidOut('{}');
    const [agent] = nodesOf(topology, 'backup');
    expect(agent!.ports.map(({ fabric }) => fabric)).toEqual(['A', 'B']);
    expect(topology.cables.slice(0, before.cables.length)).toEqual(before.cables);
    for (const [i, { options }] of nodesOf(topology, 'switch').entries()) {
      const zone = options.zoning!.zones.find(({ name }) => name === 'backup')!;
      expect(zone.members).toHaveLength(3);
      expect(zone.members[0]).toBe(agent!.ports[i]!.wwpn);
    }
    expect(topology.events[0]!.deed).toEqual({ do: 'backup', agent: 'backup' });
  });

  it('sees a view and a place to restore to of each unit of its guest, and no unit of a guest', () => {
    const topology = laidOut('{ name: keeper, ports: [B] }');
    const [array] = nodesOf(topology, 'array');
    const [agent] = nodesOf(topology, 'backup');
    expect(
      array!.units.map(({ keepsSnapshots, restores, shows }) => [keepsSnapshots, shows, restores]),
    ).toEqual([
      [true, undefined, undefined],
      [true, undefined, undefined],
      [undefined, 0, undefined],
      [undefined, undefined, 0],
      [undefined, 1, undefined],
      [undefined, undefined, 1],
    ]);
    const mask = array!.masks.filter(({ initiator }) => initiator === agent!.ports[0]!.wwpn);
    expect(mask).toHaveLength(1);
    expect(mask[0]!.luns.map(({ unit }) => unit)).toEqual([2, 3, 4, 5]);
    const names = unitsOf(topology);
    const { plan } = agent!.options;
    expect(plan.units.map(({ luName }) => luName)).toEqual(
      names.slice(0, 2).map(({ luName }) => luName),
    );
    expect(names[2]).toMatchObject({
      luName: plan.units[0]!.view.luName,
      copyOf: names[0]!.luName,
    });
    expect(names[5]).toMatchObject({
      luName: plan.units[1]!.restore.luName,
      copyOf: names[1]!.luName,
    });
  });

  it('asks the map that the scenario says, which its guest or the array then keeps', () => {
    const host = laidOut('{ map: host, atMove: said-lost, granularityBlocks: 4 }');
    expect(host.guests[0]!.maps).toEqual({ atMove: 'said-lost', granularityBlocks: 4 });
    expect(nodesOf(host, 'array')[0]!.units[0]!.map).toBeUndefined();
    const array = laidOut('{ map: array, atMove: lost, atPowerLoss: lost }');
    expect(array.guests[0]!.maps).toBeUndefined();
    expect(nodesOf(array, 'array')[0]!.units[0]!.map).toEqual({
      atPowerLoss: 'lost',
      granularityBlocks: 128,
    });
    expect(nodesOf(array, 'backup')[0]!.mapsAtMove).toBe('lost');
    const none = laidOut('{ map: none }');
    expect(none.guests[0]!.maps ?? nodesOf(none, 'array')[0]!.units[0]!.map).toBeUndefined();
  });

  it('costs a scenario without one nothing', () => {
    const topology = topologyOf(loadScenario(TEXT, 'x.yaml'));
    expect(nodesOf(topology, 'backup')).toEqual([]);
    expect(nodesOf(topology, 'array')[0]!.units.every((one) => !('keepsSnapshots' in one))).toBe(
      true,
    );
  });

  it('names what is there', () => {
    const said = (text: string) => complaint(`${TEXT}${text}\n`).message;
    expect(said('backup: { vm: nobody }')).toMatch(/there is no virtual machine nobody/);
    expect(said('backup: { ports: [Z] }')).toMatch(/there is no fabric Z/);
    expect(said('backup: { name: h1 }')).toMatch(/the name h1 is there twice/);
    expect(said('events: [{ at: 1, do: backup }]')).toMatch(
      /there is no backup agent: say backup: \{\}/,
    );
  });
});
