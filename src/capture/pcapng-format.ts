/**
 * Numbers of the pcapng format that reader and writer share.
 *
 * Source: draft-ietf-opsawg-pcapng, block and option types.
 */

/** Block types that are read or written. */
export const BlockType = {
  /** Interface Description Block. */
  INTERFACE: 0x0000_0001,
  /** Packet Block, obsolete. */
  PACKET: 0x0000_0002,
  SIMPLE_PACKET: 0x0000_0003,
  NAME_RESOLUTION: 0x0000_0004,
  INTERFACE_STATISTICS: 0x0000_0005,
  ENHANCED_PACKET: 0x0000_0006,
  /** Section Header Block; reads the same in both byte orders. */
  SECTION_HEADER: 0x0a0d_0d0a,
} as const;

/** The section header's first field, by which its byte order is known. */
export const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;

/** Codes of the options that are read or written; several mean something else in another block. */
export const OptionCode = {
  END: 0,
  COMMENT: 1,
  SHB_HARDWARE: 2,
  SHB_OS: 3,
  SHB_USERAPPL: 4,
  IF_NAME: 2,
  IF_DESCRIPTION: 3,
  IF_TSRESOL: 9,
  IF_FCSLEN: 13,
  IF_TSOFFSET: 14,
  EPB_FLAGS: 2,
  EPB_QUEUE: 6,
} as const;

/** Type, total length and, at the end, the total length again. */
export const BLOCK_OVERHEAD_BYTES = 12;

/** Shortest Section Header Block. */
export const SECTION_HEADER_BYTES = 28;

/** Longest block this reader takes; libpcap draws the same line. */
export const BLOCK_BYTES_MAX = 16 * 1024 * 1024;

/** Block and option lengths count to the next multiple of four. */
export function padTo4(lengthBytes: number): number {
  return (lengthBytes + 3) & ~3;
}
