/** SCSI commands, their data and sense data. Source: SPC-5, SBC-4. */
export * from './access-state.ts';
export * from './asc.ts';
export * from './cdb.ts';
export * from './cdb-access.ts';
export * from './cdb-block.ts';
export * from './cdb-primary.ts';
export * from './data.ts';
export * from './data-primary.ts';
export * from './designation.ts';
export * from './lun.ts';
export * from './mode.ts';
export * from './mode-page.ts';
export * from './opcode.ts';
export { Control } from './parts.ts';
export * from './sense.ts';
export * from './sense-descriptor.ts';
export * from './sense-key.ts';
export * from './vpd.ts';
