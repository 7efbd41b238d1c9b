/** The same moves over native Fibre Channel: the same strategies come to the same verdicts. */
import { describe, expect, it } from 'vitest';
import type { TappedFrame } from '../../../src/audit/seen/tapped-frame.ts';
import { judgeSeen } from '../../../src/audit/seen-judge.ts';
import { memorySink, PcapngWriter, readFrames } from '../../../src/capture/index.ts';
import { isLinkFrame } from '../../../src/codecs/fc/index.ts';
import { LinkType } from '../../../src/codecs/frame/index.ts';
import { PROFILE_NAMES } from '../../../src/mobility/profiles.ts';
import { runMove } from '../../../src/run/run.ts';
import { inFull } from '../../helpers/in-full.ts';
import { broken, run, scenarioOf } from '../../helpers/moves.ts';

const LONG_MS = 60_000;
const overFc = (overrides: Parameters<typeof scenarioOf>[0]) =>
  scenarioOf({ ...overrides, protocol: 'fc' });

describe('a move over native Fibre Channel', () => {
  // FlexAttach's lists of what may pass are of FIP snooping, which a native link has not.
  it.each(PROFILE_NAMES.filter((name) => name !== 'flexattach').slice(0, inFull ? undefined : 2))(
    'in the way of %s ends as over FCoE',
    (profile) => {
      const [native, fcoe] = [overFc({ profile }), scenarioOf({ profile })].map((scenario) =>
        runMove({ scenario }),
      );
      expect(native!.result.outcome).toBe(fcoe!.result.outcome);
      expect(broken(native!)).toEqual(broken(fcoe!));
    },
    LONG_MS,
  );

  it(
    'is broken by the same late frames',
    () => {
      const way = { profile: 'powervm', drain: 'purge', defences: [] };
      expect(broken(run(overFc(way), 'data'))).toEqual(['I7']);
      expect(broken(run(scenarioOf(way), 'data'))).toEqual(['I7']);
    },
    LONG_MS,
  );

  it('has no FIP and no VLAN to judge, and says so', () => {
    const { verdict } = runMove({ scenario: overFc({}) });
    const of = (invariant: string) => verdict.find((one) => one.invariant === invariant);
    expect(of('I18')).toMatchObject({ result: 'not-observable' });
    expect(of('I25')).toMatchObject({ result: 'not-observable' });
    expect(of('I19')).toMatchObject({ result: 'holds' });
    expect(of('I24')).toMatchObject({ result: 'holds' });
  });

  it('is not accused for keep-alives that no native link has, however long it takes', () => {
    const scenario = overFc({});
    const timing = { ...scenario.timing, beforeMs: 60_000 };
    const { verdict } = runMove({ scenario: { ...scenario, timing }, iosPerStep: 1 });
    expect(verdict.filter((one) => one.result === 'violated')).toEqual([]);
    expect(verdict.find((one) => one.invariant === 'I18')?.result).toBe('not-observable');
  });

  it('is a capture of link type 225, which is judged as it was seen', async () => {
    const sink = memorySink();
    const capture = new PcapngWriter(sink);
    const seen: TappedFrame[] = [];
    const report = runMove({
      scenario: overFc({}),
      iosPerStep: 2,
      capture,
      observer: { see: (frame) => seen.push(frame) },
    });
    await capture.close();
    expect(report.result.outcome).toBe('moved');
    expect(seen.every(({ bytes }) => isLinkFrame(bytes))).toBe(true);
    let frames = 0;
    for await (const frame of readFrames(sink.bytes())) {
      expect(frame.linkType).toBe(LinkType.FC_2_WITH_FRAME_DELIMS);
      frames++;
    }
    expect(frames).toBe(seen.length);
    const judged = judgeSeen(seen);
    expect(judged.codec).toMatchObject({ malformed: [], crcBad: 0, identical: seen.length });
    expect(judged.verdict.filter((one) => one.result === 'violated')).toEqual([]);
  });
});
