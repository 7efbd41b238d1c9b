/** The fuzzer itself: the same seed does the same, and codecs that are broken on purpose are found. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  checkCodec,
  checkFrame,
  type FrameCodec,
  frameCodec,
} from '../../../scripts/fuzz/check.ts';
import { titleOf } from '../../../scripts/fuzz/codecs.ts';
import { corpusOf } from '../../../scripts/fuzz/corpus.ts';
import { type Find, readFinds, writeFind } from '../../../scripts/fuzz/find.ts';
import { checkFind, Fuzzer } from '../../../scripts/fuzz/fuzzer.ts';
import { type AnyCodec, codec, fcHeader, rest, u8, vlanTag } from '../../../src/codecs/index.ts';
import { readPcap } from '../../helpers/shared-captures.ts';

const recorded = ['fabric-login', 'wireshark-gaps'].map((name) =>
  readPcap(`fixtures/${name}.pcap`),
);
const corpus = corpusOf(recorded);
const codecs: AnyCodec[] = [fcHeader, vlanTag];
const FRAMES = 400;

function run(options: Partial<ConstructorParameters<typeof Fuzzer>[0]> = {}): Fuzzer {
  const fuzzer = new Fuzzer({ seed: 1, corpus, codecs, ...options });
  for (let i = 0; i < FRAMES; i++) fuzzer.step(i);
  return fuzzer;
}

/** What it found but for times: on a busy machine a small run says little of them. */
const found = ({ finds }: Fuzzer): Find[] => finds.filter(({ what }) => !what.includes('slow'));

const vlan = vlanTag as AnyCodec;
const samples = corpus.real;

describe('a run', () => {
  it('finds nothing in the library', () => {
    expect(found(run())).toEqual([]);
  });

  it('makes the same of the same seed, and something else of another', () => {
    expect(run().digest).toBe(run().digest);
    expect(run({ seed: 2 }).digest).not.toBe(run().digest);
  });

  it('answers for each frame alone, wherever it begins', () => {
    const late = new Fuzzer({ seed: 1, corpus, codecs });
    late.step(FRAMES - 1);
    const again = new Fuzzer({ seed: 1, corpus, codecs });
    again.step(FRAMES - 1);
    expect(late.digest).toBe(again.digest);
  });
});

const broken: [name: string, by: Partial<FrameCodec>, what: RegExp][] = [
  [
    'decodeFrame that throws',
    {
      decodeFrame(bytes, options) {
        if (bytes.length === 0) throw new RangeError('no bytes');
        return frameCodec.decodeFrame(bytes, options);
      },
    },
    /^decodeFrame: threw RangeError: no bytes/,
  ],
  [
    'encodeFrame that loses a byte',
    { encodeFrame: (frame) => frameCodec.encodeFrame(frame).subarray(1) },
    /^encodeFrame: other bytes/,
  ],
  [
    'summarize that trips over a cut frame',
    {
      summarize(frame) {
        if (frame.cut) throw new TypeError('cut');
        return frameCodec.summarize(frame);
      },
    },
    /^summarize: threw TypeError: cut/,
  ],
  [
    'decodeFrame that leaves a hole',
    {
      decodeFrame(bytes, options) {
        const frame = frameCodec.decodeFrame(bytes, options);
        return {
          ...frame,
          layers: frame.layers.map((one) => ({ ...one, offset: one.offset + 1 })),
        };
      },
      detailLines: () => [],
      hexLines: () => [],
    },
    /begins at 1, not at 0/,
  ],
];

describe('a broken', () => {
  it.each(broken)('%s is found', (_, by, what) => {
    const whats = found(run({ by: { ...frameCodec, ...by } })).map((one) => one.what);
    expect(whats).toContainEqual(expect.stringMatching(what));
  });

  const faulty: [name: string, by: Partial<AnyCodec>, what: RegExp][] = [
    ['encode', { encode: () => new Uint8Array(9) }, /^encode: other bytes/],
    ['decode', { decode: () => vlan.decode(new Uint8Array(4)) }, /^(spans|encode): /],
    ['spans', { spans: () => [] }, /^spans: they end at bit 0/],
    [
      'view',
      { view: () => Object.freeze(new Proxy({}, { get: () => missing() })) } as never,
      /^view: threw/,
    ],
  ];
  it.each(faulty)('%s of a codec is found', (_, by, what) => {
    const whats = found(run({ codecs: [{ ...vlan, ...by }] })).map((one) => one.what);
    expect(whats).toContainEqual(expect.stringMatching(what));
  });
});

function missing(): never {
  throw new TypeError('missing');
}

describe('a slow frame', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** A run on a clock that decoding moves: 1 ms a frame, `delayMs` for a cut one. */
  function timed(delayMs: (tries: number) => number): string[] {
    let now = 0;
    const tries = new Map<string, number>();
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const by: FrameCodec = {
      ...frameCodec,
      decodeFrame(bytes, options) {
        const frame = frameCodec.decodeFrame(bytes, options);
        const key = Buffer.from(bytes).toString('hex');
        const so = (tries.get(key) ?? 0) + 1;
        tries.set(key, so);
        now += frame.cut ? delayMs(so) : 1;
        return frame;
      },
      summarize(frame) {
        now += 1;
        return frameCodec.summarize(frame);
      },
    };
    const few = corpusOf(recorded.slice(1));
    return run({ by, corpus: few }).finds.map(({ what }) => what);
  }

  it('is found', () => {
    expect(timed(() => 5000)).toContain('decode and encode: too slow');
  });

  it('is none when a later try is fast', () => {
    expect(timed((tries) => (tries < 12 ? 5000 : 1))).toEqual([]);
  });

  it('is none within the bound', () => {
    expect(timed(() => 45)).toEqual([]);
  });
});

describe('a check', () => {
  it('takes a message that is refused as an answer', () => {
    expect(checkCodec(fcHeader, new Uint8Array(3))).toBeUndefined();
    expect(checkCodec(codec('two', 'none', { one: u8, others: rest }), new Uint8Array(9))).toBe(
      undefined,
    );
  });

  it('decodes the request first', () => {
    const answer = samples.find(({ request, protocol }) => request && protocol === 'ct')!;
    const seen: number[] = [];
    const by: FrameCodec = {
      ...frameCodec,
      decodeFrame(bytes, options) {
        seen.push(bytes.length);
        return frameCodec.decodeFrame(bytes, options);
      },
    };
    expect(checkFrame(answer, undefined, by)).toBeUndefined();
    expect(seen).toEqual([answer.request!.length, answer.bytes.length]);
  });
});

describe('a find', () => {
  it('is written, read and tried again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sanmotion-finds-'));
    const find: Find = {
      seed: 3,
      index: 12,
      what: 'decode: threw',
      given: { ...samples.find(({ request }) => request)!, originalLength: 2000 },
    };
    const message: Find = { ...find, codec: titleOf(vlan), what: 'encode: other bytes' };
    writeFind(find, folder);
    writeFind(message, folder);
    const read = readFinds(folder).map(([, one]) => one);
    rmSync(folder, { recursive: true });
    expect(read).toHaveLength(2);
    const { bytes, linkType, originalLength, request } = find.given;
    expect(read[0]).toEqual({
      ...find,
      codec: undefined,
      given: { bytes, linkType, originalLength, request },
    });
    expect(read[1]!.codec).toBe(titleOf(vlan));
    expect(checkFind(read[1]!, codecs)).toBeUndefined();
    const wrong = { ...vlan, spans: () => [] };
    expect(checkFind(read[1]!, [wrong])).toMatch(/^spans/);
  });
});
