/** Fibre Channel Protocol for SCSI: information units and their codes. Source: FCP-4. */
export * from './cmnd.ts';
export * from './lun.ts';
export * from './names.ts';
export * from './rsp.ts';
