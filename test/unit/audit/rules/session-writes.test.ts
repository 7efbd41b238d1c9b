/** I7 and I8 in sessions: late writes and stale reads that must be caught, and what must not be taken for them. */
import { describe, expect, it } from 'vitest';
import { blocksOf, IscsiScript } from '../../../helpers/iscsi-script.ts';
import { judgedFile } from '../../../helpers/judged-file.ts';
import { invariantsThat, SessionTap, verdictOf } from '../../../helpers/session-tap.ts';

const OLD = blocksOf(2, 1);
const NEW = blocksOf(2, 2);

/** A first session, its write that waits for data, and a second one of another ISID unless told. */
function held(isid = 2): { tap: SessionTap; first: IscsiScript; second: IscsiScript; tag: number } {
  const tap = new SessionTap();
  const first = new IscsiScript(tap).login();
  const tag = first.announce(8, 2);
  tap.wait(50);
  const second = new IscsiScript(tap).login({ isid });
  return { tap, first, second, tag };
}

describe('I7 of sessions', () => {
  it('catches a write that was sent again, overwritten, and then carried out', () => {
    const { tap, first, second, tag } = held();
    second.write(8, OLD);
    second.write(8, NEW);
    tap.wait(50);
    first.data(tag, OLD);
    first.good(tag);
    const report = tap.judged();
    expect(invariantsThat('violated', report)).toEqual(['I7']);
    const { detail, subject, frames } = verdictOf(report, 'I7');
    expect(detail).toMatch(
      /^LUN 0, LBA 8: WRITE\(10\) of frame 5 of iqn\.2026-01\.com\.example:guest,i,0x800000000001 \(10\.0\.0\.2:40000 → 10\.0\.0\.1:3260\) was carried out, its last data in frame 19, after it had been sent again \(frame 11\) and WRITE\(10\) of frame 15 had been acknowledged: old data won$/,
    );
    expect(subject).toBe('LUN 0, LBA 8');
    expect(frames).toEqual([5, 6, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  });

  it('catches a write of a session whose place another has taken', () => {
    const { tap, first, second, tag } = held(1);
    second.write(8, NEW);
    tap.wait(50);
    first.data(tag, OLD);
    first.good(tag);
    expect(invariantsThat('violated', tap.judged())).toEqual(['I7', 'I13', 'I14']);
  });

  it('catches one that was never answered by what is read', () => {
    const { tap, first, second, tag } = held(1);
    second.write(8, NEW);
    tap.wait(50);
    second.read(8, NEW);
    first.data(tag, OLD);
    tap.wait(50);
    second.read(8, OLD);
    const report = tap.judged();
    expect(invariantsThat('violated', report)).toEqual(['I7']);
    expect(verdictOf(report, 'I7').detail).toMatch(
      /which had ended, is read in READ\(10\) of frame/,
    );
  });

  it.each<[string, (one: ReturnType<typeof held>) => void]>([
    [
      'the data of another write came late: two writers',
      ({ second, first, tag, tap }) => {
        second.write(8, NEW);
        tap.wait(50);
        first.data(tag, OLD);
        first.good(tag);
      },
    ],
    [
      'it was sent again and nothing newer came',
      ({ second, first, tag, tap }) => {
        second.write(8, OLD);
        tap.wait(50);
        first.data(tag, OLD);
        first.good(tag);
      },
    ],
    [
      'data came before the newer write was acknowledged',
      ({ second, first, tag }) => {
        second.write(8, OLD);
        const newer = second.announce(8, 2);
        first.data(tag, OLD);
        second.data(newer, NEW);
        second.good(newer);
        first.good(tag);
      },
    ],
    [
      'the late write was refused',
      ({ second, first, tag, tap }) => {
        second.write(8, OLD);
        second.write(8, NEW);
        tap.wait(50);
        first.data(tag, OLD);
        first.good(tag, { status: 2 });
      },
    ],
    [
      'frames of the newer write are missing',
      ({ second, first, tag, tap }) => {
        second.write(8, OLD);
        second.announce(8, 2);
        tap.wait(50);
        first.data(tag, OLD);
        first.good(tag);
      },
    ],
  ])('passes where %s', (_name, run) => {
    const one = held();
    run(one);
    expect(invariantsThat('violated', one.tap.judged())).toEqual([]);
  });

  it('passes two paths on which a host writes the same at once', () => {
    const tap = new SessionTap();
    const first = new IscsiScript(tap).login();
    const second = new IscsiScript(tap).login({ isid: 2 });
    tap.wait(50);
    const tag = first.announce(8, 2);
    second.write(8, OLD);
    second.write(8, NEW);
    tap.wait(50);
    first.data(tag, OLD);
    first.good(tag);
    expect(invariantsThat('violated', tap.judged())).toEqual([]);
  });

  it.each([
    ['reinstatement-tgt', ['I7', 'I13', 'I14']],
    ['late-data-out-other-isid-tgt', ['I7']],
    ['reinstatement-serve', []],
    ['iscsi-test-cu-tgt', []],
    ['ipxe-login-read-tgt', []],
    ['late-data-out-two-sessions-tgt', []],
    ['qemu-reconnect-random-isid-tgt', []],
  ])('says of %s what its page says', async (name, violated) => {
    expect(invariantsThat('violated', await judgedFile(`fixtures/iscsi/${name}.pcap`))).toEqual(
      violated,
    );
  });
});

describe('I8 of sessions', () => {
  const stale = (run: (script: IscsiScript, tap: SessionTap) => void): SessionTap => {
    const tap = new SessionTap();
    const script = new IscsiScript(tap).login();
    script.write(8, OLD);
    script.write(8, NEW);
    run(script, tap);
    return tap;
  };

  it('catches a read of what was replaced', () => {
    const report = stale((script) => script.read(8, OLD)).judged();
    expect(invariantsThat('violated', report)).toEqual(['I8']);
    expect(verdictOf(report, 'I8').detail).toMatch(
      /^LUN 0, LBA 8: READ\(10\) of frame \d+ returns what WRITE\(10\) of frame \d+ wrote; WRITE\(10\) of frame \d+ had replaced it$/,
    );
  });

  it('holds where the newest is read, and counts it', () => {
    const report = stale((script) => script.read(8, NEW)).judged();
    expect(verdictOf(report, 'I8')).toMatchObject({
      result: 'holds',
      detail: '2 blocks read that sessions of the capture had written, none older than allowed',
    });
  });

  it.each<[string, (script: IscsiScript, tap: SessionTap) => void]>([
    ['nobody is seen to have written it', (script) => script.read(8, blocksOf(2, 9))],
    [
      'a write of the same is under way',
      (script) => {
        script.announce(8, 2);
        script.read(8, OLD);
      },
    ],
    [
      'the unit was changed in another way',
      (script) => {
        script.good(script.command([0x42, 0, 0, 0, 0, 0, 0, 0, 24, 0], { write: 1 }));
        script.read(8, OLD);
      },
    ],
    [
      'the blocks hold one value all over, as many do',
      (script) => {
        script.write(8, new Uint8Array(1024));
        script.write(8, NEW);
        script.read(8, new Uint8Array(1024));
      },
    ],
  ])('accuses nobody where %s', (_name, run) => {
    expect(invariantsThat('violated', stale(run).judged())).toEqual([]);
  });
});
