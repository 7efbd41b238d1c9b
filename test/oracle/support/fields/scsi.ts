/** SCSI commands, and sense data. */
import { type FieldMap, part, same, whole } from '../mapping.ts';

const control = part('scsi:control');

/** A byte of flags, shown once more as a whole. */
const flagsByte = whole('scsi:*');

const sense: FieldMap = {
  // Shown as the whole byte.
  'scsi.sns.valid': whole('sense:valid', 'sense:responseCode'),
  'scsi.sns.ascascq': whole('sense:asc', 'sense:ascq'),
  'scsi.sns.errtype': 'sense:responseCode',
  'scsi.sns.filemark': 'sense:filemark',
  'scsi.sns.eom': 'sense:eom',
  'scsi.sns.ili': 'sense:ili',
  'scsi.sns.key': 'sense:senseKey',
  'scsi.sns.info': 'sense:information',
  'scsi.sns.addlen': 'sense:additionalSenseLengthBytes',
  'scsi.sns.command_specific_information': 'sense:commandSpecificInformation',
  'scsi.sns.asc': 'sense:asc',
  'scsi.sns.ascq': 'sense:ascq',
  'scsi.sns.fru': 'sense:fieldReplaceableUnitCode',
  'scsi.sns.sksv': 'sense:sksv',
  'scsi.sns.sks_info': 'sense:senseKeySpecific',
};

export const scsiFields: FieldMap = {
  ...sense,
  'scsi.cdb.alloclen': 'scsi:allocationLengthBytes',
  'scsi.cdb.alloclen16': 'scsi:allocationLengthBytes',
  'scsi.cdb.alloclen32': 'scsi:allocationLengthBytes',
  'scsi.cdb.control': 'scsi:control',
  'scsi.cdb.control.naca': control,
  'scsi.cdb.control.obs1': control,
  'scsi.cdb.control.obs2': control,
  'scsi.cdb.control.reserved': control,
  'scsi.cdb.control.vendorspecific': control,
  'scsi.cdb.inq.control': 'scsi:control',
  'scsi.inquiry.control.naca': control,
  'scsi.inquiry.control.obs1': control,
  'scsi.inquiry.control.obs2': control,
  'scsi.inquiry.control.reserved': control,
  'scsi.inquiry.control.vendorspecific': control,
  'scsi.inquiry.flags': flagsByte,
  'scsi.mode.flags': flagsByte,
  'scsi_sbc.read.flags': flagsByte,
  'scsi_sbc.synccache.flags': flagsByte,
  'scsi.inquiry.evpd.pagecode': 'scsi:pageCode',
  'scsi.mode.pc': 'scsi:pageControl',
  'scsi.mode.sbc.pagecode': 'scsi:pageCode',
  'scsi.mode.spc.pagecode': 'scsi:pageCode',
  'scsi.mpi.service_action': 'scsi:serviceAction',
  'scsi.report_opcodes.options': 'scsi:reportingOptions',
  'scsi.report_opcodes.rctd': 'scsi:rctd',
  'scsi.report_opcodes.requested_operation_code': 'scsi:requestedOperationCode',
  'scsi.report_opcodes.requested_service_action': 'scsi:requestedServiceAction',
  'scsi.spc.select_report': 'scsi:selectReport',
  'scsi_sbc.alloclen32': 'scsi:allocationLengthBytes',
  'scsi_sbc.fua_nv': part('scsi:obsolete1'),
  'scsi_sbc.synccache.sync_nv': 'scsi:obsolete1',
  'scsi_sbc.dpo': 'scsi:dpo',
  'scsi_sbc.fua': 'scsi:fua',
  'scsi_sbc.group': part('scsi:groupNumber'),
  'scsi_sbc.opcode': 'scsi:operationCode',
  'scsi_sbc.rdprotect': 'scsi:rdprotect',
  'scsi_sbc.wrprotect': 'scsi:wrprotect',
  'scsi_sbc.rdwr10.lba': 'scsi:lba',
  'scsi_sbc.rdwr10.xferlen': same('scsi:transferLengthBlocks', 'scsi:numberOfBlocks'),
  'scsi_sbc.sa': 'scsi:serviceAction',
  'scsi_sbc.synccache.immediate': 'scsi:immed',
};
