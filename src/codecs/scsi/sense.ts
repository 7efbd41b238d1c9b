/** Sense data: why a command failed. Source: SPC-5, 4.4. */
import {
  bit,
  codec,
  derived,
  family,
  type Infer,
  type InferInput,
  list,
  named,
  nameOf,
  of,
  reserved8,
  reserved16,
  reservedBits,
  rest,
  sized,
  type TailField,
  u8,
  u32,
  withDefault,
} from '../layout/index.ts';
import { senseText } from './asc.ts';
import { option, optionByte } from './parts.ts';
import {
  type SenseDescriptor,
  type SenseDescriptorInput,
  senseDescriptor,
} from './sense-descriptor.ts';
import { SenseKey, SenseResponseCode } from './sense-key.ts';

const ADDITIONAL_FIXED_BYTES = 10;

type FixedOwner = { additionalSenseLengthBytes: number };

/**
 * Fixed format sense data.
 *
 * Shape: 18 bytes, then what the additional sense length counts beyond them.
 * Units: `senseKeySpecific` is the 23 bits behind SKSV; `parseFieldPointer` and `progressOf` read them.
 * Errors: `truncated` below 18 bytes.
 */
export const fixedSense = codec(
  'Fixed format sense data',
  'SPC-5, fixed format sense data',
  {
    valid: option(1),
    responseCode: withDefault(named(bit(7), SenseResponseCode), SenseResponseCode.CURRENT_FIXED),
    /** SEGMENT NUMBER of SPC-2. */
    obsolete1: reserved8,
    filemark: option(1),
    eom: option(1),
    ili: option(1),
    sdatOvfl: option(1),
    senseKey: named(bit(4), SenseKey),
    information: withDefault(u32, 0),
    additionalSenseLengthBytes: derived(
      u8,
      (_v, sizeOf) => ADDITIONAL_FIXED_BYTES + sizeOf('additionalSenseBytes'),
    ),
    commandSpecificInformation: withDefault(u32, 0),
    asc: u8,
    ascq: u8,
    fieldReplaceableUnitCode: optionByte,
    sksv: option(1),
    senseKeySpecific: option(23),
    additionalSenseBytes: sized(
      of<FixedOwner>((v) => Math.max(0, v.additionalSenseLengthBytes - ADDITIONAL_FIXED_BYTES)),
      rest,
      { mayBeCut: true },
    ),
  },
  'fixed',
);
export type FixedSense = Infer<typeof fixedSense>;

/** A list of sense descriptors. */
export interface SenseDescriptorsField
  extends TailField<SenseDescriptor[], false, readonly SenseDescriptorInput[]> {}
const senseDescriptors: SenseDescriptorsField = sized(
  of<FixedOwner>((v) => v.additionalSenseLengthBytes),
  list(senseDescriptor),
  { mayBeCut: true },
);

/**
 * Descriptor format sense data.
 *
 * Shape: 8 bytes, then descriptors.
 * Errors: `truncated` below 8 bytes, `bad-length` when a descriptor runs past the end.
 */
export const descriptorSense = codec(
  'Descriptor format sense data',
  'SPC-5, descriptor format sense data',
  {
    reserved1: reservedBits(1),
    responseCode: withDefault(
      named(bit(7), SenseResponseCode),
      SenseResponseCode.CURRENT_DESCRIPTOR,
    ),
    reserved2: reservedBits(4),
    senseKey: named(bit(4), SenseKey),
    asc: u8,
    ascq: u8,
    sdatOvfl: option(1),
    reserved3: reservedBits(7),
    reserved4: reserved16,
    additionalSenseLengthBytes: derived(u8, (_v, sizeOf) => sizeOf('descriptors')),
    descriptors: senseDescriptors,
  },
  'descriptor',
);
export type DescriptorSense = Infer<typeof descriptorSense>;

/**
 * Sense data in either format; vendor specific response codes decode to `{kind: 'unknown', raw}`.
 *
 * Shape: 8 bytes (descriptor) or 18 (fixed), and more.
 */
export const sense = family('Sense data', 'SPC-5, 4.4', {
  members: { fixed: fixedSense, descriptor: descriptorSense },
  select(bytes, at) {
    switch (bytes[at]! & 0x7f) {
      case SenseResponseCode.CURRENT_FIXED:
      case SenseResponseCode.DEFERRED_FIXED:
        return 'fixed';
      case SenseResponseCode.CURRENT_DESCRIPTOR:
      case SenseResponseCode.DEFERRED_DESCRIPTOR:
        return 'descriptor';
      default:
        return undefined;
    }
  },
  peekBytes: 1,
});
export type Sense = Infer<typeof sense>;
export type SenseInput = InferInput<typeof sense>;

/** True when the sense data tells of an earlier command. */
export function isDeferred(value: FixedSense | DescriptorSense): boolean {
  return (value.responseCode & 1) === 1;
}

/** Sense key and codes of either format. */
export type SenseTriple = {
  readonly senseKey: number;
  readonly asc: number;
  readonly ascq: number;
};

/** `UNIT ATTENTION 29/07 I_T NEXUS LOSS OCCURRED`: sense as a person reads it. */
export function formatSense(value: SenseTriple): string {
  const code = (one: number) => one.toString(16).padStart(2, '0').toUpperCase();
  const key = nameOf(SenseKey, value.senseKey)?.replaceAll('_', ' ') ?? String(value.senseKey);
  const text = senseText(value.asc, value.ascq);
  return `${key} ${code(value.asc)}/${code(value.ascq)}${text === undefined ? '' : ` ${text}`}`;
}
