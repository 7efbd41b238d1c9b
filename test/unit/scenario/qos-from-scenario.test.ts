/** Queues of a scenario's cables, and what of them makes no sense. */
import { describe, expect, it } from 'vitest';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { fcoePriorityOf } from '../../../src/scenario/qos-from-scenario.ts';

const TEXT = (qos: string, more = '') => `
name: t
${more}
fabrics: [{ name: A }]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }]
array: { ports: [A], luns: [{ name: d }] }
vms: [{ name: vm1, host: h1, luns: [d] }]
links: { gbps: 10, delayUs: 0.5 }
${qos}
move: { vm: vm1, to: h2 }
`;
const load = (qos: string, more?: string) => loadScenario(TEXT(qos, more), 't.yaml');

describe('queues of a scenario', () => {
  it('are none where it does not say so', () => {
    const { cables } = topologyOf(load(''));
    expect(cables.map(({ link }) => link?.qos)).toEqual([undefined, undefined, undefined]);
  });

  it('pauses the priority that FCoE has where nothing is said of pauses', () => {
    const { cables } = topologyOf(load('qos: { priority: 4, ports: { h2: { pfc: [] } } }'));
    const masks = cables.map(({ link }) => link!.qos!.ends.map(({ queues }) => queues.pfcEnabled));
    expect(masks).toEqual([
      [16, 16],
      [16, 16],
      [0, 16],
    ]);
  });

  it('are at both ends of every cable, with the headroom that the link needs', () => {
    const scenario = load('qos: {}');
    const topology = topologyOf(scenario);
    for (const { link } of topology.cables) {
      const [device, atSwitch] = link!.qos!.ends;
      expect(device.queues).toEqual({
        groups: [0, 0, 0, 1, 0, 0, 0, 0],
        bandwidth: [50, 50, 0, 0, 0, 0, 0, 0],
        pfcEnabled: 8,
        fcoePriority: 3,
      });
      expect([device.forwards, atSwitch.forwards]).toEqual([undefined, true]);
      expect([device.holdNs, atSwitch.holdNs]).toEqual([undefined, 500e6]);
      expect(atSwitch.buffer.headroomBytes).toBe(17_702);
    }
    expect(JSON.parse(JSON.stringify(topology))).toEqual(topology);
  });

  it('may be otherwise at one cable, and groups as they are listed', () => {
    const scenario = load(`
qos:
  priority: 4
  pfc: [4]
  groups: [{ priorities: [], bandwidth: 20 }, { priorities: [4], bandwidth: 80 }, { priorities: [7], bandwidth: strict }]
  headroomBytes: 99
  ports: { h2: { priority: 1, pfc: [], switchPfc: [1] } }`);
    const { cables, nodes } = topologyOf(scenario);
    const ends = (node: string) =>
      cables.find((one) => one.ends[0].node === node)!.link!.qos!.ends.map(({ queues }) => queues);
    expect(ends('h1')[0]).toMatchObject({
      groups: [0, 0, 0, 0, 1, 0, 0, 2],
      bandwidth: [20, 80, 'strict', 0, 0, 0, 0, 0],
      pfcEnabled: 16,
      fcoePriority: 4,
    });
    expect(ends('h2').map(({ pfcEnabled }) => pfcEnabled)).toEqual([0, 2]);
    const priorities = nodes.flatMap((node) =>
      node.kind === 'host'
        ? node.ports.flatMap((port) => (port.kind === 'enode' ? [port.vlanPriority] : []))
        : node.kind === 'switch'
          ? [node.options.vlanPriority]
          : [],
    );
    expect(priorities).toEqual([4, 4, 1]);
    expect(fcoePriorityOf(scenario, 'h2')).toBe(1);
  });
});

describe('what makes no sense', () => {
  it.each([
    ['qos: {}', 'protocol: iscsi', /qos is of Ethernet that carries FCoE/],
    ['qos: { ports: { h9: {} } }', '', /h9/],
    [
      'qos: { bufferBytes: 50000, headroomBytes: 1000, reserveBytes: 2000 }',
      '',
      /bufferBytes is 50000, and reserves and headroom of the switch of fabric A, 3 ports, take 51000/,
    ],
    [
      'qos: { groups: [{ priorities: [1], bandwidth: 50 }, { priorities: [1], bandwidth: 50 }] }',
      '',
      /priority 1 is in two groups/,
    ],
    [
      'qos: { groups: [{ priorities: [1], bandwidth: 60 }, { priorities: [2], bandwidth: 60 }] }',
      '',
      /120 percent/,
    ],
    ['events: [{ at: 1, do: other-traffic, node: h1, port: 0 }]', '', /say qos/],
    ['events: [{ at: 1, do: slow-drain, node: h1, port: 0 }]', '', /buffer credit/],
  ])('%s is refused', (qos, more, what) => {
    expect(() => load(qos, more)).toThrow(what);
  });

  it('a slow device is one with queues, too', () => {
    const events = 'events: [{ at: 1, do: slow-drain, node: h1, port: 0 }]';
    expect(() => load(`qos: {}\n${events}`)).not.toThrow();
  });
});

describe('queues that are learned', () => {
  it('are none at a node that takes them from its switch, and its own at one that is configured', () => {
    const scenario = load('qos: { dcbx: cee, priority: 5, pfc: [5], ports: { h2: { pfc: [] } } }');
    const topology = topologyOf(scenario);
    const device = (node: string) =>
      topology.cables.find(({ ends }) => ends[0].node === node)!.link!.qos!.ends[0].queues;
    expect(device('h1')).toMatchObject({ pfcEnabled: 0, groups: Array(8).fill(0) });
    expect(device('h1')).not.toHaveProperty('fcoePriority');
    expect(device('h2')).toMatchObject({ pfcEnabled: 0, fcoePriority: 5 });
    const ports = new Map(topology.nodes.map((node) => [node.name, node.ports]));
    const learns = { dcbx: { dialect: 'cee', willing: true }, vlanPriority: 3 };
    expect(ports.get('h1')).toMatchObject([learns]);
    expect(ports.get('h2')).toMatchObject([{ dcbx: { willing: false }, vlanPriority: 5 }]);
    const fcf = topology.nodes.find((node) => node.kind === 'switch')!;
    const { dcbx } = fcf.options;
    const own = { willing: false, settings: { pfcEnabled: 0b10_0000 } };
    expect(dcbx).toMatchObject([own, own, own]);
    expect(JSON.parse(JSON.stringify(topology))).toEqual(topology);
  });

  it('need a link without anything between its ends, and shares that are whole', () => {
    const complain = (text: string) => () => loadScenario(text, 't.yaml');
    const groups =
      'groups: [{ priorities: [], bandwidth: 20 }, { priorities: [3], bandwidth: 70 }]';
    expect(complain(TEXT(`qos: { dcbx: ieee, ${groups} }`))).toThrow(/90 percent/);
    const npv = TEXT('qos: { dcbx: ieee }').replace('{ name: A }', '{ name: A, npv: {} }');
    expect(complain(npv)).toThrow(/something else/);
  });
});
