/** What is answered for a LUN that has no logical unit, and for the REPORT LUNS well-known one. */
import {
  lunNumber,
  Opcode,
  REPORT_LUNS_WELL_KNOWN_LUN,
  SenseCode,
  SenseKey,
} from '../../../codecs/scsi/index.ts';
import { cdbs, type TargetContext } from '../command.ts';
import type { Task } from '../nexus.ts';
import { data, GOOD, illegalRequest, invalidFieldInCdb, type Reply, senseData } from '../reply.ts';
import { inquiryWithoutUnit } from './inquiry.ts';
import { answerReportLuns } from './report-luns.ts';

/** Answers a command to a LUN without a logical unit. LUN 0 answers REPORT LUNS all the same. */
export function answerWithoutUnit(target: TargetContext, task: Task): Reply {
  const { cdb, lun } = task.request;
  const wellKnown = lun === REPORT_LUNS_WELL_KNOWN_LUN;
  switch (cdb[0]) {
    case Opcode.INQUIRY: {
      const { evpd, pageCode, allocationLengthBytes } = cdbs.INQUIRY.decode(cdb);
      if (evpd === 1 || pageCode !== 0) return invalidFieldInCdb(evpd === 1 ? 1 : 2);
      return data(inquiryWithoutUnit(wellKnown), allocationLengthBytes);
    }
    case Opcode['REPORT LUNS']:
      if (!wellKnown && lunNumber(lun) !== 0) break;
      return answerReportLuns(target, task.nexus, cdbs['REPORT LUNS'].decode(cdb));
    case Opcode['REQUEST SENSE']: {
      const { allocationLengthBytes } = cdbs['REQUEST SENSE'].decode(cdb);
      return data(
        wellKnown
          ? senseData(SenseKey.NO_SENSE, SenseCode.NO_ADDITIONAL_SENSE_INFORMATION)
          : senseData(SenseKey.ILLEGAL_REQUEST, SenseCode.LOGICAL_UNIT_NOT_SUPPORTED),
        allocationLengthBytes,
      );
    }
    case Opcode['TEST UNIT READY']:
      if (wellKnown) return GOOD;
      break;
    default:
      if (wellKnown) return illegalRequest(SenseCode.INVALID_COMMAND_OPERATION_CODE);
  }
  return illegalRequest(SenseCode.LOGICAL_UNIT_NOT_SUPPORTED);
}
