/** Mode parameter lists: MODE SENSE data and MODE SELECT parameter lists. Source: SPC-5, 7.5. */
import {
  codec,
  derived,
  type Infer,
  type InferInput,
  list,
  of,
  optional,
  reserved8,
  reserved32,
  reservedBits,
  sized,
  type TailField,
  u8,
  u16,
  u24,
  u32,
  u64,
  when,
} from '../layout/index.ts';
import { type ModePage, type ModePageInput, modePage } from './mode-page.ts';
import { option, optionByte } from './parts.ts';
import { listOrNone } from './shape.ts';

/** Short LBA mode parameter block descriptor of a block device: 8 bytes. */
export const blockDescriptor = codec(
  'Mode parameter block descriptor',
  'SBC-4, short LBA mode parameter block descriptor',
  { numberOfBlocks: u32, reserved1: reserved8, blockLengthBytes: u24 },
);

/** Long LBA mode parameter block descriptor: 16 bytes. */
export const longBlockDescriptor = codec(
  'Long LBA mode parameter block descriptor',
  'SBC-4, long LBA mode parameter block descriptor',
  { numberOfBlocks: u64, reserved1: reserved32, blockLengthBytes: u32 },
);

/** DEVICE-SPECIFIC PARAMETER of block devices: write protected; DPO and FUA are obeyed. */
export const BlockDeviceParameter = { WP: 0x80, DPOFUA: 0x10 } as const;

const cut = { mayBeCut: true } as const;

type Owner = { blockDescriptorLengthBytes: number };
const blockDescriptorBytes = of<Owner>((v) => v.blockDescriptorLengthBytes);
/** A list of mode pages. */
export interface ModePagesField extends TailField<ModePage[], true, readonly ModePageInput[]> {}
const pages: ModePagesField = listOrNone(list(modePage, cut));

/**
 * Mode parameter list of the 6-byte commands.
 *
 * Shape: 4 bytes, block descriptors, pages to the end of the data.
 * Units: `modeDataLengthBytes` counts what follows it; it is reserved (0) in MODE SELECT.
 */
export const modeParameters6 = codec('Mode parameter list (6)', 'SPC-5, mode parameter header(6)', {
  modeDataLengthBytes: derived(
    u8,
    (_v, sizeOf) => 3 + sizeOf('blockDescriptors') + sizeOf('pages'),
  ),
  mediumType: optionByte,
  deviceSpecificParameter: optionByte,
  blockDescriptorLengthBytes: derived(u8, (_v, sizeOf) => sizeOf('blockDescriptors')),
  blockDescriptors: sized(blockDescriptorBytes, listOrNone(list(blockDescriptor, cut)), cut),
  pages,
});
export type ModeParameters6 = Infer<typeof modeParameters6>;
export type ModeParameters6Input = InferInput<typeof modeParameters6>;

/** Mode parameter list of the 10-byte commands: 8 bytes, block descriptors, pages. */
export const modeParameters10 = codec(
  'Mode parameter list (10)',
  'SPC-5, mode parameter header(10)',
  {
    modeDataLengthBytes: derived(
      u16,
      (_v, sizeOf) =>
        6 + sizeOf('blockDescriptors') + sizeOf('longBlockDescriptors') + sizeOf('pages'),
    ),
    mediumType: optionByte,
    deviceSpecificParameter: optionByte,
    reserved1: reservedBits(7),
    longlba: option(1),
    reserved2: reserved8,
    blockDescriptorLengthBytes: derived(
      u16,
      (_v, sizeOf) => sizeOf('blockDescriptors') + sizeOf('longBlockDescriptors'),
    ),
    blockDescriptors: optional(
      when<{ longlba: number }>((v) => v.longlba === 0),
      sized(blockDescriptorBytes, list(blockDescriptor, cut), cut),
    ),
    longBlockDescriptors: optional(
      when<{ longlba: number }>((v) => v.longlba === 1),
      sized(blockDescriptorBytes, list(longBlockDescriptor, cut), cut),
    ),
    pages,
  },
);
export type ModeParameters10 = Infer<typeof modeParameters10>;
export type ModeParameters10Input = InferInput<typeof modeParameters10>;
