/** What holds in an FCF whatever hosts do, and in whatever order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FcId, Wwn } from '../../../src/codecs/layout/index.ts';
import { shareZone, ZoneTable, type Zoning } from '../../../src/fabric/fc/zoning.ts';
import { Fcf } from '../../../src/fabric/fcoe/fcf.ts';
import type { FcfOptions } from '../../../src/fabric/fcoe/options.ts';
import type { FabricEvent } from '../../../src/history/fabric.ts';
import { MILLISECOND, SECOND } from '../../../src/machine/machine.ts';
import { machineContract } from '../../../src/testing/index.ts';
import { FCF_MAC, Host, Rig, SWITCH_NAME } from '../../helpers/fcf.ts';
import { drawnBy } from '../../helpers/random.ts';

const SEED = 20_261_122;
const R_A_TOV_MS = 3000;
const WWPNS = 6;
/** Two ENodes behind port 0, as behind a bridge; one behind port 1. */
const PLACES = [
  [0, '52:54:00:aa:00:01'],
  [0, '52:54:00:aa:00:02'],
  [1, '52:54:00:aa:00:03'],
] as const;

const place = fc.nat({ max: PLACES.length - 1 });
const wwpn = fc.bigInt({ min: 1n, max: BigInt(WWPNS) });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('flogi' as const), place, wwpn }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('fdisc' as const), place, wwpn }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('logo' as const), place, wwpn }) },
  fc.record({ do: fc.constant('clear' as const), wwpn }),
  fc.record({ do: fc.constant('link' as const), port: fc.nat({ max: 1 }) }),
  fc.record({ do: fc.constant('restart' as const) }),
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat({ max: 25_000 }) }),
  },
);

const options = fc.record({
  duplicateWwpn: fc.constantFrom(0, 1, 2),
  duplicateDisablesPort: fc.boolean(),
  persistentFcIds: fc.boolean(),
  baseLogout: fc.constantFrom('legacy', 'new'),
  npivLoginsMax: fc.constantFrom(0, 2, 255),
}) as fc.Arbitrary<Partial<FcfOptions>>;

type Login = Extract<FabricEvent, { type: 'login' }>;

interface Held {
  readonly wwpn: Wwn;
  readonly attachment: string;
  until: number;
}

/** Follows the events, as an owner must be able to. */
class Ledger {
  readonly rig: Rig;
  readonly live = new Map<FcId, Held>();
  readonly past = new Map<FcId, Held>();
  #seen = 0;
  #knownSince = Number.NEGATIVE_INFINITY;

  constructor(rig: Rig) {
    this.rig = rig;
  }

  follow(): void {
    for (const { at: now, event } of this.rig.log.slice(this.#seen)) {
      if (event.type === 'login') {
        expect(this.live.has(event.nPortId)).toBe(false);
        const attachment = `${event.port} ${event.enodeMac}`;
        this.#checkClean(event, attachment, now);
        this.live.set(event.nPortId, { wwpn: event.wwpn, attachment, until: 0 });
      } else if (event.type === 'logout') {
        const held = this.live.get(event.nPortId)!;
        expect(held.wwpn).toBe(event.wwpn);
        held.until = now;
        this.live.delete(event.nPortId);
        this.past.set(event.nPortId, held);
      } else if (event.type === 'restarted') {
        this.live.clear();
        this.past.clear();
        this.#knownSince = now;
      }
    }
    this.#seen = this.rig.log.length;
  }

  #checkClean({ nPortId, wwpn, clean }: Login, attachment: string, now: number): void {
    const rest = R_A_TOV_MS * MILLISECOND;
    const past = this.past.get(nPortId);
    const lately = past !== undefined && past.until + rest > now;
    const same = past?.wwpn === wwpn && past.attachment === attachment;
    const known = this.#knownSince + rest <= now;
    expect(clean).toBe(known && (!lately || same));
    if (!this.rig.fcf.config.persistentFcIds) expect(lately).toBe(false);
  }
}

function check(ledger: Ledger): void {
  const logins = ledger.rig.fcf.logins();
  const fromEvents = [...ledger.live].map(([nPortId, { wwpn }]) => `${nPortId} ${wwpn}`);
  expect(logins.map((one) => `${one.nPortId} ${one.wwpn}`).sort()).toEqual(fromEvents.sort());
  expect(new Set(logins.map((one) => one.wwpn)).size).toBe(logins.length);
  const { baseLogout, npivLoginsMax } = ledger.rig.fcf.config;
  for (const port of [0, 1]) {
    const npiv = logins.filter((one) => one.port === port && one.by === 'FDISC');
    expect(npiv.length).toBeLessThanOrEqual(npivLoginsMax);
    if (baseLogout === 'new') continue;
    for (const { enodeMac } of npiv)
      expect(logins.some((one) => one.by === 'FLOGI' && one.enodeMac === enodeMac)).toBe(true);
  }
}

describe('an FCF', () => {
  it('keeps its logins as its events tell them, each name once, each address at rest', () => {
    fc.assert(
      fc.property(options, fc.array(step, { maxLength: 60 }), (options, steps) => {
        const rig = new Rig({ ...options, ports: 2, rATovMs: R_A_TOV_MS });
        const hosts = PLACES.map(([port, mac]) => new Host(rig, port, mac));
        const ledger = new Ledger(rig);
        for (const one of steps) {
          if (one.do === 'wait') rig.advance(one.ms * MILLISECOND);
          else if (one.do === 'restart') rig.manage((fcf, now) => fcf.restart(now));
          else if (one.do === 'clear')
            rig.manage((fcf, now) => fcf.clearVirtualLinks({ wwpn: one.wwpn }, now));
          else if (one.do === 'link') {
            rig.manage((fcf, now) => {
              fcf.handleLink(one.port, false, now);
              fcf.handleLink(one.port, true, now);
              fcf.enablePort(one.port, now);
            });
          } else {
            const host = hosts[one.place]!;
            const held = rig.fcf.logins().find((login) => login.wwpn === one.wwpn);
            const isOff = rig.eventsOf('port-disabled').length > 0;
            try {
              if (one.do === 'flogi') host.flogi(one.wwpn);
              else if (one.do === 'fdisc') host.fdisc(one.wwpn);
              else host.logo(held?.nPortId ?? 0x01_4000, one.wwpn);
            } catch (error) {
              // A disabled port answers nothing.
              if (!isOff) throw error;
            }
          }
          ledger.follow();
          check(ledger);
        }
        // Without keep-alives nobody stays for longer than 2.5 periods.
        rig.advance(25 * SECOND);
        expect(rig.fcf.logins()).toEqual([]);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('shows each port exactly those that share a zone with it, before and after a change', () => {
    const zoning: fc.Arbitrary<Zoning> = fc.record({
      enforced: fc.constantFrom('none', 'soft', 'hard'),
      defaultZone: fc.constantFrom('permit', 'deny'),
      zones: fc.array(
        fc.record({ name: fc.constant('z'), members: fc.array(wwpn, { maxLength: 4 }) }),
        { maxLength: 4 },
      ),
    });
    const inOneZone = ({ enforced, zones, defaultZone }: Zoning, a: Wwn, b: Wwn) => {
      const isNamed = (name: Wwn) => zones.some(({ members }) => members.includes(name));
      if (enforced === 'none' || a === b) return true;
      if (!isNamed(a) && !isNamed(b)) return defaultZone === 'permit';
      return zones.some(({ members }) => members.includes(a) && members.includes(b));
    };
    fc.assert(
      fc.property(zoning, zoning, (first, second) => {
        const table = new ZoneTable<{ wwpn: Wwn; nPortId: number; zones: readonly number[] }>(
          first,
        );
        const ports = Array.from({ length: WWPNS }, (_, i) => ({
          wwpn: BigInt(i + 1),
          nPortId: i + 1,
          zones: [] as readonly number[],
        }));
        for (const port of ports) table.join(port);
        // One comparison for all pairs: a call of `expect` for each would take most of the time.
        const wrong: string[] = [];
        const same = (what: string, is: unknown, ought: unknown) => {
          if (is !== ought) wrong.push(`${what}: ${is}, not ${ought}`);
        };
        const sees = (zoning: Zoning) => {
          for (const a of ports) {
            const visible = [...table.visibleTo(a)];
            same(`${a.wwpn} sees each once`, new Set(visible).size, visible.length);
            for (const b of ports) {
              const pair = `${a.wwpn} ${b.wwpn}`;
              const expected = inOneZone(zoning, a.wwpn, b.wwpn);
              same(`${pair} visible`, visible.includes(b), expected);
              same(`${pair} permitted`, table.permits(a, b), expected);
              if (a !== b) same(`${pair} share`, shareZone(a.zones, b.zones), expected);
            }
          }
        };
        sees(first);
        const differences = table.replace(second, ports);
        sees(second);
        for (const a of ports) {
          const own = differences.filter(({ seenBy }) => seenBy.includes(a));
          same(`${a.wwpn} is told once at most`, own.length <= 1, true);
          for (const b of ports) {
            if (a === b) continue;
            const pair = `${a.wwpn} ${b.wwpn}`;
            const [before, after] = [first, second].map((one) => inOneZone(one, a.wwpn, b.wwpn));
            same(`${pair} added`, own[0]?.added.includes(b) ?? false, !before && after);
            same(`${pair} removed`, own[0]?.removed.includes(b) ?? false, before && !after);
          }
        }
        expect(wrong).toEqual([]);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('an FCF among machines', () => {
  const make = () =>
    new Fcf({
      name: 'fcf',
      fcfMac: FCF_MAC,
      fabricName: SWITCH_NAME,
      switchName: SWITCH_NAME,
      domain: 1,
      ports: 2,
      random: drawnBy((limit) => Math.floor(limit / 2)),
    });
  /** The frames of a host that logs in, registers and talks, taken from its rig. */
  const frames = () => {
    const rig = new Rig({ ports: 2 });
    const seen: Uint8Array[] = [];
    const feed = rig.feed.bind(rig);
    rig.feed = (port, frame) => {
      seen.push(frame);
      feed(port, frame);
    };
    const host = new Host(rig, 0, PLACES[0][1]);
    host.solicit(100);
    const id = host.join('FLOGI', 1n);
    host.join('FDISC', 2n);
    host.ct(id, { kind: 'GPN_FT', fc4Type: 8 });
    rig.feed(0, host.frame(id, id + 1, new Uint8Array(32)));
    host.keepAlive();
    host.vnPortKeepAlive(id, 1n);
    host.logo(id, 1n);
    return seen;
  };
  for (const { title, run } of machineContract('fcf', make, {
    frames: frames(),
    ports: [0, 1],
    steps: 300,
  }))
    it(title, () => expect(run()).toBeUndefined());
});
