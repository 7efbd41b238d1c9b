import { describe, expect, it } from 'vitest';
import {
  fcInitiatorPort,
  type InitiatorPort,
  wwpnOf,
} from '../../../../../src/history/port-name.ts';
import {
  KEY_A,
  KEY_B,
  list,
  prOut,
  READ_KEYS,
  REGISTER,
  RESERVE,
  reserved,
  three,
} from '../../../../helpers/persistent-reserve.ts';
import {
  be,
  CONFLICT,
  filled,
  GOOD,
  INITIATOR_A,
  INITIATOR_B,
  INITIATOR_C,
  Recorder,
  read10,
  TUR,
  toHex,
  write10,
} from '../../../../helpers/scsi-target.ts';

const KEY_C = 0xccccn;
const RELEASE = 2;
const CLEAR = 3;
const PREEMPT = 4;
const PREEMPT_AND_ABORT = 5;
const REGISTER_IGNORE = 6;
const REGISTER_AND_MOVE = 7;

const WE = 1;
const EA = 3;
const WE_RO = 5;
const EA_RO = 6;
const WE_AR = 7;
const EA_AR = 8;

const READ_RESERVATION = '5e 01 0000000000 1000 00';

describe('registering', () => {
  it('needs key 0 of who is not registered and the own key of who is', () => {
    const { rig, a, out } = three();
    expect(out(a, REGISTER, 1n, KEY_A)).toBe(CONFLICT);
    expect(out(a, REGISTER, 0n, KEY_A)).toBe(GOOD);
    expect(out(a, REGISTER, 0n, KEY_B)).toBe(CONFLICT);
    expect(out(a, REGISTER, KEY_A, KEY_B)).toBe(GOOD);
    expect(toHex(rig.send(a, READ_KEYS).dataIn)).toBe(`0000000200000008${be(KEY_B, 8)}`);
    expect(out(a, REGISTER, KEY_B, 0n)).toBe(GOOD);
    expect(toHex(rig.send(a, READ_KEYS).dataIn)).toBe('0000000300000000');
  });

  it('ignores the key with REGISTER AND IGNORE EXISTING KEY', () => {
    const { rig, a, out } = three();
    expect(out(a, REGISTER_IGNORE, 99n, KEY_A)).toBe(GOOD);
    expect(out(a, REGISTER_IGNORE, 99n, KEY_B)).toBe(GOOD);
    expect(toHex(rig.send(a, READ_KEYS).dataIn)).toBe(`0000000200000008${be(KEY_B, 8)}`);
  });

  it('changes nothing for an unknown nexus that unregisters', () => {
    const { rig, a, out } = three();
    expect(out(a, REGISTER, 0n, 0n)).toBe(GOOD);
    expect(toHex(rig.send(a, READ_KEYS).dataIn)).toBe('0000000000000000');
  });

  it('is for one target port, or with ALL_TG_PT for all', () => {
    const { rig, a, out } = three();
    expect(out(a, REGISTER, 0n, KEY_A)).toBe(GOOD);
    const far = rig.login(INITIATOR_A, 1);
    expect(out(far, RESERVE, KEY_A, 0n, WE)).toBe(CONFLICT);
    expect(out(a, REGISTER, KEY_A, KEY_A, 0, 0x04)).toBe(GOOD);
    expect(out(far, RESERVE, KEY_A, 0n, WE)).toBe(GOOD);
    expect(out(a, REGISTER, KEY_A, 0n, 0, 0x04)).toBe(GOOD);
    expect(rig.target.units[0]?.reservations.registrations).toEqual([]);
  });

  it('registers further initiators with SPEC_I_PT', () => {
    const { rig, a, b } = three();
    const transportId = `00${'00'.repeat(7)}${be(wwpnOf(INITIATOR_B)!, 8)}${'00'.repeat(8)}`;
    const long = Uint8Array.from([
      ...list(0n, KEY_A, 0x08),
      ...Buffer.from(`${be(24, 4)}${transportId}`, 'hex'),
    ]);
    expect(rig.ask(a, prOut(REGISTER, 0, long.length), long)).toBe(GOOD);
    expect(rig.ask(b, prOut(RESERVE, WE), list(KEY_A, 0n))).toBe(GOOD);
    const again = long.slice();
    expect(rig.ask(a, prOut(REGISTER, 0, again.length), again)).toBe('02 5/26/00');
  });

  it('refuses a parameter list of another length', () => {
    const { rig, a } = three();
    expect(rig.ask(a, prOut(REGISTER, 0, 23), list(0n, KEY_A).subarray(0, 23))).toBe('02 5/1a/00');
    expect(rig.ask(a, prOut(REGISTER, 0, 25), new Uint8Array(25))).toBe('02 5/1a/00');
    expect(rig.ask(a, prOut(9), list(0n, KEY_A))).toBe('02 5/24/00');
  });
});

describe('RESERVE and RELEASE', () => {
  it('RESERVE needs a registration with that key, scope 0 and a known type', () => {
    const { a, out, rig } = three();
    expect(out(a, RESERVE, KEY_A, 0n, WE)).toBe(CONFLICT);
    out(a, REGISTER, 0n, KEY_A);
    expect(out(a, RESERVE, KEY_B, 0n, WE)).toBe(CONFLICT);
    expect(out(a, RESERVE, KEY_A, 0n, 2)).toBe('02 5/24/00');
    expect(rig.ask(a, prOut(RESERVE, 0x10 | WE), list(KEY_A, 0n))).toBe('02 5/24/00');
    expect(out(a, RESERVE, KEY_A, 0n, WE)).toBe(GOOD);
  });

  it('RESERVE again is GOOD for the same type and a conflict for another', () => {
    const { a, b, out } = reserved(WE);
    expect(out(a, RESERVE, KEY_A, 0n, WE)).toBe(GOOD);
    expect(out(a, RESERVE, KEY_A, 0n, EA)).toBe(CONFLICT);
    expect(out(b, RESERVE, KEY_B, 0n, WE)).toBe(CONFLICT);
  });

  it('RELEASE by another registrant is GOOD and releases nothing', () => {
    const { rig, b, c, out } = reserved(WE);
    expect(out(b, RELEASE, KEY_B, 0n, WE)).toBe(GOOD);
    expect(rig.ask(c, write10(0, 1), filled(1, 1))).toBe(CONFLICT);
  });

  it('RELEASE of another type is refused', () => {
    const { a, out } = reserved(WE);
    expect(out(a, RELEASE, KEY_A, 0n, EA)).toBe('02 5/26/04');
  });

  it.each([
    [WE, GOOD],
    [EA, GOOD],
    [WE_RO, '02 6/2a/04'],
    [EA_RO, '02 6/2a/04'],
    [WE_AR, '02 6/2a/04'],
    [EA_AR, '02 6/2a/04'],
  ])('RELEASE of type %i tells the other registrants %s', (type, told) => {
    const { rig, a, b, c, out } = reserved(type);
    expect(out(a, RELEASE, KEY_A, 0n, type)).toBe(GOOD);
    expect(rig.ask(b, TUR)).toBe(told);
    expect(rig.ask(c, write10(0, 1), filled(1, 1))).toBe(GOOD);
  });

  it('neither changes the generation', () => {
    const { rig, a, out } = reserved(WE);
    out(a, RELEASE, KEY_A, 0n, WE);
    expect(toHex(rig.send(a, READ_KEYS).dataIn?.subarray(0, 4))).toBe('00000002');
  });
});

describe('CLEAR', () => {
  it('ends the reservation and all registrations, and tells the others', () => {
    const { rig, a, b, c, out } = reserved(EA);
    expect(out(b, CLEAR, KEY_B)).toBe(GOOD);
    expect(rig.ask(a, TUR)).toBe('02 6/2a/03');
    expect(rig.ask(b, TUR)).toBe(GOOD);
    expect(rig.ask(c, write10(0, 1), filled(1, 1))).toBe(GOOD);
    expect(toHex(rig.send(a, READ_KEYS).dataIn)).toBe('0000000300000000');
  });

  it('needs a registration', () => {
    const { c, out } = reserved(EA);
    expect(out(c, CLEAR, 0n)).toBe(CONFLICT);
  });
});

describe('PREEMPT', () => {
  it('takes the reservation over and tells who lost the registration', () => {
    const { rig, a, b, out } = reserved(WE);
    expect(out(b, PREEMPT, KEY_B, KEY_A, EA)).toBe(GOOD);
    expect(rig.ask(a, TUR)).toBe('02 6/2a/05');
    expect(rig.ask(a, write10(0, 1), filled(1, 1))).toBe(CONFLICT);
    expect(rig.ask(a, read10(0, 1))).toBe(CONFLICT);
    expect(rig.ask(b, write10(0, 1), filled(1, 1))).toBe(GOOD);
    expect(toHex(rig.send(b, READ_RESERVATION).dataIn)).toBe(
      `0000000300000010${be(KEY_B, 8)}0000000000${be(EA, 1)}0000`,
    );
  });

  it('removes registrations and leaves a reservation of another key alone', () => {
    const { rig, a, b, c, out } = reserved(WE);
    out(c, REGISTER, 0n, KEY_C);
    expect(out(c, PREEMPT, KEY_C, KEY_B, WE)).toBe(GOOD);
    expect(rig.ask(b, TUR)).toBe('02 6/2a/05');
    expect(rig.ask(a, write10(0, 1), filled(1, 1))).toBe(GOOD);
    expect(rig.target.units[0]?.reservations.registrations.map((one) => one.key)).toEqual([
      KEY_A,
      KEY_C,
    ]);
  });

  it('removes all others from an all registrants reservation with key 0', () => {
    const { rig, a, b, out } = reserved(EA_AR);
    expect(out(b, PREEMPT, KEY_B, 0n, WE)).toBe(GOOD);
    expect(rig.ask(a, TUR)).toBe('02 6/2a/05');
    expect(rig.ask(a, write10(0, 1), filled(1, 1))).toBe(CONFLICT);
    expect(rig.ask(b, write10(0, 1), filled(1, 1))).toBe(GOOD);
  });

  it('tells registrants that stay when the type changes', () => {
    const { rig, c, b, out } = reserved(WE_RO);
    out(c, REGISTER, 0n, KEY_C);
    expect(out(c, PREEMPT, KEY_C, KEY_A, WE)).toBe(GOOD);
    expect(rig.ask(b, TUR)).toBe('02 6/2a/04');
  });

  it('conflicts for a key that nobody has, and refuses key 0 otherwise', () => {
    const { b, c, out } = reserved(WE);
    expect(out(b, PREEMPT, KEY_B, 0x1234n, WE)).toBe(CONFLICT);
    expect(out(b, PREEMPT, KEY_B, 0n, WE)).toBe('02 5/26/00');
    expect(out(c, PREEMPT, 0n, KEY_A, WE)).toBe(CONFLICT);
  });

  it('leaves tasks that are enabled to end on their own', () => {
    const { rig, a, b, out } = reserved(WE);
    const sink = new Recorder();
    const task = rig.submit(a, 1, write10(0, 1), sink);
    expect(out(b, PREEMPT, KEY_B, KEY_A, WE)).toBe(GOOD);
    expect(sink.heard).toEqual(['enabled 1 512']);
    expect(task.run(filled(1, 1)).status).toBe(0);
  });
});

describe('PREEMPT that only removes registrations', () => {
  it.each([
    ['type 0, as sg_persist sends it', 0x00],
    ['a type that does not exist', 0x0f],
    ['another scope', 0x15],
  ])('ignores SCOPE and TYPE: %s', (_what, scopeAndType) => {
    for (const action of [PREEMPT, PREEMPT_AND_ABORT]) {
      const { rig, a, b, out } = reserved(WE_RO);
      expect(out(a, action, KEY_A, KEY_B, scopeAndType)).toBe(GOOD);
      const { reservations } = rig.target.units[0]!;
      expect(reservations.keyOf(b.pair)).toBeUndefined();
      expect(reservations.reservation).toMatchObject({ type: WE_RO, holder: a.pair });
    }
  });

  it('and one that takes the reservation over does not', () => {
    const { b, out } = reserved(WE_RO);
    expect(out(b, PREEMPT, KEY_B, KEY_A, 0x00)).toBe('02 5/24/00');
    expect(out(b, PREEMPT, KEY_B, KEY_A, 0x15)).toBe('02 5/24/00');
    expect(out(b, PREEMPT, KEY_B, KEY_A, WE_RO)).toBe(GOOD);
  });
});

describe('PREEMPT AND ABORT', () => {
  it('ends the tasks of the preempted nexus, so that no late write of it is applied', () => {
    const { rig, a, b, c, out } = reserved(WE_RO);
    const sink = new Recorder();
    const task = rig.submit(a, 1, write10(0, 1), sink);
    const kept = rig.submit(b, 2, write10(0, 1), sink);
    expect(out(b, PREEMPT_AND_ABORT, KEY_B, KEY_A, WE_RO)).toBe(GOOD);
    expect(sink.heard.slice(2)).toEqual(['cleared 1 preempted']);
    expect(() => task.run(filled(1, 1))).toThrow(RangeError);
    expect(kept.state).toBe('enabled');
    expect([1, 2, 3].map(() => rig.ask(a, TUR))).toEqual(['02 6/2a/05', '02 6/2f/00', GOOD]);
    expect(rig.ask(c, TUR)).toBe(GOOD);
    expect(rig.applied).toEqual([]);
  });

  it('reaches a nexus that is not logged in', () => {
    const { rig, a, b, out } = reserved(EA);
    rig.target.nexusLost(a);
    expect(out(b, PREEMPT_AND_ABORT, KEY_B, KEY_A, EA)).toBe(GOOD);
    const again = rig.login(INITIATOR_A);
    expect([1, 2, 3].map(() => rig.ask(again, TUR))).toEqual(['02 6/29/07', '02 6/2a/05', GOOD]);
    expect(rig.ask(again, write10(0, 1), filled(1, 1))).toBe(CONFLICT);
  });
});

describe('REGISTER AND MOVE', () => {
  const move = (
    key: bigint,
    newKey: bigint,
    unreg: number,
    port: number,
    initiator: InitiatorPort,
  ) =>
    Uint8Array.from(
      Buffer.from(
        `${be(key, 8)}${be(newKey, 8)}00${be(unreg ? 2 : 0, 1)}${be(port, 2)}${be(24, 4)}` +
          `00${'00'.repeat(7)}${be(wwpnOf(initiator)!, 8)}${'00'.repeat(8)}`,
        'hex',
      ),
    );
  const cdb = prOut(REGISTER_AND_MOVE, 0, 48);

  it('hands the reservation to another nexus without a moment in between', () => {
    const { rig, a, c } = reserved(WE);
    expect(rig.ask(a, cdb, move(KEY_A, KEY_C, 1, 1, INITIATOR_C))).toBe(GOOD);
    expect(rig.ask(c, write10(0, 1), filled(1, 1))).toBe(GOOD);
    expect(rig.ask(a, write10(0, 1), filled(1, 1))).toBe(CONFLICT);
    expect(rig.target.units[0]?.reservations.registrations.map((one) => one.key)).toEqual([
      KEY_B,
      KEY_C,
    ]);
  });

  it('works for an initiator that has never logged in, at another target port', () => {
    const { rig, a } = reserved(EA);
    const stranger = fcInitiatorPort(0x99n);
    expect(rig.ask(a, cdb, move(KEY_A, KEY_C, 0, 2, stranger))).toBe(GOOD);
    const moved = rig.login(stranger, 1);
    expect(rig.ask(moved, write10(0, 1), filled(1, 1))).toBe(GOOD);
    expect(rig.ask(a, read10(0, 1))).toBe(CONFLICT);
  });

  it('is refused to who does not hold, for all registrants, to itself, for key 0, for no port', () => {
    const { rig, a, b } = reserved(WE);
    expect(rig.ask(b, cdb, move(KEY_B, KEY_C, 0, 1, INITIATOR_C))).toBe(CONFLICT);
    expect(rig.ask(a, cdb, move(KEY_B, KEY_C, 0, 1, INITIATOR_C))).toBe(CONFLICT);
    expect(rig.ask(a, cdb, move(KEY_A, 0n, 0, 1, INITIATOR_C))).toBe('02 5/26/00');
    expect(rig.ask(a, cdb, move(KEY_A, KEY_C, 0, 1, INITIATOR_A))).toBe('02 5/26/00');
    expect(rig.ask(a, cdb, move(KEY_A, KEY_C, 0, 3, INITIATOR_C))).toBe('02 5/26/00');
    const all = reserved(WE_AR);
    expect(all.rig.ask(all.a, cdb, move(KEY_A, KEY_C, 0, 1, INITIATOR_C))).toBe(CONFLICT);
  });
});
