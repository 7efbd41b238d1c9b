/**
 * Plain frames: what is said of them without their layers is what their layers say, and they encode
 * to the very bytes.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestParts } from '../../../src/audit/seen/exchange-row.ts';
import type { FcFrame } from '../../../src/audit/seen/frame.ts';
import { type HeldFrame, HeldFrames } from '../../../src/audit/seen/held-frames.ts';
import { seePlain } from '../../../src/audit/seen/plain-frame.ts';
import { seeDecoded } from '../../../src/audit/seen/see-frame.ts';
import { FramePlace } from '../../../src/capture/index.ts';
import {
  blocksOf,
  Conversation,
  crc32,
  decodeFrame,
  Eof,
  encodeFrame,
  type Frame,
  fcpCmnd,
  fcpRsp,
  type Layer,
  layerOf,
  layerValue,
  putFcCrc,
  Sof,
  summarize,
  summarizePlain,
} from '../../../src/codecs/index.ts';

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
/** Mostly the one, which makes a plain frame. */
const mostly = <T>(one: T, ...others: readonly T[]) =>
  fc.oneof(
    { weight: 14, arbitrary: fc.constant(one) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const OPCODES = [0x08, 0x0a, 0x28, 0x2a, 0xa8, 0xaa, 0x88, 0x8a, 0x12, 0x25, 0x5f, 0x9e];

/** Bytes of frames that are nearly plain: what makes them so is forced, now and then. */
const nearlyPlain = fc
  .record({
    tags: fc.constantFrom(0, 1, 1, 1, 2),
    tagType: mostly(0x8100, 0x88a8),
    head: octets(48),
    rCtl: fc.constantFrom(0x01, 0x01, 0x01, 0x05, 0x05, 0x06, 0x06, 0x06, 0x07, 0x07, 0x00, 0x03),
    type: mostly(0x08, 0x01),
    version: mostly(0, 1),
    sof: fc.constantFrom(Sof.SOFi3, Sof.SOFn3, 0x31),
    dfCtl: mostly(0, 1, 0x40),
    fill: fc.integer({ min: 0, max: 3 }),
    parameter: fc.constantFrom(0, 0, 4),
    payload: fc.oneof(
      octets(32),
      octets(32),
      octets(24),
      octets(12),
      fc.uint8Array({ maxLength: 80 }),
    ),
    flags: fc.constantFrom(0, 0, 4, 8, 1, 2, 0xff),
    directions: fc.constantFrom(0, 1, 2, 3, 4),
    opcode: fc.constantFrom(...OPCODES),
    ids: fc.constantFrom(0, 1),
    eof: mostly<number>(Eof.EOFt, Eof.EOFn, Eof.EOFa, Eof.EOFni, 0x99),
    crcGood: mostly(true, false),
    behind: mostly(0, 4, 6),
    linkType: mostly(1, 113),
    cut: mostly(0, 8),
    fcsBytes: mostly<number | undefined>(undefined, 0, 4),
  })
  .map((one) => {
    const { head, payload, rCtl } = one;
    const fcAt = 14 + 4 * one.tags + 14;
    const whole = new Uint8Array(fcAt + 24 + payload.length + one.fill + 8 + one.behind);
    whole.set(head.subarray(0, 12));
    let at = 12;
    for (let tag = 0; tag < one.tags; tag++, at += 4) {
      whole.set([one.tagType >> 8, one.tagType & 0xff, head[12]!, head[13]!], at);
    }
    whole.set([0x89, 0x06, head[14]!, one.version, ...head.subarray(16, 27), one.sof], at);
    whole.set(head.subarray(24, 48), fcAt);
    // Few ids, so that frames of one exchange meet.
    const [dId, sId] = one.ids === 0 ? [1, 2] : [2, 1];
    const fCtl = (one.ids << 7) | (head[30]! & 0x7f);
    whole.set([rCtl, 1, 0, dId!, 0, 1, 0, sId!, one.type, fCtl, head[31]!], fcAt);
    whole.set(
      [(head[32]! & 0xfc) | one.fill, head[33]!, one.dfCtl, 0, 0, 0, head[34]! & 1],
      fcAt + 11,
    );
    whole.set([0, 0, 0, one.parameter], fcAt + 20);
    const body = payload.slice();
    if (rCtl === 0x06 && body.length > 12) body.set([0, one.directions, one.opcode], 10);
    if (rCtl === 0x07 && body.length > 11) body[10] = one.flags;
    whole.set(body, fcAt + 24);
    const crcAt = fcAt + 24 + payload.length + one.fill;
    putFcCrc(whole, crcAt, crc32(whole, fcAt, crcAt) ^ (one.crcGood ? 0 : 1));
    whole[crcAt + 4] = one.eof;
    return { ...one, bytes: whole };
  });

/** What the layers of a frame say of a request. */
function requestIn(frame: Frame): RequestParts | undefined {
  const command = layerValue(frame, fcpCmnd);
  if (command === undefined) return undefined;
  const block = layerOf(frame, 'scsi')!.value as { lba: number | bigint };
  return {
    kind: 'fcp',
    command: frame.exchange!.command!.name,
    lun: command.lun,
    lba: BigInt(block.lba),
    blocks: blocksOf(block),
    expectedBytes: command.fcpDl,
  };
}

/** What a frame says. Of data that nobody reads, headers and trailer are `held`, and no payload. */
const fieldsOf = (fc: FcFrame, held?: HeldFrame) => {
  const { header, sof, eof, vlan, payloadBytes, role, originator, responder } = fc;
  const { direction, crcGood, link, fabric, at, number } = fc;
  const whole = fc.tapped.bytes;
  const isBrief = held?.isBrief === true;
  const bytes = isBrief
    ? Uint8Array.of(...whole.subarray(0, held.payloadAt), ...whole.subarray(-8))
    : whole;
  const payload = isBrief ? new Uint8Array(0) : fc.payload;
  return [
    { header, sof, eof, vlan, payload, payloadBytes, role, originator, responder },
    { direction, crcGood, link, fabric, at, number, bytes },
  ];
};

describe('plain frames', () => {
  it('say what their layers say, and encode to the very bytes', () => {
    const plain = { data: 0, command: 0, xferRdy: 0, response: 0 };
    let briefs = 0;
    const property = fc.property(
      fc.array(nearlyPlain, { minLength: 1, maxLength: 12 }),
      (frames) => {
        const held = new HeldFrames();
        const place = new FramePlace();
        const [fast, slow, lines] = [new Conversation(), new Conversation(), new Conversation()];
        for (const [index, { bytes, linkType, cut, fcsBytes }] of frames.entries()) {
          const originalLength = bytes.length + cut;
          place.moveTo({
            bytes,
            linkType,
            originalLength,
            index,
            timeNs: 0n,
            interfaceId: 0,
            interfaceName: undefined,
            ...(fcsBytes === undefined ? {} : { fcsBytes }),
          });
          const options = { linkType, originalLength, fcsBytes };
          const frame = decodeFrame(bytes, { ...options, conversation: slow });
          const one = held.hold(place, 5);
          const text = one.isPlain ? summarizePlain(place, one, lines) : undefined;
          if (text === undefined) decodeFrame(bytes, { ...options, conversation: lines });
          else expect(text).toBe(summarize(frame));
          const seen = one.isPlain ? seePlain(one, 5, 'tap', fast) : undefined;
          if (seen === undefined) {
            decodeFrame(bytes, { ...options, conversation: fast });
            continue;
          }
          plain[one.unit]++;
          if (one.isBrief) briefs++;
          expect([frame.malformed, frame.cut, frame.crc, frame.protocol]).toEqual([
            undefined,
            false,
            'good',
            'fcp',
          ]);
          expect(encodeFrame(frame)).toEqual(bytes);
          const tapped = { at: 5, number: index, tap: 'tap', fabric: '', bytes } as const;
          const decoded = seeDecoded(frame, { ...tapped, direction: 'unknown' }) as FcFrame;
          expect(fieldsOf(seen.fc)).toEqual(fieldsOf(decoded, one));
          expect(seen.request).toEqual(requestIn(frame));
          const response = layerValue(frame, fcpRsp);
          if (response === undefined) expect(seen.fc.response).toBeUndefined();
          else expect(response).toMatchObject(seen.fc.response!);
          const data = frame.layers.find(({ layer }) => layer === 'data' || layer === 'scsi');
          if (one.unit === 'data') expect(data?.length ?? 0).toBe(seen.fc.payloadBytes);
          const isRead = ({ layer, inside }: Layer) =>
            layer === 'sense' || (layer === 'scsi' && !inside);
          expect(frame.layers.some(isRead)).toBe(false);
        }
      },
    );
    fc.assert(property, { seed: 20_26, numRuns: 2500 });
    for (const count of Object.values(plain)) expect(count).toBeGreaterThan(80);
    expect(briefs).toBeGreaterThan(40);
    expect(briefs).toBeLessThan(plain.data);
  });
});
