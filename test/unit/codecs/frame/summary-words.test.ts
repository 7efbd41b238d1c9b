/** Words of lines. */
import { describe, expect, it } from 'vitest';
import { LsRjtReason } from '../../../../src/codecs/els/codes.ts';
import { fcHeader } from '../../../../src/codecs/fc/header.ts';
import {
  addresses,
  elsWords,
  hex4,
  line,
  words,
} from '../../../../src/codecs/frame/summary-words.ts';
import { COMMAND } from '../../../helpers/frames.ts';

describe('words', () => {
  it('are joined where there is something in them', () => {
    expect(line('a', undefined, false, '', 'b')).toBe('a b');
    expect(hex4(0x1f)).toBe('001f');
  });

  it('of a code are its name as a sentence has it, or its digits', () => {
    expect(words(LsRjtReason, 9)).toBe('unable to perform');
    expect(words({ 'Invalid D_ID': 1, 'N_Port busy': 2 }, 1)).toBe('invalid D_ID');
    expect(words({ 'Invalid D_ID': 1, 'N_Port busy': 2 }, 2)).toBe('N_Port busy');
    expect(words(LsRjtReason, 0xee)).toBe('eeh');
  });

  it('of an FC header are where it goes', () => {
    const header = fcHeader.decode(fcHeader.encode(COMMAND));
    expect(addresses(header)).toBe('010e01 → 020001 OX_ID 0012');
  });

  it.each([
    [{ kind: 'LOGO', nPortId: 1 }, undefined, 'LOGO here N_Port_ID 000001'],
    [{ kind: 'LS_ACC PLOGI' }, 3, 'LS_ACC (PLOGI) here'],
    [
      { kind: 'LS_RJT', reason: 9, explanation: 0x2c },
      0x20,
      'LS_RJT (PRLI) here unable to perform, request not supported',
    ],
    [{ kind: 'LS_RJT', reason: 3, explanation: 0 }, undefined, 'LS_RJT here logical error'],
    [{ kind: 'unknown', raw: Uint8Array.of(0x61) }, undefined, 'RSCN here'],
    [{ kind: 'unknown', raw: Uint8Array.of(0xee) }, undefined, 'ELS eeh here'],
    [{}, undefined, 'ELS here'],
  ])('of an ELS %o', (value, command, text) => {
    expect(elsWords(value, 'here', command)).toBe(text);
  });
});
