/** Mode pages without the page format. Source: SPC-5, mode page codes: 00h, vendor specific. */
import { describe, expect, it } from 'vitest';
import { modePage, modeParameters6, parseHex } from '../../../../src/codecs/index.ts';

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
