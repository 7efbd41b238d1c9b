/** Task management by the bytes of FCP_CMND (byte 10) and FCP_RSP_INFO. Source: FCP-4, clause 9. */
import { describe, expect, it } from 'vitest';
import { flagOf, functionOf, managementRspOf } from '../../../../src/port/fcp/task-management.ts';
import type { ManagedFunction } from '../../../../src/scsi/transport.ts';
import { FcpPair, SECOND } from '../../../helpers/fcp-pair.ts';
import { toHex } from '../../../helpers/scsi-target.ts';

/** Flag, function, response and RSP_CODE. */
const FUNCTIONS = [
  [0x20, 'target-reset', 'complete', '00'],
  [0x10, 'logical-unit-reset', 'complete', '00'],
  [0x04, 'clear-task-set', 'complete', '00'],
  [0x02, 'abort-task-set', 'complete', '00'],
  [0x01, 'query-task-set', 'complete', '00'],
  [0x40, 'clear-aca', 'rejected', '04'],
  [0x08, 'query-asynchronous-event', 'rejected', '04'],
] as const;

function managed(name: ManagedFunction, lun = 0n, pair = new FcpPair()) {
  const said: string[] = [];
  pair.nexus.manage({ function: name, lun, timeoutNs: SECOND }, (response) => said.push(response));
  pair.clock.run(0.5 * SECOND);
  return { pair, said };
}

describe('task management', () => {
  it.each(FUNCTIONS)('flag %i is %s', (flag, name, response, code) => {
    expect(functionOf(flag)).toBe(name);
    expect(flagOf(name)).toBe(flag);
    const { pair, said } = managed(name);
    expect(said).toEqual([response]);
    const [command, answer] = pair.frames;
    expect(command?.payload[10]).toBe(flag);
    expect(toHex(answer?.payload)).toBe(
      `${'00'.repeat(10)}0100${'00'.repeat(8)}00000008000000${code}00000000`,
    );
  });

  it('has no flag for what FCP does otherwise or not at all: nothing is sent', () => {
    expect(flagOf('abort-task')).toBeUndefined();
    for (const name of ['query-task', 'i-t-nexus-reset'] as const) {
      const { pair, said } = managed(name);
      expect([said, pair.log]).toEqual([['rejected'], []]);
    }
  });

  it('with two flags, or one of the first FCP, is rejected and told', () => {
    expect([functionOf(0x12), functionOf(0x80), functionOf(0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const pair = new FcpPair();
    pair.passes = ({ header, payload }) => {
      if (header.rCtl === 0x06) payload[10] = 0x30;
      return true;
    };
    expect(managed('logical-unit-reset', 0n, pair).said).toEqual(['rejected']);
    expect(pair.refused).toEqual(['task management flags 30h']);
  });

  it('of a LUN that is not there, and of tasks that are', () => {
    const { pair, said } = managed('query-task-set', 9n << 48n);
    expect(said).toEqual(['incorrect-lun']);
    expect(toHex(pair.frames[1]?.payload).slice(48)).toBe('0000000900000000');
    expect(toHex(managementRspOf('succeeded')).slice(48)).toBe('0000000800000000');
    expect(toHex(managementRspOf('failed')).slice(48)).toBe('0000000500000000');
  });

  it('that nobody answers fails, by ABTS, once; so does one whose login ends', () => {
    const pair = new FcpPair();
    pair.passes = ({ header }) => header.rCtl !== 0x07;
    const { said } = managed('target-reset', 0n, pair);
    expect(said).toEqual([]);
    pair.clock.run(SECOND);
    expect(said).toEqual(['failed']);
    const other = managed(
      'target-reset',
      0n,
      (() => {
        const silent = new FcpPair();
        silent.passes = () => false;
        return silent;
      })(),
    );
    other.pair.toTarget.enterGone('a test', false);
    expect(other.said).toEqual(['failed']);
  });

  it('is not sent without a login, and does not take a damaged answer for one', () => {
    const pair = new FcpPair();
    pair.toTarget.state = 'gone';
    expect(managed('target-reset', 0n, pair).said).toEqual(['failed']);
    const cut = new FcpPair();
    cut.passes = (frame) => {
      if (frame.header.rCtl !== 0x07) return true;
      cut.deliver({ ...frame, payload: frame.payload.slice(0, 8) });
      return false;
    };
    expect(managed('target-reset', 0n, cut).said).toEqual(['failed']);
    expect(cut.initiatorPort.contradictions).toHaveLength(1);
  });
});
