/** What one command may ask of a logical unit, as the Block Limits page tells. */

/** Blocks that one read or write may move: MAXIMUM TRANSFER LENGTH, 16 MiB. */
export const TRANSFER_BLOCKS_MAX = 32_768;
/** Blocks that one COMPARE AND WRITE may compare. */
export const COMPARE_AND_WRITE_BLOCKS_MAX = 128;
/** Blocks that one WRITE SAME may fill: no more than a write may, as libiscsi's tests take for granted. */
export const WRITE_SAME_BLOCKS_MAX = 32_768;
/** Blocks that one UNMAP may name, over all its descriptors: 512 MiB, the most that libiscsi's tests take for sound. */
export const UNMAP_BLOCKS_MAX = 2 ** 20;
/** Descriptors of one UNMAP. */
export const UNMAP_DESCRIPTORS_MAX = 256;
/** Bytes of a parameter list; longer ones are refused before they are fetched. */
export const PARAMETER_LIST_BYTES_MAX = 65_536;
/** Resource counts of thin provisioning are of so many blocks, a power of 2: those of an extent. */
export const THRESHOLD_EXPONENT = 7;
