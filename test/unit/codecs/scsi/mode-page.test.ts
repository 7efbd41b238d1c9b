/** Mode pages without the page format. Source: SPC-5, mode page codes: 00h, vendor specific. */
import { describe, expect, it } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import { modeParameters6 } from '../../../../src/codecs/scsi/mode.ts';
import { modePage } from '../../../../src/codecs/scsi/mode-page.ts';
import { checkRead } from '../../../helpers/vector.ts';

describe('the vendor specific page 00h', () => {
  // Header, a caching page of 20 bytes with WCE, then page 00h, whose second byte is no length.
  const caching = `08 12 04 ${'00'.repeat(17)}`;
  const bytes = parseHex(`1a 00 00 00 ${caching} 80 fe 01`);

  it('takes what is left, whatever its second byte says', () => {
    const { pages, trailing } = modeParameters6.decode(bytes);
    expect(pages.map((page) => page.kind)).toEqual(['caching', 'mode page']);
    expect(pages[1]).toMatchObject({ ps: 1, pageCode: 0, parameters: parseHex('01') });
    expect(trailing).toBeUndefined();
    expect(modeParameters6.encode(modeParameters6.decode(bytes))).toEqual(bytes);
  });

  it('makes one page of empty data, not one of every two bytes', () => {
    const { pages } = modeParameters6.decode(new Uint8Array(2000));
    expect(pages).toHaveLength(1);
  });

  it('is not the page 00h of a subpage', () => {
    expect(modePage.decode(parseHex('40 01 00 02 aa bb cc'))).toMatchObject({
      kind: 'mode subpage',
      parameters: parseHex('aa bb'),
      trailing: parseHex('cc'),
    });
  });
});

// Page and subpage codes: tshark -G values, scsi.mode.spc.pagecode and scsi.mode.sbc.pagecode.
describe('mode pages by their code', () => {
  it.each([
    [`01 0a ${'00'.repeat(10)}`, 'read-write error recovery'],
    [`02 0e ${'00'.repeat(14)}`, 'disconnect-reconnect'],
    [`07 0a ${'00'.repeat(10)}`, 'verify error recovery'],
    [`08 12 ${'00'.repeat(18)}`, 'caching'],
    [`0a 0a ${'00'.repeat(10)}`, 'control'],
    [`4a 01 001c ${'00'.repeat(28)}`, 'control extension'],
    ['18 06 000000000000', 'FC logical unit'],
    ['19 06 000000000000', 'FC port'],
    [`1a 0a ${'00'.repeat(10)}`, 'power condition'],
    [`1c 0a ${'00'.repeat(10)}`, 'informational exceptions control'],
    [`5c 02 000c ${'00'.repeat(12)}`, 'logical block provisioning'],
    ['03 02 0102', 'mode page'],
    ['4a 07 0002 0102', 'mode subpage'],
    ['0a 02 0000', 'mode page'],
  ])('%s is %s', (hex, kind) => checkRead(modePage, hex, { kind }));
});
