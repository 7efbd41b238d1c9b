import { describe, expect, it } from 'vitest';
import {
  filled,
  GOOD,
  INITIATOR_A,
  INITIATOR_B,
  outcome,
  Recorder,
  Rig,
  TUR,
  write10,
} from '../../../helpers/scsi-target.ts';

const SIMPLE = { attribute: 0 };
const ORDERED = { attribute: 2 };

function rigWithUnit(tasksMax?: number) {
  const rig = new Rig();
  rig.unit(undefined, tasksMax === undefined ? {} : { tasksMax });
  return rig;
}

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
