/** REPORT TARGET PORT GROUPS as an initiator reads it. The bytes are of SPC-5's tables. */
import { describe, expect, it } from 'vitest';
import { cdb } from '../../../../src/codecs/scsi/index.ts';
import {
  ASK_FOR_ACCESS,
  isServing,
  pathStateOf,
  readAccessReport,
  tierOf,
} from '../../../../src/scsi/initiator/access.ts';
import { hex, toHex } from '../../../helpers/scsi-target.ts';

const GROUPS = '82ff0001 00020001 00000001' + '0fff0002 00000001 00000002';

describe('access states', () => {
  it('are asked for with the extended header', () => {
    expect(toHex(cdb.encode(ASK_FOR_ACCESS))).toBe('a32a00000000000010000000');
  });

  it('are read with it, and without', () => {
    const groups = [
      { id: 1, state: 2 },
      { id: 2, state: 15 },
    ];
    const extended = hex(`0000001c 10050000 ${GROUPS}`);
    expect(readAccessReport(extended)).toEqual({ groups, transitionNs: 5e9 });
    expect(readAccessReport(hex(`00000018 ${GROUPS}`))).toEqual({ groups, transitionNs: 60e9 });
    const unsaid = hex(`0000001c 10000000 ${GROUPS}`);
    expect(readAccessReport(unsaid)).toEqual({ groups, transitionNs: 60e9 });
  });

  it('have an order, and names', () => {
    expect([0, 1, 4].map(tierOf)).toEqual([0, 1, 2]);
    expect([2, 3, 14, 15, 9].map(tierOf)).toEqual([-1, -1, -1, -1, -1]);
    expect([0, 1, 2, 3, 4, 14, 15, 9].map(pathStateOf)).toEqual([
      'active-optimized',
      'active-non-optimized',
      'standby',
      'unavailable',
      'logical-block-dependent',
      'offline',
      'transitioning',
      'unavailable',
    ]);
    expect([0, 1, 2, 15].map((state) => isServing(pathStateOf(state)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
