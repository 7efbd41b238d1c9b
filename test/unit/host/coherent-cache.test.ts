/** Copies at several hosts stay equal to what is written: whatever is lost, late, said twice, or cut off. */
import { describe, expect, it } from 'vitest';
import { HistoryChecker } from '../../../src/audit/ledger/linearizability.ts';
import type { StampReading } from '../../../src/codecs/stamp/index.ts';
import { CoherentCache, type CoherentIo } from '../../../src/host/coherent-cache.ts';
import { type RandomStream, streams } from '../../../src/machine/random.ts';
import { Timers } from '../../../src/machine/timers.ts';

const LEASE = 1000;
const BLOCKS = 6;
type Message = Parameters<CoherentCache['handle']>[1];

/** Hosts, what is between them, and a unit that takes its time. */
class Hosts {
  readonly timers = new Timers();
  now = 0;
  readonly caches: CoherentCache[];
  sent = 0;
  /** Which messages are lost, and how long the others take. */
  delayNs: (from: number, to: number, message: Message) => number | undefined = () => 10;

  constructor(count: number) {
    const world = this;
    this.caches = Array.from({ length: count }, (_, from) => {
      const others = Array.from({ length: count }, (_, i) => i).filter((i) => i !== from);
      return new CoherentCache({ leaseNs: LEASE, blocks: 4 }, count - 1, {
        get now() {
          return world.now;
        },
        after: (delayNs, run) => this.after(delayNs, run),
        send: (peer, message) => {
          const to = others[peer]!;
          this.sent++;
          const delayNs = this.delayNs(from, to, message);
          if (delayNs === undefined) return;
          const peerThere = from < to ? from : from - 1;
          this.after(delayNs, () => this.caches[to]!.handle(peerThere, message));
        },
      });
    });
  }

  after(delayNs: number, run: () => void) {
    return this.timers.set(this.now + delayNs, run);
  }

  /** Lets time pass. */
  pass(forNs: number): void {
    const until = this.now + forNs;
    for (;;) {
      const { deadline } = this.timers;
      if (deadline === undefined || deadline > until) break;
      this.now = deadline;
      this.timers.run(deadline);
    }
    this.now = until;
  }
}

const stamp = (version: number): StampReading => ({ found: 'stamp', writerId: 1, version });

/** Reads and writes of blocks that nobody else touches at the time, from one host after the other. */
function work(hosts: Hosts, random: RandomStream, ios: number): { stale: string[]; hits: number } {
  const stale: string[] = [];
  const history = new HistoryChecker(({ block, kind }) => stale.push(`${kind} ${block}`), {
    initial: 0,
  });
  const unit = new Map<number, number>();
  const busy = new Set<number>();
  let version = 0;
  let hits = 0;
  let host = 0;
  for (let i = 0; i < ios; i++) {
    if (random.chance(0.05)) {
      hosts.caches[host]!.use(false);
      host = random.below(hosts.caches.length);
      hosts.caches[host]!.use(true);
    }
    const lba = random.below(BLOCKS);
    const cache = hosts.caches[host]!;
    if (!busy.has(lba)) {
      busy.add(lba);
      const takesNs = 20 + random.below(100);
      if (random.chance(0.6)) {
        const op = history.read(lba, 1);
        const hit = cache.read(lba, 1)?.[0];
        const done = (one: StampReading): void => {
          history.returned(op, [one.found === 'stamp' ? one.version : 0]);
          busy.delete(lba);
        };
        if (hit !== undefined) {
          hits++;
          done(hit);
        } else {
          const io = cache.beginRead(lba, 1);
          let found = stamp(0);
          hosts.after(random.below(takesNs), () => {
            found = stamp(unit.get(lba) ?? 0);
          });
          hosts.after(takesNs, () => {
            cache.end(io, [found]);
            done(found);
          });
        }
      } else {
        const value = ++version;
        const op = history.write(lba, 1, value);
        let waits = 2;
        const part = (): void => {
          if (--waits > 0) return;
          cache.end(io, [stamp(value)]);
          history.acknowledge(op);
          busy.delete(lba);
        };
        let io: CoherentIo;
        let early = false;
        io = cache.beginWrite(lba, 1, () => {
          early = true;
          if (io !== undefined) part();
        });
        if (early) part();
        hosts.after(random.below(takesNs), () => unit.set(lba, value));
        hosts.after(takesNs, part);
      }
    }
    hosts.pass(random.below(40));
  }
  return { stale, hits };
}

describe('copies', () => {
  it('are read where they are, and another host lets go of them before a write is answered', () => {
    const hosts = new Hosts(2);
    const [one, other] = hosts.caches as [CoherentCache, CoherentCache];
    one.use(true);
    hosts.pass(50);
    expect(one.believes()).toBe(true);
    one.end(one.beginRead(0, 2), [stamp(1), stamp(2)]);
    expect(one.read(0, 2)).toEqual([stamp(1), stamp(2)]);
    let let1 = false;
    const write = other.beginWrite(1, 1, () => {
      let1 = true;
    });
    expect(let1).toBe(false);
    hosts.pass(15);
    expect(one.read(0, 1)).toEqual([stamp(1)]);
    expect(one.read(1, 1)).toBeUndefined();
    // What is read while the other writes is not kept.
    one.end(one.beginRead(1, 1), [stamp(2)]);
    expect([one.bars, one.read(1, 1)]).toEqual([1, undefined]);
    hosts.pass(10);
    expect(let1).toBe(true);
    other.end(write, [stamp(3)]);
    hosts.pass(10);
    one.end(one.beginRead(1, 1), [stamp(3)]);
    expect([one.bars, one.read(1, 1)]).toEqual([0, [stamp(3)]]);
  });

  it('are not believed behind their lease, and a write waits no longer than that', () => {
    const hosts = new Hosts(2);
    const [one, other] = hosts.caches as [CoherentCache, CoherentCache];
    one.use(true);
    hosts.pass(50);
    one.end(one.beginRead(0, 1), [stamp(1)]);
    hosts.delayNs = () => undefined;
    let at: number | undefined;
    const began = hosts.now;
    other.beginWrite(0, 1, () => {
      at = hosts.now;
    });
    hosts.pass(3 * LEASE);
    expect(at! - began).toBeGreaterThan(LEASE / 2);
    expect(at! - began).toBeLessThanOrEqual(LEASE);
    expect(one.read(0, 1)).toBeUndefined();
    // Together again it hears of the write first, and keeps nothing of it.
    hosts.delayNs = () => 10;
    hosts.pass(LEASE);
    expect([one.believes(), one.bars]).toEqual([true, 1]);
  });

  it('are not kept of a write that failed, and one that left goes on elsewhere', () => {
    const hosts = new Hosts(2);
    const [one, other] = hosts.caches as [CoherentCache, CoherentCache];
    for (const cache of hosts.caches) cache.use(true);
    hosts.pass(50);
    one.end(
      one.beginWrite(0, 1, () => {}),
      undefined,
    );
    const left = one.beginWrite(3, 1, () => expect.unreachable());
    one.leave(left);
    hosts.pass(20);
    other.end(other.beginRead(0, 1), [stamp(1)]);
    expect([other.read(0, 1), other.bars]).toEqual([undefined, 2]);
    other.end(
      other.beginWrite(3, 1, () => {}),
      [stamp(4)],
    );
    hosts.pass(50);
    expect(other.bars).toBe(1);
    expect(one.bars).toBe(0);
  });

  it('are never older than what was written, whatever is lost and late', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = streams(seed).stream('coherent');
      const hosts = new Hosts(2 + (seed % 2));
      let cutUntil = 0;
      hosts.delayNs = () => {
        if (random.chance(0.002)) cutUntil = hosts.now + 3 * LEASE;
        if (hosts.now < cutUntil || random.chance(0.1)) return undefined;
        return 5 + random.below(random.chance(0.05) ? 900 : 60);
      };
      for (const cache of hosts.caches) cache.use(true);
      const { hits, stale } = work(hosts, random, 4000);
      expect([seed, stale]).toEqual([seed, []]);
      expect(hits).toBeGreaterThan(20);
    }
  });

  it.each([
    ['a write that does not wait', { letsGo: true }],
    ['copies that are believed for ever', { believes: true }],
  ] as const)('are found to be old with %s', (_what, broken) => {
    const stale: string[] = [];
    for (let seed = 1; seed <= 10 && stale.length === 0; seed++) {
      const random = streams(seed).stream('broken');
      const hosts = new Hosts(2);
      let cutUntil = 0;
      hosts.delayNs = () => {
        if (random.chance(0.002)) cutUntil = hosts.now + 3 * LEASE;
        return hosts.now < cutUntil ? undefined : 5 + random.below(60);
      };
      for (const cache of hosts.caches) {
        if ('believes' in broken) cache.believes = () => true;
        const { beginWrite } = cache;
        if ('letsGo' in broken) {
          cache.beginWrite = (lba, blocks, letGo) => {
            letGo();
            return beginWrite.call(cache, lba, blocks, () => {});
          };
        }
        cache.use(true);
      }
      stale.push(...work(hosts, random, 2000).stale);
    }
    expect(stale).not.toEqual([]);
  });
});
