/** Each defence is something that machines do, and can be seen. */
import { describe, expect, test } from 'vitest';
import { parseWwn } from '../../../src/codecs/layout/index.ts';
import {
  broken,
  isEls,
  type Recorded,
  record,
  run,
  type Seen,
  scenarioOf,
  WELL_KNOWN_FIRST,
  Wire,
} from '../../helpers/moves.ts';

const R_A_TOV_NS = 10e9;
const destination = (one: { tap: string }): boolean => one.tap.startsWith('h2.');
const commandsOf = (recorded: Recorded, host: string): Seen[] =>
  recorded.fc.filter(
    (one) =>
      one.tap.startsWith(`${host}.`) &&
      one.toFcf &&
      one.type === Wire.TYPE_FCP &&
      one.rCtl === Wire.COMMAND,
  );

describe('wait-r-a-tov', () => {
  test.each([
    [undefined, R_A_TOV_NS],
    [40, 40e6],
  ])('quiesceMs %s: nothing is sent on the destination before', (quiesceMs, least) => {
    const recorded = record(
      scenarioOf({
        drain: 'purge',
        defences: ['wait-r-a-tov'],
        ...(quiesceMs === undefined ? {} : { quiesceMs }),
      }),
    );
    const stun = recorded.at('stun');
    const first = commandsOf(recorded, 'h2').find((one) => one.at > stun)!;
    expect(first.at - stun).toBeGreaterThan(least);
    expect(first.at - stun).toBeLessThan(least + 20e6);
  });
});

describe('logo-acknowledged', () => {
  test('the guest runs again only after every target has accepted the LOGO', () => {
    const recorded = record(scenarioOf({ drain: 'purge', defences: ['logo-acknowledged'] }));
    const logos = recorded.fc.filter(
      (one) => one.tap.startsWith('h1.') && isEls(one, Wire.LOGO) && one.dId < WELL_KNOWN_FIRST,
    );
    expect(logos).toHaveLength(4);
    expect(Math.max(...logos.map((one) => one.at))).toBeLessThan(recorded.at('resume'));
  });

  test('a LOGO that nobody confirms is replaced by R_A_TOV', () => {
    const scenario = scenarioOf({ drain: 'purge', defences: ['logo-acknowledged'] });
    const report = run(scenario, 'no-logo');
    expect(report.timeline.find((one) => one.phase === 'leave')!.detail).toMatch(/R_A_TOV instead/);
    expect(report.blackoutNs).toBeGreaterThan(R_A_TOV_NS);
    expect(broken(report).filter((one) => one !== 'I29')).toEqual([]);
  });

  test('without it the pair stays logged in while the guest runs elsewhere', () => {
    const recorded = record(scenarioOf({ profile: 'powervm' }));
    const logos = recorded.fc.filter((one) => one.tap.startsWith('h1.') && isEls(one, Wire.LOGO));
    expect(Math.min(...logos.map((one) => one.at)) - recorded.at('resume')).toBeGreaterThan(25e6);
  });
});

describe('clean-address', () => {
  const same = { strategy: 'same-wwpn', drain: 'purge', defences: ['clean-address'] } as const;

  test('an N_Port_ID that is not clean is not used before R_A_TOV', () => {
    const recorded = record(scenarioOf({ ...same, settings: ['persistent-ids'] }));
    const join = recorded.at('join');
    const first = recorded.fc.find((one) => destination(one) && one.toFcf && one.at > join)!;
    expect(isEls(first, Wire.PLOGI)).toBe(true);
    expect(first.at - join).toBeGreaterThan(R_A_TOV_NS);
  });

  test('a fabric that honours it gives another N_Port_ID, and nobody waits', () => {
    const recorded = record(scenarioOf({ ...same, settings: ['persistent-ids', 'clean-ids'] }));
    const before = new Set(commandsOf(recorded, 'h1').map((one) => one.sId));
    const after = new Set(commandsOf(recorded, 'h2').map((one) => one.sId));
    expect([...after].filter((id) => before.has(id))).toEqual([]);
    expect(recorded.report.blackoutNs).toBeLessThan(1e9);
  });

  test('without it a persistent N_Port_ID is used at once', () => {
    const recorded = record(scenarioOf({ ...same, defences: [], settings: ['persistent-ids'] }));
    const before = new Set(commandsOf(recorded, 'h1').map((one) => one.sId));
    const after = commandsOf(recorded, 'h2').map((one) => one.sId);
    expect(after.length).toBeGreaterThan(0);
    expect(after.every((id) => before.has(id))).toBe(true);
    expect(recorded.report.blackoutNs).toBeLessThan(1e9);
  });
});

describe('acl-first', () => {
  test('the switches clear the old links before the new logins', () => {
    const recorded = record(
      scenarioOf({
        strategy: 'same-wwpn',
        drain: 'link-pull',
        defences: ['acl-first'],
        settings: ['lazy-acl'],
      }),
    );
    // Under policy 0 the first login would win: the FDISC is accepted because the link was cleared.
    expect(recorded.report.result).toEqual({ outcome: 'moved' });
    const stun = recorded.at('stun');
    const clears = recorded.fip.filter(
      (one) =>
        one.tap.startsWith('h1.') &&
        one.operation === Wire.FIP_CONTROL &&
        one.subcode === Wire.CLEAR_VIRTUAL_LINKS,
    );
    const fdiscs = recorded.fip.filter(
      (one) => destination(one) && one.toFcf && one.els === Wire.FDISC && one.at > stun,
    );
    expect(clears).toHaveLength(2);
    expect(fdiscs).toHaveLength(2);
    expect(clears[1]!.at).toBeLessThan(fdiscs[0]!.at);
  });

  test('a lazy access list lets late frames of the old port in; a cleared one does not', () => {
    const move = {
      strategy: 'same-wwpn',
      drain: 'purge',
      settings: ['lazy-acl', 'first-burst'],
    } as const;
    expect(broken(run(scenarioOf({ ...move, defences: [] }), 'uplink'))).toContain('I7');
    expect(broken(run(scenarioOf({ ...move, defences: ['acl-first'] }), 'uplink'))).not.toContain(
      'I7',
    );
  });

  test('a strict one does not need it', () => {
    const scenario = scenarioOf({
      strategy: 'same-wwpn',
      drain: 'purge',
      defences: [],
      settings: ['first-burst'],
    });
    expect(broken(run(scenario, 'uplink'))).not.toContain('I7');
  });
});

describe('oxid-epochs', () => {
  test('the logins before and after have no OX_ID in common', () => {
    const recorded = record(
      scenarioOf({ strategy: 'same-wwpn', drain: 'purge', defences: ['oxid-epochs'] }),
    );
    const before = commandsOf(recorded, 'h1').map((one) => one.oxId >> 14);
    const after = commandsOf(recorded, 'h2').map((one) => one.oxId >> 14);
    expect(new Set(before)).toEqual(new Set([0]));
    expect(new Set(after)).toEqual(new Set([1]));
  });
});

describe('proxy', () => {
  test('the targets hear the virtual WWPN, the host says its own, and the address stays', () => {
    const recorded = record(scenarioOf({ profile: 'npv' }));
    expect(recorded.report.result).toEqual({ outcome: 'moved' });
    const known = parseWwn('c0:50:76:00:00:00:01:00');
    const nameIn = (one: Seen): bigint =>
      new DataView(one.payload.buffer, one.payload.byteOffset).getBigUint64(20);
    const plogis = recorded.fc.filter(
      (one) => isEls(one, Wire.PLOGI) && one.dId < WELL_KNOWN_FIRST,
    );
    const said = plogis.filter((one) => destination(one) && one.tap === 'h2.0-A').map(nameIn);
    const heard = plogis.filter((one) => one.tap === 'array.0-A' && !one.toFcf).map(nameIn);
    expect(said.length).toBeGreaterThan(0);
    expect(said).not.toContain(known);
    // Once from each host.
    expect(heard).toEqual([known, known]);
    const idsOf = (host: string) => new Set(commandsOf(recorded, host).map((one) => one.sId));
    expect(idsOf('h2')).toEqual(idsOf('h1'));
  });
});
