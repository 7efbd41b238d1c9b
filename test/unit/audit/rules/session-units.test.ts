/** I21 in sessions: logins that should not have passed, units that are not shown, units that are others. */
import { describe, expect, it } from 'vitest';
import { reportLunsData } from '../../../../src/codecs/scsi/data-primary.ts';
import { ScsiStatus, SenseCode, SenseKey } from '../../../../src/codecs/scsi/index.ts';
import { senseData } from '../../../../src/scsi/target/reply.ts';
import { blocksOf, IscsiScript } from '../../../helpers/iscsi-script.ts';
import { invariantsThat, SessionTap, verdictOf } from '../../../helpers/session-tap.ts';

const LUN_2 = 2n << 48n;
const DATA = blocksOf(1, 1);
const changed = (code: number) => ({
  status: ScsiStatus.CHECK_CONDITION,
  data: { senseData: senseData(SenseKey.UNIT_ATTENTION, code) },
});

/** The target lists units. */
function list(script: IscsiScript, ...luns: readonly bigint[]): void {
  const data = reportLunsData.encode({ luns });
  const cdb = [0xa0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0];
  const tag = script.command(cdb, {
    read: 1,
    expectedDataTransferLengthBytes: data.length,
  });
  script.says({ kind: 'SCSI Data-In', initiatorTaskTag: tag, final: 1, hasStatus: 1, data });
}

/** The unit at LUN 0 tells its name. */
function look(script: IscsiScript, last: number): void {
  const naa = [0x60, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, last];
  const data = Uint8Array.of(0, 0x83, 0, 20, 1, 3, 0, 16, ...naa);
  const tag = script.command([0x12, 1, 0x83, 0, 24, 0], {
    read: 1,
    expectedDataTransferLengthBytes: 24,
  });
  script.says({ kind: 'SCSI Data-In', initiatorTaskTag: tag, final: 1, hasStatus: 1, data });
}

function write(script: IscsiScript, lun: bigint): void {
  const tag = script.command([0x2a, 0, 0, 0, 0, 8, 0, 0, 1, 0], {
    lun,
    write: 1,
    final: 1,
    expectedDataTransferLengthBytes: 512,
    data: DATA,
  });
  script.good(tag);
}

function judged(run: (script: IscsiScript) => void, keys: Readonly<Record<string, string>> = {}) {
  const tap = new SessionTap();
  run(new IscsiScript(tap).login({ keys }));
  return tap.judged();
}

describe('I21 of sessions', () => {
  it('catches a login that passes although CHAP was agreed on', () => {
    const report = judged(() => {}, { AuthMethod: 'CHAP' });
    expect(invariantsThat('violated', report)).toEqual(['I21']);
    expect(verdictOf(report, 'I21').detail).toMatch(
      /the login that was answered in frame \d+ passed without a response, although CHAP was agreed on$/,
    );
  });

  it.each([{ AuthMethod: 'CHAP', CHAP_N: 'me', CHAP_R: '0x1234' }, { AuthMethod: 'None' }, {}])(
    'passes the login %j',
    (keys: Record<string, string>) => {
      expect(
        invariantsThat(
          'violated',
          judged(() => {}, keys),
        ),
      ).toEqual([]);
    },
  );

  it('catches a command to a unit that is listed neither before nor behind it', () => {
    const report = judged((script) => {
      list(script, 0n);
      write(script, LUN_2);
      list(script, 0n);
    });
    expect(invariantsThat('violated', report)).toEqual(['I21']);
    expect(verdictOf(report, 'I21')).toMatchObject({ subject: 'LUN 2' });
    expect(verdictOf(report, 'I21').detail).toMatch(
      /WRITE\(10\) of frame \d+ was carried out at LUN 2, which REPORT LUNS lists neither before nor in frame \d+$/,
    );
  });

  it.each<[string, (script: IscsiScript) => void]>([
    ['a later list has it', (script) => list(script, 0n, LUN_2)],
    ['no list follows', () => {}],
    [
      'a warning tells that the list is another',
      (script) => {
        script.good(script.testUnitReady(), changed(SenseCode.REPORTED_LUNS_DATA_HAS_CHANGED));
        list(script, 0n);
      },
    ],
  ])('accuses nobody where %s', (_name, then) => {
    const report = judged((script) => {
      list(script, 0n);
      write(script, LUN_2);
      then(script);
    });
    expect(invariantsThat('violated', report)).toEqual([]);
  });

  it('holds where commands are for what is listed', () => {
    const report = judged((script) => {
      list(script, 0n);
      write(script, 0n);
    });
    expect(verdictOf(report, 'I21').result).toBe('holds');
  });

  const reused = (last: number, between: (script: IscsiScript) => void = () => {}) =>
    judged((script) => {
      look(script, 1);
      script.good(script.testUnitReady(), changed(SenseCode.INQUIRY_DATA_HAS_CHANGED));
      write(script, 0n);
      between(script);
      look(script, last);
    });

  it('catches writes behind a warning to a unit that is another by then', () => {
    const report = reused(2);
    expect(invariantsThat('violated', report)).toEqual(['I21']);
    expect(verdictOf(report, 'I21').detail).toMatch(
      /1 writes to LUN 0 after the warning of frame \d+, meaning naa\.\S+01, which the look of frame \d+ shows to be naa\.\S+02$/,
    );
  });

  it('passes them where the unit is the same, and where REPORT LUNS has taken a second warning away', () => {
    expect(verdictOf(reused(1), 'I21').result).toBe('holds');
    expect(
      invariantsThat(
        'violated',
        reused(2, (script) => list(script, 0n)),
      ),
    ).toEqual([]);
  });
});
