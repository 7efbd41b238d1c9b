/** The clean-sheet strategy: the fabric carries the login over, and nobody logs in. */
import { describe, expect, test } from 'vitest';
import { LATE_SCHEDULES } from '../../../src/run/late-schedules.ts';
import {
  broken,
  isEls,
  record,
  run,
  scenarioOf,
  WELL_KNOWN_FIRST,
  Wire,
} from '../../helpers/moves.ts';

const handoff = (drain: string, seed = 1) => scenarioOf({ strategy: 'handoff', drain, seed });

describe('handoff', () => {
  test('the address stays, and neither FDISC nor PLOGI nor LOGO is sent', () => {
    const recorded = record(handoff('wait'));
    expect(recorded.report.result).toEqual({ outcome: 'moved' });
    expect(broken(recorded.report)).toEqual([]);
    const stun = recorded.at('stun');
    const logins = recorded.fip.filter((one) => one.at > stun && one.els === Wire.FDISC);
    const els = recorded.fc.filter(
      (one) =>
        one.at > stun &&
        one.dId < WELL_KNOWN_FIRST &&
        (isEls(one, Wire.PLOGI) || isEls(one, Wire.LOGO)),
    );
    expect([...logins, ...els]).toEqual([]);
    const sIdsOf = (host: string) =>
      new Set(
        recorded.fc
          .filter((one) => one.tap.startsWith(`${host}.`) && one.toFcf)
          .filter((one) => one.type === Wire.TYPE_FCP && one.rCtl === Wire.COMMAND)
          .map((one) => one.sId),
      );
    expect(sIdsOf('h2')).toEqual(sIdsOf('h1'));
  });

  test('OX_IDs go on: none of the old exchanges comes again', () => {
    const recorded = record(handoff('purge'));
    const oxIdsOf = (host: string) =>
      recorded.fc
        .filter((one) => one.tap === `${host}.0-A` && one.toFcf && one.rCtl === Wire.COMMAND)
        .map((one) => one.oxId);
    const before = new Set(oxIdsOf('h1'));
    expect(oxIdsOf('h2').filter((id) => before.has(id))).toEqual([]);
  });

  test.each(['abort', 'purge', 'logout-clears'])('drain %s waits for R_A_TOV', (drain) => {
    const report = run(handoff(drain));
    expect(report.result).toEqual({ outcome: 'moved' });
    expect(report.blackoutNs).toBeGreaterThan(10e9);
    expect(broken(report)).toEqual([]);
  });

  test.each(LATE_SCHEDULES)('late: %s', (late) => {
    for (const drain of ['wait', 'purge']) {
      const report = run(handoff(drain, 2), late);
      expect(report.result, drain).toEqual({ outcome: 'moved' });
      expect(broken(report), drain).toEqual([]);
    }
  });
});
