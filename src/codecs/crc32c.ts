/**
 * CRC-32C (Castagnoli): the digests of iSCSI.
 * Source: RFC 7143, 13.1 and A.4 for the examples and the order of bytes.
 */
import { crcByTable } from './crc-table.ts';

const POLYNOMIAL_REFLECTED = 0x82f6_3b78;

/**
 * CRC-32C of `bytes[at, end)`, an unsigned 32-bit number; iSCSI stores it least significant byte
 * first. `before` is the CRC of the bytes in front of them, where they go on.
 */
export const crc32c = crcByTable(POLYNOMIAL_REFLECTED);
