import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as fcp from '../../../../src/codecs/fcp/index.ts';
import { type AnyCodec, CodecError, formatHex } from '../../../../src/codecs/layout/index.ts';
import * as scsi from '../../../../src/codecs/scsi/index.ts';
import * as vpdCopy from '../../../../src/codecs/scsi/vpd-copy.ts';
import { arbitraryOf } from '../../../../src/testing/index.ts';

const RUNS = { seed: 20_261, numRuns: 60 };

const isCodec = (one: unknown): one is AnyCodec =>
  typeof one === 'object' && one !== null && 'decode' in one && 'encode' in one;

/** Every codec of both folders; a family stands for its members. */
const codecs: [string, AnyCodec][] = [...Object.entries(fcp), ...Object.entries(scsi)].flatMap(
  ([name, one]): [string, AnyCodec][] => (isCodec(one) ? [[name, one]] : []),
);

/** A code that no table has, so that only a catch-all can claim it. */
const UNKNOWN = 0x2e;

const someBytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

/** Catch-alls of families: values that no other member would claim. */
function catchAlls(): Map<AnyCodec, fc.Arbitrary<unknown>> {
  const parameters = fc.uint8Array({ maxLength: 24 });
  const { cscdDescriptor, segmentDescriptor, designation, modePage, vpd } = scsi;
  const { thirdPartyCopyDescriptor } = vpdCopy;
  return new Map<AnyCodec, fc.Arbitrary<unknown>>([
    [
      cscdDescriptor.members.other,
      fc.record({
        kind: fc.constant('CSCD descriptor'),
        descriptorTypeCode: fc.constant(0xf0),
        parameters: someBytes(31),
      }),
    ],
    [
      segmentDescriptor.members.other,
      fc.record({
        kind: fc.constant('segment descriptor'),
        descriptorTypeCode: fc.constant(UNKNOWN),
        parameters,
      }),
    ],
    [
      designation.members.other,
      fc.record({
        kind: fc.constant('designator'),
        designatorType: fc.constant(0xd),
        identifier: parameters,
      }),
    ],
    [
      modePage.members.otherPage,
      fc.record({
        kind: fc.constant('mode page'),
        pageCode: fc.constant(UNKNOWN),
        parameters,
      }),
    ],
    [
      modePage.members.otherSubpage,
      fc.record({
        kind: fc.constant('mode subpage'),
        pageCode: fc.constant(UNKNOWN),
        subpageCode: fc.nat(255),
        parameters,
      }),
    ],
    [
      vpd.members.other,
      fc.record({ kind: fc.constant('VPD page'), pageCode: fc.constant(0xc8), parameters }),
    ],
    [
      thirdPartyCopyDescriptor.members.other,
      fc.record({
        kind: fc.constant('third-party copy descriptor'),
        descriptorType: fc.constant(0x0106),
        parameters,
      }),
    ],
  ]);
}

/** INQUIRY data whose version descriptors lie where they must. */
const inquiryParts = {
  vendorSpecific: someBytes(20),
  clocking: someBytes(2),
  parameters: fc.constant(new Uint8Array(0)),
};

const instead = catchAlls();
const valuesOf = (codec: AnyCodec): fc.Arbitrary<unknown> =>
  instead.get(codec) ??
  arbitraryOf(codec, {
    instead,
    ...(codec === (scsi.standardInquiry as AnyCodec) ? { overrides: inquiryParts } : {}),
  });

/** Decodes and encodes again: the same bytes, or a `CodecError`. Returns the value. */
function again(codec: AnyCodec, bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = codec.decode(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError);
    return undefined;
  }
  expect(formatHex(codec.encode(value))).toBe(formatHex(bytes));
  return value;
}

describe.each(codecs)('%s', (_name, codec) => {
  test('values become bytes and the same values again', () => {
    fc.assert(
      fc.property(valuesOf(codec), (value) => {
        const bytes = codec.encode(value);
        const decoded = codec.decode(bytes) as { trailing?: unknown };
        expect(decoded).toMatchObject(value as object);
        expect(decoded.trailing).toBeUndefined();
        expect(formatHex(codec.encode(decoded))).toBe(formatHex(bytes));
      }),
      RUNS,
    );
  });

  test('a message that is cut or damaged is refused or kept whole', () => {
    const damage = fc.array(fc.tuple(fc.nat(255), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(valuesOf(codec), fc.nat(255), damage, (value, length, changes) => {
        const bytes = codec.encode(value);
        for (const [at, to] of changes) if (at < bytes.length) bytes[at] = to;
        again(codec, bytes);
        again(codec, bytes.subarray(0, length));
      }),
      RUNS,
    );
  });

  test('any bytes are refused or kept whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), (bytes) => {
        again(codec, bytes);
      }),
      RUNS,
    );
  });
});

describe('data of a command', () => {
  test('cut by the allocation length it is kept, longer it is refused or whole', () => {
    fc.assert(
      fc.property(arbitraryOf(scsi.cdb), fc.uint8Array({ maxLength: 96 }), (command, bytes) => {
        const asked = scsi.cdb.decode(scsi.cdb.encode(command));
        const codec = scsi.dataIn(asked);
        if (codec === undefined) return;
        const value = again(codec, bytes);
        const allocated = 'allocationLengthBytes' in asked ? asked.allocationLengthBytes : 97;
        if (bytes.length >= allocated) expect(value).toBeDefined();
      }),
      { seed: 20_262, numRuns: 500 },
    );
  });
});
