/** Bytes of a link type to layers. */
import { describe, expect, it } from 'vitest';
import { decodeFrame, LinkType } from '../../../../src/codecs/frame/decode.ts';
import { encodeFrame } from '../../../../src/codecs/frame/encode.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';
import { concat } from '../../../helpers/capture.ts';
import { COMMAND, expectLossless, fcoe, names, READ } from '../../../helpers/frames.ts';

describe('decodeFrame', () => {
  it('reads a part of a larger array', () => {
    const bytes = fcoe(COMMAND, READ);
    const larger = concat([new Uint8Array(5).fill(0xee), bytes, new Uint8Array(3).fill(0xee)]);
    const frame = decodeFrame(larger, { at: 5, end: 5 + bytes.length });
    expect(frame.crc).toBe('good');
    expect(frame.layers[0]?.offset).toBe(5);
    expect(encodeFrame(frame)).toEqual(bytes);
  });

  it('passes unknown EtherTypes, 802.3 lengths and link types through', () => {
    const head = '010203040506 0708090a0b0c';
    expect(names(expectLossless(parseHex(`${head} 9999 0102`)))).toEqual(['ethernet', 'payload']);
    expect(names(expectLossless(parseHex(`${head} 0003 424203`)))).toEqual(['ethernet', 'llc']);
    expect(names(expectLossless(parseHex('0102'), { linkType: 147 }))).toEqual(['payload']);
    expect(names(expectLossless(new Uint8Array(0)))).toEqual([]);
  });

  it('reads S-VLAN, VN-Tag and C-VLAN tags in front of FCoE', () => {
    const inner = fcoe(COMMAND, READ).subarray(12);
    const head = parseHex('02fcf0000001 0efc00010e01 8926 40050006 88a8 6064 8100 6065');
    const frame = expectLossless(concat([head, inner]));
    expect(names(frame).slice(0, 5)).toEqual(['ethernet', 'vn-tag', 'vlan', 'vlan', 'fcoe']);
    expect(frame).toMatchObject({ crc: 'good', protocol: 'fcp' });
  });

  it('does not follow tags without end', () => {
    const tags = '8100 0001 '.repeat(200);
    const frame = expectLossless(parseHex(`010203040506 0708090a0b0c ${tags} 8906`));
    expect(names(frame).filter((one) => one === 'vlan').length).toBeLessThan(20);
  });

  it('reads Linux cooked captures', () => {
    const fc = fcoe(COMMAND, READ).subarray(14);
    const sll = concat([parseHex('0000 0001 0006 0efc00010e01 0000 8906'), fc]);
    expect(names(expectLossless(sll, { linkType: LinkType.LINUX_SLL }))[0]).toBe('sll');
    const sll2 = concat([parseHex('8906 0000 00000001 0001 00 06 0efc00010e01 0000'), fc]);
    const frame = expectLossless(sll2, { linkType: LinkType.LINUX_SLL2 });
    expect(names(frame)[0]).toBe('sll2');
    expect(frame).toMatchObject({ crc: 'good', protocol: 'fcp' });
  });

  it('has the link types of tcpdump.org', () => {
    expect(LinkType).toEqual({
      NULL: 0,
      ETHERNET: 1,
      RAW_12: 12,
      RAW_14: 14,
      RAW: 101,
      LOOP: 108,
      LINUX_SLL: 113,
      FC_2: 224,
      FC_2_WITH_FRAME_DELIMS: 225,
      IPV4: 228,
      IPV6: 229,
      LINUX_SLL2: 276,
    });
  });
});
