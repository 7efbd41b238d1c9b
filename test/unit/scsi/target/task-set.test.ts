import { describe, expect, it } from 'vitest';
import {
  filled,
  INITIATOR_A,
  INITIATOR_B,
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
