/** Answered exchanges that are kept for initiators that missed something. */
import { describe, expect, it } from 'vitest';
import { RetainedExchanges } from '../../../../src/port/fcp/retained-exchanges.ts';
import { TargetExchange } from '../../../../src/port/fcp/target-exchange.ts';
import { FcpPair } from '../../../helpers/fcp-pair.ts';

const OWNER = { taskEnabled() {}, taskAnswered() {}, taskCleared() {} };
const MIB = 2 ** 20;

function rig() {
  const pair = new FcpPair();
  const rport = pair.toInitiator;
  const nexus = pair.target.nexusOf(rport)!;
  const kept = new RetainedExchanges();
  const add = (oxId: number, at = 0, bytes = 0): TargetExchange => {
    const one = new TargetExchange(OWNER, rport, nexus, { oxId, rxId: oxId }, 0);
    const dataIn = bytes > 0 ? new Uint8Array(bytes) : undefined;
    one.answer = { rsp: new Uint8Array(24), dataIn, unconfirmed: false, at };
    kept.add(one);
    return one;
  };
  return {
    kept,
    add,
    nexus,
    rport,
    find: (oxId: number, since = 0) => kept.find(rport, oxId, since),
  };
}

describe('retained exchanges', () => {
  it('are found by port and OX_ID, the last use of it', () => {
    const { add, find, kept } = rig();
    add(1);
    const again = add(1);
    expect(find(1)).toBe(again);
    expect(find(2)).toBeUndefined();
    expect(kept.find(new FcpPair().toInitiator, 1, 0)).toBeUndefined();
  });

  it('are too old at some time', () => {
    const { add, find } = rig();
    const one = add(1, 500);
    expect(find(1, 500)).toBe(one);
    expect(find(1, 501)).toBeUndefined();
  });

  it('are forgotten one by one, or with their login', () => {
    const { add, find, kept, nexus } = rig();
    const one = add(1);
    add(2);
    kept.forget(one);
    expect(find(1)).toBeUndefined();
    expect(find(2)).toBeDefined();
    kept.forgetNexus(nexus);
    expect(find(2)).toBeUndefined();
  });

  it('are 4096 at most, and 8 MiB of read data at most: the oldest go first', () => {
    const { add, find } = rig();
    for (let i = 0; i <= 4096; i++) add(i);
    expect([find(0), find(1)?.oxId]).toEqual([undefined, 1]);
    const large = rig();
    for (let i = 1; i <= 9; i++) large.add(i, 0, MIB);
    expect([large.find(1), large.find(2)?.oxId]).toEqual([undefined, 2]);
  });
});
