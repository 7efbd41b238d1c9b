/** Fibre Channel Protocol for SCSI: information units and their codes. Source: FCP-4. */

export * from '../scsi/lun.ts';
export * from './cmnd.ts';
export * from './names.ts';
export * from './retry-delay.ts';
export * from './rsp.ts';
