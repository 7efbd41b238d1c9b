/** Exchanges that a port originates: OX_IDs, time-outs, aborts, and how long an OX_ID rests. */
import { describe, expect, it } from 'vitest';
import type { FcHeader } from '../../../../src/codecs/fc/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import {
  type AbortResult,
  Exchange,
  ExchangeManager,
  type ExchangePort,
  oxIdsOfEpoch,
  sameEpoch,
} from '../../../../src/port/n-port/exchange.ts';
import { Clock } from '../../../helpers/loop-back.ts';

const PEER = 0x01_0100;
const EMPTY = new Uint8Array(0);

class Seen extends Exchange {
  frames = 0;
  closed = 0;

  handleFrame(): void {
    this.frames++;
  }

  handleClosed(): void {
    this.closed++;
  }
}

/** A port whose frames are kept, and whose RRQs wait for the test. */
function make(range?: { first: number; last: number }) {
  const clock = new Clock();
  const sent: FcHeader[] = [];
  const rrqs: { dId: number; oxId: number; rxId: number; done: () => void }[] = [];
  const port: ExchangePort = {
    nPortId: 0x01_0200,
    get now() {
      return clock.now;
    },
    rATovNs: 10 * SECOND,
    after: clock.after,
    transmit: (header) => sent.push({ ...header }),
    recoveryQualifierOver: (dId, oxId, rxId, done) => rrqs.push({ dId, oxId, rxId, done }),
  };
  const manager = new ExchangeManager(port, range);
  const open = (dId = PEER) => {
    const exchange = new Seen(dId);
    return manager.open(exchange) ? exchange : undefined;
  };
  const hear = (exchange: Exchange, more: Partial<FcHeader> = {}) =>
    manager.handleFrame(
      {
        rCtl: 7,
        type: 8,
        sId: exchange.dId,
        oxId: exchange.oxId,
        rxId: 0x55,
        fCtl: 0x99_0000,
        seqCnt: 0,
        ...more,
      } as FcHeader,
      EMPTY,
      0,
      0,
    );
  return { clock, sent, rrqs, manager, open, hear };
}

describe('OX_IDs', () => {
  it('go out one after the other, round and round, past those in use', () => {
    const { manager, open } = make({ first: 3, last: 5 });
    const first = open()!;
    const second = open()!;
    manager.end(second);
    expect([first.oxId, second.oxId, open()!.oxId]).toEqual([3, 4, 5]);
    expect(open()!.oxId).toBe(4);
    expect(open()).toBeUndefined();
    expect(manager.size).toBe(3);
  });

  it('rest for R_A_TOV after a silent end, and not after a clean one', () => {
    const { clock, manager, open } = make({ first: 1, last: 1 });
    manager.end(open()!, 'clean');
    const quiet = open()!;
    manager.end(quiet, 'quiet');
    expect(open()).toBeUndefined();
    clock.run(10 * SECOND - 1);
    expect(open()).toBeUndefined();
    clock.run(1);
    expect(open()?.oxId).toBe(1);
  });

  it('rest after an abort until RRQ is answered', () => {
    const { clock, rrqs, manager, open, hear } = make({ first: 1, last: 1 });
    const exchange = open()!;
    hear(exchange, { rxId: 0x99 });
    manager.abort(exchange, SECOND, () => {});
    hear(exchange, { rCtl: 0x84, type: 0, rxId: 0x99 });
    clock.run(10 * SECOND);
    expect(rrqs).toMatchObject([{ dId: PEER, oxId: 1, rxId: 0x99 }]);
    expect(open()).toBeUndefined();
    rrqs[0]!.done();
    expect(open()?.oxId).toBe(1);
  });

  it.each([
    [0, 1, 0x3fff],
    [1, 0x4000, 0x7fff],
    [3, 0xc000, 0xfffe],
    [6, 0x8000, 0xbfff],
  ])('of epoch %i are %i to %i', (epoch, first, last) => {
    expect(oxIdsOfEpoch(epoch)).toEqual({ first, last });
    expect(sameEpoch(first, last)).toBe(true);
    expect(sameEpoch(first, (first + 0x4000) & 0xffff)).toBe(false);
  });

  it('go on from where another adapter stood', () => {
    const { manager, open } = make();
    manager.goOnFrom(0x1234);
    expect(open()!.oxId).toBe(0x1234);
    expect(manager.next).toBe(0x1235);
  });
});

describe('frames of an exchange', () => {
  it('come from its responder, under its OX_ID', () => {
    const { open, hear } = make();
    const exchange = open()!;
    expect(hear(exchange, { sId: 0x01_0999 })).toBe(false);
    expect(hear(exchange, { oxId: 0x777 })).toBe(false);
    expect(hear(exchange)).toBe(true);
    expect([exchange.frames, exchange.rxId]).toEqual([1, 0x55]);
  });

  it('of FCP with another RX_ID are of an earlier exchange', () => {
    const { open, hear } = make();
    const exchange = open()!;
    hear(exchange);
    expect(hear(exchange, { rxId: 0x56 })).toBe(false);
    expect(hear(exchange, { rxId: 0x56, type: 1 })).toBe(true);
  });

  it('are not heard any more when it is aborted or over', () => {
    const { manager, open, hear } = make();
    const exchange = open()!;
    manager.abort(exchange, SECOND, () => {});
    expect(hear(exchange)).toBe(true);
    expect(exchange.frames).toBe(0);
    manager.end(exchange);
    expect(hear(exchange)).toBe(false);
  });

  it('have SEQ_IDs of a byte', () => {
    const { manager, open } = make();
    const exchange = open()!;
    const ids = Array.from({ length: 257 }, () => manager.nextSeqId(exchange));
    expect([ids[0], ids[255], ids[256]]).toEqual([0, 255, 0]);
  });
});

describe('a request', () => {
  const frame = { dId: PEER, rCtl: 0x22, type: 1, fCtl: 0x29_0000 };

  it('ends by its reply, and its time-out is off', () => {
    const { clock, sent, manager, hear } = make();
    const replies: string[] = [];
    const exchange = manager.request(frame, EMPTY, SECOND, ({ result }) => replies.push(result))!;
    expect(sent).toMatchObject([{ ...frame, sId: 0x01_0200, oxId: 1, rxId: 0xffff, seqId: 0 }]);
    hear(exchange, { rCtl: 0x23, type: 1 });
    clock.run(100 * SECOND);
    expect(replies).toEqual(['reply']);
    expect(manager.size).toBe(0);
  });

  it('without a reply times out, and its OX_ID rests', () => {
    const { clock, manager, hear } = make({ first: 1, last: 1 });
    const replies: string[] = [];
    const exchange = manager.request(frame, EMPTY, SECOND, ({ result }) => replies.push(result))!;
    clock.run(SECOND - 1);
    expect(replies).toEqual([]);
    clock.run(1);
    expect(replies).toEqual(['timeout']);
    expect(hear(exchange, { type: 1 })).toBe(false);
    expect(manager.request(frame, EMPTY, SECOND, () => {})).toBeUndefined();
  });
});

describe('an abort', () => {
  it.each([
    [0x84, 'accepted', 1],
    [0x85, 'rejected', 0],
  ] as const)('answered by %i is %s', (rCtl, result, rrqsAfter) => {
    const { clock, sent, rrqs, manager, open, hear } = make();
    const exchange = open()!;
    const ends: AbortResult[] = [];
    manager.abort(exchange, SECOND, (end) => ends.push(end));
    manager.abort(exchange, SECOND, () => ends.push('closed'));
    expect(sent).toMatchObject([{ rCtl: 0x81, type: 0, oxId: 1, fCtl: 0x09_0000 }]);
    hear(exchange, { rCtl, type: 0 });
    clock.run(100 * SECOND);
    expect(ends).toEqual([result]);
    expect(rrqs).toHaveLength(rrqsAfter);
  });

  it('without answer times out; no RRQ speaks of it', () => {
    const { clock, rrqs, manager, open } = make();
    const ends: AbortResult[] = [];
    manager.abort(open()!, SECOND, (end) => ends.push(end));
    clock.run(SECOND - 1);
    expect(ends).toEqual([]);
    clock.run(100 * SECOND);
    expect([ends, rrqs]).toEqual([['timeout'], []]);
  });

  it('is answered by BA_ACC and BA_RJT alone, and only while it is under way', () => {
    const { manager, open, hear } = make();
    const exchange = open()!;
    hear(exchange, { rCtl: 0x84, type: 0 });
    expect(exchange.state).toBe('open');
    manager.abort(exchange, SECOND, () => {});
    hear(exchange, { rCtl: 0x80, type: 0 });
    expect(exchange.state).toBe('aborting');
  });
});

describe('the end of a login', () => {
  it('closes the exchanges with a port, the oldest first, or all', () => {
    const { manager, open } = make({ first: 0xfffd, last: 0xfffe });
    // The second one has the lower place, but is not older.
    const first = open()!;
    const second = open()!;
    const order: number[] = [];
    for (const one of [first, second]) one.handleClosed = () => order.push(one.oxId);
    manager.close(0x01_0999);
    expect(order).toEqual([]);
    manager.close(PEER);
    expect(order).toEqual([0xfffd, 0xfffe]);
    expect(manager.size).toBe(0);
    const other = make();
    const [a, b] = [other.open(1)!, other.open(2)!];
    other.manager.close();
    expect([a.closed, b.closed]).toEqual([1, 1]);
  });

  it('counts age round the end of the row', () => {
    const { manager, open } = make();
    manager.goOnFrom(0xfffe);
    const [old, young] = [open()!, open()!];
    expect([old.oxId, young.oxId]).toEqual([0xfffe, 1]);
    const order: number[] = [];
    for (const one of [old, young]) one.handleClosed = () => order.push(one.oxId);
    manager.close();
    expect(order).toEqual([0xfffe, 1]);
  });

  it('tells who waits for an abort, not the exchange', () => {
    const { clock, manager, open } = make();
    const exchange = open()!;
    const ends: AbortResult[] = [];
    manager.abort(exchange, SECOND, (end) => ends.push(end));
    manager.close();
    clock.run(100 * SECOND);
    expect([ends, exchange.closed]).toEqual([['closed'], 0]);
  });
});
