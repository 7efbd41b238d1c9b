import { describe, expect, it } from 'vitest';
import { fcCrcIsGood, locateFc } from '../../../src/codecs/fcoe/index.ts';
import { CodecError } from '../../../src/codecs/layout/index.ts';
import { streams } from '../../../src/machine/random.ts';
import { fcoeFrames, HostileFrames } from '../../../src/testing/hostile-frames.ts';
import { readPcap } from '../../helpers/shared-captures.ts';

const frames = readPcap('fixtures/fabric-io.pcap').frames.map((one) => one.bytes);
const to = { node: 'array', port: 1 };

function seen(seed = 1) {
  const hostile = new HostileFrames(streams(seed).stream('test'), fcoeFrames);
  const rare = frames.map((frame) => hostile.see(to, frame));
  return { hostile, rare };
}

describe('FCoE frames', () => {
  it('are told apart by what they ask, and their fields found', () => {
    const kinds = new Set(frames.map((frame) => fcoeFrames.kindOf(frame)));
    expect(kinds.size).toBeGreaterThan(10);
    expect(kinds.size).toBeLessThan(frames.length / 2);
    for (const frame of frames) {
      const fields = fcoeFrames.fieldsOf(frame);
      expect(fields.length).toBeGreaterThan(10);
      for (const { offset, length } of fields)
        expect(offset + length).toBeLessThanOrEqual(frame.length);
    }
  });

  it('are mended after a change', () => {
    const frame = frames.find((one) => !(locateFc(one) instanceof CodecError))!.slice();
    const place = locateFc(frame);
    if (place instanceof CodecError) throw place;
    frame[place.fcAt + 16]! ^= 1;
    expect(fcCrcIsGood(frame, place)).toBe(false);
    fcoeFrames.mend(frame);
    expect(fcCrcIsGood(frame, place)).toBe(true);
  });
});

describe('hostile frames', () => {
  it('are those that were seen, most of them changed, with a good CRC mostly', () => {
    const { hostile } = seen();
    const known = new Set(frames.map(String));
    let unchanged = 0;
    let good = 0;
    let located = 0;
    for (let i = 0; i < 2_000; i++) {
      const { to: target, frame } = hostile.next();
      expect(target).toEqual(to);
      if (known.has(String(frame))) unchanged++;
      const place = locateFc(frame);
      if (place instanceof CodecError) continue;
      located++;
      if (fcCrcIsGood(frame, place)) good++;
    }
    expect(unchanged / 2_000).toBeGreaterThan(0.1);
    expect(unchanged / 2_000).toBeLessThan(0.4);
    expect(good / located).toBeGreaterThan(0.9);
  });

  it('change every field of a frame in time, and leave what was seen alone', () => {
    const { hostile } = seen();
    const frame = frames.find((one) => one.length < 200)!;
    const before = frame.slice();
    const touched = new Set<number>();
    for (let i = 0; i < 4_000; i++) {
      const made = hostile.altered(frame);
      made.forEach((byte, at) => {
        if (byte !== before[at]) touched.add(at);
      });
    }
    expect(frame).toEqual(before);
    for (let at = 0; at < frame.length; at++) expect(touched.has(at)).toBe(true);
  });

  it('are the same for the same seed', () => {
    const make = (seed: number) => {
      const { hostile } = seen(seed);
      return Array.from({ length: 50 }, () => String(hostile.next().frame));
    };
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
  });

  it('come from rare frames as often as from those that are seen all the time', () => {
    const hostile = new HostileFrames(streams(1).stream('test'), fcoeFrames);
    const [common, rare] = [
      frames[0]!,
      frames.find((one) => fcoeFrames.kindOf(one) !== fcoeFrames.kindOf(frames[0]!))!,
    ];
    const seenOften = Array.from({ length: 500 }, () => hostile.see(to, common));
    expect([seenOften[0], seenOften.at(-1)]).toEqual([true, false]);
    expect(hostile.see({ node: 'h1', port: 0 }, rare)).toBe(true);
    expect(hostile.kinds).toBe(2);
    const targets = Array.from({ length: 1_000 }, () => hostile.next().to.node);
    expect(targets.filter((node) => node === 'h1').length).toBeGreaterThan(400);
  });
});
