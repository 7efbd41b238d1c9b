/** What `FrameScanner` says of a frame is what `decodeFrame` says of it. */
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFrame,
  encHeader,
  ethernet,
  FrameScanner,
  fcHeader,
  fcoeHeader,
  fcoeTrailer,
  fcpCmnd,
  fcpRsp,
  fcpXferRdy,
  ifrHeader,
  type Layer,
  layerOf,
  rawBytes,
  type TableCodec,
  vftHeader,
  vlanTag,
  wholeOf,
} from '../../../../src/codecs/index.ts';
import { readPcap, sharedCaptures } from '../../../helpers/shared-captures.ts';

const SEED = 31_415;

const fixtures = readdirSync('fixtures')
  .filter((name) => name.endsWith('.pcap'))
  .map((name) => readPcap(`fixtures/${name}`));

const frames = [...fixtures, ...sharedCaptures()]
  .filter(({ linkType }) => linkType === 1)
  .flatMap((capture) => capture.frames);

// biome-ignore lint/suspicious/noExplicitAny: tables of any fields
type AnyTable = TableCodec<any, any>;

function expectView(view: object, by: AnyTable, value: object): void {
  for (const [key, field] of Object.entries(by.table as Record<string, { place: string }>)) {
    // A view ends where the size is no longer fixed.
    if (field.place !== 'fixed') return;
    expect((view as Record<string, unknown>)[key]).toEqual((value as Record<string, unknown>)[key]);
  }
}

const scanner = new FrameScanner();
/** How often each thing that a frame can be was met. */
const met = new Map<string, number>();
const count = (what: string) => met.set(what, (met.get(what) ?? 0) + 1);

/** Compares both readings of `bytes[at, end)`. */
function expectAlike(bytes: Uint8Array, at: number, end: number, originalLength: number): void {
  const frame = decodeFrame(bytes, { at, end, originalLength });
  const outer = frame.layers.filter(({ inside }) => !inside);
  const of = (by: unknown): Layer | undefined => outer.find(({ codec }) => codec === by);
  const stands = scanner.scan(bytes, at, end, originalLength);

  const header = of(ethernet);
  if (header === undefined) return;
  expectView(scanner.ethernet, ethernet, header.value as object);
  // Those of the outermost Ethernet frame, up to a tag of another kind.
  const behind = outer.slice(1).findIndex(({ codec }) => codec !== (vlanTag as unknown));
  const tags = outer.slice(1, behind < 0 ? undefined : 1 + behind).map((one) => one.value);
  if (tags.length > 0 && scanner.etherType !== -1) {
    expect(scanner.vlanTags).toBe(tags.length);
    expectView(scanner.vlan, vlanTag, tags.at(-1) as object);
  }

  const fcLayer = of(fcHeader);
  const isPlain = [vftHeader, ifrHeader, encHeader].every((by) => of(by) === undefined);
  // Behind other tags, and inside tunnels, frames are left to decodeFrame.
  const isToday = outer[1 + tags.length]?.codec === (fcoeHeader as unknown);
  if (fcLayer !== undefined && isPlain && isToday && frame.malformed === undefined)
    expect(stands).toBe(true);
  if (!stands) {
    count('left to decodeFrame');
    expect(scanner.crc).toBe('absent');
    return;
  }
  expect(isPlain && isToday).toBe(true);
  expectView(scanner.fcoe, fcoeHeader, of(fcoeHeader)!.value as object);
  expectView(scanner.fc, fcHeader, fcLayer!.value as object);
  expect(scanner.payloadAt).toBe(fcLayer!.offset + fcLayer!.length);
  expect(scanner.crc).toBe(frame.crc);
  count(`crc ${frame.crc}`);
  if (frame.crc === 'good' || frame.crc === 'bad')
    expectView(scanner.trailer, fcoeTrailer, of(fcoeTrailer)!.value as object);
  const unit = layerOf(frame, 'fcp');
  count(scanner.unit ?? 'no unit');
  if (layerOf(frame, 'optional-header') !== undefined) expect(scanner.unit).toBeUndefined();
  else if (unit !== undefined && wholeOf(unit.codec) !== undefined) {
    // Of a unit that was cut within the head that a view needs, no view stands.
    count('cut unit');
    expect(frame.cut || frame.malformed !== undefined).toBe(true);
  } else if (unit !== undefined) {
    expect(unit.offset).toBe(scanner.payloadAt);
    expect(unit.offset + unit.length).toBe(scanner.payloadEnd);
    const by = { command: fcpCmnd, response: fcpRsp, xferRdy: fcpXferRdy, data: undefined };
    const expected = by[scanner.unit!] as AnyTable;
    expect(unit.codec).toBe(expected);
    expectView(scanner[scanner.unit as 'command'], expected, unit.value as object);
    const { fcpDl } = unit.value as { fcpDl?: number };
    expect(scanner.fcpDl).toBe(fcpDl);
  } else if (scanner.unit === 'data') {
    const data = outer.find(({ offset }) => offset === scanner.payloadAt);
    if (data !== undefined && data.codec === (rawBytes as unknown) && data.layer === 'data')
      expect(data.offset + data.length).toBe(scanner.payloadEnd);
  }
}

describe('FrameScanner', () => {
  it('reads the frames of captures as decodeFrame does', () => {
    for (const { bytes, originalLength } of frames)
      expectAlike(bytes, 0, bytes.length, originalLength);
    for (const what of ['crc good', 'command', 'response', 'data', 'xferRdy', 'no unit'])
      expect(met.get(what), what).toBeGreaterThan(3);
    expect(met.get('left to decodeFrame')).toBeGreaterThan(3);
  });

  it('reads cut, changed and moved frames as decodeFrame does', () => {
    const short = frames.filter(({ bytes }) => bytes.length < 300);
    fc.assert(
      fc.property(
        fc.constantFrom(...short),
        fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 3 }),
        fc.nat(20),
        fc.option(fc.nat(300)),
        fc.boolean(),
        ({ bytes }, changes, at, cutTo, tellsLength) => {
          const length = Math.min(cutTo ?? bytes.length, bytes.length);
          const all = new Uint8Array(at + bytes.length + 9).fill(0x41);
          all.set(bytes, at);
          for (const [place, value] of changes) {
            // Few places decide what a frame is; the others are in most frames payload.
            if (place < bytes.length) all[at + place] = value;
          }
          const originalLength = tellsLength ? bytes.length : length;
          expectAlike(all, at, at + length, originalLength);
        },
      ),
      { seed: SEED, numRuns: 5000 },
    );
    expect(met.get('crc bad')).toBeGreaterThan(50);
    expect(met.get('crc cut')).toBeGreaterThan(50);
    expect(met.get('cut unit')).toBeGreaterThan(10);
  });

  it('computes no CRC where it is not asked for', () => {
    const plain = new FrameScanner({ checkCrc: false });
    expect(frames.some(({ bytes }) => plain.scan(bytes))).toBe(true);
    expect(frames.every(({ bytes }) => !plain.scan(bytes) || plain.crc === 'absent')).toBe(true);
  });
});
