import { describe, expect, it } from 'vitest';
import {
  KEY_A,
  KEY_B,
  READ_KEYS,
  REGISTER,
  RESERVE,
  reserved,
  three,
} from '../../../helpers/persistent-reserve.ts';
import {
  be,
  CONFLICT,
  filled,
  GOOD,
  INITIATOR_A,
  INITIATOR_C,
  read10,
  TUR,
  toHex,
  write10,
} from '../../../helpers/scsi-target.ts';

const WE = 1;
const EA = 3;
const WE_RO = 5;
const EA_RO = 6;
const WE_AR = 7;
const EA_AR = 8;

const READ_RESERVATION = '5e 01 0000000000 1000 00';

/**
 * What a nexus may do under a reservation of another. Source: SPC-4, tables of commands allowed
 * in the presence of reservations; SBC-3 for READ and WRITE.
 */
const ALLOWED = [
  {
    name: 'Write Exclusive',
    type: WE,
    registrant: { read: true, write: false },
    other: { read: true, write: false },
  },
  {
    name: 'Exclusive Access',
    type: EA,
    registrant: { read: false, write: false },
    other: { read: false, write: false },
  },
  {
    name: 'Write Exclusive RO',
    type: WE_RO,
    registrant: { read: true, write: true },
    other: { read: true, write: false },
  },
  {
    name: 'Exclusive Access RO',
    type: EA_RO,
    registrant: { read: true, write: true },
    other: { read: false, write: false },
  },
  {
    name: 'Write Exclusive AR',
    type: WE_AR,
    registrant: { read: true, write: true },
    other: { read: true, write: false },
  },
  {
    name: 'Exclusive Access AR',
    type: EA_AR,
    registrant: { read: true, write: true },
    other: { read: false, write: false },
  },
];

describe.each(ALLOWED)('a reservation of type $name', ({ type, registrant, other }) => {
  const result = (allowed: boolean) => (allowed ? GOOD : CONFLICT);

  it('lets the holder read and write', () => {
    const { rig, a } = reserved(type);
    expect(rig.ask(a, read10(0, 1))).toBe(GOOD);
    expect(rig.ask(a, write10(0, 1), filled(1, 1))).toBe(GOOD);
  });

  it('treats another registrant as the table says', () => {
    const { rig, b } = reserved(type);
    expect(rig.ask(b, read10(0, 1))).toBe(result(registrant.read));
    expect(rig.ask(b, write10(0, 1), filled(1, 1))).toBe(result(registrant.write));
    expect(rig.applied.length).toBe(registrant.write ? 1 : 0);
  });

  it('treats a nexus that is not registered as the table says', () => {
    const { rig, c } = reserved(type);
    expect(rig.ask(c, read10(0, 1))).toBe(result(other.read));
    expect(rig.ask(c, write10(0, 1), filled(1, 1))).toBe(result(other.write));
    expect(rig.ask(c, '42 00 00000000 00 0000 00')).toBe(result(other.write));
    expect(rig.ask(c, '35 00 00000000 00 0000 00')).toBe(result(other.write));
    expect(rig.ask(c, '2f 00 00000000 00 0001 00')).toBe(result(other.read));
    expect(rig.ask(c, '1a 00 08 00 ff 00')).toBe(result(other.read));
    expect(rig.applied).toEqual([]);
  });

  it('never refuses what identifies, reports or counts', () => {
    const { rig, c } = reserved(type);
    const always = [
      TUR,
      '12 00 00 00ff 00',
      '03 00 0000 fc 00',
      'a0 00 00 000000 00001000 00 00',
      '25 00 00000000 0000 00 00',
      '9e 10 0000000000000000 00000020 00 00',
      'a3 0a 00000000 00001000 00 00',
      READ_KEYS,
      READ_RESERVATION,
      '1b 00 00 00 01 00',
    ];
    expect(always.map((cdb) => rig.ask(c, cdb))).toEqual(always.map(() => GOOD));
  });

  it('tells READ RESERVATION its type and its holder’s key, which all registrants have not', () => {
    const { rig, c } = reserved(type);
    const key = type >= WE_AR ? 0n : KEY_A;
    expect(toHex(rig.send(c, READ_RESERVATION).dataIn)).toBe(
      `0000000200000010${be(key, 8)}0000000000${be(type, 1)}0000`,
    );
  });

  it('survives the loss of the nexus, and binds the holder’s next login', () => {
    const { rig, a, b, c } = reserved(type);
    rig.target.nexusLost(a);
    expect(rig.ask(c, write10(0, 1), filled(1, 1))).toBe(CONFLICT);
    const again = rig.login(INITIATOR_A);
    expect(rig.ask(again, TUR)).toBe('02 6/29/07');
    expect(rig.ask(again, write10(0, 1), filled(1, 1))).toBe(GOOD);
    expect(rig.ask(b, TUR)).toBe(GOOD);
  });

  it('ends with the last one who holds it', () => {
    const { rig, a, b, c, out } = reserved(type);
    expect(out(a, REGISTER, KEY_A, 0n)).toBe(GOOD);
    const all = type >= WE_AR;
    expect(rig.ask(c, write10(0, 1), filled(1, 1))).toBe(all ? CONFLICT : GOOD);
    // Registrants only: the others are told that the reservation was released.
    expect(rig.ask(b, TUR)).toBe(type === WE_RO || type === EA_RO ? '02 6/2a/04' : GOOD);
    expect(out(b, REGISTER, KEY_B, 0n)).toBe(GOOD);
    expect(rig.ask(c, write10(0, 1), filled(1, 1))).toBe(GOOD);
  });
});

describe('power loss and resets', () => {
  it('keeps registrations and reservation only with APTPL', () => {
    for (const aptpl of [0, 1]) {
      const { rig, a, out } = three();
      expect(out(a, REGISTER, 0n, KEY_A, 0, aptpl)).toBe(GOOD);
      expect(out(a, RESERVE, KEY_A, 0n, EA)).toBe(GOOD);
      rig.target.restart();
      const c = rig.login(INITIATOR_C);
      rig.ask(c, TUR);
      expect(rig.ask(c, read10(0, 1))).toBe(aptpl === 1 ? CONFLICT : GOOD);
    }
  });

  it('keeps them through a logical unit reset', () => {
    const { rig, a, c } = reserved(EA);
    a.manage('logical-unit-reset', 0n);
    expect(rig.ask(c, TUR)).toBe('02 6/29/03');
    expect(rig.ask(c, read10(0, 1))).toBe(CONFLICT);
  });
});
