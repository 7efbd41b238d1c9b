/** What one command may ask of a logical unit, as the Block Limits page tells. */

/** Blocks that one read or write may move: MAXIMUM TRANSFER LENGTH, 16 MiB. */
export const TRANSFER_BLOCKS_MAX = 32_768;
/** Blocks that one COMPARE AND WRITE may compare. */
export const COMPARE_AND_WRITE_BLOCKS_MAX = 128;
/** Blocks that one WRITE SAME may fill, 32 MiB. */
export const WRITE_SAME_BLOCKS_MAX = 65_536;
/** Blocks that one UNMAP may name, over all its descriptors: 128 GiB. */
export const UNMAP_BLOCKS_MAX = 2 ** 28;
/** Descriptors of one UNMAP. */
export const UNMAP_DESCRIPTORS_MAX = 256;
/** Bytes of a parameter list; longer ones are refused before they are fetched. */
export const PARAMETER_LIST_BYTES_MAX = 65_536;
