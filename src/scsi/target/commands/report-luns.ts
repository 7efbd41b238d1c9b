/** REPORT LUNS and REQUEST SENSE: what an initiator may always ask. */
import {
  lunField,
  REPORT_LUNS_WELL_KNOWN_LUN,
  reportLunsData,
  SelectReport,
  SenseCode,
  SenseKey,
} from '../../../codecs/scsi/index.ts';
import { type Command, cdbs, command, type TargetContext } from '../command.ts';
import type { ItNexus, Nexus } from '../nexus.ts';
import { data, invalidFieldInCdb, type Reply, senseData } from '../reply.ts';

/** The LUNs that a pair of ports sees, for one value of SELECT REPORT; `undefined`: not known. */
function lunsFor(target: TargetContext, pair: ItNexus, selectReport: number): bigint[] | undefined {
  const wellKnown = [REPORT_LUNS_WELL_KNOWN_LUN];
  if (selectReport === SelectReport.WELL_KNOWN) return wellKnown;
  if (selectReport !== SelectReport.ADDRESSED && selectReport !== SelectReport.ALL) {
    return undefined;
  }
  const luns = [...target.masks.viewAt(pair).keys()].map((lun) => lunField(lun));
  return selectReport === SelectReport.ALL ? [...wellKnown, ...luns] : luns;
}

/**
 * Answers REPORT LUNS. The initiator now knows its LUNs, so that none of them owes it
 * REPORTED LUNS DATA HAS CHANGED any more.
 */
export function answerReportLuns(
  target: TargetContext,
  { pair }: Nexus,
  cdb: { selectReport: number; allocationLengthBytes: number },
): Reply {
  const luns = lunsFor(target, pair, cdb.selectReport);
  if (luns === undefined) return invalidFieldInCdb(2);
  for (const lu of target.masks.viewAt(pair).values()) {
    lu.attentions.drop(pair, SenseCode.REPORTED_LUNS_DATA_HAS_CHANGED);
  }
  return data(reportLunsData.encode({ luns }), cdb.allocationLengthBytes);
}

/** REPORT LUNS. Source: SPC-5. */
export const reportLunsCommands: readonly Command[] = [
  command(cdbs['REPORT LUNS'], {
    reservation: 'allowed',
    allowedBySpc2: true,
    access: 'any',
    passesAttention: true,
    needsReady: false,
    dataInBytes: (cdb) => cdb.allocationLengthBytes,
    check: (cdb) => (cdb.selectReport > SelectReport.ALL ? invalidFieldInCdb(2) : undefined),
    run: ({ target, task }, cdb) => answerReportLuns(target, task.nexus, cdb),
  }),

  /** A pending unit attention is told as data, and is told by that. */
  command(cdbs['REQUEST SENSE'], {
    reservation: 'allowed',
    allowedBySpc2: true,
    access: 'any',
    passesAttention: true,
    needsReady: false,
    dataInBytes: (cdb) => cdb.allocationLengthBytes,
    check: (cdb) => (cdb.desc === 1 ? invalidFieldInCdb(1, 0) : undefined),
    run: ({ target, lu, task }, cdb) => {
      const code = lu.attentions.take(task.nexus.pair, task.tag);
      if (code !== undefined) {
        return data(senseData(SenseKey.UNIT_ATTENTION, code), cdb.allocationLengthBytes);
      }
      const { relativeId } = target.ports[task.nexus.targetPortIndex]!;
      const notReady =
        lu.access.refusal(relativeId, 'active') ??
        (lu.started ? undefined : SenseCode.INITIALIZING_COMMAND_REQUIRED);
      return data(
        notReady === undefined
          ? senseData(SenseKey.NO_SENSE, SenseCode.NO_ADDITIONAL_SENSE_INFORMATION)
          : senseData(SenseKey.NOT_READY, notReady),
        cdb.allocationLengthBytes,
      );
    },
  }),
];
