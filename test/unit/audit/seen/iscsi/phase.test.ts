import { expect, test } from 'vitest';
import { ConnectionPhase, endsLogin } from '../../../../../src/audit/seen/iscsi/phase.ts';
import type { IscsiPduOf } from '../../../../../src/codecs/index.ts';

const moment = (frame: number) => ({ at: frame, frame });

function rig(isWhole = true) {
  const faults: string[] = [];
  const phase = new ConnectionPhase((what) => faults.push(what));
  phase.request({ tsih: 0 }, isWhole);
  return { phase, faults };
}

test('commands in front of the answer count by what their sender had read', () => {
  const { faults, phase } = rig();
  phase.command(4, moment(2), false);
  phase.command(5, moment(3), false);
  phase.begin(4, moment(4), true);
  expect(faults).toEqual(['a command in frame 2 before the login was answered in frame 4']);
});

test.each<[string, (phase: ConnectionPhase) => void]>([
  ['PDUs in between are missing', (phase) => phase.lose()],
  ['not all was seen', () => {}],
])('nobody is told of where %s', (_name, run) => {
  const { faults, phase } = rig();
  phase.command(4, moment(2), false);
  run(phase);
  phase.begin(4, moment(4), false);
  expect(faults).toEqual([]);
});

test('no command follows a Logout Request; one for recovery ends no session', () => {
  const { faults, phase } = rig();
  phase.logout(2, 5);
  expect(phase.endsSession).toBe(false);
  phase.logout(0, 6);
  expect(phase.endsSession).toBe(true);
  phase.command(9, moment(7), true);
  expect(faults).toEqual(['a command in frame 7 after the Logout Request of frame 6']);
  phase.forget();
  phase.command(9, moment(8), true);
  expect([faults.length, phase.endsSession]).toEqual([1, false]);
});

test('a login that was not seen from its beginning judges nothing', () => {
  const { faults, phase } = rig(false);
  phase.logout(0, 6);
  phase.command(9, moment(7), false);
  phase.begin(9, moment(8), true);
  expect([faults, phase.hasLogin, phase.isNew]).toEqual([[], false, true]);
});

test.each([
  [0, 1, 3, true],
  [0x0201, 1, 3, false],
  [0, 0, 3, false],
  [0, 1, 1, false],
])('status %d, T %d, NSG %d ends the login: %s', (status, transit, nextStage, ends) => {
  const answer = { status, transit, nextStage } as IscsiPduOf<'Login Response'>;
  expect(endsLogin(answer)).toBe(ends);
});
