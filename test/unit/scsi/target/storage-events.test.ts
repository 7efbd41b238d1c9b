/** What a target device's observer hears, as happenings. */
import { describe, expect, it } from 'vitest';
import { deviceOf } from '../../../../src/history/port-name.ts';
import type { StorageEvent } from '../../../../src/history/storage.ts';
import { ScsiTarget } from '../../../../src/scsi/target/scsi-target.ts';
import { tellEvents } from '../../../../src/scsi/target/storage-events.ts';
import {
  filled,
  hex,
  INITIATOR_A,
  Recorder,
  Rig,
  read10,
  TUR,
  write10,
} from '../../../helpers/scsi-target.ts';

function rig() {
  const events: StorageEvent[] = [];
  const rig = new Rig();
  const observer = tellEvents(
    (event) => events.push(event),
    () => rig.target.masks,
  );
  Object.assign(rig.target.observer, observer);
  const lu = rig.unit();
  events.length = 0;
  return { rig, lu, events, nexus: rig.login() };
}

describe('happenings', () => {
  it('name a command by its nexus, LUN and tag', () => {
    const { rig: all, lu, events, nexus } = rig();
    all.send(nexus, write10(3, 2), filled(2, 9));
    const command = { nexus: nexus.name, lun: 0n, tag: 0x100 };
    expect(events).toMatchObject([
      {
        type: 'apply',
        change: 'write',
        luName: lu.luName,
        lba: 3,
        blocks: 2,
        durable: true,
        ...command,
      },
      {
        type: 'command-done',
        command: 'WRITE(10)',
        luName: lu.luName,
        status: 0,
        sense: undefined,
        ...command,
      },
    ]);
  });

  it('say with which key and code a command was refused, or its operation code', () => {
    const { rig: all, events, nexus } = rig();
    all.send(nexus, read10(2 ** 31, 1));
    all.send(nexus, 'ff');
    expect(events).toMatchObject([
      { command: 'READ(10)', status: 2, sense: 0x05_2100 },
      { command: 'operation code ffh', status: 2, sense: 0x05_2000 },
    ]);
  });

  it('repeat the block of WRITE SAME as often as it was written', () => {
    const { rig: all, events, nexus } = rig();
    all.send(nexus, '41 00 00000000 00 0003 00', filled(1, 7));
    expect(events[0]).toMatchObject({
      type: 'apply',
      change: 'write-same',
      blocks: 3,
      data: filled(3, 7),
    });
  });

  it('tell tasks that were cleared, and task management in words', () => {
    const { rig: all, events, nexus, lu } = rig();
    all.submit(nexus, 1, write10(0, 1), new Recorder());
    nexus.manage('abort-task-set', 0n);
    expect(events).toEqual([
      {
        type: 'task-aborted',
        nexus: nexus.name,
        lun: 0n,
        tag: 1,
        luName: lu.luName,
        cause: 'abort-task-set',
      },
      {
        type: 'task-management',
        nexus: nexus.name,
        lun: 0n,
        function: 'abort-task-set',
        response: 'complete',
      },
    ]);
  });

  it('tell a unit attention from when it is owed to when it is told', () => {
    const { rig: all, events, nexus, lu } = rig();
    lu.attentions.add(nexus.pair, 0x2a01);
    all.send(nexus, TUR);
    const about = { type: 'attention', luName: lu.luName, pair: nexus.pair.name, code: 0x2a01 };
    expect(events.slice(0, 2)).toEqual([
      { ...about, state: 'queued' },
      { ...about, state: 'delivered', tag: 0x100 },
    ]);
  });

  it('tell a reservation with its registrations', () => {
    const { rig: all, events, nexus, lu } = rig();
    const list = hex(`${'00'.repeat(8)}${'00'.repeat(7)}05${'00'.repeat(8)}`);
    all.send(nexus, '5f 00 00 00 00 00000018 00', list);
    expect(events[0]).toMatchObject({
      type: 'reservation',
      luName: lu.luName,
      cause: 'register',
      by: nexus.name,
      generation: 1,
      holder: undefined,
      registrations: [{ ...nexus.pair.name, key: 5n }],
    });
  });

  it('tell masks by device, with the numbers that people know', () => {
    const { rig: all, events, lu } = rig();
    const device = deviceOf(INITIATOR_A);
    all.target.setMask(device, [{ lun: 4, lu }]);
    expect(events[0]).toEqual({
      type: 'mask',
      device,
      luns: [{ lunNumber: 4, luName: lu.luName }],
    });
    events.length = 0;
    all.target.setDefaultMask([]);
    expect(events[0]).toEqual({ type: 'mask', device: undefined, luns: [] });
  });

  it('are those of the device that is asked, also when it is another', () => {
    const events: StorageEvent[] = [];
    const device: ScsiTarget = new ScsiTarget({
      name: 'x',
      ports: [],
      observer: tellEvents(
        (event) => events.push(event),
        () => device.masks,
      ),
    });
    device.restart();
    expect(events).toEqual([{ type: 'power-on' }]);
  });
});
