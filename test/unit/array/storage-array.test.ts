/** A storage array as a machine: logins, service times, caches, and coming up again. */
import { describe, expect, it } from 'vitest';
import { StorageArray } from '../../../src/array/storage-array.ts';
import { streams } from '../../../src/machine/random.ts';
import { San } from '../../helpers/san.ts';
import { filled } from '../../helpers/scsi-target.ts';

const NEXUS = {
  initiator: expect.stringMatching(/^..(:..){7}$/),
  target: expect.stringMatching(/^50:/),
  epoch: 1,
};

describe('an array', () => {
  it('tells its ports, and each login at them with its names and N_Port_ID', () => {
    const san = new San();
    expect(san.told('port')).toContainEqual({ type: 'port', port: 0, state: 'ready', reason: '' });
    san.prepare();
    const [began] = san.told<{ type: string; nexus: { address: number } }>('nexus');
    expect(began).toMatchObject({ state: 'began', nexus: NEXUS });
    expect(began?.nexus.address).toBeGreaterThan(0);
  });

  it('serves reads and writes in its times', () => {
    const { array } = new San({
      array: {
        ports: ['A'],
        luns: [{ name: 'd', blocks: 8 }],
        readUs: 50,
        writeUs: 70,
        jitterUs: 0,
      },
    }).world;
    expect([array.serviceNs(false, 512), array.serviceNs(true, 512)]).toEqual([50_000, 70_000]);
  });

  it('with a volatile cache writes itself out after a while', () => {
    const san = new San({
      array: {
        ports: ['A'],
        luns: [{ name: 'd', blocks: 256 }],
        writeCache: 'volatile',
        destageMs: 500,
      },
    });
    san.start();
    san.run(0.3);
    expect(san.told('flushed')).toEqual([]);
    san.run(0.5);
    expect(san.told('flushed').length).toBeGreaterThan(0);
  });

  it('after a power loss has its units and masks again, and nobody logged in', () => {
    const san = new San();
    san.start();
    san.run(0.1);
    const { array } = san.world;
    const [lu] = array.device.units;
    lu!.medium.write(255, filled(1, 9));
    const again = StorageArray.afterPowerLoss(array, streams(2).stream('array'));
    expect(again.device).toBe(array.device);
    const told: unknown[] = [];
    for (let out = again.poll(); out !== undefined; out = again.poll()) {
      if ('event' in out) told.push(out.event);
    }
    expect(told.slice(0, 2)).toMatchObject([
      { type: 'nexus', state: 'ended', nexus: NEXUS },
      { type: 'power-on' },
    ]);
    expect([...again.device.nexuses].every(({ login }) => login === undefined)).toBe(true);
    expect(lu!.medium.read(255, 1)).toEqual(filled(1, 9));
  });

  it('tells what it refuses', () => {
    const { array } = new San().world;
    array.refused(0, 'nonsense');
    const told: unknown[] = [];
    for (let out = array.poll(); out !== undefined; out = array.poll())
      if ('event' in out) told.push(out.event);
    expect(told).toContainEqual({ type: 'refused', port: 0, what: 'nonsense' });
  });
});
