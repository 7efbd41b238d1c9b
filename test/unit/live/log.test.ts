import { describe, expect, it } from 'vitest';
import { type KnownNames, LogLimiter, logOfArray, logOfFcf } from '../../../src/live/log.ts';
import { GUEST, GUEST_WWPN, login, logout, NEXUS, nexus, TARGET } from '../../helpers/audit-rig.ts';

const names: KnownNames = {
  who: (wwpn) => (wwpn === GUEST_WWPN ? 'vm1' : undefined),
  targetPort: (target) => (target === TARGET ? 3 : undefined),
};

describe('lines of a switch', () => {
  it('name who logged in, under the names of the contract', () => {
    expect(logOfFcf('A', login(), names.who)).toMatchObject({
      level: 'info',
      event: 'login',
      text: `FDISC ${GUEST} (vm1) is 010101 on A.1`,
      fields: { fabric: 'A', link: 'A.1', by: 'FDISC', wwpn: GUEST, nPortId: '010101' },
    });
    expect(logOfFcf('A', logout(), names.who)).toMatchObject({ level: 'info', event: 'logout' });
    expect(logOfFcf('A', logout({ reason: 'CVL' }), names.who)!.level).toBe('warn');
  });

  it('tell of refusals, zones and ports', () => {
    const rejected = { ...login(), type: 'login-rejected', reason: 9, explanation: 0x29 } as const;
    expect(logOfFcf('A', rejected, names.who)).toMatchObject({
      event: 'rejected',
      text: expect.stringContaining('rejected: reason 09h, explanation 29h'),
    });
    const zones = {
      type: 'zone-change',
      enforced: 'hard',
      zones: [],
      defaultZone: 'deny',
      affected: 2,
    } as const;
    expect(logOfFcf('A', zones, names.who)!.fields).toEqual({
      fabric: 'A',
      enforced: 'hard',
      affected: 2,
    });
    expect(
      logOfFcf('A', { type: 'dropped', reason: 'zoning', port: 1, sId: 1 }, names.who)!.event,
    ).toBe('dropped');
    expect(logOfFcf('A', { type: 'port-disabled', port: 1, wwpn: 1n }, names.who)!.event).toBe(
      'port-disabled',
    );
    expect(logOfFcf('A', { type: 'link', port: 1, up: true }, names.who)).toBeUndefined();
  });
});

describe('lines of the array', () => {
  it('name the target port by its number', () => {
    expect(logOfArray(nexus('began') as never, names)).toEqual({
      level: 'info',
      event: 'nexus-began',
      text: `target port 3: process login of ${GUEST} (vm1) began`,
      fields: { wwpn: GUEST, nPortId: '010101', targetPort: 3, epoch: 1 },
    });
  });

  it('tell of commands that ended without an answer by their OX_ID', () => {
    const aborted = {
      type: 'task-aborted',
      nexus: NEXUS,
      lun: 0n,
      tag: 0x1a,
      luName: undefined,
      cause: 'nexus-lost',
    } as const;
    expect(logOfArray(aborted, names)).toMatchObject({
      event: 'aborted',
      text: `command 1ah of ${GUEST} (vm1) ended without answer: nexus-lost`,
      fields: { wwpn: GUEST, oxId: 0x1a, cause: 'nexus-lost' },
    });
    const unknown = { ...aborted, nexus: { ...NEXUS, initiator: 'iqn.x,i,0x1' as typeof GUEST } };
    expect(logOfArray(unknown, names)!.text).toContain('of iqn.x,i,0x1 (010101)');
  });

  it('pass over what nobody wants to read', () => {
    expect(logOfArray({ type: 'flushed', luName: '' }, names)).toBeUndefined();
  });
});

it('a line that comes often is written once a second, with how many were left out', () => {
  const limiter = new LogLimiter();
  expect([0, 1, 999, 1000].map((ms) => limiter.pass('k', ms))).toEqual([
    0,
    undefined,
    undefined,
    2,
  ]);
});
