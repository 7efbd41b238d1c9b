/** Several FCFs in one Ethernet segment: who is chosen, who is not, and what comes of a wrong choice. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodeFrame } from '../../../src/codecs/frame/index.ts';
import { formatWwn } from '../../../src/codecs/layout/index.ts';
import type { HistoryEntry } from '../../../src/history/index.ts';
import { FcfList } from '../../../src/port/enode/fcf-list.ts';
import { runMove } from '../../../src/run/run.ts';
import type { Scenario } from '../../../src/scenario/schema.ts';
import { broken, scenarioOf } from '../../helpers/moves.ts';

afterEach(() => vi.restoreAllMocks());

const ARRAY_PORT = 0x5006_0160_0000_0001n;

function played(scenario: Scenario) {
  const seen: HistoryEntry[] = [];
  const report = runMove({ scenario, observer: { observe: (entry) => seen.push(entry) } });
  const logins = (node: string) =>
    seen.flatMap((one) => (one.node === node && one.event.type === 'login' ? [one.event] : []));
  const said = (node: string) =>
    seen.flatMap((one) => (one.node === node && one.event.type === 'protocol' ? [one.event] : []));
  const detail = (invariant: string): string =>
    report.verdict.find((one) => one.invariant === invariant)!.detail;
  return { report, seen, logins, said, detail };
}

const withHosts = (scenario: Scenario, change: Partial<Scenario['hosts'][number]>): Scenario => ({
  ...scenario,
  hosts: scenario.hosts.map((host) => ({ ...host, ...change })),
});

describe('F21, an FCF that fails', () => {
  it('has its place taken by another of its fabric, and all log in there with addresses of its domain', () => {
    const { logins, report } = played(scenarioOf({}, 'f21-fcf-failover'));
    const before = new Set(logins('fcf-A').map(({ wwpn }) => wwpn));
    const after = logins('fcf-A-2');
    for (const wwpn of before) expect(after.map((one) => one.wwpn)).toContain(wwpn);
    expect(new Set(after.map(({ nPortId }) => nPortId >>> 16))).toEqual(new Set([3]));
    expect(broken(report)).toEqual([]);
  });

  it('is chosen by its priority, whichever answers first', () => {
    const scenario = scenarioOf({}, 'f21-fcf-failover');
    const [a, b] = scenario.fabrics;
    const turned = { ...a!, fipPriority: 30 };
    const { logins } = played({ ...scenario, events: [], fabrics: [turned, b!] });
    expect(logins('fcf-A')).toEqual([]);
    expect(logins('fcf-A-2').length).toBeGreaterThan(4);
  });

  it('has no place taken by one of another fabric: each port says so once, and comes back to its own', () => {
    const { logins, report, said } = played(scenarioOf({}, 'f21-other-fabric'));
    expect(logins('fcf-A-2')).toEqual([]);
    for (const host of ['h1', 'h2']) {
      const none = said(host).filter(({ what }) => what.includes('none is chosen'));
      expect(none).toMatchObject([{ port: 0 }]);
    }
    const names = logins('fcf-A').map(({ wwpn }) => formatWwn(wwpn));
    expect(names.filter((one) => one === names[0])).toHaveLength(2);
    expect(broken(report)).toEqual([]);
  });

  it('catches an adapter that takes any', () => {
    const choose = FcfList.prototype.choose;
    vi.spyOn(FcfList.prototype, 'choose').mockImplementation(function (this: FcfList) {
      return choose.call(this);
    });
    const { detail, logins, report } = played(scenarioOf({}, 'f21-other-fabric'));
    expect(logins('fcf-A-2').length).toBeGreaterThan(0);
    expect(broken(report)).toContain('I25');
    expect(detail('I25')).toMatch(
      /logged in to fabric lab at fcf-A-2, port \d of (h1|h2|array) is cabled to fabric A/,
    );
  });
});

describe('F22, another list of VLANs', () => {
  it('has an adapter that takes the last log in to another fabric, whose ports know nobody', () => {
    const { detail, logins } = played(scenarioOf({}, 'f22-vlan-list'));
    expect(logins('fcf-A-2').map(({ enodeMac }) => enodeMac)).toEqual(['00:25:b5:00:02:00']);
    expect(detail('I25')).toMatch(/fabric lab at fcf-A-2, port 0 of h2 is cabled to fabric A/);
  });

  it('is nothing to one that takes the first VLAN in which an FCF answers', () => {
    const { logins, report } = played(
      withHosts(scenarioOf({}, 'f22-vlan-list'), { vlanChoice: 'each' }),
    );
    expect(report.result.outcome).toBe('moved');
    expect(broken(report)).toEqual([]);
    expect(logins('fcf-A-2')).toEqual([]);
  });

  it('is tried to its end where nobody answers in the first', () => {
    const scenario = withHosts(scenarioOf({}, 'f22-vlan-list'), { vlanChoice: 'each' });
    const [, ...cable] = scenario.events;
    const { logins, report } = played({
      ...scenario,
      events: [{ ...scenario.events[0]!, vlans: [1010, 1002, 7] } as never, ...cable],
      fabrics: [{ ...scenario.fabrics[0]!, furtherFcfs: undefined }, ...scenario.fabrics.slice(1)],
      vms: scenario.vms.map((vm) => ({
        ...vm,
        workload: { ...vm.workload, thinkUs: 500_000 },
      })),
      timing: { ...scenario.timing, beforeMs: 10_000 },
    });
    expect(logins('fcf-A').filter(({ by }) => by === 'FLOGI')).toHaveLength(5);
    expect(broken(report)).toEqual([]);
  });
});

describe('F42, a stale entry for a port that has moved', () => {
  /** The links that the array's PLOGI to the guest's new port passed, and how the move ended. */
  function playedOn(fipSnooping: boolean) {
    const scenario = scenarioOf({}, 'f42-stale-fpma');
    const links = new Set<string>();
    let joins = false;
    const report = runMove({
      scenario: { ...scenario, fabrics: [{ ...scenario.fabrics[0]!, fipSnooping }] },
      observer: {
        observe: ({ event }) => {
          joins ||= event.type === 'move-step' && event.phase === 'join';
        },
        see: ({ bytes, tap }) => {
          if (!joins) return;
          for (const { layer, value } of decodeFrame(bytes).layers)
            if (layer === 'els' && isOfArray(value)) links.add(tap);
        },
      },
    });
    return { links: [...links], report };
  }

  const isOfArray = (els: unknown): boolean => {
    const { kind, portName } = els as { readonly kind?: string; readonly portName?: bigint };
    return kind === 'PLOGI' && portName === ARRAY_PORT;
  };

  it('sends the PLOGI of the array to the old host, and the move is undone', () => {
    const { links, report } = playedOn(false);
    expect(report.result.outcome).toBe('rolled-back');
    expect(links).toContain('h1.0-A');
    expect(links).not.toContain('h2.0-A');
  });

  it('is none where the bridge reads logins in FIP', () => {
    const { links, report } = playedOn(true);
    expect(report.result.outcome).toBe('moved');
    expect(links).toContain('h2.0-A');
    expect(links).not.toContain('h1.0-A');
  });
});
