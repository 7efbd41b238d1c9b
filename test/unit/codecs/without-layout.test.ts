/** Messages that are named in public and not laid out: by name, whole, and said so. */
import { describe, expect, it } from 'vitest';
import * as c from '../../../src/codecs/index.ts';
import { type AnyCodec, formatHex, parseHex } from '../../../src/codecs/layout/index.ts';
import { hasLayout } from '../../../src/codecs/without-layout.ts';

const bareOf = (messages: Readonly<Record<string, AnyCodec>>): AnyCodec[] =>
  Object.values(messages).filter((codec) => !hasLayout(codec));
const kinds = (codecs: readonly AnyCodec[]): string => codecs.map(({ kind }) => kind).join(' ');

const ELS = 'LCLM RTIN QSA RFCN';
const SW_ILS = 'DRLIR DSCN LOOPD CEC EACA ESFC EUFC ERCA TCO STR FFI';
const CONFIGURATION = 'GTIN GATIN GNID';
const APPLICATION = 'GAPPIA_ENT GAPPIA_IDAPP';

describe('messages without a public layout', () => {
  it('are these ELS, SW_ILS and CT requests and no others', () => {
    expect(kinds(bareOf(c.elsRequests))).toBe(ELS);
    expect(kinds(bareOf(c.swIlsRequests))).toBe(SW_ILS);
    const enhanced = Object.keys(c.EnhancedZoneCommand).filter((name) => name !== 'GFEZ');
    expect(kinds(bareOf(c.ctRequests)).split(' ').sort()).toEqual(
      [...enhanced, ...CONFIGURATION.split(' '), ...APPLICATION.split(' ')].sort(),
    );
  });

  it.each([
    ['7e 00 00 00 01 02 03', 'QSA', '01 02 03'],
    ['25 00 00 00', 'LCLM', ''],
    ['97 01 02 03 ff', 'RFCN', 'ff'],
  ])('ELS %s is %s with payload %s', (hex, kind, payload) => {
    const bytes = parseHex(hex);
    const value = c.elsRequest.decode(bytes);
    expect(value).toMatchObject({ kind, payload: parseHex(payload) });
    expect(formatHex(c.elsRequest.encode(value))).toBe(formatHex(bytes));
  });

  it.each([
    ['1e 00 00 00 aa bb', 'DRLIR', 'aa bb'],
    ['29 00 00 00 01', 'CEC', '01'],
    ['2a 02 00 00 0c', 'ESFC', '0c'],
    ['2a 05 00 00', 'TCO', ''],
    ['35 00 00 00 07', 'STR', '07'],
    ['50 00 00 00 09', 'FFI', '09'],
  ])('SW_ILS %s is %s with payload %s', (hex, kind, payload) => {
    const bytes = parseHex(hex);
    const value = c.swIlsRequest.decode(bytes);
    expect(value).toMatchObject({ kind, payload: parseHex(payload) });
    expect(formatHex(c.swIlsRequest.encode(value))).toBe(formatHex(bytes));
  });

  it.each([
    ['01', '0100', 'GTIN'],
    ['01', '0128', 'GATIN'],
    ['01', '01b1', 'GNID'],
    ['03', '0211', 'AZSDE'],
    ['03', '7ffb', 'CMIT'],
    ['20', '0100', 'GAPPIA_ENT'],
    ['20', '0103', 'GAPPIA_IDAPP'],
  ])('CT of the management server %s, command %s is %s', (subtype, command, kind) => {
    const bytes = parseHex(`01000000fa${subtype}0000${command}000000000000c0ffee`);
    const value = c.ctRequest.decode(bytes);
    expect(value).toMatchObject({ kind, payload: parseHex('c0ffee') });
    expect(formatHex(c.ctRequest.encode(value))).toBe(formatHex(bytes));
    const accept = c.ctAccept(0xfa, Number.parseInt(subtype, 16), Number.parseInt(command, 16));
    expect(hasLayout(accept)).toBe(false);
  });

  it('say so in their source, and the others do not', () => {
    expect(c.elsRequests.QSA.source).toBe('FC-LS, QSA; layout: no public source');
    expect(hasLayout(c.elsRequests.FLOGI)).toBe(true);
  });
});
