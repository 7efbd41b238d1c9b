import { describe, expect, it } from 'vitest';
import {
  filled,
  GOOD,
  INITIATOR_A,
  INITIATOR_B,
  outcome,
  Recorder,
  Rig,
  read10,
  TUR,
  write10,
} from '../../../helpers/scsi-target.ts';

const SIMPLE = { attribute: 0 };
const HEAD = { attribute: 1 };
const ORDERED = { attribute: 2 };

function rigWithUnit(tasksMax?: number) {
  const rig = new Rig();
  rig.unit(undefined, tasksMax === undefined ? {} : { tasksMax });
  return rig;
}

describe('task attributes', () => {
  it('let SIMPLE tasks run side by side and tell how much data each wants', () => {
    const rig = rigWithUnit();
    const a = rig.login();
    const sink = new Recorder();
    rig.submit(a, 1, write10(0, 2), sink, SIMPLE);
    rig.submit(a, 2, read10(0, 1), sink, SIMPLE);
    expect(sink.heard).toEqual(['enabled 1 1024', 'enabled 2 0']);
  });

  it('hold ORDERED back until all older tasks have ended, and younger SIMPLE behind it', () => {
    const rig = rigWithUnit();
    const a = rig.login(INITIATOR_A);
    const b = rig.login(INITIATOR_B);
    const sink = new Recorder();
    const one = rig.submit(a, 1, write10(0, 1), sink, SIMPLE);
    const two = rig.submit(b, 2, write10(0, 1), sink, SIMPLE);
    const three = rig.submit(a, 3, write10(0, 1), sink, ORDERED);
    const four = rig.submit(b, 4, write10(0, 1), sink, SIMPLE);
    expect(sink.heard).toEqual(['enabled 1 512', 'enabled 2 512']);
    two.run(filled(1, 2));
    expect(three.state).toBe('dormant');
    one.run(filled(1, 1));
    expect(sink.heard.slice(2)).toEqual(['enabled 3 512']);
    expect(four.state).toBe('dormant');
    three.run(filled(1, 3));
    expect(sink.heard.slice(3)).toEqual(['enabled 4 512']);
    four.run(filled(1, 4));
    expect(rig.applied.map((one) => one.task.tag)).toEqual([2, 1, 3, 4]);
  });

  it('let HEAD OF QUEUE run at once and hold back what is not enabled yet', () => {
    const rig = rigWithUnit();
    const a = rig.login();
    const sink = new Recorder();
    const one = rig.submit(a, 1, write10(0, 1), sink, SIMPLE);
    rig.submit(a, 2, write10(0, 1), sink, ORDERED);
    const three = rig.submit(a, 3, write10(0, 1), sink, HEAD);
    expect(sink.heard).toEqual(['enabled 1 512', 'enabled 3 512']);
    one.run(filled(1, 1));
    expect(sink.heard.length).toBe(2);
    rig.submit(a, 4, read10(0, 1), sink, SIMPLE);
    expect(sink.heard.length).toBe(2);
    three.run(filled(1, 3));
    expect(sink.heard.slice(2)).toEqual(['enabled 2 512']);
  });

  it('enable dormant tasks also when the one before them is aborted', () => {
    const rig = rigWithUnit();
    const a = rig.login();
    const sink = new Recorder();
    rig.submit(a, 1, write10(0, 1), sink, SIMPLE);
    rig.submit(a, 2, write10(0, 1), sink, ORDERED);
    expect(rig.target.abortTask(a, 1)).toBe(true);
    expect(sink.heard).toEqual(['enabled 1 512', 'cleared 1 abort-task', 'enabled 2 512']);
    expect(rig.target.abortTask(a, 1)).toBe(false);
  });

  it('refuse ACA and reserved attributes', () => {
    const rig = rigWithUnit();
    const a = rig.login();
    const sink = new Recorder();
    rig.submit(a, 1, TUR, sink, { attribute: 4 });
    rig.submit(a, 2, TUR, sink, { attribute: 7 });
    expect(sink.heard).toEqual(['answered 1 02 5/49/00', 'answered 2 02 5/49/00']);
  });

  it('start a long chain of ORDERED tasks without a deep call stack', () => {
    const rig = rigWithUnit(5000);
    const a = rig.login();
    const order: number[] = [];
    let gate: (() => void) | undefined;
    for (let tag = 0; tag < 5000; tag++) {
      rig.submit(
        a,
        tag,
        TUR,
        {
          enabled: (task) => {
            if (task.tag === 0) {
              gate = () => task.run();
              return;
            }
            order.push(task.tag);
            task.run();
          },
          answered: () => {},
          cleared: () => {},
        },
        tag < 1 ? SIMPLE : ORDERED,
      );
    }
    expect(order).toEqual([]);
    gate?.();
    expect(order).toEqual(Array.from({ length: 4999 }, (_, i) => i + 1));
  });
});

describe('limits of the task set', () => {
  it('answer TASK SET FULL to a nexus with tasks and BUSY to one without', () => {
    const rig = rigWithUnit(2);
    const a = rig.login(INITIATOR_A);
    const b = rig.login(INITIATOR_B);
    const sink = new Recorder();
    const one = rig.submit(a, 1, write10(0, 1), sink);
    rig.submit(a, 2, write10(0, 1), sink);
    rig.submit(a, 3, TUR, sink);
    rig.submit(b, 1, TUR, sink);
    expect(sink.heard.slice(2)).toEqual(['answered 3 28', 'answered 1 08']);
    one.run(filled(1, 1));
    rig.submit(b, 1, TUR, sink);
    expect(sink.heard.at(-1)).toBe('enabled 1 0');
  });

  it('keep a pending unit attention for later when the set is full', () => {
    const rig = rigWithUnit(1);
    const a = rig.login();
    const sink = new Recorder();
    const one = rig.submit(a, 1, write10(0, 1), sink);
    rig.target.units[0]!.attentions.add(a.pair, 0x2a01);
    rig.submit(a, 2, TUR, sink);
    expect(sink.heard.at(-1)).toBe('answered 2 28');
    one.run(filled(1, 1));
    expect(rig.ask(a, TUR)).toBe('02 6/2a/01');
  });

  it('end both commands when a tag is used twice', () => {
    const rig = rigWithUnit();
    const a = rig.login(INITIATOR_A);
    const b = rig.login(INITIATOR_B);
    const sink = new Recorder();
    rig.submit(a, 1, write10(0, 1), sink);
    rig.submit(a, 2, write10(0, 1), sink);
    rig.submit(b, 1, write10(0, 1), sink);
    rig.submit(a, 1, write10(0, 1), sink);
    expect(sink.heard.slice(3)).toEqual([
      'cleared 1 overlapped',
      'cleared 2 overlapped',
      'answered 1 02 b/4e/00',
    ]);
    expect(rig.applied).toEqual([]);
    expect(rig.ask(a, TUR)).toBe(GOOD);
  });
});

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

describe('a lost nexus', () => {
  it('takes its tasks with it and leaves those of others', () => {
    const rig = new Rig();
    rig.unit();
    const a = rig.login(INITIATOR_A);
    const b = rig.login(INITIATOR_B);
    const sink = new Recorder();
    const ofA = rig.submit(a, 1, write10(0, 1), sink, SIMPLE);
    const ofB = rig.submit(b, 1, write10(0, 1), sink, ORDERED);
    expect(ofB.state).toBe('dormant');
    rig.target.nexusLost(a);
    expect(sink.heard).toEqual(['enabled 1 512', 'cleared 1 nexus-lost', 'enabled 1 512']);
    expect(() => ofA.run(filled(1, 1))).toThrow(RangeError);
    expect(outcome(ofB.run(filled(1, 2)))).toBe(GOOD);
    expect(rig.ask(b, TUR)).toBe(GOOD);
  });

  it('starts none of its own dormant tasks while it goes', () => {
    const rig = new Rig();
    rig.unit();
    const a = rig.login();
    const sink = new Recorder();
    rig.submit(a, 1, write10(0, 1), sink, ORDERED);
    rig.submit(a, 2, write10(0, 1), sink, ORDERED);
    rig.target.nexusLost(a);
    expect(sink.heard).toEqual(['enabled 1 512', 'cleared 1 nexus-lost', 'cleared 2 nexus-lost']);
  });

  it('frees the tags of its login', () => {
    const rig = new Rig();
    rig.unit();
    const a = rig.login();
    rig.submit(a, 1, write10(0, 1), new Recorder());
    const again = rig.login();
    const sink = new Recorder();
    rig.submit(again, 1, TUR, sink);
    expect(sink.heard).toEqual(['answered 1 02 6/29/07']);
  });

  it('is the end of all tasks when the array restarts', () => {
    const rig = new Rig();
    rig.unit();
    const a = rig.login();
    const sink = new Recorder();
    rig.submit(a, 1, write10(0, 1), sink);
    rig.target.restart();
    expect(sink.heard).toEqual(['enabled 1 512', 'cleared 1 power-on']);
    expect(rig.target.units[0]?.tasks.size).toBe(0);
  });
});
