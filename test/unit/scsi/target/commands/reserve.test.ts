import { describe, expect, it } from 'vitest';
import { type InitiatorPort, wwpnOf } from '../../../../../src/history/port-name.ts';
import {
  KEY_A,
  KEY_B,
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
  read10,
  TUR,
  toHex,
  write10,
} from '../../../../helpers/scsi-target.ts';

const WE = 1;
const WE_RO = 5;

const REPORT_CAPABILITIES = '5e 02 0000000000 1000 00';
const READ_FULL_STATUS = '5e 03 0000000000 1000 00';

describe('PERSISTENT RESERVE IN', () => {
  it('REPORT CAPABILITIES tells what is supported, and whether APTPL is on', () => {
    const { rig, a, out } = three();
    const capabilities = () => toHex(rig.send(a, REPORT_CAPABILITIES).dataIn);
    // CRH SIP_C ATP_C PTPL_C; TMV; all six types.
    expect(capabilities()).toBe('00081d80ea010000');
    out(a, REGISTER, 0n, KEY_A, 0, 1);
    expect(capabilities()).toBe('00081d81ea010000');
  });

  it('READ FULL STATUS names each registrant by key, port and TransportID', () => {
    const { rig, c } = reserved(WE_RO);
    const one = (key: bigint, holder: number, initiator: InitiatorPort) =>
      `${be(key, 8)}00000000${be(holder, 1)}${holder ? '05' : '00'}00000000${be(1, 2)}${be(24, 4)}` +
      `00${'00'.repeat(7)}${be(wwpnOf(initiator)!, 8)}${'00'.repeat(8)}`;
    expect(toHex(rig.send(c, READ_FULL_STATUS).dataIn)).toBe(
      `00000002${be(96, 4)}${one(KEY_A, 1, INITIATOR_A)}${one(KEY_B, 0, INITIATOR_B)}`,
    );
  });

  it('is cut to the allocation length and still says how long it is', () => {
    const { rig, a } = reserved(WE);
    expect(toHex(rig.send(a, '5e 00 0000000000 000c 00').dataIn)).toBe('000000020000001000000000');
    expect(rig.ask(a, '5e 04 0000000000 1000 00')).toBe('02 5/24/00');
  });
});

describe('SPC-2 reservations', () => {
  const RESERVE6 = '16 00 00 00 00 00';
  const RELEASE6 = '17 00 00 00 00 00';
  const RESERVE10 = '56 00 00 00000000 0000 00';

  it('exclude everybody else from all but a few commands', () => {
    const { rig, a, b } = three();
    expect(rig.ask(a, RESERVE6)).toBe(GOOD);
    expect(rig.ask(a, RESERVE10)).toBe(GOOD);
    expect(rig.ask(b, RESERVE6)).toBe(CONFLICT);
    expect(rig.ask(b, read10(0, 1))).toBe(CONFLICT);
    expect(rig.ask(b, TUR)).toBe(CONFLICT);
    expect(rig.ask(b, '12 00 00 00ff 00')).toBe(GOOD);
    expect(rig.ask(b, '03 00 0000 fc 00')).toBe(GOOD);
    expect(rig.ask(b, 'a0 00 00 000000 00001000 00 00')).toBe(GOOD);
    expect(rig.ask(a, write10(0, 1), filled(1, 1))).toBe(GOOD);
  });

  it('are released by their holder, not by others', () => {
    const { rig, a, b } = three();
    rig.ask(a, RESERVE6);
    expect(rig.ask(b, RELEASE6)).toBe(GOOD);
    expect(rig.ask(b, TUR)).toBe(CONFLICT);
    expect(rig.ask(a, RELEASE6)).toBe(GOOD);
    expect(rig.ask(b, TUR)).toBe(GOOD);
  });

  it('are released by the loss of the nexus, also when it logs in again', () => {
    const { rig, a, b } = three();
    rig.ask(a, RESERVE6);
    const again = rig.login(INITIATOR_A);
    expect(rig.ask(b, TUR)).toBe(GOOD);
    expect(rig.ask(b, RESERVE6)).toBe(GOOD);
    expect(rig.ask(again, TUR)).toBe('02 6/29/07');
    expect(rig.ask(again, TUR)).toBe(CONFLICT);
  });

  it('are released by a logical unit reset', () => {
    const { rig, a, b } = three();
    rig.ask(a, RESERVE6);
    b.manage('logical-unit-reset', 0n);
    expect(rig.ask(b, TUR)).toBe('02 6/29/03');
    expect(rig.ask(b, TUR)).toBe(GOOD);
  });

  it('and persistent ones exclude each other', () => {
    const { rig, a, out } = three();
    rig.ask(a, RESERVE6);
    expect(out(a, REGISTER, 0n, KEY_A)).toBe(CONFLICT);
    expect(rig.ask(a, READ_KEYS)).toBe(CONFLICT);
    rig.ask(a, RELEASE6);
    expect(out(a, REGISTER, 0n, KEY_A)).toBe(GOOD);
    expect(rig.ask(a, RESERVE6)).toBe(CONFLICT);
    expect(out(a, RESERVE, KEY_A, 0n, WE)).toBe(GOOD);
    expect(rig.ask(a, RESERVE6)).toBe(GOOD);
    expect(rig.ask(rig.login(INITIATOR_B), RESERVE6)).not.toBe(GOOD);
    expect(rig.target.units[0]?.reservations.spc2Holder).toBe(undefined);
  });

  it('refuse third parties and extents', () => {
    const { rig, a } = three();
    expect(rig.ask(a, '16 10 00 00 00 00')).toBe('02 5/24/00');
    expect(rig.ask(a, '56 10 00 00000000 0000 00')).toBe('02 5/24/00');
  });
});
