/** Additional header segments of SCSI Commands. Source: RFC 7143, 11.2.2. */
import {
  bit,
  codec,
  derived,
  family,
  type Infer,
  type InferInput,
  named,
  of,
  reserved8,
  reservedBits,
  rest,
  sized,
  type TailField,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { AhsType } from './codes.ts';

const SOURCE = 'RFC 7143, 11.2.2';

/** Length and type. */
const AHS_HEAD_BYTES = 3;

const typeOf = (type: number) => ({
  reserved1: reservedBits(2),
  type: withDefault(named(bit(6), AhsType), type),
});

const padding: TailField<Uint8Array, true> = {
  ...rest,
  default: (_v, sizeOf) => new Uint8Array(-sizeOf('cdb') & 3),
};

/**
 * The bytes of a CDB behind its first 16.
 *
 * Shape: 4 bytes and the CDB's, padded to words by the segment.
 * Units: `lengthBytes` counts the reserved byte and the CDB's.
 */
const extendedCdb = codec(
  'extended CDB',
  SOURCE,
  {
    lengthBytes: derived(u16, (_, sizeOf) => sizeOf('cdb') + 1),
    ...typeOf(AhsType['extended CDB']),
    reserved2: reserved8,
    cdb: sized(
      of<{ lengthBytes: number }>((v) => v.lengthBytes - 1),
      rest,
    ),
    padding,
  },
  'extended CDB',
);

const BIDIRECTIONAL_BYTES = 5;

/** How many bytes a bidirectional command may read. Shape: 8 bytes. */
const bidirectionalLength = codec(
  'bidirectional read expected data transfer length',
  SOURCE,
  {
    lengthBytes: withDefault(u16, BIDIRECTIONAL_BYTES),
    ...typeOf(AhsType['bidirectional read expected data transfer length']),
    reserved2: reserved8,
    expectedReadLengthBytes: u32,
  },
  'bidirectional length',
);

/**
 * One additional header segment.
 *
 * Shape: 4 bytes and more, a whole number of words.
 * Units: `lengthBytes` counts neither itself nor the type nor padding.
 */
export const additionalHeader = family('AHS', SOURCE, {
  members: { 1: extendedCdb, 2: bidirectionalLength },
  peekBytes: AHS_HEAD_BYTES,
  spoilsItself: true,
  select(bytes, at) {
    const type = bytes[at + 2]! & 0x3f;
    return type === 1 || type === 2 ? type : undefined;
  },
  extent: (bytes, at) => (AHS_HEAD_BYTES + (bytes[at]! << 8) + bytes[at + 1]! + 3) & ~3,
});
export type AdditionalHeader = Infer<typeof additionalHeader>;
export type AdditionalHeaderInput = InferInput<typeof additionalHeader>;
/** A list of additional header segments; none where it is left out. */
export interface AdditionalHeadersField
  extends TailField<AdditionalHeader[], true, readonly AdditionalHeaderInput[]> {}
