import { expect, test } from 'vitest';
import { ConnectionNumbers } from '../../../../../src/audit/seen/iscsi/numbers.ts';

function rig(isShared = false) {
  const faults: string[] = [];
  const numbers = new ConnectionNumbers({
    checked: () => {},
    fault: (what) => faults.push(what),
    isShared: () => isShared,
  });
  const ask = (cmdSn: number, at = 1, immediate = 0) =>
    numbers.request({ immediate, cmdSn, initiatorTaskTag: 1 }, { at, frame: at });
  const say = (
    statSn: number,
    expCmdSn: number,
    maxCmdSn: number,
    at = 1,
    kind = 'SCSI Response',
  ) => numbers.response({ kind: kind as 'R2T', statSn, expCmdSn, maxCmdSn }, { at, frame: at });
  return { numbers, faults, ask, say };
}

test('immediate requests and R2T have a number and take none', () => {
  const { ask, faults, numbers, say } = rig();
  numbers.begin(0xffff_ffff);
  ask(0xffff_ffff, 1, 1);
  ask(0xffff_ffff);
  ask(0);
  say(7, 1, 9);
  say(8, 1, 9, 1, 'R2T');
  say(8, 1, 9);
  expect([faults, numbers.cmdSn, numbers.statSn]).toEqual([[], 1, 9]);
});

test('a window that opens in time excuses, one that the target never opened does not', () => {
  const late = rig();
  late.numbers.begin(1);
  late.say(1, 1, 1);
  late.ask(1);
  late.ask(2);
  // The PDU that let it is seen behind it.
  late.say(2, 1, 2);
  late.say(3, 3, 4);
  expect(late.faults).toEqual([]);
  const never = rig();
  never.numbers.begin(1);
  never.say(1, 1, 1);
  never.ask(1);
  never.ask(2);
  never.say(2, 1, 1, 2e9);
  never.say(3, 1, 1, 3e9);
  expect(never.faults).toEqual(['CmdSN 2 in frame 1, the target had offered up to 1']);
});

test('gaps of a shared session, and what follows missing PDUs, are no faults', () => {
  const shared = rig(true);
  shared.numbers.begin(1);
  shared.ask(5);
  expect(shared.faults).toEqual([]);
  const holed = rig();
  holed.numbers.begin(1);
  holed.say(1, 1, 9);
  holed.numbers.lose(true);
  holed.numbers.lose(false);
  holed.ask(7);
  holed.say(5, 8, 9);
  expect(holed.faults).toEqual([]);
});
