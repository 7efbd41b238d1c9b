import { describe, expect, it } from 'vitest';
import { CaptureJudge } from '../../../src/audit/capture-judge.ts';
import { judgeSeen } from '../../../src/audit/seen-judge.ts';
import { ADDRESS, TARGET_ADDRESS } from '../../helpers/audit-rig.ts';
import { abts, baAcc, command, dataIn, fc, response } from '../../helpers/fc-frames.ts';

const frames = (...all: Uint8Array[]) =>
  all.map((bytes, index) => ({ tap: 'eth0', at: index * 1000, number: index + 1, bytes }));
const resultOf = (all: Uint8Array[], invariant: string) =>
  judgeSeen(frames(...all)).verdict.find((one) => one.invariant === invariant)!.result;

describe('a capture', () => {
  it('is counted, and what its frames alone can show is judged', () => {
    const report = judgeSeen(frames(command(1), response(1), new Uint8Array(4)));
    expect(report.capture.frames).toBe(3);
    expect(report.codec).toMatchObject({ crcBad: 0, cut: 0 });
    expect(report.exchanges.fcp).toMatchObject({ opened: 1, completed: 1 });
    expect(report.verdict.find(({ invariant }) => invariant === 'I1')!.result).toBe(
      'not-observable',
    );
    expect(resultOf([command(1), abts(1), baAcc(1), command(1)], 'I12')).toBe('violated');
  });

  it('of a trunk does not take exchanges of two fabrics for one', () => {
    const on = (vid: number, header = {}, payload?: Uint8Array) =>
      fc({ header, vid, ...(payload === undefined ? {} : { payload }) });
    const cmnd = command(1).subarray(14 + 14 + 24, 14 + 14 + 24 + 32);
    const asked = (vid: number, oxId = 1) => on(vid, { oxId }, cmnd);
    const back = { oxId: 2, rCtl: 7, fCtl: 0x99_0000 };
    const ends = { from: TARGET_ADDRESS, to: ADDRESS, vid: 100 };
    const answer = fc({ ...ends, header: back, payload: new Uint8Array(24) });
    const answered = [asked(100, 2), answer];
    // The same addresses and OX_ID in two VLANs: nothing is used again.
    expect(resultOf([...answered, asked(100), asked(200)], 'I12')).toBe('holds');
    const again = on(100, { oxId: 1, seqId: 1 }, cmnd);
    expect(resultOf([...answered, asked(100), again], 'I12')).toBe('violated');
    // Of one direction alone nobody can tell what was answered.
    expect(resultOf([asked(100), again], 'I12')).toBe('not-observable');
  });

  it('that ends early says so', () => {
    const info = {
      file: 'x',
      format: 'pcap',
      byteOrder: 'little',
      linkType: 1,
      interfaces: [],
    } as const;
    expect(new CaptureJudge(info).finish('cut off').error).toBe('cut off');
  });
});

describe('cut frames', () => {
  it('accuse nobody: what is missing was not kept', () => {
    const read = command(1, { rddata: 1, fcpDl: 512 });
    const data = dataIn(1, 512);
    const judge = new CaptureJudge({
      file: 'x',
      format: 'pcap',
      byteOrder: 'little',
      linkType: 1,
      interfaces: [],
    });
    const kept = [read, data.subarray(0, 96), response(1)];
    for (const [index, bytes] of kept.entries()) {
      judge.add({
        bytes,
        index: index + 1,
        timeNs: BigInt(index),
        interfaceId: 0,
        interfaceName: undefined,
        linkType: 1,
        originalLength: [read, data, response(1)][index]!.length,
      });
    }
    const { verdict, codec } = judge.finish();
    expect(codec.cut).toBe(1);
    for (const one of ['I5', 'I19']) {
      expect(verdict.find(({ invariant }) => invariant === one)!.result).not.toBe('violated');
    }
  });
});
