/** A tunnel endpoint of Linux with FRR on it: a vxlan device on a bridge in a network namespace, zebra and bgpd. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOf, until } from '../../live/support/wait.ts';

const LIMIT_MS = 20_000;
const DAEMONS = '/usr/lib/frr';

/** Files that it needs beside those of `FRR`, for `missing`. */
export const LINUX_VTEP_FILES = [`${DAEMONS}/zebra`, '/usr/sbin/bridge'] as const;

/** Where it is and whom it speaks with. */
export interface LinuxVtepOptions {
  /** A folder that is its own. */
  readonly folder: string;
  /** Of its namespace and its interfaces: up to 8 letters. */
  readonly name: string;
  /** The namespace with a bridge `underlay` that it is plugged into. */
  readonly wire: string;
  readonly address: string;
  readonly reflector: string;
  readonly as: number;
  readonly vni: number;
}

/** One endpoint. What is sent to `station` comes from a port of its bridge. */
export class LinuxVtep {
  readonly #options: LinuxVtepOptions;
  readonly #namespace: string;
  readonly #children: ChildProcess[] = [];

  constructor(options: LinuxVtepOptions) {
    this.#options = options;
    const { address, name, vni, wire } = options;
    this.#namespace = `${name}${process.pid}`;
    const [inside, outside] = [`u${name}`, `${name}o`];
    run('ip', 'netns', 'add', this.#namespace);
    run('ip', '-n', wire, 'link', 'add', outside, 'type', 'veth', 'peer', 'name', inside);
    run('ip', '-n', wire, 'link', 'set', inside, 'netns', this.#namespace);
    run('ip', '-n', wire, 'link', 'set', outside, 'master', 'underlay', 'up');
    const here = (...words: string[]) => run('ip', '-n', this.#namespace, ...words);
    run(
      'ip',
      'netns',
      'exec',
      this.#namespace,
      'sysctl',
      '-qw',
      'net.ipv6.conf.all.disable_ipv6=1',
    );
    here('address', 'add', `${address}/24`, 'dev', inside);
    here('link', 'add', 'lan', 'type', 'bridge');
    const tunnel = ['type', 'vxlan', 'id', `${vni}`, 'dstport', '4789', 'local', address];
    here('link', 'add', 'vx', ...tunnel, 'nolearning');
    here('link', 'set', 'vx', 'master', 'lan');
    here('link', 'add', 'station', 'type', 'veth', 'peer', 'name', 'port');
    here('link', 'set', 'port', 'master', 'lan');
    run('bridge', '-n', this.#namespace, 'link', 'set', 'dev', 'vx', 'learning', 'off');
    for (const one of ['lo', inside, 'lan', 'vx', 'station', 'port'])
      here('link', 'set', one, 'up');
  }

  /** zebra first: a bgpd that is there before it never tells it of duplicates. */
  async start(): Promise<void> {
    const { as, address, folder, reflector } = this.#options;
    mkdirSync(folder, { recursive: true });
    const config = (name: string, lines: readonly string[]): string => {
      const path = join(folder, `${name}.conf`);
      writeFileSync(path, `${lines.join('\n')}\n`);
      return path;
    };
    const zebra = config('zebra', ['hostname vtep']);
    const bgpd = config('bgpd', [
      `router bgp ${as}`,
      ` bgp router-id ${address}`,
      ' no bgp default ipv4-unicast',
      ` neighbor ${reflector} remote-as ${as}`,
      ` neighbor ${reflector} timers connect 1`,
      ' address-family l2vpn evpn',
      `  neighbor ${reflector} activate`,
      '  advertise-all-vni',
      ' exit-address-family',
    ]);
    chmodSync(folder, 0o755);
    const id = (what: '-u' | '-g'): number =>
      Number(spawnSync('id', [what, 'frr']).stdout.toString());
    for (const path of [folder, zebra, bgpd]) chownSync(path, id('-u'), id('-g'));
    const socket = join(folder, 'zserv.api');
    for (const [name, path] of [
      ['zebra', zebra],
      ['bgpd', bgpd],
    ] as const) {
      const words = `-f ${path} -z ${socket} -i ${join(folder, `${name}.pid`)} --vty_socket ${folder} -u frr -g frr -P 0`;
      const program = [`${DAEMONS}/${name}`, ...words.split(' ')];
      const where = ['netns', 'exec', this.#namespace, ...program];
      this.#children.push(spawn('ip', where, { stdio: 'ignore' }));
      const vty = join(folder, `${name}.vty`);
      await until(() => existsSync(socket) && existsSync(vty), LIMIT_MS, name);
    }
  }

  /** What `vtysh` prints. */
  show(daemon: 'zebra' | 'bgpd', command: string): string {
    const words = ['--vty_socket', this.#options.folder, '-d', daemon, '-c', command];
    return spawnSync('vtysh', words, { encoding: 'utf8', timeout: LIMIT_MS }).stdout;
  }

  /** Both numbers that it has for a MAC address, and whether it calls it a duplicate. */
  numbersOf(mac: string): { local: number; remote: number; isDuplicate: boolean } {
    const said = this.show('zebra', `show evpn mac vni ${this.#options.vni} mac ${mac}`);
    const [, local = '-1', remote = '-1'] = /Local Seq: (\d+) Remote Seq: (\d+)/.exec(said) ?? [];
    return {
      local: Number(local),
      remote: Number(remote),
      isDuplicate: /Duplicate, detected/.test(said),
    };
  }

  /** A frame comes from its station. */
  send(frame: Uint8Array): void {
    const words = ['netns', 'exec', this.#namespace, 'socat', '-u', 'STDIN', 'INTERFACE:station'];
    const { status, stderr } = spawnSync('ip', words, { input: frame, timeout: LIMIT_MS });
    if (status !== 0) throw new Error(`socat: ${stderr.toString()}`);
  }

  async close(): Promise<void> {
    for (const child of this.#children.toReversed()) await endOf(child, 'SIGTERM', LIMIT_MS);
    spawnSync('ip', ['netns', 'del', this.#namespace]);
  }
}

function run(...[program, ...words]: [string, ...string[]]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8', timeout: LIMIT_MS });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${stderr}`);
}
