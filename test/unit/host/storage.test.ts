/** A virtual machine's vHBAs together: when they have settled, and what they reach. */
import { describe, expect, it } from 'vitest';
import type { PathChanged } from '../../../src/history/index.ts';
import type { Host } from '../../../src/host/host.ts';
import { Storage } from '../../../src/host/storage.ts';
import { San } from '../../helpers/san.ts';

/** Its host, which does not hear of changes. */
const owner = (host: Host) => ({
  get now() {
    return host.now;
  },
  paths: host.paths,
  after: (delayNs: number, run: () => void) => host.after(delayNs, run),
  emit() {},
  contradiction() {},
  storageChanged() {},
});

function rig() {
  const san = new San();
  const host = san.host('h2');
  let changes = 0;
  const storage = new Storage(host.adapters, san.identities, 'vm', {
    ...owner(host),
    storageChanged: () => changes++,
  });
  const act = (run: () => void) =>
    san.simulator.act('h2', (now) => {
      host.handleTimeout(now);
      run();
    });
  return { san, storage, act, changes: () => changes };
}

describe('a storage', () => {
  it('settles once every vHBA is logged in and its targets are scanned', () => {
    const { san, storage, act, changes } = rig();
    expect([storage.settled, storage.multipath.view()]).toEqual([false, []]);
    act(() => storage.join());
    san.run(5);
    expect([storage.settled, storage.failure]).toEqual([true, undefined]);
    expect(storage.multipath.view()).toMatchObject([{ blocks: 256, paths: 1, ports: [0] }]);
    expect(changes()).toBeGreaterThan(0);
  });

  it('knows its names', () => {
    const { san, storage } = rig();
    expect(storage.hasIdentities(san.identities)).toBe(true);
    expect(storage.hasIdentities([])).toBe(false);
    expect(storage.hasIdentities(san.identities.map((one) => ({ ...one, wwpn: 1n })))).toBe(false);
    expect(storage.initiatorPorts).toHaveLength(1);
    expect(storage.initiatorPorts[0]).toMatch(/^([0-9a-f]{2}:){7}[0-9a-f]{2}$/);
  });

  it('loses its paths with the targets’ logins, and with its ports', () => {
    const { san, storage, act } = rig();
    act(() => storage.join());
    san.run(5);
    const { luName } = storage.multipath.view()[0]!;
    act(() => storage.logoutTargets());
    san.run(1);
    expect(storage.multipath.pick(luName)).toBeUndefined();
    const left: boolean[] = [];
    act(() => storage.leave('targets', (acknowledged) => left.push(acknowledged)));
    san.run(5);
    expect(left).toEqual([true]);
  });

  it('of no vHBAs has left at once', () => {
    const none = new Storage([], [], 'vm', owner(new San().host('h1')));
    const left: boolean[] = [];
    none.leave('targets', (acknowledged) => left.push(acknowledged));
    expect(left).toEqual([true]);
    expect(none.settled).toBe(true);
  });
});

describe('paths of a storage', () => {
  const states = (san: San) => san.told<PathChanged>('path').map(({ state }) => state);

  it('that are lost come back, or are given up after dev_loss', () => {
    const hosts = ['h1', 'h2'].map((name) => ({ name, ports: ['A'], devLossMs: 30_000 }));
    const san = new San({ hosts, fabrics: [{ name: 'A', vlan: 100, zoning: 'none' }] });
    san.prepare('h1');
    const lose = () => {
      san.link('array', 0, false);
      // The fabric misses the array's keep-alives.
      san.run(25);
    };
    lose();
    expect(states(san)).toEqual(['active-optimized', 'lost']);
    san.link('array', 0, true);
    san.run(3);
    expect(states(san)).toEqual(['active-optimized', 'lost', 'active-optimized']);
    lose();
    san.run(31);
    expect(states(san).slice(3)).toEqual(['lost', 'removed']);
  });

  it('are scanned again where a scan failed', () => {
    const { san, storage, act } = rig();
    const { device } = san.world.array;
    const began = device.nexusBegan.bind(device);
    let left = 30;
    device.nexusBegan = (...given) => {
      const nexus = began(...given)!;
      const submit = nexus.submit.bind(nexus);
      nexus.submit = (request, sink) =>
        // An operation code that no device has.
        submit(
          left-- > 0 ? { ...request, cdb: Uint8Array.of(0xff, 0, 0, 0, 0, 0) } : request,
          sink,
        );
      return nexus;
    };
    act(() => storage.join());
    san.run(4);
    expect([storage.settled, storage.multipath.view()]).toEqual([true, []]);
    san.run(30);
    expect(storage.multipath.view()).toMatchObject([{ blocks: 256, paths: 1 }]);
  });
});
