/** Requests and their exchanges. */
import { describe, expect, it } from 'vitest';
import { fcHeader } from '../../../../src/codecs/fc/header.ts';
import { Conversation } from '../../../../src/codecs/frame/conversation.ts';
import { NO_PARTS, openExchange, requestOf } from '../../../../src/codecs/frame/exchange.ts';
import { FrameReader } from '../../../../src/codecs/frame/reader.ts';
import { COMMAND } from '../../../helpers/frames.ts';

describe('an exchange', () => {
  const header = fcHeader.decode(fcHeader.encode({ ...COMMAND, type: 1 }));
  const reader = (conversation?: Conversation) =>
    new FrameReader(new Uint8Array(0), 0, 0, 0, conversation, true);
  const back = { ...header, sId: header.dId, dId: header.sId, fCtl: 0x99_0000 };

  it('is opened by a request, and found by its answer', () => {
    const conversation = new Conversation();
    const asking = reader(conversation);
    openExchange(asking, header, { ...NO_PARTS, code: 0x52 });
    expect(asking.exchange).toEqual({
      sId: COMMAND.sId,
      dId: COMMAND.dId,
      oxId: COMMAND.oxId,
      type: 1,
      ...NO_PARTS,
      code: 0x52,
    });
    const answering = reader(conversation);
    expect(requestOf(answering, back)).toEqual(asking.exchange);
    expect(answering.exchange).toEqual(asking.exchange);
  });

  it('of another TYPE is none of the answer’s', () => {
    const conversation = new Conversation();
    openExchange(reader(conversation), header, NO_PARTS);
    const answering = reader(conversation);
    expect(requestOf(answering, { ...back, type: 8 })).toBeUndefined();
    expect(answering.exchange).toBeUndefined();
  });

  it('is known to its own frame where nobody remembers', () => {
    const asking = reader();
    openExchange(asking, header, NO_PARTS);
    expect(asking.exchange?.oxId).toBe(COMMAND.oxId);
    expect(requestOf(reader(), back)).toBeUndefined();
  });
});
