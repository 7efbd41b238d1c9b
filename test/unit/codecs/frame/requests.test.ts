/** Requests in columns. */
import { describe, expect, it } from 'vitest';
import {
  CommandRecord,
  RequestTable,
  recordCommand,
} from '../../../../src/codecs/frame/requests.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';

const record = (oxId: number, extra: object = {}) => ({
  sId: 0x01_0e01,
  dId: 0xff_fffc,
  oxId,
  type: 0x20,
  code: undefined,
  subCode: undefined,
  gsType: undefined,
  gsSubtype: undefined,
  command: undefined,
  ...extra,
});

describe('a table of requests', () => {
  it('gives back what was put into a slot, what is missing included', () => {
    const table = new RequestTable(4);
    const ct = record(1, { code: 0x7ffc, gsType: 0xfc, gsSubtype: 0x20 });
    const ils = record(0xffff, { type: 0x22, code: 0x35, subCode: 0 });
    table.put(0, ct);
    table.put(1, ils);
    expect(table.get(0)).toEqual(ct);
    expect(table.get(1)).toEqual(ils);
    table.put(0, record(2));
    expect(table.get(0)).toEqual(record(2));
  });

  it('knows whose request lies in a slot', () => {
    const table = new RequestTable(2);
    table.put(1, record(7));
    expect(table.isOf(1, 0x01_0e01, 0xff_fffc, 7)).toBe(true);
    expect(table.isOf(1, 0x01_0e02, 0xff_fffc, 7)).toBe(false);
    expect(table.isOf(1, 0x01_0e01, 0xff_fffd, 7)).toBe(false);
    expect(table.isOf(1, 0x01_0e01, 0xff_fffc, 8)).toBe(false);
  });

  it('keeps what it has when it grows', () => {
    const table = new RequestTable(1);
    const cdb = parseHex('28000000123400000800');
    const command = recordCommand(
      2n ** 63n + 5n,
      cdb,
      0xffff_fe00,
      'READ(10)',
      undefined,
      undefined,
    );
    table.put(0, record(3, { type: 8, command }));
    table.grow(4);
    table.put(3, record(4));
    const found = table.get(0).command!;
    expect(found).toBeInstanceOf(CommandRecord);
    expect([found.lun, found.fcpDl, found.name]).toEqual([2n ** 63n + 5n, 0xffff_fe00, 'READ(10)']);
    expect(found.cdb).toEqual(cdb);
    expect(table.get(3).oxId).toBe(4);
  });
});

describe('the CDB of a command', () => {
  it('is copied: what becomes of the frame does not matter', () => {
    const cdb = parseHex('12000000240000000000000000000000');
    const one = recordCommand(0n, cdb, 36, 'INQUIRY', undefined, undefined);
    const other = recordCommand(0n, cdb, 36, 'INQUIRY', undefined, undefined);
    cdb.fill(0xee);
    expect(formatHex(one.cdb)).toBe('12000000240000000000000000000000');
    expect(other.cdb).toEqual(one.cdb);
    expect([one.cdbBytes, other.cdbAt]).not.toEqual([one.cdbBytes, one.cdbAt]);
  });
});
