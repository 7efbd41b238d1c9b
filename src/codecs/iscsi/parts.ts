/** What iSCSI PDUs have in common: opcodes, lengths, and what stands behind the basic header. */
import {
  bit,
  codec,
  derived,
  fixedTail,
  hex,
  type Infer,
  list,
  named,
  of,
  optional,
  reservedBits,
  rest,
  sized,
  type TailField,
  u8,
  u16,
  u24,
  u32,
  u32le,
  when,
  withDefault,
} from '../layout/index.ts';
import { type AdditionalHeadersField, additionalHeader } from './ahs.ts';
import { IscsiOpcode, RESERVED_TAG } from './codes.ts';

/** Which digests a connection has agreed on. */
export interface IscsiDigests {
  readonly header: boolean;
  readonly data: boolean;
}

/** A connection without digests, as each is during its login. */
export const NO_DIGESTS: IscsiDigests = { header: false, data: false };

/** Bytes of the basic header segment. */
export const BHS_BYTES = 48;
/** Bytes of a digest. */
export const DIGEST_BYTES = 4;

type Lengths = { readonly dataSegmentLengthBytes: number };
/** Length of the data segment. */
export const dataBytes = of<Lengths>((v) => v.dataSegmentLengthBytes);
/** Whether there is a data segment. */
export const hasData = when<Lengths>((v) => v.dataSegmentLengthBytes > 0);

/** First byte of a request. */
export const requestOpcode = (opcode: number) => ({
  reserved1: reservedBits(1),
  immediate: withDefault(bit(1), 0),
  opcode: withDefault(named(bit(6), IscsiOpcode), opcode),
});

/** First byte of what may not be immediate. */
export const plainOpcode = (opcode: number) => ({
  reserved1: reservedBits(2),
  opcode: withDefault(named(bit(6), IscsiOpcode), opcode),
});

/** Bytes 4 to 7: how much stands behind the basic header. */
export const lengths = {
  totalAhsLengthWords: derived(u8, (_, sizeOf) => sizeOf('ahs') / 4),
  dataSegmentLengthBytes: derived(u24, (_, sizeOf) => sizeOf('data')),
};

/** A task tag; it is hex to people, as it means nothing. */
export const tag = hex(u32);
/** A tag that stands for none where it is left out. */
export const noTag = withDefault(tag, RESERVED_TAG);
/** A sequence number. */
export const serial = withDefault(u32, 0);
/** What every PDU of a target says at byte 24. */
export const targetNumbers = { statSn: serial, expCmdSn: serial, maxCmdSn: serial };

const DIGEST_SHOWN = fixedTail(hex(u32le));

const { whole: _whole, ...listedHeaders } = sized(
  of<{ totalAhsLengthWords: number }>((v) => v.totalAhsLengthWords * 4),
  list(additionalHeader),
);
const additionalHeaders: AdditionalHeadersField = {
  ...listedHeaders,
  optional: true,
  default: () => [],
};
const dataPadding: TailField<Uint8Array, true> = {
  ...sized(
    of<Lengths>((v) => -v.dataSegmentLengthBytes & 3),
    rest,
  ),
  default: (_v: unknown, sizeOf: (key: string) => number) => new Uint8Array(-sizeOf('data') & 3),
};

/** What stands behind the basic header, the digests in their places: `data` is the data segment. */
export const behindHeader = <T, O extends boolean, I>(
  digests: IscsiDigests,
  data: TailField<T, O, I>,
) => ({
  ahs: additionalHeaders,
  headerDigest: optional(
    when(() => digests.header),
    DIGEST_SHOWN,
  ),
  data,
  padding: dataPadding,
  dataDigest: optional(
    when<Lengths>((v) => digests.data && v.dataSegmentLengthBytes > 0),
    DIGEST_SHOWN,
  ),
});

/** A data segment without a layout: data, text that may go on in the next PDU, a ping's bytes. */
export const plainData = sized(dataBytes, rest);

/**
 * Data segment of a SCSI Response and of an Asynchronous Message.
 *
 * Shape: 2 bytes and more. Units: `senseLengthBytes` counts bytes of sense data.
 */
export const senseSegment = codec('sense and response data', 'RFC 7143, 11.4.7', {
  senseLengthBytes: derived(u16, (_, sizeOf) => sizeOf('senseData')),
  senseData: sized(
    of<{ senseLengthBytes: number }>((v) => v.senseLengthBytes),
    rest,
    { mayLack: true },
  ),
  responseData: rest,
});
export type SenseSegment = Infer<typeof senseSegment>;
