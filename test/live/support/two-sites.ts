/**
 * Two `serve` processes with a leg each, a witness, and relays between all of them; at each site a client of ours that
 * writes stamped blocks through the array there and keeps a ledger.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Initiator } from './initiator.ts';
import { Relay } from './relay.ts';
import { Serve } from './serve.ts';
import { delay, endOf, until } from './wait.ts';

export const SITES = ['east', 'west'] as const;
export type Site = (typeof SITES)[number];

const FABRIC = { east: 'E', west: 'W' } as const;
const TARGET = { east: 0x5006_0160_0000_0001n, west: 0x5006_0160_0000_0002n } as const;
const other = (site: Site): Site => (site === 'east' ? 'west' : 'east');

/** Of the unit. */
export const BLOCKS = 8192;
/** Blocks that each client writes: its own, so that each has one order. */
const BLOCKS_OF_EACH = 64;
const READ_BLOCKS = 512;
const SILENCE_MS = 1000;
const PAUSE_MS = 4;
const END_MS = 10_000;

const scenario = {
  name: 'two-sites',
  sites: [{ name: 'east' }, { name: 'west', to: { east: { delayUs: 500 } } }],
  fabrics: [
    { name: 'E', vlan: 0, domain: 1, zoning: 'none' },
    { name: 'W', vlan: 0, domain: 2, zoning: 'none', site: 'west' },
  ],
  hosts: [
    { name: 'h1', ports: ['E', 'W'] },
    { name: 'h2', ports: ['E', 'W'], site: 'west' },
  ],
  array: {
    ports: ['E'],
    stretched: {
      ...{ name: 'mirror', site: 'west', ports: ['W'], heartbeatMs: 100, silenceMs: SILENCE_MS },
      // Both clients write, so the lead goes to and fro all the time.
      ...{ lead: 'follows-io', leadAfterIos: 20 },
    },
    luns: [{ name: 'data', blocks: BLOCKS }],
  },
  vms: [{ name: 'vm', host: 'h1', luns: ['data'] }],
  move: { vm: 'vm', to: 'h2' },
};

/** How an array stands, as `control … pair` says. */
export interface Standing {
  readonly state: string;
  readonly leads: boolean;
  readonly refuses: boolean;
  readonly generation: string;
  readonly differs: number;
}

/** A write of a client: which version of which block, and when it was asked for and answered. */
interface Write {
  readonly lba: number;
  readonly version: number;
  readonly beganMs: number;
  acknowledgedMs?: number;
}

/** Writes blocks of its own, one at a time, each with a version that goes up. */
class Client {
  readonly initiator: Initiator;
  readonly writes: Write[] = [];
  readonly #first: number;
  #stop = false;
  #done: Promise<void> | undefined;

  constructor(site: Site, path: string) {
    const number = SITES.indexOf(site) + 1;
    this.initiator = new Initiator(number, TARGET[site], path, 3 * SILENCE_MS);
    this.#first = SITES.indexOf(site) * BLOCKS_OF_EACH;
  }

  start(): void {
    this.#stop = false;
    this.#done = this.#work();
  }

  async #work(): Promise<void> {
    while (!this.#stop) {
      const version = this.writes.length + 1;
      const lba = this.#first + (version % BLOCKS_OF_EACH);
      const write: Write = { lba, version, beganMs: performance.now() };
      this.writes.push(write);
      if (await this.initiator.write(lba, stamped(lba, version)))
        write.acknowledgedMs = performance.now();
      await delay(PAUSE_MS);
    }
  }

  async stop(): Promise<void> {
    this.#stop = true;
    await this.#done;
  }

  get acknowledged(): number {
    return this.writes.filter(({ acknowledgedMs }) => acknowledgedMs !== undefined).length;
  }
}

function stamped(lba: number, version: number): Uint8Array {
  const block = new Uint8Array(512);
  const view = new DataView(block.buffer);
  for (let at = 0; at < 512; at += 8) {
    view.setUint32(at, lba + 1);
    view.setUint32(at + 4, version);
  }
  return block;
}

/** The version that a block of this address holds; 0 for one of zeros, -1 for what nobody wrote whole. */
function versionAt(data: Uint8Array, lba: number, at: number): number {
  const view = new DataView(data.buffer, data.byteOffset + at, 512);
  const version = view.getUint32(4);
  const wanted = version === 0 ? new Uint8Array(512) : stamped(lba, version);
  return Buffer.compare(wanted, data.subarray(at, at + 512)) === 0 ? version : -1;
}

export class TwoSites {
  readonly dir = mkdtempSync(join(tmpdir(), 'sanmotion-sites-'));
  readonly serves = new Map<Site, Serve>();
  readonly clients = new Map<Site, Client>();
  readonly #between: Relay[] = [];
  readonly #toWitness = new Map<Site, Relay>();
  #witness: ChildProcess | undefined;
  #lives = 0;

  /** All of it, in sync, without clients at work. `lies`: the witness does. */
  static async start(lies: 'none' | 'both' = 'none'): Promise<TwoSites> {
    const two = new TwoSites();
    try {
      await two.#start(lies);
    } catch (error) {
      await two.end();
      throw error;
    }
    return two;
  }

  async #start(lies: string): Promise<void> {
    writeFileSync(this.#path('two.yaml'), JSON.stringify(scenario));
    this.#witness = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', 'src/cli/main.ts', 'witness', this.#path('said')],
        ...['--listen', `unix:${this.#path('witness')}`, '--lies', lies],
      ],
      { stdio: 'ignore' },
    );
    for (const site of SITES) {
      const [here, there] = [this.#path(site), this.#path(other(site))];
      this.#between.push(await Relay.between(this.#path(`${site}-to-${other(site)}`), there));
      this.#toWitness.set(
        site,
        await Relay.between(this.#path(`${site}-to-witness`), this.#path('witness')),
      );
      this.clients.set(site, new Client(site, here));
    }
    await Promise.all(SITES.map((site) => this.startServe(site)));
    await this.inSync();
    await until(() => this.#clients.every(({ initiator }) => initiator.ready), 20_000, 'logins');
  }

  /** A half; it has nothing that one before it had. */
  async startServe(site: Site): Promise<void> {
    const name = `${site}.${++this.#lives}`;
    const serve = await Serve.start(this.dir, {
      name,
      scenario: this.#path('two.yaml'),
      listen: [`${FABRIC[site]}=unix:${this.#path(site)}`],
      arguments: [
        ...['--peer', `${FABRIC[other(site)]}=unix:${this.#path(`${site}-to-${other(site)}`)}`],
        ...['--witness', `unix:${this.#path(`${site}-to-witness`)}`],
        ...['--history', this.#path(`${name}.history`)],
      ],
    });
    this.serves.set(site, serve);
    await serve.control({ command: 'mask', action: 'set', luns: { '0': 'data' } });
  }

  /** History beside the tap of a half. */
  historyOf(site: Site): string {
    return this.serves.get(site)!.tapPath!.replace('.pcapng', '.history');
  }

  /** Where guests of a site plug in. */
  socketOf(site: Site): string {
    return this.#path(site);
  }

  #path(name: string): string {
    return join(this.dir, name);
  }

  get #clients(): Client[] {
    return [...this.clients.values()];
  }

  /** The sites do not reach each other: connections end, or nothing comes any more. */
  part(how: 'cut' | 'hold'): void {
    for (const relay of this.#between) relay[how]();
  }

  heal(): void {
    for (const relay of [...this.#between, ...this.#toWitness.values()]) relay.heal();
  }

  /** Only these sites reach the witness. */
  witnessFor(...sites: readonly Site[]): void {
    for (const [site, relay] of this.#toWitness) {
      if (sites.includes(site)) relay.heal();
      else relay.cut();
    }
  }

  async standing(site: Site): Promise<Standing> {
    const answer = await this.serves.get(site)!.control({ command: 'pair' });
    return answer as unknown as Standing;
  }

  /** Waits until an array stands like this. */
  async stands(site: Site, state: string, limitMs = 30_000): Promise<void> {
    await until(
      async () => (await this.standing(site)).state === state,
      limitMs,
      `${site} ${state}`,
    );
  }

  async inSync(): Promise<void> {
    for (const site of SITES) await this.stands(site, 'in-sync', 60_000);
  }

  /** Waits until the client of each of these sites has so many more writes answered. */
  async written(sites: readonly Site[], more = 40): Promise<void> {
    for (const site of sites) {
      const client = this.clients.get(site)!;
      const wanted = client.acknowledged + more;
      await until(() => client.acknowledged >= wanted, 30_000, `${site} writes`);
    }
  }

  startClients(): void {
    for (const client of this.#clients) client.start();
  }

  async stopClients(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.stop()));
  }

  /** Sites at which writes that were asked for since then have been answered. */
  sidesThatWrote(sinceMs: number): Site[] {
    return SITES.filter((site) =>
      this.clients
        .get(site)!
        .writes.some(
          ({ acknowledgedMs, beganMs }) => beganMs >= sinceMs && acknowledgedMs !== undefined,
        ),
    );
  }

  /** The whole unit as each site's array reads it from its own leg. */
  async legs(): Promise<readonly [Uint8Array, Uint8Array]> {
    const read = async (site: Site): Promise<Uint8Array> => {
      const { initiator } = this.clients.get(site)!;
      const all: Uint8Array[] = [];
      for (let lba = 0; lba < BLOCKS; lba += READ_BLOCKS)
        all.push(await initiator.read(lba, READ_BLOCKS));
      return Buffer.concat(all);
    };
    return [await read('east'), await read('west')];
  }

  /** What is wrong with a leg, by the ledgers: a line for each block. */
  lostIn(leg: Uint8Array): string[] {
    return SITES.flatMap((site) => {
      const newest = new Map<number, { acknowledged: number; open: Set<number> }>();
      for (const { acknowledgedMs, lba, version } of this.clients.get(site)!.writes) {
        const block = newest.get(lba) ?? { acknowledged: 0, open: new Set() };
        newest.set(lba, block);
        if (acknowledgedMs === undefined) block.open.add(version);
        else newest.set(lba, { acknowledged: version, open: new Set() });
      }
      return [...newest].flatMap(([lba, { acknowledged, open }]) => {
        const version = versionAt(leg, lba, lba * 512);
        if (version === acknowledged || open.has(version)) return [];
        return [`LBA ${lba} holds version ${version}; ${acknowledged} was answered by ${site}`];
      });
    });
  }

  /** What everybody said. */
  get logs(): string {
    return [...this.serves].map(([site, { log }]) => `--- ${site}\n${log}`).join('\n');
  }

  async end(): Promise<void> {
    await this.stopClients();
    for (const { initiator } of this.#clients) initiator.close();
    for (const serve of this.serves.values()) await serve.stop();
    if (this.#witness !== undefined) await endOf(this.#witness, 'SIGTERM', END_MS);
    for (const relay of [...this.#between, ...this.#toWitness.values()]) relay.close();
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
