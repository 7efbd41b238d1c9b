import { describe, expect, it } from 'vitest';
import {
  exchangeIdOf,
  exchangeIn,
  exchangeKey,
  hex16,
  nameOfExchange,
} from '../../../../src/audit/seen/exchange.ts';
import { ADDRESS, TARGET_ADDRESS } from '../../../helpers/audit-rig.ts';
import { command, dataIn, fip } from '../../../helpers/fc-frames.ts';

const id = { originator: ADDRESS, responder: TARGET_ADDRESS, oxId: 0x2a };

describe('the exchange of a frame', () => {
  it('is the same for what its originator and its responder send', () => {
    expect(exchangeIn(command(0x2a))).toMatchObject(id);
    expect(exchangeIn(dataIn(0x2a, 8))).toMatchObject(id);
    expect(exchangeIdOf(exchangeIn(dataIn(0x2a, 8))!.header)).toEqual(id);
  });

  it('is none for a frame without Fibre Channel', () => {
    expect(exchangeIn(fip({ operation: 1, subcode: 1, descriptors: [] }))).toBeUndefined();
    expect(exchangeIn(new Uint8Array(60))).toBeUndefined();
  });

  it('has one key, and a name for people', () => {
    expect(exchangeKey(ADDRESS, 1)).not.toBe(exchangeKey(ADDRESS + 1, 1));
    expect(exchangeKey(0xff_ffff, 0xffff)).toBe(2 ** 40 - 1);
    expect(nameOfExchange(id)).toBe('010101 to 010001, OX_ID 002a');
    expect(hex16(0xabcd)).toBe('abcd');
  });
});
