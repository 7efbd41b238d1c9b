/** Slots of a session: what is next, again, late or ahead, and what their answers show. */
import { describe, expect, it } from 'vitest';
import {
  SessionSlots,
  type SlotCall,
  type SlotSink,
} from '../../../../../src/audit/seen/nfs4/slots.ts';

const MS = 1e6;

function rig(isWhole = true, isOrdered = true) {
  const told: string[] = [];
  const sink: SlotSink = {
    fault: (kind, what) => told.push(`${kind}: ${what}`),
    repeated: () => told.push('repeated'),
    ranAgain: (_, why) => told.push(`ran again: ${why}`),
    isOrdered: () => isOrdered,
  };
  const slots = new SessionSlots(sink, isWhole);
  let frame = 0;
  let at = 0;
  const moment = () => {
    at += 100 * MS;
    return { at, frame: ++frame };
  };
  const call = (sequenceId: number, made: Partial<SlotCall> = {}): SlotCall =>
    slots.begin({
      slotId: 3,
      sequenceId,
      print: sequenceId,
      began: moment(),
      isProbe: false,
      changes: true,
      isPartial: false,
      ...made,
    });
  const answer = (one: SlotCall, print = 1, isKept = true): void =>
    slots.answered(one, moment(), print, isKept);
  return { slots, told, call, answer };
}

describe('slots', () => {
  it('say how a call stands to the one before', () => {
    const { call, answer } = rig();
    const places: string[] = [];
    for (const sequence of [1, 2, 2, 1, 5]) {
      const one = call(sequence);
      places.push(one.place);
      if (one.place !== 'late') answer(one);
    }
    expect(places).toEqual(['first', 'next', 'again', 'late', 'jump']);
    expect(rig(false).call(9).place).toBe('first');
    expect(rig().call(9).place).toBe('jump');
  });

  it('go round behind the highest number', () => {
    const { call } = rig(false);
    call(2 ** 32 - 1);
    expect(call(0).place).toBe('next');
  });

  it('stand where they stood when a call was refused', () => {
    const { call, answer, slots } = rig();
    answer(call(1));
    slots.refused(call(2), false);
    expect(call(2).place).toBe('next');
  });

  it('tell one call that is answered in two ways, where both tell that it ran', () => {
    const { call, answer, told } = rig();
    answer(call(1), 7);
    answer(call(1), 7);
    answer(call(1), 8, false);
    expect(told).toEqual(['repeated', 'repeated']);
    answer(call(1), 8);
    expect(told.at(-1)).toBe('ran again: frames 2 and 8 answer sequence 1 of slot 3 otherwise');
  });

  it('say nothing of calls that change nothing', () => {
    const { call, answer, told } = rig();
    answer(call(1, { changes: false }), 7);
    answer(call(1, { changes: false }), 8);
    expect(told).toEqual([]);
  });

  it('tell another call under a number that was used, and no probe', () => {
    const { call, answer, told } = rig();
    answer(call(1, { print: 5 }));
    call(1, { print: 6 });
    expect(told).toEqual(['tag: sequence 1 of slot 3 in frame 3 is another call than in frame 1']);
    const probed = rig();
    probed.answer(probed.call(1, { print: 5 }));
    probed.call(1, { print: 6, isProbe: true });
    expect(probed.told).toEqual([]);
  });

  it('tell jumps only where all calls are seen in their order, and nothing is missing', () => {
    const { call, answer, told } = rig();
    answer(call(1));
    answer(call(4));
    expect(told).toEqual(['numbering: sequence 4 of slot 3 in frame 3, 2 was next']);
    const shared = rig(true, false);
    shared.answer(shared.call(1));
    shared.answer(shared.call(4));
    const lost = rig();
    lost.answer(lost.call(1));
    lost.slots.lose();
    lost.answer(lost.call(4));
    expect([...shared.told, ...lost.told]).toEqual([]);
  });

  it('keep no more than the call before the last', () => {
    const { call, answer } = rig();
    for (let sequence = 1; sequence < 5; sequence++) answer(call(sequence));
    const last = call(5);
    expect(last.before?.sequenceId).toBe(4);
    expect(last.before?.before).toBeUndefined();
  });
});
