/** Each drain does on the wire what it says. */
import { describe, expect, test } from 'vitest';
import type { Drain } from '../../../src/host/control.ts';
import {
  broken,
  isEls,
  type Recorded,
  record,
  scenarioOf,
  WELL_KNOWN_FIRST,
  Wire,
} from '../../helpers/moves.ts';

/** What the source sends between the stun and the guest's first I/O elsewhere. */
function said(recorded: Recorded) {
  const { fc, fip } = recorded;
  const from = recorded.at('stun');
  const until = recorded.at('resume');
  const own = fc.filter(
    (one) => one.tap.startsWith('h1.') && one.toFcf && one.at >= from && one.at < until,
  );
  return {
    frames: own.length,
    abts: own.filter((one) => one.rCtl === Wire.ABTS).length,
    targetLogos: own.filter((one) => isEls(one, Wire.LOGO) && one.dId < WELL_KNOWN_FIRST).length,
    fabricLogos: fip.filter(
      (one) =>
        one.tap.startsWith('h1.') && one.at >= from && one.at < until && one.els === Wire.LOGO,
    ).length,
  };
}

const drained = (drain: Drain) =>
  record(scenarioOf({ strategy: 'wwpn-pair', drain, defences: [], seed: 2 }));

describe('what a source says while it drains, where nothing is said at the leave', () => {
  test('wait: nothing is aborted, nothing sent again', () => {
    const recorded = drained('wait');
    expect(said(recorded)).toMatchObject({ abts: 0, targetLogos: 0, fabricLogos: 0 });
    expect(recorded.report.io.requeued).toBe(0);
  });

  test('abort: an ABTS for every exchange that is under way', () => {
    const recorded = drained('abort');
    const { abts } = said(recorded);
    expect(abts).toBeGreaterThan(0);
    expect(recorded.report.io.requeued).toBe(abts);
  });

  test('purge: not a word, and everything is sent again', () => {
    const recorded = drained('purge');
    expect(said(recorded)).toMatchObject({ abts: 0, targetLogos: 0, fabricLogos: 0 });
    expect(recorded.report.io.requeued).toBeGreaterThan(0);
  });

  test('logout-clears: a LOGO to each of the four target ports, and no ABTS', () => {
    const recorded = drained('logout-clears');
    expect(said(recorded)).toMatchObject({ abts: 0, targetLogos: 4, fabricLogos: 0 });
    expect(recorded.report.io.requeued).toBeGreaterThan(0);
  });

  test('link-pull: the ports vanish without LOGO; writes wait for R_A_TOV', () => {
    const recorded = drained('link-pull');
    expect(said(recorded)).toMatchObject({ abts: 0, targetLogos: 0, fabricLogos: 0 });
    expect(recorded.report.blackoutNs).toBeGreaterThan(10e9);
  });

  test('crash: not one frame more, until the host is on again', () => {
    const recorded = record(
      scenarioOf({ strategy: 'wwpn-pair', drain: 'crash', defences: ['wait-r-a-tov'], seed: 2 }),
    );
    const from = recorded.at('stun') + 200_000;
    const until = recorded.at('resume');
    const all = [...recorded.fc, ...recorded.fip].filter(
      (one) => one.tap.startsWith('h1.') && one.toFcf && one.at > from && one.at < until,
    );
    expect(all).toEqual([]);
    const after = recorded.fip.filter((one) => one.tap.startsWith('h1.') && one.at >= until);
    expect(after.length).toBeGreaterThan(0);
  });
});

describe.each(['wwpn-pair', 'proxy', 'cold', 'same-wwpn'] as const)('%s', (strategy) => {
  test.each(['wait', 'abort', 'purge', 'logout-clears', 'link-pull', 'crash'] as const)(
    'drain %s with confirmed LOGO: nothing is lost where nothing is late',
    (drain) => {
      const { report } = record(
        // The second login has to win where the first one vanished.
        scenarioOf({ strategy, drain, settings: ['duplicate-1'], seed: 5 }),
      );
      expect(report.result).toEqual({ outcome: 'moved' });
      expect(broken(report)).toEqual([]);
      const { submitted, completed, failed, dropped } = report.io;
      expect({ completed, failed, dropped }).toEqual({
        completed: submitted,
        failed: 0,
        dropped: 0,
      });
    },
  );
});
