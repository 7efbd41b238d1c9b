/**
 * A simulated world at work, measured: `node sim-world.mjs LIBRARY KIND VMS FRAMES`.
 *
 * KIND: `headers`, commands without data; `payloads`, reads and writes in frames of 2 KB;
 * `logins`, ten WWPNs for each virtual machine and no I/O. Counts processor time, and prints JSON.
 */
import { loader, measured, measuredFrames, report } from './sim-measure.mjs';

const [library, kind, vmsText, framesText] = process.argv.slice(2);
const vms = Number(vmsText);
const frames = Number(framesText);
const load = await loader(library);
const { buildWorld } = await load('scenario/build.js');
const { topologyOf } = await load('scenario/from-scenario.js');
const power = await load('run/power.js');
// Before version 0.2.0 it was called `wire`.
const addWorld = power.addWorld ?? power.wire;
const { scenarioSchema } = await load('scenario/schema.js');
const { Simulator } = await load('sim/index.js');
const { streams } = await load('machine/random.js');
const { ControlPlane } = await load('run/control-plane.js');
// Version 0.1.0 has none: it sampled every long frame.
const { fcCrcCoversFrom } = await load('run/frame-crc.js').catch(() => ({}));

const VMS_PER_HOST = 25;
const TARGET_PORTS = 4;
/** More would be refused by a scenario. */
const LUNS_MAX = 4096;
const LUN_BLOCKS = 256;
const isIo = kind !== 'logins';
/** Fabrics beside one another give each virtual machine ten WWPNs. */
const fabrics = isIo ? ['A'] : 'ABCDEFGHIJ'.split('');

const hosts = Math.max(2, Math.ceil(vms / VMS_PER_HOST));
const luns = Math.min(vms, LUNS_MAX);
const workload = {
  queueDepth: 4,
  blocksMax: 64,
  rangeBlocks: LUN_BLOCKS,
  thinkUs: 50,
  synchronizePercent: kind === 'headers' ? 100 : 0,
  readPercent: kind === 'headers' ? 0 : 50,
};
const count = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const scenario = scenarioSchema.parse({
  name: 'bench',
  fabrics: fabrics.map((name, i) => ({ name, vlan: 100 + i, npivLoginsMax: 65535 })),
  hosts: count(hosts, (i) => ({ name: `h${i}`, ports: fabrics })),
  array: {
    ports: isIo ? count(TARGET_PORTS, () => 'A') : fabrics,
    luns: count(luns, (i) => ({ name: `d${i}`, blocks: LUN_BLOCKS })),
    readUs: 50,
    writeUs: 50,
    jitterUs: 10,
  },
  vms: count(vms, (i) => ({
    name: `vm${i}`,
    host: `h${i % hosts}`,
    luns: [`d${i % luns}`],
    workload,
  })),
  links: { gbps: 100, delayUs: 0.5 },
  move: { vm: 'vm0', to: 'h1' },
});

const random = streams(1);
const world = buildWorld(topologyOf(scenario), (name) => random.stream(name));
const simulator = new Simulator({ seed: 1, vouchedFrom: fcCrcCoversFrom });
const control = new ControlPlane(simulator, world);
addWorld(simulator, world);
let ready = 0;
let completed = 0;
simulator.observe({
  event: ({ node, event }) => {
    if (!('type' in event)) return;
    control.handleEvent(node, event);
    if (event.type === 'port' && event.state === 'ready') ready++;
    else if (event.type === 'io-complete') completed++;
  },
});

function start() {
  const powerOn = (name, machine) => {
    for (const port of machine.options.ports.keys())
      simulator.act(name, (now) => machine.handleLink(port, true, now));
  };
  for (const [name, host] of world.hosts) powerOn(name, host);
  powerOn('array', world.array);
  simulator.run({ untilNs: 60e9, when: () => ready >= world.topology.cables.length });
  let started = 0;
  const must = (answer) => {
    if (!answer.ok) throw new Error(answer.reason);
  };
  for (const { name: vm, host, identities, guest } of world.vms) {
    control.ask(host, { command: 'prepare', vm, identities }, (prepared) => {
      must(prepared);
      if (!isIo) started++;
      else
        control.ask(host, { command: 'adopt', vm, guest }, (adopted) => {
          must(adopted);
          control.ask(host, { command: 'resume', vm }, (resumed) => {
            must(resumed);
            started++;
          });
        });
    });
  }
  simulator.run({ untilNs: simulator.nowNs + 600e9, when: () => started >= vms });
  if (started < vms) throw new Error(`${started} of ${vms} virtual machines started`);
}

const logins = measured(simulator, start);
const io = isIo ? measuredFrames(simulator, frames, () => completed) : undefined;
report(vms * fabrics.length, logins, io);
