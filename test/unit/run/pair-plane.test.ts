/** What lies beside the frames of a pair: the witness's answers, and the reading of legs. */
import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../../src/history/index.ts';
import type { WitnessAsked } from '../../../src/history/pair.ts';
import { streams } from '../../../src/machine/random.ts';
import { PairPlane } from '../../../src/run/pair-plane.ts';
import { buildWorld } from '../../../src/scenario/build.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { scenarioOf } from '../../helpers/moves.ts';

/** To a witness that is a millisecond away, over the network of management. */
const WAY_NS = 1_050_000;
const QUESTION: WitnessAsked = { type: 'witness-ask', id: 7, site: 'array', generation: '0' };

function rig() {
  const scenario = scenarioOf({}, 'stretched-move');
  const world = buildWorld(topologyOf(scenario), (name) => streams(1).stream(name));
  const told: HistoryEntry[] = [];
  const calls: { readonly at: number; readonly run: () => void }[] = [];
  const heard: string[] = [];
  for (const [node, array] of world.arrays)
    array.handleWitness = ({ granted, id }, now) =>
      void heard.push(`${node} ${id} ${granted} at ${now}`);
  const simulator = {
    nowNs: 0,
    call: (at: number, run: () => void) => void calls.push({ at, run }),
    act: (_node: string, work: (now: number) => void) => work(simulator.nowNs),
  };
  const plane = new PairPlane({
    simulator: simulator as never,
    world,
    scenario,
    tell: (entry) => void told.push(entry),
  });
  const run = (): void => {
    for (let next = calls.shift(); next !== undefined; next = calls.shift()) {
      simulator.nowNs = next.at;
      next.run();
    }
  };
  return { heard, plane, run, simulator, told, world };
}

describe('a question to the witness', () => {
  it('is answered after both ways, one side only', () => {
    const { heard, plane, run, told } = rig();
    plane.handleEvent('array', QUESTION);
    plane.handleEvent('mirror', { ...QUESTION, site: 'mirror' });
    run();
    expect(heard).toEqual([`array 7 true at ${2 * WAY_NS}`, `mirror 7 false at ${2 * WAY_NS}`]);
    expect(told.map(({ at, event }) => [at, event.type])).toEqual([
      [WAY_NS, 'witness-answer'],
      [WAY_NS, 'witness-answer'],
    ]);
  });

  it('does not come through where the sites are cut, there or back', () => {
    const { heard, plane, run, simulator } = rig();
    plane.partition(['third', 'east'], 10);
    plane.handleEvent('array', QUESTION);
    run();
    expect(heard).toEqual([]);
    simulator.nowNs = 20;
    plane.handleEvent('array', QUESTION);
    plane.partition(['east', 'third'], 20 + 2 * WAY_NS);
    run();
    expect(heard).toEqual([]);
  });
});

describe('legs', () => {
  it('are read at both arrays, as far as guests may have written', () => {
    const { plane, told, world } = rig();
    world.arrays.get('mirror')!.pair!.mirror.units[1]!.leg.write(3, new Uint8Array(512).fill(9));
    plane.readLegs();
    const legs = told.flatMap(({ event, node }) => (event.type === 'leg' ? [{ event, node }] : []));
    expect(legs.map(({ node }) => node)).toEqual(['array', 'array', 'mirror', 'mirror']);
    expect(legs.map(({ event }) => event.data[3 * 512])).toEqual([0, 0, 0, 9]);
    expect(legs[0]!.event.blocks).toBe(512);
  });

  it('of the array that leads count in the end, as long as it serves', () => {
    const { plane, world } = rig();
    expect(plane.serving).toBe('array');
    const [array, mirror] = ['array', 'mirror'].map(
      (name) => world.arrays.get(name)!.pair!.standing,
    );
    array!.enterSuspended('for the test');
    mirror!.enterDetached('for the test');
    expect(plane.serving).toBe('mirror');
  });
});
