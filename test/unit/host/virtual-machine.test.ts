/** A guest's I/O on its way, carried by calls: sent again only when the attempt before is known to be over. */
import { describe, expect, it } from 'vitest';
import type { InitiatorPort, TargetPort } from '../../../src/history/port-name.ts';
import { PATH_DEFAULTS, type PathOptions } from '../../../src/host/path-options.ts';
import type { Storage } from '../../../src/host/storage.ts';
import { VirtualMachine, type VmHost } from '../../../src/host/virtual-machine.ts';
import { Workload, type WorkloadOptions } from '../../../src/host/workload.ts';
import { streams } from '../../../src/machine/random.ts';
import { Multipath, type ScannedNexus } from '../../../src/scsi/initiator/multipath.ts';
import { MemoryMedium } from '../../../src/scsi/medium/medium.ts';
import { ScsiTarget } from '../../../src/scsi/target/scsi-target.ts';
import { Clock, LoopBackNexus } from '../../helpers/loop-back.ts';

const SECOND = 1e9;

function rig(workload: Partial<WorkloadOptions> = {}, paths: Partial<PathOptions> = {}) {
  const ports = [{ name: 'a,t,1' as TargetPort, relativeId: 1 }];
  const device = new ScsiTarget({ name: 'x', ports, powerOnAttention: false });
  const lu = device.addUnit({ medium: new MemoryMedium(64) });
  device.setDefaultMask([{ lun: 0, lu }]);
  const clock = new Clock();
  const initiator = 'h,i,1' as InitiatorPort;
  const login = () => new LoopBackNexus(clock, device, initiator);
  const nexuses = [login()];
  const { luId, luName } = lu;
  const unit = {
    lun: 0n,
    lunNumber: 0,
    luId,
    luName,
    blocks: 64,
    vendor: '',
    product: '',
    relativePort: 1,
    group: undefined,
    access: undefined,
  };
  const multipath = new Multipath(() =>
    nexuses.map((nexus): ScannedNexus => ({ nexus, ownPort: 3, luns: [unit] })),
  );
  multipath.update();
  const events: Parameters<VmHost['emit']>[0][] = [];
  let quiesced = 0;
  const options = {
    writerId: 1,
    queueDepth: 1,
    readPercent: 0,
    blocksMax: 1,
    rangeBlocks: 64,
    thinkNs: SECOND,
    compareAndWritePercent: 0,
    unmapPercent: 0,
    writeSamePercent: 0,
    synchronizePercent: 0,
    fuaPercent: 0,
    retryNonIdempotent: false,
  };
  const guest = {
    workload: new Workload({ ...options, ...workload }, streams(1).stream('x'), [luId]),
    pending: [],
  };
  const policy = {
    commandTimeoutNs: 5 * SECOND,
    lateWriteWaitNs: 10 * SECOND,
    guestTimeoutNs: 60 * SECOND,
  };
  const vm = new VirtualMachine(
    'vm',
    { multipath, initiatorPorts: [initiator], claimNear: () => {} } as unknown as Storage,
    guest,
    {
      get now() {
        return clock.now;
      },
      policy,
      paths: { ...PATH_DEFAULTS, ...paths },
      after: clock.after as never,
      emit: (event) => events.push(event),
      quiesced: () => quiesced++,
    },
  );
  guest.workload.allowance = 1;
  const replace = () => {
    nexuses[0] = login();
    multipath.update();
  };
  const types = () => events.map(({ type }) => type.replace('io-', ''));
  return {
    device,
    lu,
    clock,
    nexuses,
    multipath,
    events,
    guest,
    vm,
    replace,
    types,
    quiesced: () => quiesced,
  };
}

const HOLD = (all: ReturnType<typeof rig>) => {
  all.nexuses[0]!.holdsData = true;
};

describe('an I/O', () => {
  it('is submitted, sent and completed, with the names of its path', () => {
    const all = rig();
    all.vm.resume();
    all.clock.run(SECOND / 2);
    expect(all.types()).toEqual(['submit', 'sent', 'attempt-end', 'complete']);
    expect(all.events[1]).toMatchObject({
      vm: 'vm',
      io: 1,
      attempt: 1,
      port: 3,
      initiator: 'h,i,1',
      target: 'a,t,1',
      address: 1,
      targetAddress: 2,
      command: 'WRITE(10)',
    });
    expect(all.events[3]).toMatchObject({ result: 'good' });
    expect([all.vm.outstanding, all.quiesced()]).toEqual([0, 1]);
  });

  it('without a path waits, and goes out when there is one', () => {
    const all = rig();
    all.nexuses[0]!.lose();
    all.vm.resume();
    all.clock.run(SECOND);
    expect(all.types()).toEqual(['submit']);
    expect(all.guest.pending).toHaveLength(1);
    all.replace();
    all.vm.pump();
    all.clock.run(SECOND);
    // The unit attention of the loss costs one more attempt.
    expect(all.types()).toEqual([
      'submit',
      'sent',
      'attempt-end',
      'requeue',
      'sent',
      'attempt-end',
      'complete',
    ]);
  });

  it('whose nexus was lost with the target’s word is sent again at once', () => {
    const all = rig();
    HOLD(all);
    all.vm.resume();
    all.clock.run(5000);
    all.nexuses[0]!.lose(true);
    expect(all.events.at(-2)).toMatchObject({ type: 'io-attempt-end', end: 'lost-cleared' });
    expect(all.events.at(-1)).toMatchObject({ type: 'io-requeue', reason: 'login lost' });
  });

  it('whose nexus was lost without a word waits until no late write can come; a read does not', () => {
    for (const [readPercent, waits] of [
      [0, true],
      [100, false],
    ] as const) {
      const all = rig({ readPercent });
      HOLD(all);
      all.vm.resume();
      all.clock.run(5000);
      all.nexuses[0]!.lose(false);
      expect(all.events.at(waits ? -1 : -2)).toMatchObject({ end: 'lost-uncleared' });
      expect(all.vm.outstanding).toBe(waits ? 1 : 0);
      all.clock.run(10 * SECOND);
      expect(all.events.at(-1)).toMatchObject({ type: 'io-requeue' });
    }
  });

  it('that fails on its merits is told to the guest; busy and not ready are tried again', () => {
    const all = rig();
    all.lu.mode.softwareWriteProtect = true;
    all.vm.resume();
    all.clock.run(SECOND / 2);
    expect(all.events.at(-1)).toMatchObject({
      type: 'io-complete',
      result: 'failed',
      reason: expect.stringMatching(/^sense 7\/27\/02 \(DATA PROTECT, /),
    });
    const stopped = rig();
    stopped.lu.started = false;
    stopped.vm.resume();
    stopped.clock.run(SECOND / 20);
    expect(stopped.types()).not.toContain('complete');
    stopped.lu.started = true;
    stopped.clock.run(SECOND / 20);
    expect(stopped.events.at(-1)).toMatchObject({ result: 'good' });
  });

  it('is given up once the guest has waited for too long', () => {
    const all = rig();
    all.lu.started = false;
    all.vm.resume();
    all.clock.run(61 * SECOND);
    expect(all.events.at(-1)).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining('time-out'),
    });
  });
});

describe('a guest', () => {
  it('that stands still submits nothing, and what is pending stays', () => {
    const all = rig();
    HOLD(all);
    all.guest.workload.allowance = 9;
    all.vm.resume();
    all.clock.run(5000);
    all.vm.stun();
    expect(all.vm.abortAll()).toBe(1);
    all.clock.run(SECOND);
    expect(all.types()).toEqual(['submit', 'sent', 'attempt-end', 'requeue']);
    expect(all.guest.pending).toHaveLength(1);
  });

  it('that is purged forgets without a word, and the target may still write', () => {
    const all = rig();
    HOLD(all);
    all.vm.resume();
    all.clock.run(5000);
    all.vm.purgeAll();
    expect(all.events.at(-2)).toMatchObject({ end: 'purged' });
    expect(all.lu.tasks.size).toBe(1);
  });
});

describe('an I/O whose path is gone', () => {
  it('fails when the guest has waited for a path for too long', () => {
    const all = rig();
    all.nexuses[0]!.lose();
    all.vm.resume();
    all.clock.run(59 * SECOND);
    expect(all.types()).toEqual(['submit']);
    all.clock.run(2 * SECOND);
    expect(all.events.at(-1)).toMatchObject({
      type: 'io-complete',
      result: 'failed',
      reason: "not done within the guest's time-out (no path to the logical unit)",
    });
    expect(all.guest.pending).toEqual([]);
  });

  it('is not given up while the guest stands still', () => {
    const all = rig();
    all.nexuses[0]!.lose();
    all.vm.resume();
    all.clock.run(SECOND);
    all.vm.stun();
    all.clock.run(100 * SECOND);
    expect(all.types()).toEqual(['submit']);
  });

  it('fails before, where the host does not queue (no_path_retry)', () => {
    const all = rig({}, { noPathRetryNs: 10 * SECOND });
    all.guest.workload.allowance = Infinity;
    all.nexuses[0]!.lose();
    all.vm.resume();
    all.clock.run(9 * SECOND);
    expect(all.types()).toEqual(['submit']);
    all.clock.run(2 * SECOND);
    expect(all.events.find(({ type }) => type === 'io-complete')).toMatchObject({
      result: 'failed',
      reason: 'no path to the logical unit',
    });
    // From then on at once, and no more often than a guest asks.
    const before = all.events.length;
    all.clock.run(10 * SECOND);
    const submitted = all.events.slice(before).filter(({ type }) => type === 'io-submit');
    expect(submitted.length).toBeGreaterThan(5);
    expect(submitted.length).toBeLessThan(15);
    all.replace();
    all.vm.pump();
    all.clock.run(SECOND / 2);
    expect(all.events.at(-1)).toMatchObject({ type: 'io-complete', result: 'good' });
  });

  it('waits for its coming back, where the host does so (fast_io_fail)', () => {
    const blocked = () => {
      const all = rig({}, { fastIoFailNs: 5 * SECOND });
      HOLD(all);
      all.vm.resume();
      all.clock.run(5000);
      all.nexuses[0]!.lose(true);
      all.clock.run(SECOND);
      expect(all.events.at(-1)).toMatchObject({ type: 'io-attempt-end', end: 'lost-cleared' });
      expect(all.vm.outstanding).toBe(1);
      return all;
    };
    const back = blocked();
    back.replace();
    back.vm.pump();
    back.clock.run(SECOND);
    expect(back.events.at(-1)).toMatchObject({ type: 'io-complete', result: 'good' });
    const away = blocked();
    away.clock.run(4 * SECOND);
    expect(away.events.at(-1)).toMatchObject({ type: 'io-requeue', reason: 'login lost' });
    const stunned = blocked();
    stunned.vm.stun();
    expect(stunned.vm.outstanding).toBe(0);
    expect(stunned.quiesced()).toBe(1);
    expect(stunned.guest.pending).toHaveLength(1);
  });
});
