/** FRR's bgpd as a route reflector of Ethernet VPNs, without zebra, and what it says of its routes. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAM = '/usr/lib/frr/bgpd';
const LIMIT_MS = 20_000;

/** Packages and files that it needs, for `missing`. */
export const FRR = { packages: ['frr'], files: [PROGRAM, '/usr/bin/vtysh'] } as const;

/** Where it runs and what it is told. */
export interface BgpdOptions {
  /** A folder that is its own: it keeps its sockets there. */
  readonly folder: string;
  /** The network namespace that it runs in; that of the test when left out. */
  readonly namespace?: string;
  readonly address: string;
  readonly port: number;
  /** Lines of `router bgp`. */
  readonly neighbours: readonly string[];
  /** Lines of its address family of Ethernet VPNs. */
  readonly evpn: readonly string[];
}

/** One bgpd. */
export class Bgpd {
  readonly child: ChildProcess;
  readonly #folder: string;

  constructor({ folder, namespace, address, port, neighbours, evpn }: BgpdOptions) {
    this.#folder = folder;
    const config = join(folder, 'bgpd.conf');
    writeFileSync(
      config,
      [
        'router bgp 65000',
        ' bgp router-id 10.0.0.9',
        ' no bgp default ipv4-unicast',
        ...neighbours.map((line) => ` ${line}`),
        ' address-family l2vpn evpn',
        ...evpn.map((line) => `  ${line}`),
        ' exit-address-family',
        '',
      ].join('\n'),
    );
    const user =
      process.getuid?.() === 0 ? 'frr' : spawnSync('id', ['-un']).stdout.toString().trim();
    if (user === 'frr') {
      chmodSync(folder, 0o755);
      for (const path of [folder, config]) chownSync(path, idOf('-u'), idOf('-g'));
    }
    const words = `-Z -S -p ${port} -l ${address} -u ${user} -g ${user} -f ${config} -i ${join(folder, 'bgpd.pid')} --vty_socket ${folder} -P 0`;
    const where = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace];
    const [program, ...rest] = [...where, PROGRAM, ...words.split(' ')];
    this.child = spawn(program!, rest, { stdio: 'ignore' });
  }

  /** What `vtysh` prints. */
  show(command: string): string {
    return spawnSync('vtysh', ['--vty_socket', this.#folder, '-d', 'bgpd', '-c', command], {
      encoding: 'utf8',
      timeout: LIMIT_MS,
    }).stdout;
  }

  /** The best of its routes to a MAC address; number 0 where it carries none. */
  bestRoute(mac: string): { nextHop: string; sequence: number } | undefined {
    const found = this.show('show bgp l2vpn evpn route')
      .split(/^(?= *\*)/m)
      .filter((one) => one.trimStart().startsWith('*>') && one.includes(mac))
      .map((one) => ({
        nextHop: /\n\s+(\d+\.\d+\.\d+\.\d+)/.exec(one)?.[1] ?? '',
        sequence: Number(/MM:(\d+)/.exec(one)?.[1] ?? 0),
      }))
      .sort((a, b) => b.sequence - a.sequence);
    return found[0];
  }
}

/** Of the user that Debian's package makes. */
const idOf = (what: '-u' | '-g'): number =>
  Number(spawnSync('id', [what, 'frr']).stdout.toString());
