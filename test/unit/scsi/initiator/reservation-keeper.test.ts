/** A guest's reservation on its paths, kept at a target device without any protocol between. */
import { describe, expect, it } from 'vitest';
import {
  deviceOf,
  type InitiatorPort,
  type TargetPort,
} from '../../../../src/history/port-name.ts';
import type {
  GuestPersistentReservation,
  PersistentReservationOptions,
} from '../../../../src/scsi/initiator/guest-reservation.ts';
import { Multipath, type ScannedNexus } from '../../../../src/scsi/initiator/multipath.ts';
import { ReservationKeeper } from '../../../../src/scsi/initiator/reservation-keeper.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { ScsiTarget } from '../../../../src/scsi/target/scsi-target.ts';
import { Clock, LoopBackNexus } from '../../../helpers/loop-back.ts';
import { scannedUnit } from '../../../helpers/scanned.ts';

const SECOND = 1e9;
const port = (n: number) => `iqn.2026-01.example:h${n},i,0x00023d000001` as InitiatorPort;
const KEY = 0x1000n;

/** `beside`: another guest at the same device. */
function rig(
  options: Partial<PersistentReservationOptions> = {},
  beside?: { device: ScsiTarget; clock: Clock },
) {
  const device =
    beside?.device ??
    new ScsiTarget({
      name: 'keeper',
      ports: [1, 2].map((relativeId) => ({
        name: `iqn.2026-01.example:a,t,0x000${relativeId}` as TargetPort,
        relativeId,
      })),
      powerOnAttention: false,
    });
  if (beside === undefined) {
    device.setDefaultMask([{ lun: 0, lu: device.addUnit({ medium: new MemoryMedium(64) }) }]);
  }
  const lu = device.units[0]!;
  const clock = beside?.clock ?? new Clock();
  const reservation: GuestPersistentReservation = {
    options: {
      type: 'write-exclusive-registrants-only',
      key: KEY,
      aptpl: false,
      handover: 'none',
      successors: new Map(),
      ...options,
    },
    tenure: 0,
    names: '',
  };
  /** A host with these initiator ports, each logged in at both target ports. */
  const host = (...ports: InitiatorPort[]) => {
    const nexuses = ports.flatMap((one) =>
      [0, 1].map((at) => new LoopBackNexus(clock, device, one, at)),
    );
    const list: ScannedNexus[] = nexuses.map((nexus, ownPort) => ({
      nexus,
      ownPort,
      luns: [scannedUnit(lu, nexus.target.targetPort.endsWith('1') ? 1 : 2)],
    }));
    const multipath = new Multipath(() => list);
    multipath.update();
    let changes = 0;
    const told: unknown[] = [];
    const keeper = new ReservationKeeper(reservation, multipath, ports, {
      commandTimeoutNs: SECOND,
      after: clock.after as never,
      changed: () => changes++,
      outdated: (_path, action) => told.push(action.outdated),
    });
    const usable = () => multipath.pathsTo(lu.luName).map((path) => keeper.usable(lu.luName, path));
    /** Asks until nothing changes any more. */
    const settle = () => {
      for (let i = 0; i < 6; i++) {
        usable();
        clock.run(0.1 * SECOND);
      }
      return usable();
    };
    return { keeper, nexuses, list, multipath, usable, settle, told, changes: () => changes };
  };
  const holder = () => lu.reservations.reservation?.holder.initiatorPort;
  const keys = () =>
    lu.reservations.registrations.map(
      ({ pair, key }) => `${pair.initiatorPort.slice(20, 22)} ${key.toString(16)}`,
    );
  return { device, lu, clock, reservation, host, holder, keys };
}

describe('a keeper', () => {
  it('passes on what an answer to its own commands tells of masks', () => {
    const { device, host, lu } = rig();
    const one = host(port(1));
    one.settle();
    expect(one.told).toEqual([]);
    for (const { initiatorPort } of one.nexuses) {
      device.setMask(deviceOf(initiatorPort), [
        { lun: 0, lu },
        { lun: 7, lu },
      ]);
    }
    one.keeper.forget(lu.luName);
    one.settle();
    expect(one.told).toContain('logical-units');
  });

  it('lets no path be used before it is registered and the unit reserved', () => {
    const { host, holder, keys, lu } = rig();
    const one = host(port(1));
    expect(one.usable()).toEqual([false, false]);
    expect(one.settle()).toEqual([true, true]);
    expect(holder()).toBe(port(1));
    expect(keys()).toEqual(['h1 1000', 'h1 1000']);
    expect(lu.reservations.reservation?.type).toBe(5);
    expect(one.changes()).toBeGreaterThan(0);
  });

  it('looks after a path anew when its nexus is another', () => {
    const all = rig();
    const one = all.host(port(1));
    one.settle();
    one.nexuses[0]!.lose();
    all.lu.reservations.powerLost();
    const again = new LoopBackNexus(all.clock, all.device, port(1), 0);
    one.list[0] = { ...one.list[0]!, nexus: again };
    one.multipath.update();
    expect(one.usable()).toEqual([false, true]);
    expect(one.settle()).toEqual([true, true]);
    expect(all.keys()).toEqual(['h1 1000']);
  });

  it('begins anew when the target has lost power', () => {
    const all = rig();
    const one = all.host(port(1));
    one.settle();
    all.lu.reservations.powerLost();
    one.keeper.forget(all.lu.luName);
    expect(one.usable()).toEqual([false, false]);
    expect(one.settle()).toEqual([true, true]);
    expect(all.holder()).toBe(port(1));
  });

  it('uses its paths all the same where another holds it and nobody hands it over', () => {
    const all = rig();
    all.host(port(1)).settle();
    const two = all.host(port(2));
    expect(two.settle()).toEqual([true, true]);
    expect(all.holder()).toBe(port(1));
    expect(all.reservation.tenure).toBe(1);
  });

  it('holds an exclusive one on one path, and knows that the others conflict', () => {
    const all = rig({ type: 'exclusive-access' });
    const one = all.host(port(1));
    expect(one.keeper.onOtherPath(all.lu.luName)).toBe(false);
    one.settle();
    expect(one.keeper.onOtherPath(all.lu.luName)).toBe(true);
  });
});

describe('guests that share a reservation', () => {
  it('have keys of their own: the second is a registrant, and preempts nobody', () => {
    const all = rig({ handover: 'preempt' });
    all.host(port(1)).settle();
    const other = rig({ handover: 'preempt', key: 0x2000n }, all);
    expect(other.host(port(2)).settle()).toEqual([true, true]);
    expect(all.holder()).toBe(port(1));
    expect(all.keys()).toEqual(['h1 1000', 'h1 1000', 'h2 2000', 'h2 2000']);
  });

  it('do not share one that is of its holder alone', () => {
    const all = rig({ handover: 'preempt', type: 'write-exclusive' });
    all.host(port(1)).settle();
    const other = rig({ handover: 'preempt', type: 'write-exclusive', key: 0x2000n }, all);
    other.host(port(2)).settle();
    expect(all.holder()).toBe(port(1));
    expect(all.keys().filter((key) => key.startsWith('h2'))).toHaveLength(2);
  });

  it('take back what a port of theirs held before, under the same key', () => {
    const all = rig({ handover: 'preempt' });
    all.host(port(1)).settle();
    const again = rig({ handover: 'preempt' }, all);
    expect(again.host(port(2)).settle()).toEqual([true, true]);
    expect(all.holder()).toBe(port(2));
  });
});

describe('a handover', () => {
  it.each(['preempt', 'preempt-and-abort'] as const)(
    'by %s: the next host takes over, under the next key',
    (handover) => {
      const all = rig({ handover });
      all.host(port(1)).settle();
      const two = all.host(port(2));
      expect(two.settle()).toEqual([true, true]);
      expect(all.holder()).toBe(port(2));
      expect(all.keys()).toEqual(['h2 1001', 'h2 1001']);
    },
  );

  it('by REGISTER AND MOVE: the successor holds it before it has logged in', () => {
    const successors = new Map([[port(1), port(2)]]);
    const all = rig({ handover: 'register-and-move', successors });
    const one = all.host(port(1));
    one.settle();
    let done = 0;
    one.keeper.handOver(() => done++);
    expect(done).toBe(0);
    all.clock.run(SECOND);
    expect(done).toBe(1);
    expect(all.holder()).toBe(port(2));
    expect(all.keys()).toEqual(['h2 1001']);
    expect(all.host(port(2)).settle()).toEqual([true, true]);
  });

  it('keeps nobody from leaving for longer than ten seconds', () => {
    const successors = new Map([[port(1), port(2)]]);
    const all = rig({ handover: 'register-and-move', successors });
    const one = all.host(port(1));
    one.settle();
    for (const nexus of one.nexuses) nexus.holdsData = true;
    for (const nexus of one.nexuses) nexus.execute = () => undefined;
    let done = 0;
    one.keeper.handOver(() => done++);
    all.clock.run(9 * SECOND);
    expect(done).toBe(0);
    all.clock.run(2 * SECOND);
    expect(done).toBe(1);
  });

  it('is nothing to wait for where nothing is held', () => {
    const all = rig({ handover: 'register-and-move' });
    let done = 0;
    all.host(port(1)).keeper.handOver(() => done++);
    expect(done).toBe(1);
  });
});
