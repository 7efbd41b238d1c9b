/**
 * Layouts of blocks: which volumes a client finds, and where on them the data of a file lie. These stand as the `body`
 * of a device's address, of a layout and of LAYOUTCOMMIT. Layouts of SCSI disks have the same device's addresses and
 * layouts, with another kind of disk. Source: RFC 5663, 2.2 to 2.4; RFC 8154; Linux 6.1, fs/nfs/blocklayout.
 */
import {
  bytes,
  codec,
  embed,
  type FixedField,
  fixedTail,
  type Infer,
  type InferInput,
  named,
  optional,
  u32,
  u64,
  when,
} from '../layout/index.ts';
import { xdrArray, xdrOpaque } from '../rpc/xdr.ts';
import { CodeSet, DesignatorType } from '../scsi/designation.ts';
import { DEVICE_ID_BYTES } from './layouts.ts';

/** What a volume is made of. Source: RFC 5663, 2.2.2; the last by the name that Linux gives it (include/linux/nfs4.h). */
export const BlockVolumeType4 = {
  PNFS_BLOCK_VOLUME_SIMPLE: 0,
  PNFS_BLOCK_VOLUME_SLICE: 1,
  PNFS_BLOCK_VOLUME_CONCAT: 2,
  PNFS_BLOCK_VOLUME_STRIPE: 3,
  PNFS_BLOCK_VOLUME_SCSI: 4,
} as const;

/** What may be done with an extent. Source: RFC 5663, 2.3. */
export const BlockExtentState4 = {
  PNFS_BLOCK_READ_WRITE_DATA: 0,
  PNFS_BLOCK_READ_DATA: 1,
  PNFS_BLOCK_INVALID_DATA: 2,
  PNFS_BLOCK_NONE_DATA: 3,
} as const;

const VOLUMES_MAX = 1024;
const EXTENTS_MAX = 4096;
/** Parts of a signature, at most: PNFS_BLOCK_MAX_SIG_COMP. */
const SIGNATURE_PARTS_MAX = 16;
/** Bytes of a designator, at most: its length is one byte where the disk itself says it. Source: SPC-5, designation descriptor. */
const DESIGNATOR_BYTES_MAX = 255;

/**
 * Bytes by which a client knows a disk: at which place, and which. Shape: 12 bytes and the contents in units of 4.
 * Units: `offset` in bytes, two's complement: a negative one counts from the end of the disk.
 */
export const blockSignaturePart4 = codec('pnfs_block_sig_component4', 'RFC 5663, 2.2.1', {
  offset: u64,
  ...xdrOpaque('contents'),
});

const isType = (type: number) => when<{ type: number }>((v) => v.type === type);
const SOURCE = 'RFC 5663, 2.2.2';
const { PNFS_BLOCK_VOLUME_CONCAT, PNFS_BLOCK_VOLUME_SIMPLE, PNFS_BLOCK_VOLUME_SLICE } =
  BlockVolumeType4;
const simple = codec('pnfs_block_simple_volume_info4', SOURCE, {
  ...xdrArray('signature', blockSignaturePart4, SIGNATURE_PARTS_MAX),
});
const slice = codec('pnfs_block_slice_volume_info4', SOURCE, {
  start: u64,
  lengthBytes: u64,
  volume: u32,
});
const concat = codec('pnfs_block_concat_volume_info4', SOURCE, {
  ...xdrArray('volumes', u32, VOLUMES_MAX),
});
const stripe = codec('pnfs_block_stripe_volume_info4', SOURCE, {
  stripeUnitBytes: u64,
  ...xdrArray('volumes', u32, VOLUMES_MAX),
});
const scsi = codec('pnfs_scsi_base_volume_info4', 'RFC 8154; Linux 6.1, fs/nfs/blocklayout/dev.c', {
  codeSet: named(u32, CodeSet),
  designatorType: named(u32, DesignatorType),
  ...xdrOpaque('designator', DESIGNATOR_BYTES_MAX),
  reservationKey: fixedTail(u64),
});

/** A volume: a disk, or made of volumes before it in the list. Shape: 8 bytes at least. Units: bytes. */
export const blockVolume4 = codec('pnfs_block_volume4', SOURCE, {
  type: named(u32, BlockVolumeType4),
  simple: optional(isType(PNFS_BLOCK_VOLUME_SIMPLE), embed(simple)),
  slice: optional(isType(PNFS_BLOCK_VOLUME_SLICE), embed(slice)),
  concat: optional(isType(PNFS_BLOCK_VOLUME_CONCAT), embed(concat)),
  stripe: optional(isType(BlockVolumeType4.PNFS_BLOCK_VOLUME_STRIPE), embed(stripe)),
  scsi: optional(isType(BlockVolumeType4.PNFS_BLOCK_VOLUME_SCSI), embed(scsi)),
});
/** What `blockVolume4` encodes. */
export interface BlockVolume4Input extends InferInput<typeof blockVolume4> {}

/** The address of a device: its volumes, the last one being the device. Shape: 4 bytes at least. */
export const blockDeviceAddr4 = codec('pnfs_block_deviceaddr4', SOURCE, {
  ...xdrArray('volumes', blockVolume4, VOLUMES_MAX),
});
/** What `blockDeviceAddr4` decodes. */
export interface BlockDeviceAddr4 extends Infer<typeof blockDeviceAddr4> {}
/** What `blockDeviceAddr4` encodes. */
export interface BlockDeviceAddr4Input extends InferInput<typeof blockDeviceAddr4> {}

const deviceId: FixedField<Uint8Array> = bytes(DEVICE_ID_BYTES);

/** A part of a file on a volume. Shape: 44 bytes. Units: bytes. */
export const blockExtent4 = codec('pnfs_block_extent4', 'RFC 5663, 2.3', {
  deviceId,
  fileOffset: u64,
  lengthBytes: u64,
  storageOffset: u64,
  state: named(u32, BlockExtentState4),
});
/** What `blockExtent4` decodes. */
export interface BlockExtent4 extends Infer<typeof blockExtent4> {}

/** The body of a layout: where the data of a part of a file lie. Shape: 4 bytes, 44 for each extent. */
export const blockLayout4 = codec('pnfs_block_layout4', 'RFC 5663, 2.3', {
  ...xdrArray('extents', blockExtent4, EXTENTS_MAX),
});

/** The body of LAYOUTCOMMIT: extents that now hold data. Shape: 4 bytes, 44 for each extent. */
export const blockLayoutUpdate4 = codec('pnfs_block_layoutupdate4', 'RFC 5663, 2.3.2', {
  ...xdrArray('commitList', blockExtent4, EXTENTS_MAX),
});

/** A part of a file that now holds data. Shape: 16 bytes. Units: bytes. */
const scsiRange4 = codec('pnfs_scsi_range4', 'RFC 8154; Linux 6.1, fs/nfsd/blocklayoutxdr.c', {
  fileOffset: u64,
  lengthBytes: u64,
});

/** The body of LAYOUTCOMMIT for a SCSI disk: parts that now hold data. Shape: 4 bytes, 16 for each part. */
export const scsiLayoutUpdate4 = codec(
  'pnfs_scsi_layoutupdate4',
  'RFC 8154; Linux 6.1, fs/nfsd/blocklayoutxdr.c',
  { ...xdrArray('commitList', scsiRange4, EXTENTS_MAX) },
);
