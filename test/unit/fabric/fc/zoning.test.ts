import { describe, expect, it } from 'vitest';
import { formatHex } from '../../../../src/codecs/layout/index.ts';
import { shareZone, ZoneTable, type Zoning } from '../../../../src/fabric/fc/zoning.ts';
import { Host, Rig, rscnPages } from '../../../helpers/fcf.ts';

const MACS = ['52:54:00:aa:00:01', '52:54:00:aa:00:02', '52:54:00:aa:00:03'];
const W = [0x2000_0000_0000_0001n, 0x2000_0000_0000_0002n, 0x2000_0000_0000_0003n] as const;

function make(options = {}) {
  const rig = new Rig(options);
  const hosts = MACS.map((mac, port) => new Host(rig, port, mac));
  return { rig, hosts: hosts as [Host, Host, Host] };
}

const zones = (enforced: Zoning['enforced'], defaultZone: Zoning['defaultZone'] = 'deny') => ({
  enforced,
  defaultZone,
  zones: [{ name: 'z', members: [W[0], W[1]] }],
});

describe('zoning', () => {
  const fcpPorts = (host: Host, id: number) => {
    const reply = host.ct(id, { kind: 'GID_FT', fc4Type: 8 });
    const found: number[] = [];
    for (let at = 16; at < reply.length; at += 4) found.push(reply[at + 3]!);
    return found;
  };
  const forwards = (rig: Rig, host: Host, from: number, to: number) => {
    rig.take();
    rig.feed(host.port, host.frame(from, to, new Uint8Array(32)));
    return rig.takeFc().length === 1;
  };
  function joined(zoning: Zoning) {
    const made = make({ zoning });
    const ids = made.hosts.map((host, i) => host.join('FLOGI', W[i]!));
    made.rig.take();
    made.rig.events = [];
    return { ...made, ids: ids as [number, number, number] };
  }

  it.each([
    ['none', 'deny', [1, 2, 3], [1, 2, 3], true],
    ['soft', 'deny', [1, 2], [3], true],
    ['hard', 'deny', [1, 2], [3], false],
    ['hard', 'permit', [1, 2], [3], false],
  ] as const)('%s, default %s', (enforced, defaultZone, first, third, crosses) => {
    const { rig, hosts, ids } = joined(zones(enforced, defaultZone));
    expect(fcpPorts(hosts[0], ids[0])).toEqual(first);
    expect(fcpPorts(hosts[2], ids[2])).toEqual(third);
    expect(forwards(rig, hosts[0], ids[0], ids[1])).toBe(true);
    expect(forwards(rig, hosts[0], ids[0], ids[2])).toBe(crosses);
    expect(rig.dropped()).toEqual(crosses ? [] : ['zoning']);
    const reply = hosts[0].ct(ids[0], { kind: 'GPN_ID', portId: ids[2] });
    expect(formatHex(reply.subarray(8, 10))).toBe(enforced === 'none' ? '8002' : '8001');
  });

  it('lets ports that no zone names see each other only where the default zone permits', () => {
    const outside = { ...zones('soft', 'permit'), zones: [] };
    const open = joined(outside);
    expect(fcpPorts(open.hosts[0], open.ids[0])).toEqual([1, 2, 3]);
    const closed = joined({ ...outside, defaultZone: 'deny' });
    expect(fcpPorts(closed.hosts[0], closed.ids[0])).toEqual([1]);
  });

  it('keeps notices among zone peers', () => {
    const { rig } = joined(zones('soft'));
    rig.manage((fcf, now) => fcf.linkDown(2, now));
    expect(rscnPages(rig.take())).toEqual([]);
    rig.manage((fcf, now) => fcf.linkDown(1, now));
    expect(rscnPages(rig.take())).toEqual(['10001: 14010002']);
  });

  it('replaced tells those who see others now, or some no longer', () => {
    const { rig, hosts, ids } = joined(zones('hard'));
    const swapped = { ...zones('hard'), zones: [{ name: 'y', members: [W[0], W[2]] }] };
    rig.manage((fcf, now) => fcf.setZoning(swapped, now));
    expect(rscnPages(rig.take()).sort()).toEqual([
      '10001: 04010002',
      '10001: 04010003',
      '10002: 04010001',
      '10003: 04010001',
    ]);
    expect(rig.eventsOf('zone-change')).toEqual([{ type: 'zone-change', ...swapped, affected: 3 }]);
    expect(forwards(rig, hosts[0], ids[0], ids[1])).toBe(false);
    expect(forwards(rig, hosts[0], ids[0], ids[2])).toBe(true);
    rig.manage((fcf, now) => fcf.setZoning({ ...swapped, enforced: 'soft' }, now));
    expect(rscnPages(rig.take())).toEqual([]);
    expect(forwards(rig, hosts[0], ids[0], ids[1])).toBe(true);
  });
});

describe('a zone table', () => {
  const port = (wwpn: bigint) => ({ wwpn, nPortId: Number(wwpn), zones: [] as readonly number[] });
  const table = (members: readonly (readonly bigint[])[], more: Partial<Zoning> = {}) =>
    new ZoneTable<ReturnType<typeof port>>({
      enforced: 'hard',
      defaultZone: 'deny',
      zones: members.map((one, i) => ({ name: `z${i}`, members: one })),
      ...more,
    });

  it('numbers zones by their place, each once for a WWPN that is named twice', () => {
    const zones = table([[1n, 1n], [2n], [1n]], { defaultZone: 'permit' });
    expect([1n, 2n, 3n].map((wwpn) => zones.zonesOf(wwpn))).toEqual([[0, 2], [1], [3]]);
    expect(table([[1n]]).zonesOf(9n)).toEqual([]);
    expect(table([[1n]], { enforced: 'none' }).zonesOf(9n)).toEqual([0]);
  });

  it('forgets which pairs passed whenever a port comes or goes', () => {
    const zones = table([[1n, 2n]]);
    const one = port(1n);
    for (const change of [() => zones.join(one), () => zones.leave(one), () => zones.clear()]) {
      zones.passed.add(1, 2);
      change();
      expect(zones.passed.has(1, 2)).toBe(false);
    }
  });

  it('filters frames where zones are hard alone', () => {
    const hard = (enforced: Zoning['enforced']) => table([], { enforced }).hard;
    expect([hard('none'), hard('soft'), hard('hard')]).toEqual([false, false, true]);
  });

  it('has limits, of zones and of members', () => {
    const members = (count: number) => [Array.from({ length: count }, (_, i) => BigInt(i))];
    expect(() => table(members(65_536))).not.toThrow();
    expect(() => table(members(65_537))).toThrow(/zone z0 has more than 65536 members/);
    const many = Array.from({ length: 65_537 }, () => []);
    expect(() => table(many)).toThrow(/more than 65536 zones/);
  });

  it.each([
    [[], [1], false],
    [[1, 5, 9], [2, 5], true],
    [[9], [1, 2, 3, 9], true],
    [[10], [1, 2, 3, 9], false],
    [[0, 4], [1, 2, 3], false],
  ])('zones %o and %o: shared %s', (a, b, shared) => {
    expect(shareZone(a, b)).toBe(shared);
    expect(shareZone(b, a)).toBe(shared);
  });
});
