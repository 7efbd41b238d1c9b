/** Alias identifiers: bytes written from the layouts of FC-PH-2 that Agilent's FCStruct.h has, and of drive manuals. */
import { describe, expect, test } from 'vitest';
import {
  fact,
  factAccept,
  gaid,
  nact,
  ndactAccept,
  nPortEntry,
} from '../../../../src/codecs/els/alias.ts';
import { ElsCommand } from '../../../../src/codecs/els/codes.ts';
import { elsAccept } from '../../../../src/codecs/els/family.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/text.ts';
import { sameRequest as same } from '../../../helpers/els.ts';
import { expectEncoded, expectVector } from '../../../helpers/vector.ts';

const TOKEN = '0102030405060708090a0b0c';
const PARAMETERS = 'a5'.repeat(80);

describe('alias identifiers', () => {
  test('GAID: token, service parameters, counted ports', () => {
    expect(same(`30000000${TOKEN}${PARAMETERS}000000020001020300040506`)).toMatchObject({
      kind: 'GAID',
      aliasToken: parseHex(TOKEN),
      portCount: 2,
      ports: [{ nPortId: 0x01_0203 }, { nPortId: 0x04_0506 }],
    });
    const accept = elsAccept(ElsCommand.GAID).decode(parseHex('0200000000fffb01'));
    expect(accept).toMatchObject({ kind: 'LS_ACC GAID', aliasId: 0xff_fb01 });
  });

  test('FACT and FDACT: alias, counted ports', () => {
    const ports = { aliasId: 0xff_fb01, ports: [{ nPortId: 0x01_0203 }] };
    expect(same('3100000000fffb010000000100010203')).toMatchObject({ kind: 'FACT', ...ports });
    expect(same('3200000000fffb010000000100010203')).toMatchObject({ kind: 'FDACT', ...ports });
    expect(formatHex(fact.encode(ports))).toBe('3100000000fffb010000000100010203');
  });

  test('NACT: token, alias, service parameters; NDACT: alias', () => {
    const hex = `33000000${TOKEN}00fffb01${PARAMETERS}`;
    expect(same(hex)).toMatchObject({ kind: 'NACT', aliasId: 0xff_fb01 });
    expect(nact.decode(parseHex(hex)).aliasServiceParameters).toEqual(parseHex(PARAMETERS));
    expect(same('3400000000fffb01')).toMatchObject({ kind: 'NDACT', aliasId: 0xff_fb01 });
  });

  test('are cut nowhere but where they end, and accepted with a word', () => {
    expectVector(nPortEntry, '00010203', { nPortId: 0x01_0203 });
    expectVector(gaid, `30000000${TOKEN}${PARAMETERS}0000000100010203`, { portCount: 1 });
    expectVector(factAccept, '02000000', { kind: 'LS_ACC FACT' });
    expectVector(ndactAccept, '02000000', { kind: 'LS_ACC NDACT' });
    expectEncoded(fact, { aliasId: 0xff_fb01, ports: [] }, '3100000000fffb0100000000');
  });
});
