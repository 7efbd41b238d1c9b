/** Two servers with a leg each, and their witness, in this process. */
import { join } from 'node:path';
import type { WitnessLie } from '../../src/array/pair/witness.ts';
import { parseListenAddress } from '../../src/live/listen-address.ts';
import { standingOf } from '../../src/live/pair/half.ts';
import { WitnessServer } from '../../src/live/pair/witness-server.ts';
import type { PlanOptions } from '../../src/live/plan.ts';
import { scenarioPlan } from '../../src/live/plan-scenario.ts';
import type { LiveServer, ServerOptions } from '../../src/live/server.ts';
import { readScenario } from '../../src/scenario/load.ts';
import { Bench } from './live-bench.ts';

/** Two sites with a fabric and an array each, and one unit. */
export const TWO_SITES = `
name: two
sites: [{ name: east }, { name: west, to: { east: { delayUs: 500 } } }]
fabrics:
  - { name: E, vlan: 0, domain: 1, zoning: none }
  - { name: W, vlan: 0, domain: 2, zoning: none, site: west }
hosts: [{ name: h1, ports: [E, W] }, { name: h2, ports: [E, W], site: west }]
array:
  ports: [E]
  stretched: { name: mirror, site: west, ports: [W], heartbeatMs: 50, silenceMs: 500 }
  luns: [{ name: data, blocks: 1024 }]
vms: [{ name: vm, host: h1, luns: [data] }]
move: { vm: vm, to: h2 }
`;

/** What a plan of a half is made with. */
export type HalfOptions = Omit<PlanOptions, 'listen' | 'luns'> & Partial<PlanOptions>;

/** The plan of one server for this text. */
export const halfPlan = (options: HalfOptions, text = TWO_SITES) =>
  scenarioPlan(readScenario(text, 'two.yaml'), { listen: [], luns: [], ...options });

/** Both. `bench.end` ends them. */
export class Halves {
  readonly bench = new Bench();
  witness: WitnessServer | undefined;
  readonly servers: LiveServer[] = [];

  path(name: string): string {
    return join(this.bench.dir, name);
  }

  async openWitness(lies: WitnessLie = 'none'): Promise<void> {
    const witness = await WitnessServer.open({
      place: { kind: 'unix', path: this.path('witness') },
      file: this.path('said'),
      lies,
      log: (record) => this.bench.log.push(record),
    });
    this.witness = witness;
    this.bench.atEnd(() => witness.close());
  }

  /** The first or the second half; `peerPath` is where it finds the other, when not there itself. */
  async open(
    which: 0 | 1,
    { peerPath, ...options }: Partial<ServerOptions> & { readonly peerPath?: string } = {},
  ): Promise<LiveServer> {
    const [here, there] = which === 0 ? ['E', 'W'] : ['W', 'E'];
    const plan = halfPlan({
      listen: [parseListenAddress(`${here}=unix:${this.path(here!)}`)],
      peers: [{ fabric: there!, place: { kind: 'unix', path: peerPath ?? this.path(there!) } }],
      witness: { kind: 'unix', path: this.path('witness') },
    });
    const server = await this.bench.open({ ...options, plan });
    this.servers[which] = server;
    return server;
  }

  /** How each stands, as `in-sync leads`. */
  get states(): string[] {
    return this.servers.map(({ array }) => {
      const { leads, state } = standingOf(array.pair!);
      return `${state}${leads ? ' leads' : ''}`;
    });
  }
}
