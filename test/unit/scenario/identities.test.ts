/** Names that a scenario leaves open, and the move made from them. */

import { describe, expect, test } from 'vitest';
import { vhbasOf } from '../../../src/host/attachment-identity.ts';
import { guestNames, identitiesOf, namesOn, plansOf } from '../../../src/scenario/identities.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { TEXT, withMove } from '../../helpers/scenario.ts';

const load = (text = TEXT, overrides = {}) => loadScenario(text, 'x.yaml', overrides);

describe('names of a virtual machine', () => {
  test('are made from its place and that of the fabric', () => {
    const scenario = load();
    expect(guestNames(scenario, scenario.vms[0]!, 0)).toEqual([
      { fabric: 'A', wwpn: 'c0:50:76:00:00:00:01:00' },
      { fabric: 'A', wwpn: 'c0:50:76:00:00:00:01:01' },
      { fabric: 'B', wwpn: 'c0:50:76:00:00:00:01:02' },
      { fabric: 'B', wwpn: 'c0:50:76:00:00:00:01:03' },
    ]);
  });

  test('are those of the file where it says them, in one form', () => {
    const given = 'wwpns: { A: ["C0:50:76:00:00:00:99:00", "c0:50:76:00:00:00:99:01"] }';
    const scenario = load(TEXT.replace('host: h1\n', `host: h1\n    ${given}\n`));
    expect(namesOn(scenario, scenario.vms[0]!, 0, 'A')).toEqual([
      'c0:50:76:00:00:00:99:00',
      'c0:50:76:00:00:00:99:01',
    ]);
  });

  test('with those of the hosts where a move may fall back to them', () => {
    const scenario = load(withMove('strategy: same-wwpn', 'fallBack: physical'));
    expect(namesOn(scenario, scenario.vms[0]!, 0, 'B')).toEqual([
      'c0:50:76:00:00:00:01:02',
      'c0:50:76:00:00:00:01:03',
      '21:00:00:25:b5:00:01:01',
      '21:00:00:25:b5:00:02:01',
    ]);
  });

  test('are one for each port of the host', () => {
    const scenario = load(TEXT.replace('h1, ports: [A, B]', 'h1, ports: [B, B, A]'));
    const found = identitiesOf(scenario, scenario.vms[0]!, 0, 'h1', 1);
    expect(vhbasOf(found).map(({ port, wwpn }) => [port, wwpn])).toEqual([
      [0, 'c0:50:76:00:00:00:01:03'],
      [1, 'c0:50:76:00:00:00:01:07'],
      [2, 'c0:50:76:00:00:00:01:01'],
    ]);
  });
});

type Plan = ReturnType<typeof plansOf>[number];
const bothSides = ({ source, destination }: Plan) =>
  [vhbasOf(source), vhbasOf(destination)] as const;

describe('the plan of a move', () => {
  test('the ports of both sides stand by fabric, however they are cabled', () => {
    const plan = plansOf(load(TEXT.replace('h2, ports: [A, B]', 'h2, ports: [B, A]')))[0]!;
    expect(plan.source.map(({ port }) => port)).toEqual([0, 1]);
    expect(vhbasOf(plan.destination).map(({ port, wwpn }) => [port, wwpn])).toEqual([
      [1, 'c0:50:76:00:00:00:01:01'],
      [0, 'c0:50:76:00:00:00:01:03'],
    ]);
  });

  test('vHBAs of one fabric share a port where the destination has no more', () => {
    const text = TEXT.replace('h1, ports: [A, B]', 'h1, ports: [A, B, A]');
    const plan = plansOf(load(text, { strategy: 'proxy' }))[0]!;
    expect(plan.fabrics).toEqual([
      {
        name: 'A',
        wwpn: 'c0:50:76:00:00:00:01:00',
        sourceWwpn: '21:02:00:25:00:01:01:00',
        destinationWwpn: '21:02:00:25:00:01:02:00',
        destinationPort: 0,
      },
      {
        name: 'B',
        wwpn: 'c0:50:76:00:00:00:01:02',
        sourceWwpn: '21:02:00:25:00:01:01:01',
        destinationWwpn: '21:02:00:25:00:01:02:01',
        destinationPort: 1,
      },
      {
        name: 'A',
        wwpn: 'c0:50:76:00:00:00:01:04',
        sourceWwpn: '21:02:01:25:00:01:01:02',
        destinationWwpn: '21:02:01:25:00:01:02:00',
        destinationPort: 0,
      },
    ]);
  });

  test.each([
    ['wwpn-pair', 'c0:50:76:00:00:00:01:00', 'c0:50:76:00:00:00:01:01'],
    ['same-wwpn', 'c0:50:76:00:00:00:01:00', 'c0:50:76:00:00:00:01:00'],
    ['proxy', '21:02:00:25:00:01:01:00', '21:02:00:25:00:01:02:00'],
  ])('%s: names of both sides', (strategy, source, destination) => {
    const plan = plansOf(load(TEXT, { strategy }))[0]!;
    expect([vhbasOf(plan.source)[0]!.wwpn, vhbasOf(plan.destination)[0]!.wwpn]).toEqual([
      source,
      destination,
    ]);
    expect(plan.fabrics[0]).toEqual({
      name: 'A',
      wwpn: 'c0:50:76:00:00:00:01:00',
      sourceWwpn: source,
      destinationWwpn: destination,
      destinationPort: 0,
    });
  });

  test('defences change what the ports do', () => {
    const defences = ['oxid-epochs', 'clean-address'];
    const [source, destination] = bothSides(plansOf(load(TEXT, { defences }))[0]!);
    expect(source[0]!.oxIds).not.toEqual(destination[0]!.oxIds);
    expect([source[0]!.honoursCleanAddress, destination[0]!.honoursCleanAddress]).toEqual([
      undefined,
      true,
    ]);
  });

  test('times are in nanoseconds, and what is left out is R_A_TOV', () => {
    const text = `${withMove('requeueWaitMs: 2.5')}`.replace(
      'domain: 2 }',
      'domain: 2, rATovMs: 12000 }',
    );
    expect(plansOf(load(text))[0]!).toMatchObject({
      rATovNs: 12e9,
      quiesceNs: 12e9,
      requeueWaitNs: 2_500_000,
      preCopyNs: 60e6,
    });
  });
});
