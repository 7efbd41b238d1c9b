/** What a server counts, in the text format of Prometheus. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { LiveEvent } from '../links.ts';
import type { LiveServer } from '../server.ts';

/** Labels with their values, and a value. */
type Sample = readonly [Readonly<Record<string, string | number>>, number];

/** Gauges of prom-client that are called as counters are, which promtool complains of. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** The metrics of a server. Happenings are counted from here on, all else is read when it is asked for. */
export function metricsOf(server: LiveServer): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  for (const [name, help, labels, read] of GAUGES) {
    const gauge = new Gauge({
      name: `sanmotion_${name}`,
      help,
      labelNames: labels,
      registers: [registry],
      collect: () => {
        gauge.reset();
        for (const [values, value] of read(server)) gauge.set(values, value);
      },
    });
  }
  for (const [name, help, labels, read] of COUNTERS) {
    const counter = new Counter({
      name: `sanmotion_${name}_total`,
      help,
      labelNames: labels,
      registers: [registry],
      collect: () => {
        counter.reset();
        for (const [values, value] of read(server)) counter.inc(values, value);
      },
    });
  }
  const events = new Counter({
    name: 'sanmotion_events_total',
    help: 'What happened, by type',
    labelNames: ['node', 'type'],
    registers: [registry],
  });
  const commands = new Counter({
    name: 'sanmotion_scsi_commands_total',
    help: 'SCSI commands that the array ended, by status',
    labelNames: ['status'],
    registers: [registry],
  });
  server.onEvent(({ node, event }) => {
    events.inc({ node, type: event.type });
    const status = statusOf(event);
    if (status !== undefined) commands.inc({ status });
  });
  return registry;
}

const statusOf = (event: LiveEvent): string | undefined =>
  event.type === 'command-done' ? `${event.status}` : undefined;

type Row = readonly [
  name: string,
  help: string,
  labels: readonly string[],
  read: (server: LiveServer) => Sample[],
];

const fabricsOf = ({ fabrics }: LiveServer) => [...fabrics.values()];

const GAUGES: readonly Row[] = [
  ['up_seconds', 'Time since the start', [], ({ now }) => [[{}, now / 1e9]]],
  [
    'fabric_logins',
    'Ports that are logged in with a fabric',
    ['fabric', 'by'],
    (server) =>
      fabricsOf(server).flatMap(({ name: fabric, fcf }) =>
        (['FLOGI', 'FDISC'] as const).map(
          (by): Sample => [{ fabric, by }, fcf.logins().filter((one) => one.by === by).length],
        ),
      ),
  ],
  [
    'target_logins',
    'Process logins at the target ports',
    [],
    ({ array }) => [
      [{}, [...array.device.nexuses].filter(({ login }) => login !== undefined).length],
    ],
  ],
  [
    'link_up',
    'Whether a link is up (1) or not (0)',
    ['fabric', 'link'],
    (server) =>
      server.links().map(({ fabric, name: link, port }): Sample => {
        const { up, disabled } = server.fabrics.get(fabric)!.fcf.portState(port);
        return [{ fabric, link }, up && !disabled ? 1 : 0];
      }),
  ],
  [
    'link_waiting_bytes',
    'Bytes that wait for a guest that does not read',
    ['fabric', 'link'],
    (server) =>
      server
        .links()
        .flatMap(({ fabric, name: link, wire }): Sample[] =>
          wire === undefined ? [] : [[{ fabric, link }, wire.waitingBytes]],
        ),
  ],
  [
    'unit_bytes',
    'Size of a logical unit',
    ['unit'],
    (server) =>
      server.array.device.units.map(
        ({ medium }, i): Sample => [
          { unit: server.unitNames[i]! },
          medium.blocks * medium.blockBytes,
        ],
      ),
  ],
  [
    'unit_commands_under_way',
    'Commands that a logical unit works on',
    ['unit'],
    (server) =>
      server.array.device.units.map(
        ({ tasks }, i): Sample => [{ unit: server.unitNames[i]! }, tasks.size],
      ),
  ],
];

const COUNTERS: readonly Row[] = [
  [
    'frames_forwarded',
    'Frames between ports',
    ['fabric'],
    (server) =>
      fabricsOf(server).map(
        ({ name: fabric, fcf }): Sample => [{ fabric }, fcf.counters.forwarded],
      ),
  ],
  [
    'frames_served',
    "Frames to the fabric's services and FIP",
    ['fabric'],
    (server) =>
      fabricsOf(server).map(({ name: fabric, fcf }): Sample => [{ fabric }, fcf.counters.served]),
  ],
  [
    'frames_dropped',
    'Frames that the switch dropped, by reason',
    ['fabric', 'reason'],
    (server) =>
      fabricsOf(server).flatMap(({ name: fabric, fcf }) =>
        Object.entries(fcf.counters.dropped).map(
          ([reason, count]): Sample => [{ fabric, reason }, count],
        ),
      ),
  ],
  [
    'link_frames',
    'Frames at a switch port, in: towards the switch',
    ['fabric', 'link', 'direction'],
    (server) =>
      server.links().flatMap(({ fabric, frames, name: link }): Sample[] => [
        [{ fabric, link, direction: 'in' }, frames.in],
        [{ fabric, link, direction: 'out' }, frames.out],
      ]),
  ],
  [
    'link_frames_dropped',
    'Frames dropped because a guest did not read',
    ['fabric', 'link'],
    (server) =>
      server
        .links()
        .flatMap(({ fabric, name: link, wire }): Sample[] =>
          wire === undefined ? [] : [[{ fabric, link }, wire.dropped]],
        ),
  ],
  [
    'fault_hits',
    'Frames that a fault rule hit',
    ['rule'],
    ({ faults }) => faults.rules.map(({ applied, name }): Sample => [{ rule: name }, applied]),
  ],
  ['defects', 'Times a machine threw', [], ({ counters }) => [[{}, counters.defects]]],
];
