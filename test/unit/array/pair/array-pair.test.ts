/** One side of a pair: what the other array writes to it and reads of it. */
import { describe, expect, it } from 'vitest';
import { encodeRecord } from '../../../../src/array/pair/record.ts';
import { streams } from '../../../../src/machine/random.ts';
import { buildWorld } from '../../../../src/scenario/build.ts';
import { topologyOf } from '../../../../src/scenario/from-scenario.ts';
import { scenarioOf } from '../../../helpers/moves.ts';

function rig() {
  const topology = topologyOf(scenarioOf({}, 'stretched-move'));
  const { arrays } = buildWorld(topology, (name) => streams(1).stream(name));
  const array = arrays.get('mirror')!;
  const pair = array.pair!;
  const events = () => {
    const told: { readonly type: string }[] = [];
    for (let next = array.poll(); next !== undefined; next = array.poll())
      if ('event' in next) told.push(next.event);
    return told;
  };
  return { array, pair, events };
}

describe('the unit that takes records', () => {
  it('hears of a lead that goes over', () => {
    const { events, pair } = rig();
    const record = {
      site: 'array',
      at: 5,
      state: 'in-sync',
      generations: ['0'],
      leads: false,
    } as const;
    pair.record.write(0, encodeRecord({ ...record, turn: 1, asks: false, differs: 0 }));
    expect(pair.standing.leads).toBe(true);
    expect(events()).toContainEqual(expect.objectContaining({ type: 'pair', leads: true }));
  });

  it('refuses in one line what is none', () => {
    const { events, pair } = rig();
    pair.record.write(0, new Uint8Array(512).fill(0x41));
    expect(events().filter(({ type }) => type === 'refused')).toEqual([
      {
        type: 'refused',
        port: 0,
        what: 'the other array of the pair has written a record that is none',
      },
    ]);
  });

  it('gives the maps of what differs behind its first block, and zeros beyond them', () => {
    const { pair } = rig();
    pair.mirror.units[1]!.differs.set(8, 1);
    // 4,096 blocks are 512 regions: 64 bytes a unit.
    expect(pair.record.read(1, 1)[64]).toBe(2);
    expect(pair.record.read(0, 1).every((byte) => byte === 0)).toBe(true);
    expect(pair.record.read(9, 2)).toEqual(new Uint8Array(1024));
  });
});

it('access states follow what the array may do', () => {
  const { array, pair } = rig();
  const statesOf = () => array.device.units[0]!.access.groups.map(({ state }) => state);
  expect(statesOf()).toEqual([0, 1]);
  pair.standing.enterTarget('for the test');
  expect(statesOf()).toEqual([0, 3]);
  pair.standing.enterDetached('for the test');
  expect(statesOf()).toEqual([3, 0]);
});
