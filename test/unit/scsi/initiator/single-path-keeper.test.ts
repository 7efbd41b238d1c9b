/** A guest's RESERVE(6) on one of its paths, kept at a target device without any protocol between. */
import { describe, expect, it } from 'vitest';
import { AccessState } from '../../../../src/codecs/scsi/index.ts';
import type { InitiatorPort, TargetPort } from '../../../../src/history/port-name.ts';
import { Multipath, type ScannedNexus } from '../../../../src/scsi/initiator/multipath.ts';
import { SinglePathKeeper } from '../../../../src/scsi/initiator/single-path-keeper.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { ScsiTarget } from '../../../../src/scsi/target/scsi-target.ts';
import { Clock, LoopBackNexus } from '../../../helpers/loop-back.ts';
import { scannedUnit } from '../../../helpers/scanned.ts';

const SECOND = 1e9;
const port = (n: number) => `iqn.2026-01.example:h${n},i,0x00023d000001` as InitiatorPort;

function rig() {
  const device = new ScsiTarget({
    name: 'single-path',
    ports: [1, 2].map((relativeId) => ({
      name: `iqn.2026-01.example:a,t,0x000${relativeId}` as TargetPort,
      relativeId,
    })),
    powerOnAttention: false,
  });
  device.setDefaultMask([{ lun: 0, lu: device.addUnit({ medium: new MemoryMedium(64) }) }]);
  const lu = device.units[0]!;
  const clock = new Clock();
  /** A host that is logged in at both target ports, each of which is a group of its own. */
  const host = (name: InitiatorPort) => {
    const nexuses = [0, 1].map((at) => new LoopBackNexus(clock, device, name, at));
    const list: ScannedNexus[] = nexuses.map((nexus, at) => ({
      nexus,
      ownPort: at,
      luns: [scannedUnit(lu, at + 1, at + 1)],
    }));
    const multipath = new Multipath(() => list);
    multipath.update();
    const keeper = new SinglePathKeeper(multipath, {
      commandTimeoutNs: SECOND,
      after: clock.after as never,
      changed: () => {},
      outdated: () => {},
    });
    /** Asks, waits for what has been sent, and says at which target port the guest may send then. */
    const settled = (): TargetPort | undefined => {
      keeper.pick(lu.luName);
      clock.run(0.05 * SECOND);
      return keeper.pick(lu.luName)?.nexus.targetPort;
    };
    return { keeper, multipath, nexuses, settled };
  };
  const holder = () => lu.reservations.spc2Holder?.name;
  return { clock, device, holder, host, lu };
}

describe('a guest that reserves by RESERVE(6)', () => {
  it('sends over the path that holds it, and over no other', () => {
    const { holder, host, lu } = rig();
    const one = host(port(1));
    expect(one.keeper.pick(lu.luName)).toBeUndefined();
    const first = one.nexuses[0]!.targetPort;
    expect([one.settled(), one.settled(), one.settled()]).toEqual([first, first, first]);
    expect(holder()).toMatchObject({ initiator: port(1), target: first });
    expect(one.keeper.onOtherPath()).toBe(false);
  });

  it('is kept out while another login holds it, and takes it when that has ended', () => {
    const { clock, holder, host, lu } = rig();
    const one = host(port(1));
    one.settled();
    const two = host(port(2));
    expect(two.settled()).toBeDefined();
    expect(holder()?.initiator).toBe(port(1));
    one.nexuses[0]!.lose();
    clock.run(SECOND);
    expect(two.keeper.pick(lu.luName)).toBeUndefined();
    expect(two.settled()).toBe(two.nexuses[0]!.targetPort);
    expect(holder()?.initiator).toBe(port(2));
  });

  it('reserves another path when its own is lost', () => {
    const { holder, host } = rig();
    const one = host(port(1));
    one.settled();
    one.nexuses[0]!.lose();
    expect(one.settled()).toBe(one.nexuses[1]!.targetPort);
    expect(holder()?.target).toBe(one.nexuses[1]!.targetPort);
  });

  it('meets its own reservation where the target has not heard of the loss', () => {
    const { holder, host } = rig();
    const one = host(port(1));
    one.settled();
    one.nexuses[0]!.lose(false);
    one.settled();
    expect(holder()?.target).toBe(one.nexuses[0]!.targetPort);
  });

  it('releases a path that serves no more before it reserves the next', () => {
    const { holder, host, lu } = rig();
    const one = host(port(1));
    one.settled();
    one.multipath.learn(lu.luName, [
      { id: 1, state: AccessState.STANDBY },
      { id: 2, state: AccessState.ACTIVE_OPTIMIZED },
    ]);
    expect(one.settled()).toBe(one.nexuses[1]!.targetPort);
    expect(holder()?.target).toBe(one.nexuses[1]!.targetPort);
  });

  it('begins anew when the target has lost power', () => {
    const { holder, host, lu } = rig();
    const one = host(port(1));
    one.settled();
    lu.reservations.powerLost();
    one.keeper.forget(lu.luName);
    expect(holder()).toBeUndefined();
    one.settled();
    expect(holder()?.initiator).toBe(port(1));
  });

  it('hands nothing over', () => {
    const { host } = rig();
    let done = false;
    host(port(1)).keeper.handOver(() => {
      done = true;
    });
    expect(done).toBe(true);
  });
});
