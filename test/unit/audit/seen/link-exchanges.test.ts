/** What is kept of the exchanges of a link, and what is said to be forgotten. */
import { describe, expect, it } from 'vitest';
import type { SeenExchange } from '../../../../src/audit/seen/exchange.ts';
import { LinkExchanges } from '../../../../src/audit/seen/link-exchanges.ts';

const exchange = (oxId: number, state: SeenExchange['state'] = 'open', originator = 1) =>
  ({ originator, responder: 2, oxId, state }) as SeenExchange;

describe('LinkExchanges', () => {
  it('keeps an exchange for its late frames, until many others were answered', () => {
    const all = new LinkExchanges();
    for (let oxId = 0; oxId < 2000; oxId++) {
      const one = exchange(oxId);
      all.begin(one);
      if (oxId === 7) continue;
      one.state = 'answered';
      all.answer(one);
    }
    expect(all.get(1, 1999)?.state).toBe('answered');
    expect(all.get(1, 1600)).toBeDefined();
    expect(all.get(1, 1000)).toBeUndefined();
    expect(all.get(1, 7)?.state).toBe('open');
    expect(all.forgotten).toBe(0);
  });

  it('keeps the exchange that uses the OX_ID of an answered one', () => {
    const all = new LinkExchanges();
    const first = exchange(1, 'answered');
    all.begin(first);
    all.answer(first);
    const second = exchange(1);
    all.begin(second);
    for (let oxId = 2; oxId < 1000; oxId++) {
      const one = exchange(oxId, 'answered');
      all.begin(one);
      all.answer(one);
    }
    expect(all.get(1, 1)).toBe(second);
  });

  it('counts the open ones that it had to forget', () => {
    const all = new LinkExchanges();
    for (let i = 0; i < 20_010; i++) all.begin(exchange(i & 0xffff, 'open', i >> 16));
    expect(all.forgotten).toBe(10);
    expect([...all.values()].length).toBe(20_000);
  });
});
