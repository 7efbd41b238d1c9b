/** FCP information units. */
import { type FieldMap, part } from '../mapping.ts';

const management = part('fcp:taskManagementFlags');
const flags = part('fcp:flags');

export const fcpFields: FieldMap = {
  'fcp.lun': part('fcp:lun'),
  'fcp.crn': 'fcp:crn',
  'fcp.taskattr': 'fcp:taskAttribute',
  'fcp.taskmgmt': 'fcp:taskManagementFlags',
  'fcp.mgmt.flags.abort_task_set': management,
  'fcp.mgmt.flags.clear_aca': management,
  'fcp.mgmt.flags.clear_task_set': management,
  'fcp.mgmt.flags.lu_reset': management,
  'fcp.mgmt.flags.obsolete': management,
  'fcp.mgmt.flags.rsvd': management,
  'fcp.mgmt.flags.target_reset': management,
  'fcp.addlcdblen': 'fcp:additionalCdbLengthWords',
  'fcp.rddata': 'fcp:rddata',
  'fcp.wrdata': 'fcp:wrdata',
  'fcp.dl': 'fcp:fcpDl',
  'fcp.data_ro': 'fcp:relativeOffset',
  'fcp.burstlen': 'fcp:burstLengthBytes',
  'fcp.rsp.retry_delay_timer': 'fcp:retryDelayTimer',
  'fcp.rspflags': 'fcp:flags',
  'fcp.rsp.flags.bidi': flags,
  'fcp.rsp.flags.conf_req': flags,
  'fcp.rsp.flags.res_vld': flags,
  'fcp.rsp.flags.resid_over': flags,
  'fcp.rsp.flags.resid_under': flags,
  'fcp.rsp.flags.sns_vld': flags,
  'fcp.status': 'fcp:scsiStatus',
  'fcp.resid': 'fcp:residualCount',
  'fcp.snslen': 'fcp:senseLengthBytes',
  'fcp.rsplen': 'fcp:rspLengthBytes',
  'fcp.multilun': 'fcp:lun',
  'fcp.rsp.flags.bidi_rro': part('fcp:flags'),
  'fcp.rsp.flags.bidi_rru': part('fcp:flags'),
  'fcp.rspcode': 'fcp:rspInfo.rspCode',
};
