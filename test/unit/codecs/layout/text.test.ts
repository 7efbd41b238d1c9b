/** Names as people write them. */
import { describe, expect, it } from 'vitest';
import {
  formatFcId,
  formatHex,
  formatWwn,
  isMac,
  parseFcId,
  parseHex,
  parseMac,
  parseWwn,
} from '../../../../src/codecs/layout/index.ts';

describe('MAC addresses', () => {
  it('are taken with colons or dashes, in either case', () => {
    expect(parseMac('0e:fc:00:01:0e:01')).toBe('0e:fc:00:01:0e:01');
    expect(parseMac('0E-FC-00-01-0E-01')).toBe('0e:fc:00:01:0e:01');
    expect(isMac('0e:fc:00:01:0e:01')).toBe(true);
    expect(isMac('0E-FC-00-01-0E-01')).toBe(true);
  });

  it.each([
    '',
    '0e:fc:00:01:0e',
    '0e:fc:00:01:0e:01:02',
    '0e:fc:00:01:0e:0',
    '0efc00010e01',
    'x0e:fc:00:01:0e:01',
    '0e:fc:00:01:0e:01x',
    '0e:fc:00:01:0e:0g',
    'ge:fc:00:01:0e:01',
    '0e.fc.00.01.0e.01',
    '0:fc:00:01:0e:01',
  ])('%j is none', (text) => {
    expect(isMac(text)).toBe(false);
    expect(() => parseMac(text)).toThrow(new TypeError(`not a MAC address: ${text}`));
  });

  it('are text', () => {
    expect(isMac(0x0efc_0001_0e01)).toBe(false);
    expect(isMac(undefined)).toBe(false);
    expect(isMac(['0e:fc:00:01:0e:01'])).toBe(false);
  });
});

describe('World Wide Names', () => {
  it('are taken with colons, dashes or nothing between bytes', () => {
    const name = 0x2000_0025_b500_000fn;
    expect(parseWwn('20:00:00:25:b5:00:00:0f')).toBe(name);
    expect(parseWwn('20-00-00-25-B5-00-00-0F')).toBe(name);
    expect(parseWwn('20000025b500000f')).toBe(name);
    expect(formatWwn(name)).toBe('20:00:00:25:b5:00:00:0f');
    expect(formatWwn(0xfedc_ba98_7654_3210n)).toBe('fe:dc:ba:98:76:54:32:10');
  });

  it.each([
    '',
    '20:00:00:25:b5:00:00',
    '20:00:00:25:b5:00:00:0f:00',
    '20:00:00:25:b5:00:00:0',
    'x20:00:00:25:b5:00:00:0f',
    '20:00:00:25:b5:00:00:0fx',
    '20.00.00.25.b5.00.00.0f',
    '2g:00:00:25:b5:00:00:0f',
    '20:00:00:25:b5:00:00:0g',
    '0x20000025b500000f',
  ])('%j is none', (text) => {
    expect(() => parseWwn(text)).toThrow(new TypeError(`not a World Wide Name: ${text}`));
  });
});

describe('FC addresses', () => {
  it('are six hex digits', () => {
    expect(parseFcId('010e01')).toBe(0x01_0e01);
    expect(parseFcId('0xFFFFFE')).toBe(0xff_fffe);
    expect(formatFcId(0x01_0e01)).toBe('010e01');
    expect(formatFcId(0xff_fffe)).toBe('fffffe');
  });

  it.each(['', '10e01', '0010e01', '0x10e01', 'x010e01', '010e01x', '01:0e:01', '010e0g'])(
    '%j is none',
    (text) => {
      expect(() => parseFcId(text)).toThrow(new TypeError(`not an FC address: ${text}`));
    },
  );
});

describe('hex bytes', () => {
  it('are taken with white space and colons between them', () => {
    expect(parseHex('0a:FF 00\n7f')).toEqual(Uint8Array.of(10, 255, 0, 127));
    expect(parseHex('')).toEqual(new Uint8Array(0));
    expect(formatHex(Uint8Array.of(10, 255, 0))).toBe('0aff00');
    expect(formatHex(Uint8Array.of(10, 255, 0), ':')).toBe('0a:ff:00');
  });

  it.each(['0', 'abc', 'zz', '0g', 'g0', '00-11', '0x00'])('%j are none', (text) => {
    expect(() => parseHex(text)).toThrow(new TypeError(`not hex bytes: ${text}`));
  });

  it('are shown in part where they are many', () => {
    const text = `${'0'.repeat(60)}z`;
    expect(() => parseHex(text)).toThrow(new TypeError(`not hex bytes: ${'0'.repeat(40)}`));
  });
});
