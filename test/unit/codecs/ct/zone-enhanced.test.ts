/** Enhanced zoning: as san_zoning of H. Reinecke's fc_els asks and reads it. */
import { describe, expect, test } from 'vitest';
import { EnhancedZoneCommand } from '../../../../src/codecs/ct/zone-codes.ts';
import {
  enhancedZoneAccepts,
  enhancedZoneRequests,
  enhancedZoningEntry,
  gfez,
  gfezAccept,
} from '../../../../src/codecs/ct/zone-enhanced.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { ACCEPT, preamble } from '../../../helpers/ct.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

describe('GFEZ', () => {
  test('GFEZ as san_zoning asks and reads it: flags, 3 reserved bytes, a count, switches', () => {
    expect(formatHex(gfez.encode({}))).toBe('01000000fa0300000142000000000000');
    const accept = parseHex(
      '01000000fa0300008002000000000000' +
        '80000001' +
        '00000002' +
        '10000000c9aabb0140000000' +
        '10000000c9aabb0200000000',
    );
    const value = gfezAccept.decode(accept);
    expect(value).toMatchObject({
      flags: 0x8000_0001,
      entryCount: 2,
      entries: [
        { switchName: 0x1000_0000_c9aa_bb01n, flags: 0x4000_0000 },
        { switchName: 0x1000_0000_c9aa_bb02n, flags: 0 },
      ],
    });
    expect(formatHex(gfezAccept.encode({ flags: 0x8000_0001, entries: value.entries }))).toBe(
      formatHex(accept),
    );
  });

  test('an entry is a switch and its flags', () => {
    expectVector(enhancedZoningEntry, '10000000c9aabb01 40000000', {
      switchName: 0x1000_0000_c9aa_bb01n,
      flags: 0x4000_0000,
    });
  });
});

describe('the other commands', () => {
  test('have their codes and a payload', () => {
    const payload = parseHex('c0ffee');
    for (const [name, code] of Object.entries(EnhancedZoneCommand)) {
      if (name === 'GFEZ') continue;
      const key = name as Exclude<keyof typeof EnhancedZoneCommand, 'GFEZ'>;
      const command = code.toString(16).padStart(4, '0');
      expectEncoded(enhancedZoneRequests[key], { payload }, `${preamble('fa03', command)} c0ffee`);
      expectEncoded(enhancedZoneAccepts[key], { payload }, `${preamble('fa03', ACCEPT)} c0ffee`);
    }
  });
});
