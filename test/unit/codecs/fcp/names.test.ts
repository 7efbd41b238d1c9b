/** Codes of FCP, held against tshark -G values and -G fields (fcp.*) and Linux scsi/fc/fc_fcp.h. */
import { describe, expect, test } from 'vitest';
import {
  RspCode,
  RspFlags,
  ScsiStatus,
  TaskAttribute,
  TaskManagement,
} from '../../../../src/codecs/fcp/names.ts';

describe('codes of FCP', () => {
  test('task attributes: fcp.taskattr', () => {
    expect(TaskAttribute).toEqual({
      SIMPLE: 0,
      HEAD_OF_QUEUE: 1,
      ORDERED: 2,
      ACA: 4,
      UNTAGGED: 5,
    });
  });

  test('task management flags: the masks of fcp.mgmt.flags.*; 01h and 08h by FCP-4', () => {
    expect(TaskManagement).toEqual({
      TERMINATE_TASK: 0x80,
      CLEAR_ACA: 0x40,
      TARGET_RESET: 0x20,
      LOGICAL_UNIT_RESET: 0x10,
      QUERY_ASYNCHRONOUS_EVENT: 0x08,
      CLEAR_TASK_SET: 0x04,
      ABORT_TASK_SET: 0x02,
      QUERY_TASK_SET: 0x01,
    });
  });

  test('response flags: the masks of fcp.rsp.flags.*', () => {
    expect(RspFlags).toEqual({
      BIDI_RSP: 0x80,
      BIDI_READ_RESID_UNDER: 0x40,
      BIDI_READ_RESID_OVER: 0x20,
      CONF_REQ: 0x10,
      RESID_UNDER: 0x08,
      RESID_OVER: 0x04,
      SNS_LEN_VALID: 0x02,
      RSP_LEN_VALID: 0x01,
    });
  });

  test('response codes: fcp.rspcode; 08h is FCP_TMF_SUCCEEDED of FCP-4', () => {
    expect(Object.values(RspCode)).toEqual([0, 1, 2, 3, 4, 5, 8, 9]);
    expect(RspCode.TASK_MANAGEMENT_REJECTED).toBe(4);
    expect(RspCode.INCORRECT_LUN).toBe(9);
  });

  test('statuses: fcp.status; 22h is SCSI-2, COMMAND TERMINATED', () => {
    expect(ScsiStatus).toEqual({
      GOOD: 0x00,
      CHECK_CONDITION: 0x02,
      CONDITION_MET: 0x04,
      BUSY: 0x08,
      INTERMEDIATE: 0x10,
      INTERMEDIATE_CONDITION_MET: 0x14,
      RESERVATION_CONFLICT: 0x18,
      COMMAND_TERMINATED: 0x22,
      TASK_SET_FULL: 0x28,
      ACA_ACTIVE: 0x30,
      TASK_ABORTED: 0x40,
    });
  });
});
