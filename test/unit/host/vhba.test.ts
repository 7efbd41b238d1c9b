/** One NPIV port of a virtual machine: from its login to its targets' logical units. */

import { describe, expect, it } from 'vitest';
import { vhbasOf } from '../../../src/host/attachment-identity.ts';
import { Vhba } from '../../../src/host/vhba.ts';
import { San } from '../../helpers/san.ts';

function rig(identity: object = {}, changes: object = {}) {
  const san = new San(changes);
  const host = san.host('h2');
  const vhba = new Vhba(host.adapters[0]!, { ...vhbasOf(san.identities)[0]!, ...identity }, 'vm', {
    devLossNs: host.paths.devLossNs,
    after: (delayNs, run) => host.after(delayNs, run),
    vhbaChanged() {},
    scanned() {},
  });
  const act = (run: () => void) =>
    san.simulator.act('h2', (now) => {
      host.handleTimeout(now);
      run();
    });
  return { san, vhba, act };
}

describe('a vHBA', () => {
  it('finds the target ports that it may see, with a nexus and the units of each', () => {
    const { san, vhba, act } = rig();
    act(() => vhba.join());
    expect(vhba.settled).toBe(false);
    san.run(5);
    expect(vhba.settled).toBe(true);
    const [target] = [...vhba.targets()];
    expect(target?.nexus.ready).toBe(true);
    expect(target?.nexus.address).toBe(vhba.lport.nPortId);
    expect(target?.luns).toMatchObject([{ lunNumber: 0, blocks: 256 }]);
  });

  it('whose fabric refuses it says why, and has settled', () => {
    const { san, vhba, act } = rig({}, { fabrics: [{ name: 'A', vlan: 100, npivLoginsMax: 0 }] });
    act(() => vhba.join());
    san.run(60);
    expect(vhba.settled).toBe(true);
    expect(vhba.failure).toMatch(/^(..:){7}..: .+/);
    expect([...vhba.targets()]).toEqual([]);
  });

  it('on the physical port uses its names and its login, and leaves it there', () => {
    const { san, vhba, act } = rig(
      { physical: true },
      { fabrics: [{ name: 'A', vlan: 100, zoning: 'none' }] },
    );
    expect(vhba.lport).toBe(san.host('h2').adapters[0]!.physical);
    expect(vhba.identity.wwpn).toBe(vhba.lport.options.portName);
    act(() => vhba.join());
    san.run(5);
    expect([...vhba.targets()]).toHaveLength(1);
    const left: boolean[] = [];
    act(() => vhba.leave('targets', (acknowledged) => left.push(acknowledged)));
    san.run(5);
    expect(left).toEqual([true]);
    expect(vhba.lport.state).toBe('ready');
    expect([...vhba.targets()]).toEqual([]);
  });
});
