import { describe, expect, it } from 'vitest';
import {
  filled,
  GOOD,
  INITIATOR_A,
  INITIATOR_B,
  Recorder,
  Rig,
  TUR,
  write10,
} from '../../../helpers/scsi-target.ts';

describe('task management', () => {
  function twoNexuses() {
    const rig = new Rig();
    rig.unit();
    rig.unit();
    const a = rig.login(INITIATOR_A);
    const b = rig.login(INITIATOR_B);
    const sink = new Recorder();
    rig.submit(a, 1, write10(0, 1), sink);
    rig.submit(b, 2, write10(0, 1), sink);
    rig.submit(a, 3, write10(0, 1), sink, { lun: 1n << 48n });
    sink.heard.length = 0;
    return { rig, a, b, sink };
  }

  it('ABORT TASK SET ends the tasks of the nexus in that logical unit, silently', () => {
    const { rig, a, b, sink } = twoNexuses();
    expect(a.manage('abort-task-set', 0n)).toBe('complete');
    expect(sink.heard).toEqual(['cleared 1 abort-task-set']);
    expect(rig.ask(a, TUR)).toBe(GOOD);
    expect(rig.ask(b, TUR)).toBe(GOOD);
  });

  it('CLEAR TASK SET ends everybody’s and tells the others', () => {
    const { rig, a, b, sink } = twoNexuses();
    expect(a.manage('clear-task-set', 0n)).toBe('complete');
    expect(sink.heard).toEqual(['cleared 1 clear-task-set', 'cleared 2 clear-task-set']);
    expect(rig.ask(a, TUR)).toBe(GOOD);
    expect([1, 2].map(() => rig.ask(b, TUR))).toEqual(['02 6/2f/00', GOOD]);
  });

  it('LOGICAL UNIT RESET ends everybody’s and tells all, also who asked', () => {
    const { rig, a, b, sink } = twoNexuses();
    expect(a.manage('logical-unit-reset', 0n)).toBe('complete');
    expect(sink.heard).toEqual(['cleared 1 logical-unit-reset', 'cleared 2 logical-unit-reset']);
    expect(rig.cleared).toEqual(['1 logical-unit-reset', '2 logical-unit-reset']);
    for (const nexus of [a, b]) {
      expect([1, 2].map(() => rig.ask(nexus, TUR))).toEqual(['02 6/29/03', GOOD]);
    }
    expect(rig.ask(a, TUR, undefined, 1n << 48n)).toBe(GOOD);
  });

  it('TARGET RESET does so for all logical units', () => {
    const { rig, a, sink } = twoNexuses();
    expect(a.manage('target-reset', 0n)).toBe('complete');
    expect(sink.heard.length).toBe(3);
    expect(rig.ask(a, TUR, undefined, 1n << 48n)).toBe('02 6/29/03');
  });

  it('QUERY TASK SET says whether the nexus has tasks', () => {
    const { a, b } = twoNexuses();
    expect(a.manage('query-task-set', 0n)).toBe('succeeded');
    expect(b.manage('query-task-set', 1n << 48n)).toBe('complete');
  });

  it('says which LUN is not there and which function it has not', () => {
    const { a } = twoNexuses();
    expect(a.manage('logical-unit-reset', 9n << 48n)).toBe('incorrect-lun');
    expect(a.manage('clear-aca', 0n)).toBe('rejected');
  });

  it('never lets a cleared task run', () => {
    const rig = new Rig();
    rig.unit();
    const a = rig.login();
    const task = rig.submit(a, 1, write10(0, 1), new Recorder());
    rig.target.abortTask(a, 1);
    expect(() => task.run(filled(1, 1))).toThrow(RangeError);
    expect(rig.applied).toEqual([]);
  });
});
