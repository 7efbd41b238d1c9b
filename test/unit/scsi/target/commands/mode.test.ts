import { describe, expect, it } from 'vitest';
import { MemoryMedium } from '../../../../../src/scsi/medium/medium.ts';
import {
  filled,
  GOOD,
  hex,
  INITIATOR_A,
  INITIATOR_B,
  Rig,
  read10,
  TUR,
  toHex,
  write10,
} from '../../../../helpers/scsi-target.ts';

const sense6 = (page: string, subpage = '00', allocation = 'ff', byte1 = '08') =>
  `1a ${byte1} ${page} ${subpage} ${allocation} 00`;
const CACHING = `0812${'00'.repeat(18)}`;
const CONTROL = `0a0a${'00'.repeat(10)}`;
const withByte = (page: string, at: number, value: number) => {
  const bytes = hex(page);
  bytes[at] = value;
  return toHex(bytes);
};
/** WCE is bit 2 of byte 2; QUEUE ALGORITHM MODIFIER is 1; SWP is bit 3 of byte 4. */
const WCE_ON = withByte(CACHING, 2, 0x04);
const CONTROL_NOW = withByte(CONTROL, 3, 0x10);
const EXCEPTIONS = `1c0a${'00'.repeat(10)}`;

function rigWithUnit() {
  const rig = new Rig();
  rig.unit();
  return { rig, a: rig.login(INITIATOR_A), b: rig.login(INITIATOR_B) };
}

describe('MODE SENSE', () => {
  it('gives current, changeable and default values', () => {
    const { rig, a } = rigWithUnit();
    expect(toHex(rig.send(a, sense6('08')).dataIn)).toBe(`17001000${WCE_ON}`);
    expect(toHex(rig.send(a, sense6('48')).dataIn)).toBe(`17001000${WCE_ON}`);
    expect(toHex(rig.send(a, sense6('88')).dataIn)).toBe(`17001000${WCE_ON}`);
    expect(toHex(rig.send(a, sense6('4a')).dataIn)).toBe(`0f001000${withByte(CONTROL, 4, 0x08)}`);
    expect(rig.ask(a, sense6('c8'))).toBe('02 5/39/00');
  });

  it('gives all pages in ascending order for 3Fh, with subpages alike', () => {
    const { rig, a } = rigWithUnit();
    const all = `2f001000${WCE_ON}${CONTROL_NOW}${EXCEPTIONS}`;
    expect(toHex(rig.send(a, sense6('3f')).dataIn)).toBe(all);
    expect(toHex(rig.send(a, sense6('3f', 'ff')).dataIn)).toBe(all);
    expect(rig.ask(a, sense6('3f', '01'))).toBe('02 5/24/00');
    expect(rig.ask(a, sense6('19'))).toBe('02 5/24/00');
  });

  it('adds a block descriptor unless it is disabled, a long one with LLBAA', () => {
    const { rig, a } = rigWithUnit();
    expect(toHex(rig.send(a, sense6('08', '00', 'ff', '00')).dataIn)).toBe(
      `1f00100800002710000002 00${WCE_ON}`.replace(' ', ''),
    );
    expect(toHex(rig.send(a, '5a 00 08 00 000000 00ff 00').dataIn)).toBe(
      `00220010000000080000271000000200${WCE_ON}`,
    );
    expect(toHex(rig.send(a, '5a 10 08 00 000000 00ff 00').dataIn)).toBe(
      `002a00100100001000000000000027100000000000000200${WCE_ON}`,
    );
  });

  it('is cut to the allocation length and still says how long it is', () => {
    const { rig, a } = rigWithUnit();
    expect(toHex(rig.send(a, sense6('08', '00', '04')).dataIn)).toBe('17001000');
    expect(toHex(rig.send(a, '5a 08 3f 00 000000 0002 00').dataIn)).toBe('0032');
  });

  it('says FFFFFFFFh where the block count needs more than 4 bytes', () => {
    const rig = new Rig();
    rig.unit(new MemoryMedium(2 ** 33));
    const a = rig.login();
    expect(toHex(rig.send(a, sense6('08', '00', 'ff', '00')).dataIn?.subarray(4, 12))).toBe(
      'ffffffff00000200',
    );
  });
});

describe('MODE SELECT', () => {
  const select6 = (bytes: number, flags = '10') =>
    `15 ${flags} 0000 ${toHex(Uint8Array.of(bytes))} 00`;
  const SWP_ON = withByte(CONTROL_NOW, 4, 0x08);

  it('turns the write cache off and tells the others, once', () => {
    const { rig, a, b } = rigWithUnit();
    const list = hex(`00000000${CACHING}`);
    expect(rig.ask(a, select6(list.length), list)).toBe(GOOD);
    expect(toHex(rig.send(a, sense6('08')).dataIn)).toBe(`17001000${CACHING}`);
    expect(toHex(rig.send(a, sense6('88')).dataIn)).toBe(`17001000${WCE_ON}`);
    expect([1, 2].map(() => rig.ask(b, TUR))).toEqual(['02 6/2a/01', GOOD]);
    expect(rig.ask(a, TUR)).toBe(GOOD);
    expect(rig.ask(a, select6(list.length), list)).toBe(GOOD);
    expect(rig.ask(b, TUR)).toBe(GOOD);
  });

  it('protects from writing, and only from writing', () => {
    const { rig, a } = rigWithUnit();
    const list = hex(`0000000000000000${SWP_ON}`);
    expect(rig.ask(a, '55 10 0000000000 0014 00', list)).toBe(GOOD);
    const writes: [string, number][] = [
      [write10(0, 1), 512],
      ['89 00 0000000000000000 000000 01 00 00', 1024],
      ['93 00 0000000000000000 00000001 00 00', 512],
      ['42 00 00000000 00 0000 00', 0],
      ['2e 00 00000000 00 0001 00', 512],
    ];
    for (const [cdb, bytes] of writes) {
      expect(rig.ask(a, cdb, bytes === 0 ? undefined : new Uint8Array(bytes))).toBe('02 7/27/02');
    }
    expect(rig.ask(a, read10(0, 1))).toBe(GOOD);
    // WP of the device-specific parameter.
    expect(rig.send(a, sense6('0a')).dataIn?.[2]).toBe(0x90);
    a.manage('logical-unit-reset', 0n);
    expect(rig.ask(a, TUR)).toBe('02 6/29/03');
    expect(rig.ask(a, write10(0, 1), filled(1, 1))).toBe(GOOD);
  });

  it('refuses a change of anything else and names the byte', () => {
    const { rig, a } = rigWithUnit();
    const list = hex(`00000000${withByte(WCE_ON, 3, 1)}`);
    const reply = rig.send(a, select6(list.length), list);
    // SKSV, not in the CDB, byte 4 + 3.
    expect(toHex(reply.sense?.subarray(12, 18))).toBe('260000800007');
    expect(toHex(rig.send(a, sense6('08')).dataIn)).toBe(`17001000${WCE_ON}`);
  });

  it('accepts a block descriptor that says what is so, and no other', () => {
    const { rig, a } = rigWithUnit();
    const good = hex(`00000008 00000000 00000200 ${WCE_ON}`);
    expect(rig.ask(a, select6(good.length), good)).toBe(GOOD);
    const bad = hex(`00000008 00000000 00001000 ${WCE_ON}`);
    expect(rig.ask(a, select6(bad.length), bad)).toBe('02 5/26/00');
  });

  it('refuses what is not in the standard’s form, to be saved, cut or unknown', () => {
    const { rig, a } = rigWithUnit();
    const list = hex(`00000000${WCE_ON}`);
    expect(rig.ask(a, select6(list.length, '00'), list)).toBe('02 5/24/00');
    expect(rig.ask(a, select6(list.length, '11'), list)).toBe('02 5/24/00');
    expect(rig.ask(a, select6(0))).toBe(GOOD);
    expect(rig.ask(a, select6(3), new Uint8Array(3))).toBe('02 5/1a/00');
    expect(rig.ask(a, select6(10), list.subarray(0, 10))).toMatch(/^02 5\/(26|1a)\/00$/);
    const unknown = hex('00000000 1906000000000000');
    expect(rig.ask(a, select6(unknown.length), unknown)).toBe('02 5/26/00');
  });
});

describe('START STOP UNIT', () => {
  const startStop = (byte4: string) => `1b 00 00 00 ${byte4} 00`;

  it('stops and starts', () => {
    const { rig, a, b } = rigWithUnit();
    expect(rig.ask(a, startStop('00'))).toBe(GOOD);
    expect(rig.ask(b, TUR)).toBe('02 2/04/02');
    expect(rig.ask(b, read10(0, 1))).toBe('02 2/04/02');
    expect(rig.ask(b, '12 00 00 00ff 00')).toBe(GOOD);
    const sense = rig.send(b, '03 00 0000 fc 00').dataIn!;
    expect([sense[2], sense[12], sense[13]]).toEqual([2, 4, 2]);
    expect(rig.ask(b, startStop('01'))).toBe(GOOD);
    expect(rig.ask(a, TUR)).toBe(GOOD);
  });

  it('has no medium to eject and no power conditions', () => {
    const { rig, a } = rigWithUnit();
    expect(rig.ask(a, startStop('02'))).toBe('02 5/24/00');
    expect(rig.ask(a, startStop('11'))).toBe('02 5/24/00');
  });
});
