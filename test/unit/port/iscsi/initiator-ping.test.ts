import { describe, expect, it } from 'vitest';
import type { IscsiPduOf } from '../../../../src/codecs/iscsi/index.ts';
import { Timers } from '../../../../src/machine/timers.ts';
import { InitiatorPing } from '../../../../src/port/iscsi/initiator-ping.ts';

function rig() {
  const timers = new Timers();
  const sent: object[] = [];
  const owner = {
    now: 0,
    heardAt: 0,
    times: { noopIntervalNs: 50, noopTimeoutNs: 30 },
    gaveUp: false,
    after: (delayNs: number, run: () => void) => timers.set(owner.now + delayNs, run),
    nextTag: () => 5,
    sendNow: (pdu: object) => void sent.push(pdu),
    giveUp: () => {
      owner.gaveUp = true;
    },
  };
  const ping = new InitiatorPing(owner);
  const at = (now: number): void => {
    for (let due = timers.deadline; due !== undefined && due <= now; due = timers.deadline) {
      owner.now = due;
      timers.run(due);
    }
    owner.now = now;
  };
  return { owner, ping, sent, at };
}
const nopIn = (more: object) =>
  ({
    initiatorTaskTag: 0xffff_ffff,
    targetTransferTag: 0xffff_ffff,
    lun: 0n,
    ...more,
  }) as IscsiPduOf<'NOP-In'>;

describe('pings', () => {
  it('go out after silence, and silence behind them ends the session', () => {
    const { owner, ping, sent, at } = rig();
    ping.begin();
    at(49);
    expect(sent).toEqual([]);
    at(79);
    expect([sent.length, owner.gaveUp]).toEqual([1, false]);
    at(80);
    expect(owner.gaveUp).toBe(true);
  });

  it('are put off by anything that is heard, and begin again', () => {
    const { owner, ping, sent, at } = rig();
    ping.begin();
    at(40);
    owner.heardAt = 40;
    at(89);
    expect(sent).toEqual([]);
    at(90);
    ping.take(nopIn({ initiatorTaskTag: 5 }));
    owner.heardAt = 95;
    at(145);
    expect([sent.length, owner.gaveUp]).toEqual([2, false]);
    ping.end();
    at(1000);
    expect(owner.gaveUp).toBe(false);
  });

  it('of the target are answered, and what is none is not', () => {
    const { ping, sent } = rig();
    ping.take(nopIn({}));
    ping.take(nopIn({ targetTransferTag: 8, lun: 3n }));
    expect(sent).toEqual([{ kind: 'NOP-Out', immediate: 1, lun: 3n, targetTransferTag: 8 }]);
  });
});
