/** Requests of the services: each ends once, by an answer or by time. */
import { describe, expect, it } from 'vitest';
import { ElsOriginator, type ElsOutcome } from '../../../../src/fabric/fc/els-originator.ts';
import { ServiceSender } from '../../../../src/fabric/fc/service-sender.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { FabricRig } from '../../../helpers/f-port.ts';

const SERVICE = 0xff_fffd;
const ACCEPT = Uint8Array.of(2, 0, 0, 0);

function make() {
  const rig = new FabricRig({ rATovMs: 3000 });
  const one = rig.login('FLOGI', 1n);
  const two = rig.login('FLOGI', 2n, { port: 1 });
  const originator = new ElsOriginator(rig.context, new ServiceSender(rig.fPort));
  const outcomes: ElsOutcome[] = [];
  const send = (retriesMax: number, to = one) =>
    originator.send({
      to,
      from: SERVICE,
      payload: Uint8Array.of(0x61),
      retriesMax,
      done: (outcome) => outcomes.push(outcome),
    });
  /** The header of an answer to the frame that was sent last. */
  const answerTo = (oxId: number) => ({ dId: SERVICE, oxId }) as never;
  const sent = () => rig.fPort.takeFrames();
  return { rig, one, two, originator, outcomes, send, answerTo, sent };
}

describe('an ELS request of a service', () => {
  it('is one frame of its own exchange, RX_ID unassigned', () => {
    const { send, sent } = make();
    send(0);
    send(0);
    const frames = sent();
    expect(frames.map(({ header, last }) => [header.dId, header.sId, header.rxId, last])).toEqual([
      [0x01_0001, SERVICE, 0xffff, true],
      [0x01_0001, SERVICE, 0xffff, true],
    ]);
    expect(frames[0]!.header.oxId).not.toBe(frames[1]!.header.oxId);
  });

  it.each([
    [ACCEPT, 'accepted'],
    [Uint8Array.of(1, 0, 0, 0), 'rejected'],
    [new Uint8Array(0), 'rejected'],
  ])('ends by its answer %o: %s, and its time-out is off', (payload, outcome) => {
    const { rig, one, originator, outcomes, send, answerTo, sent } = make();
    send(1);
    const { oxId } = sent()[0]!.header;
    expect(originator.handleReply(one, answerTo(oxId!), payload)).toBe(true);
    expect(originator.handleReply(one, answerTo(oxId!), payload)).toBe(false);
    rig.advance(100 * SECOND);
    expect(outcomes).toEqual([outcome]);
    expect(sent()).toEqual([]);
  });

  it('is tried again after 2 x R_A_TOV under another OX_ID, as often as asked, then unanswered', () => {
    const { rig, outcomes, send, sent } = make();
    send(2);
    const first = sent()[0]!.header.oxId;
    rig.advance(6 * SECOND - 1);
    expect(sent()).toEqual([]);
    rig.advance(1);
    const [again, ...more] = sent();
    expect(more).toEqual([]);
    expect(again!.header.oxId).not.toBe(first);
    rig.advance(6 * SECOND);
    expect(sent()).toHaveLength(1);
    expect(outcomes).toEqual([]);
    rig.advance(6 * SECOND);
    expect(outcomes).toEqual(['unanswered']);
    expect(sent()).toEqual([]);
  });

  it('is closed, and not tried again, when the login of its receiver is over', () => {
    const { rig, one, outcomes, send, sent } = make();
    send(3);
    sent();
    rig.fabric.logouts.end(one, 'LOGO');
    rig.advance(6 * SECOND);
    expect(outcomes).toEqual(['closed']);
    expect(sent()).toEqual([]);
  });

  it('is answered by its receiver alone, and for its service', () => {
    const { one, two, originator, outcomes, send, answerTo, sent } = make();
    send(0);
    const oxId = sent()[0]!.header.oxId!;
    expect(originator.handleReply(two, answerTo(oxId), ACCEPT)).toBe(false);
    expect(originator.handleReply(one, { dId: 0xff_fffc, oxId } as never, ACCEPT)).toBe(false);
    expect(originator.handleReply(one, answerTo(oxId + 1), ACCEPT)).toBe(false);
    expect(outcomes).toEqual([]);
  });

  it('counts OX_IDs round without FFFFh, past those in use', () => {
    const { one, originator, send, answerTo, sent } = make();
    send(0);
    const [open] = sent();
    for (let i = 0; i < 0xfffe; i++) {
      send(0);
      originator.handleReply(one, answerTo(sent()[0]!.header.oxId!), ACCEPT);
    }
    send(0);
    // 0 is still open; the one after FFFEh is therefore 1.
    expect([open!.header.oxId, sent()[0]!.header.oxId]).toEqual([0, 1]);
  });

  it('is forgotten by a power cycle, without a word to who asked', () => {
    const { rig, one, originator, outcomes, send, answerTo, sent } = make();
    send(1);
    const oxId = sent()[0]!.header.oxId!;
    originator.clear();
    rig.advance(100 * SECOND);
    expect(originator.handleReply(one, answerTo(oxId), ACCEPT)).toBe(false);
    expect(outcomes).toEqual([]);
    expect(sent()).toEqual([]);
  });
});
