/** SCSI commands, their data and sense data. Source: SPC-5, SBC-4. */
export * from './cdb.ts';
export * from './cdb-access.ts';
export * from './cdb-block.ts';
export * from './cdb-primary.ts';
export * from './opcode.ts';
export { Control } from './parts.ts';
