/** An auditor with a small LAN around it: two hosts' ports and a station at one bridge, told by hand. */
import { Auditor } from '../../src/audit/auditor.ts';
import type { Verdict } from '../../src/audit/verdict.ts';
import type { Mac } from '../../src/codecs/layout/index.ts';
import type { DatagramWay, Happening, MoveEvent, Places } from '../../src/history/index.ts';
import { BOUNDS, MS } from './audit-rig.ts';

export const LAN_MAC = '02:00:00:00:00:01' as Mac;
const link = (node: string, bridgePort: number) => [
  { node, port: 0, link: `${node} cable`, fabric: '' },
  { node: 'bridge', port: bridgePort, link: `${node} cable`, fabric: '' },
];
export const LAN_PLACES: Places = {
  nodes: [
    { name: 'h1', kind: 'host' },
    { name: 'h2', kind: 'host' },
    { name: 'lan-h1', kind: 'lan', host: 'h1' },
    { name: 'lan-h2', kind: 'lan', host: 'h2' },
    { name: 'station', kind: 'lan' },
    { name: 'bridge', kind: 'lan' },
  ],
  ports: [...link('station', 0), ...link('lan-h1', 1), ...link('lan-h2', 2)],
};

/** Tells happenings, a millisecond apart. */
export class LanRig {
  readonly #auditor = new Auditor(
    {
      ...BOUNDS,
      lan: {
        convergeNs: 20 * MS,
        blackoutNs: 50 * MS,
        agreeNs: 30 * MS,
        duplicateMoves: 5,
        duplicateWindowNs: 180_000 * MS,
      },
    },
    { places: LAN_PLACES },
  );
  #at = 0;

  constructor() {
    this.tell('lan-h1', {
      type: 'nic',
      vm: 'vm1',
      mac: LAN_MAC,
      address: '192.0.2.1',
      state: 'attached',
    });
    this.runs('h1');
  }

  tell(node: string, ...events: Happening[]): this {
    for (const event of events) {
      this.#at += MS;
      this.#auditor.observe({ at: this.#at, node, event });
    }
    return this;
  }

  runs(host: string): this {
    return this.tell(host, { type: 'guest', vm: 'vm1', state: 'running', view: [] });
  }

  /** The bridge forwards the guest to a port: 1 is h1's, 2 is h2's. */
  forwards(port: number | undefined): this {
    return this.tell('bridge', { type: 'mac-table', vid: 100, mac: LAN_MAC, port, cause: 'moved' });
  }

  /** A move from h1 to h2 in which the guest goes over. */
  moves(outcome: 'moved' | 'rolled-back' = 'moved'): this {
    const move = { vm: 'vm1', from: 'h1', to: 'h2' } as const;
    const step: MoveEvent = { type: 'move-step', ...move, phase: 'stun', detail: '' };
    this.tell('mover', step);
    if (outcome === 'moved') this.runs('h2');
    return this.tell('mover', { type: 'move-end', ...move, outcome, reason: '' });
  }

  datagram(
    step: 'sent' | 'received',
    number: number,
    node = 'station',
    way: DatagramWay = 'to-guest',
  ): this {
    return this.tell(node, { type: 'datagram', vm: 'vm1', way, number, step });
  }

  tapped(node: string, number: number, way: DatagramWay = 'to-guest'): this {
    return this.tell('', {
      type: 'datagram-tapped',
      link: `${node} cable`,
      direction: 'out',
      vm: 'vm1',
      way,
      number,
    });
  }

  wait(ms: number): this {
    this.#at += ms * MS;
    return this;
  }

  verdict(invariant: string): Verdict {
    return this.#auditor.conclude().find((one) => one.invariant === invariant)!;
  }
}
