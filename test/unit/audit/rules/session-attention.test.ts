/** I17 in sessions: resets that another session is not told of, and what must not be taken for one. */
import { describe, expect, it } from 'vitest';
import { IscsiTaskManagement } from '../../../../src/codecs/index.ts';
import { ScsiStatus, SenseCode, SenseKey } from '../../../../src/codecs/scsi/index.ts';
import { senseData } from '../../../../src/scsi/target/reply.ts';
import { IscsiScript } from '../../../helpers/iscsi-script.ts';
import { invariantsThat, SessionTap, verdictOf } from '../../../helpers/session-tap.ts';

const attention = (code: number) => ({
  status: ScsiStatus.CHECK_CONDITION,
  data: { senseData: senseData(SenseKey.UNIT_ATTENTION, code) },
});
const RESET = attention(SenseCode.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
const LOST = attention(SenseCode.I_T_NEXUS_LOSS_OCCURRED);
const LUN_RESET = IscsiTaskManagement['LOGICAL UNIT RESET'];

/** Two sessions of two initiators; the second has reset the unit. */
function reset(what: number = LUN_RESET): { tap: SessionTap; first: IscsiScript } {
  const tap = new SessionTap();
  const first = new IscsiScript(tap).login();
  tap.wait(50);
  const second = new IscsiScript(tap).login({ initiator: 'iqn.2026-01.com.example:other' });
  tap.wait(50);
  second.manage(what);
  tap.wait(50);
  return { tap, first };
}

describe('I17 of sessions', () => {
  it.each([LUN_RESET, IscsiTaskManagement['TARGET WARM RESET']])(
    'catches a target that tells nothing of a reset (function %d)',
    (what) => {
      const { tap, first } = reset(what);
      first.good(first.testUnitReady());
      const report = tap.judged();
      expect(invariantsThat('violated', report)).toEqual(['I17']);
      expect(verdictOf(report, 'I17').detail).toMatch(
        /^iqn\.2026-01\.com\.example:guest.*: TEST UNIT READY of frame \d+ ended well, and nothing had told of the reset by iqn\.2026-01\.com\.example:other.* in frame \d+$/,
      );
    },
  );

  it('catches the loss of a nexus that is told twice', () => {
    const tap = new SessionTap();
    const script = new IscsiScript(tap).login();
    script.good(script.testUnitReady(), LOST);
    script.good(script.testUnitReady(), LOST);
    expect(invariantsThat('violated', tap.judged())).toEqual(['I17']);
  });

  it('holds where the reset is told first, to whatever command', () => {
    const { tap, first } = reset();
    first.good(first.testUnitReady(), RESET);
    first.good(first.testUnitReady());
    expect(verdictOf(tap.judged(), 'I17')).toMatchObject({
      result: 'holds',
      detail: '1 unit attentions that were owed to sessions, each told once and in time',
    });
  });

  it.each<[string, (first: IscsiScript) => void]>([
    [
      'another command that was under way is told of it',
      (first) => {
        const [one, two] = [first.testUnitReady(), first.testUnitReady()];
        first.good(two);
        first.good(one, RESET);
      },
    ],
    ['what is asked passes by', (first) => first.good(first.command([0x12, 0, 0, 0, 36, 0]))],
    [
      'a command that may have been told of it has no answer in the capture',
      (first) => {
        first.testUnitReady();
        first.good(first.testUnitReady());
      },
    ],
  ])('accuses nobody where %s', (_name, run) => {
    const { tap, first } = reset();
    run(first);
    expect(invariantsThat('violated', tap.judged())).toEqual([]);
  });

  it('owes nothing to who has reset, and to a session that began behind it', () => {
    const { tap } = reset();
    const third = new IscsiScript(tap).login({ isid: 3 });
    tap.wait(50);
    third.good(third.testUnitReady());
    expect(invariantsThat('violated', tap.judged())).toEqual([]);
  });
});
