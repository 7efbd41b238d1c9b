/** Codes of RPC, held to those that tshark names. */
import { describe, expect, it } from 'vitest';
import { tsharkCodes } from '../../../../scripts/coverage-table/tshark-codes.ts';
import {
  AcceptStat,
  AuthStat,
  MsgType,
  RejectStat,
  ReplyStat,
} from '../../../../src/codecs/rpc/index.ts';

const sorted = (codes: Readonly<Record<string, number>>) =>
  Object.values(codes).sort((a, b) => a - b);

describe('codes of RPC', () => {
  it.each([
    ['rpc.msgtyp', MsgType],
    ['rpc.replystat', ReplyStat],
    ['rpc.state_accept', AcceptStat],
    ['rpc.state_reject', RejectStat],
  ] as const)('%s', (field, codes) => {
    expect(sorted(codes)).toEqual([...tsharkCodes[field]]);
  });

  it('credentials are refused for each reason that tshark knows', () => {
    expect(sorted(AuthStat)).toEqual(expect.arrayContaining([...tsharkCodes['rpc.state_auth']]));
  });
});
