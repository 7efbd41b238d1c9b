/** SCSI commands, their data and sense data. Source: SPC-5, SBC-4. */
export * from './access-state.ts';
export * from './asc.ts';
export * from './cdb.ts';
export * from './cdb-access.ts';
export * from './cdb-block.ts';
export * from './cdb-copy.ts';
export * from './cdb-management.ts';
export * from './cdb-primary.ts';
export * from './cdb-variable.ts';
export * from './cdb-xor.ts';
export * from './copy.ts';
export * from './copy-descriptor.ts';
export * from './data.ts';
export * from './data-primary.ts';
export * from './designation.ts';
export * from './log.ts';
export * from './lun.ts';
export * from './mode.ts';
export * from './mode-page.ts';
export { ModePageCode } from './mode-page-parts.ts';
export {
  Mrie,
  Qerr,
  QueueAlgorithm,
  RrTovUnits,
  TaskSetType,
  UaInterlock,
} from './mode-pages-primary.ts';
export * from './opcode.ts';
export { Control } from './parts.ts';
export * from './provisioning.ts';
export * from './reservations.ts';
export * from './rod-token.ts';
export * from './sense.ts';
export * from './sense-descriptor.ts';
export * from './sense-key.ts';
export * from './status.ts';
export * from './supported.ts';
export * from './target-groups.ts';
export * from './transport-id.ts';
export * from './vpd.ts';
export { FormFactor, MediumRotationRate, ProvisioningType, UGAVALID } from './vpd-block.ts';
export { ThirdPartyCopyDescriptor } from './vpd-copy.ts';
export { VPD_HEAD_BYTES, VpdPage } from './vpd-page.ts';
export {
  ModePagePolicy,
  NetworkService,
} from './vpd-primary.ts';
