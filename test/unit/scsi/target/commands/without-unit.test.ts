/** Commands to a LUN without a logical unit, and to the REPORT LUNS well-known one. Source: SPC-4, 6.4 and 8.2. */
import { describe, expect, it } from 'vitest';
import { GOOD, outcome, Rig, TUR, toHex } from '../../../../helpers/scsi-target.ts';

const NOWHERE = 9n << 48n;
const WELL_KNOWN = 0xc101_0000_0000_0000n;
const INQUIRY = '12 00 00 00ff 00';
const REQUEST_SENSE = '03 00 0000 fc 00';

function ask(lun: bigint) {
  const rig = new Rig();
  rig.unit();
  const nexus = rig.login();
  return (cdb: string) => rig.send(nexus, cdb, undefined, lun);
}

describe('a LUN without a unit', () => {
  it('says in INQUIRY that nothing can be there, and in REQUEST SENSE why', () => {
    const send = ask(NOWHERE);
    expect(send(INQUIRY).dataIn?.[0]).toBe(0x7f);
    expect(toHex(send(REQUEST_SENSE).dataIn?.subarray(0, 14))).toBe('700005000000000a000000002500');
    expect(
      [TUR, '12 01 83 00ff 00', 'a0 00 00 000000 00001000 00 00'].map((cdb) => outcome(send(cdb))),
    ).toEqual(['02 5/25/00', '02 5/24/00', '02 5/25/00']);
  });
});

describe('the REPORT LUNS well-known unit', () => {
  it('answers INQUIRY, REPORT LUNS, TEST UNIT READY and REQUEST SENSE, and nothing else', () => {
    const send = ask(WELL_KNOWN);
    expect(send(INQUIRY).dataIn?.[0]).toBe(0x1e);
    expect(toHex(send('a0 00 00 000000 00001000 00 00').dataIn)).toBe(`00000008${'00'.repeat(12)}`);
    expect(outcome(send(TUR))).toBe(GOOD);
    expect(send(REQUEST_SENSE).dataIn?.[2]).toBe(0);
    expect(outcome(send('25'))).toBe('02 5/20/00');
  });
});
