/** I4 in sessions: a repetition whose answer was believed unseen, and what must not be taken for one. */
import { describe, expect, it } from 'vitest';
import { ScsiStatus, SenseCode, SenseKey } from '../../../../src/codecs/scsi/index.ts';
import { senseData } from '../../../../src/scsi/target/reply.ts';
import { blocksOf, IscsiScript } from '../../../helpers/iscsi-script.ts';
import { judgedFile } from '../../../helpers/judged-file.ts';
import { invariantsThat, SessionTap, verdictOf } from '../../../helpers/session-tap.ts';

const COMPARE = [0x89, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0];
const PREEMPT = [0x5f, 4, 1, 0, 0, 0, 0, 0, 24, 0];
const READ_KEYS = [0x5e, 0, 0, 0, 0, 0, 0, 0, 255, 0];

const miscompare = () => {
  const sense = senseData(SenseKey.MISCOMPARE, SenseCode.MISCOMPARE_DURING_VERIFY_OPERATION);
  return {
    status: ScsiStatus.CHECK_CONDITION,
    data: { senseData: sense },
  };
};

/** A command without an answer, the next session of the initiator, and the same command there. */
function repeated(cdb: readonly number[], answer: object) {
  const tap = new SessionTap();
  const first = new IscsiScript(tap).login();
  const lost = first.command(cdb);
  tap.wait(50);
  const second = new IscsiScript(tap).login({ isid: 2 });
  second.good(second.command(cdb), answer);
  return { tap, first, second, lost };
}

const goesOn = (script: IscsiScript): void => script.good(script.testUnitReady());

describe('I4 of sessions', () => {
  it('catches a MISCOMPARE that was believed', () => {
    const { tap, second } = repeated(COMPARE, miscompare());
    goesOn(second);
    const report = tap.judged();
    expect(invariantsThat('violated', report)).toEqual(['I4']);
    expect(verdictOf(report, 'I4').detail).toMatch(
      /^COMPARE AND WRITE of frame 5 was sent again by iqn.* without knowing .* the MISCOMPARE that came was believed$/,
    );
  });

  it('catches a conflict that was believed', () => {
    const conflict = { status: ScsiStatus.RESERVATION_CONFLICT };
    const { tap, second } = repeated(PREEMPT, conflict);
    goesOn(second);
    expect(invariantsThat('violated', tap.judged())).toEqual(['I4']);
    const looked = repeated(PREEMPT, conflict);
    looked.second.good(looked.second.command(READ_KEYS));
    goesOn(looked.second);
    expect(invariantsThat('violated', looked.tap.judged())).toEqual([]);
  });

  it.each([
    ['linux-4.1', []],
    ['linux-4.1-runs-twice', ['I4']],
  ])(
    'says of %s what its page says: a call of NFS in its slot runs once',
    async (name, violated) => {
      const report = await judgedFile(`fixtures/nfs/${name}.pcap`);
      expect(invariantsThat('violated', report)).toEqual(violated);
      expect(report.sessions).toMatchObject([{ carrier: 'NFS 4.1', tasks: 32, unanswered: 0 }]);
    },
  );

  it('passes one that reads the block, and one of whom the capture shows nothing behind it', () => {
    const { tap, second } = repeated(COMPARE, miscompare());
    second.read(8, blocksOf(1, 1));
    goesOn(second);
    expect(verdictOf(tap.judged(), 'I4')).toMatchObject({
      result: 'holds',
      detail: '2 commands of sessions that must not run twice, none repeated blindly',
    });
    expect(verdictOf(repeated(COMPARE, miscompare()).tap.judged(), 'I4').result).toBe('holds');
  });

  it('passes one whose first was answered after all, one that ran, and two of two initiators', () => {
    const answered = repeated(COMPARE, {});
    answered.first.good(answered.lost);
    goesOn(answered.second);
    expect(verdictOf(answered.tap.judged(), 'I4').result).toBe('holds');
    const tap = new SessionTap();
    new IscsiScript(tap).login().command(COMPARE);
    tap.wait(50);
    const other = new IscsiScript(tap).login({ initiator: 'iqn.2026-01.com.example:other' });
    other.good(other.command(COMPARE), miscompare());
    goesOn(other);
    expect(verdictOf(tap.judged(), 'I4').result).toBe('holds');
  });
});
