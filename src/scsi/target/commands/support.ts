/** REPORT SUPPORTED OPERATION CODES and REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS. */
import type { Table } from '../../../codecs/layout/index.ts';
import {
  allCommandsData,
  CommandSupport,
  Control,
  commandTimeouts,
  oneCommandData,
  ReportingOptions,
  SupportedTaskManagement,
  supportedTaskManagementData,
} from '../../../codecs/scsi/index.ts';
import { type Command, cdbs, command } from '../command.ts';
import { data, invalidFieldInCdb, type Reply } from '../reply.ts';

/** The commands this one reports on: the table that it is part of itself. */
type Lookup = () => readonly Command[];

/**
 * Fields that the device server does not look at: hints, and what older editions had. DPO is a hint too, but
 * DPOFUA says that it is known.
 */
const IGNORED = /^(?:reserved|obsolete|groupNumber$|dld|rarc$|vendorSpecific)/;

/** CDB usage data: the operation code and service action, and 1 in each bit that counts. */
export function usageOf(one: Command): Uint8Array {
  const usage = new Uint8Array(one.codec.headBytes);
  let bits = 0;
  for (const [name, field] of Object.entries(one.codec.table as Table)) {
    if (field.place === 'tail') break;
    if (!IGNORED.test(name)) {
      for (let i = bits; i < bits + field.bits; i++) usage[i >> 3]! |= 0x80 >> (i & 7);
    }
    bits += field.bits;
  }
  usage[0] = one.opcode;
  if (one.serviceAction !== undefined) usage[1] = (usage[1]! & 0xe0) | one.serviceAction;
  usage[usage.length - 1] = Control.NACA;
  return usage;
}

/** A timeouts descriptor that tells no time. */
const NO_TIMEOUTS = commandTimeouts.decode(commandTimeouts.encode({}));

function allCommands(all: readonly Command[], ctdp: number): Uint8Array {
  return allCommandsData.encode({
    commands: all.map((one) => ({
      operationCode: one.opcode,
      reserved1: 0,
      serviceAction: one.serviceAction ?? 0,
      reserved2: 0,
      reserved3: 0,
      rwcdlp: 0,
      mlu: 0,
      cdlp: 0,
      ctdp,
      servactv: one.serviceAction === undefined ? 0 : 1,
      cdbLengthBytes: one.codec.headBytes,
      timeouts: ctdp === 1 ? NO_TIMEOUTS : undefined,
    })),
  });
}

function oneCommand(one: Command | undefined, ctdp: number): Uint8Array {
  if (one === undefined) {
    return oneCommandData.encode({
      support: CommandSupport.NOT_SUPPORTED,
      cdbUsageData: new Uint8Array(0),
    });
  }
  return oneCommandData.encode({
    support: CommandSupport.SUPPORTED,
    ctdp,
    cdbUsageData: usageOf(one),
    ...(ctdp === 1 ? { timeouts: NO_TIMEOUTS } : {}),
  });
}

type Ask = {
  rctd: number;
  reportingOptions: number;
  requestedOperationCode: number;
  requestedServiceAction: number;
  allocationLengthBytes: number;
};

const OPTIONS_BYTE = 2;
const CODE_BYTE = 3;

/** The form without a service action is refused for a code that has them, and the other way round. */
function report(all: readonly Command[], cdb: Ask): Reply {
  const { reportingOptions, rctd, allocationLengthBytes } = cdb;
  if (reportingOptions === ReportingOptions.ALL) {
    return data(allCommands(all, rctd), allocationLengthBytes);
  }
  const same = all.filter((one) => one.opcode === cdb.requestedOperationCode);
  const hasActions = same.some((one) => one.serviceAction !== undefined);
  const byAction = same.find((one) => one.serviceAction === cdb.requestedServiceAction);
  const plain = same.find((one) => one.serviceAction === undefined);
  switch (reportingOptions) {
    case ReportingOptions.ONE_WITHOUT_SERVICE_ACTION:
      if (hasActions) return invalidFieldInCdb(CODE_BYTE);
      return data(oneCommand(plain, rctd), allocationLengthBytes);
    case ReportingOptions.ONE_WITH_SERVICE_ACTION:
      if (plain !== undefined) return invalidFieldInCdb(CODE_BYTE);
      return data(oneCommand(byAction, rctd), allocationLengthBytes);
    case ReportingOptions.ONE_WITH_OR_WITHOUT_SERVICE_ACTION:
      return data(
        oneCommand(hasActions || cdb.requestedServiceAction !== 0 ? byAction : plain, rctd),
        allocationLengthBytes,
      );
    default:
      return invalidFieldInCdb(OPTIONS_BYTE, 2);
  }
}

const FUNCTIONS =
  SupportedTaskManagement.ATS |
  SupportedTaskManagement.ATSS |
  SupportedTaskManagement.CTSS |
  SupportedTaskManagement.LURS |
  SupportedTaskManagement.TRS |
  SupportedTaskManagement.QTSS;

const supportReports = {
  reservation: 'read',
  access: 'standby',
  needsReady: false,
  dataInBytes: (cdb: { allocationLengthBytes: number }) => cdb.allocationLengthBytes,
} as const;

/** The commands that report what is supported; `lookup` gives the whole table. */
export function supportCommands(lookup: Lookup): readonly Command[] {
  return [
    command(cdbs['REPORT SUPPORTED OPERATION CODES'], {
      ...supportReports,
      run: ({ lu }, cdb) =>
        report(
          lookup().filter((one) => one.isKnown?.(lu) !== false),
          cdb,
        ),
    }),
    command(cdbs['REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS'], {
      ...supportReports,
      run: (_invocation, cdb) =>
        data(
          supportedTaskManagementData.encode({
            functions: FUNCTIONS,
            ...(cdb.repd === 1 ? { timeouts: NO_TASK_MANAGEMENT_TIMEOUTS } : {}),
          }),
          cdb.allocationLengthBytes,
        ),
    }),
  ];
}

/** The extended part, in which no time-out is told. */
const NO_TASK_MANAGEMENT_TIMEOUTS = {
  reserved1: 0,
  tmftmov: 0,
  reserved2: 0,
  shortTimeoutFunctions: 0,
  longTimeout100Ms: 0,
  shortTimeout100Ms: 0,
};
