/** LOG SENSE: which log pages there are, that nothing is wrong, and how full a pool is. */
import {
  LogPageCode,
  LogPageControl,
  type LogParameter,
  logPage,
  logParameter,
  ParameterFormat,
} from '../../../codecs/scsi/index.ts';
import { type Command, cdbs, command } from '../command.ts';
import type { LogicalUnit } from '../logical-unit.ts';
import { data, invalidFieldInCdb, type Reply } from '../reply.ts';

/** Those of every unit; one that takes its space from a pool has another one. */
const PAGES: readonly number[] = [
  LogPageCode.SUPPORTED_LOG_PAGES,
  LogPageCode.INFORMATIONAL_EXCEPTIONS,
];
const THIN_PAGES: readonly number[] = [
  LogPageCode.SUPPORTED_LOG_PAGES,
  LogPageCode.LOGICAL_BLOCK_PROVISIONING,
  LogPageCode.INFORMATIONAL_EXCEPTIONS,
];
const pagesOf = ({ pool }: LogicalUnit): readonly number[] =>
  pool === undefined ? PAGES : THIN_PAGES;
const ALL_SUBPAGES = 0xff;

/** No informational exception, and a temperature that is not known. */
const NO_EXCEPTION = Uint8Array.of(0x00, 0x00, 0xff, 0x00);

type Ask = {
  sp: number;
  obsolete1: number;
  pageControl: number;
  pageCode: number;
  subpageCode: number;
};

function check(cdb: Ask, lu: LogicalUnit): Reply | undefined {
  if (cdb.obsolete1 === 1) return invalidFieldInCdb(1, 1);
  if (cdb.sp === 1) return invalidFieldInCdb(1, 0);
  if (cdb.pageControl !== LogPageControl.CUMULATIVE) return invalidFieldInCdb(2, 7);
  if (!pagesOf(lu).includes(cdb.pageCode)) return invalidFieldInCdb(2, 5);
  const listsSubpages = cdb.pageCode === LogPageCode.SUPPORTED_LOG_PAGES;
  return cdb.subpageCode === 0 || (listsSubpages && cdb.subpageCode === ALL_SUBPAGES)
    ? undefined
    : invalidFieldInCdb(3);
}

/** SBC-4, Logical Block Provisioning log page: parameter codes. */
const AVAILABLE_RESOURCE_COUNT = 0x0001;
const USED_RESOURCE_COUNT = 0x0002;
/** SCOPE: the count is of a resource that is not this logical unit's alone. */
const NOT_DEDICATED = 0x02;

const parameter = (parameterCode: number, parameterValue: Uint8Array): LogParameter =>
  logParameter.decode(
    logParameter.encode({
      parameterCode,
      formatAndLinking: ParameterFormat.BINARY_LIST,
      parameterValue,
    }),
  );

function resourceCount(parameterCode: number, count: number): LogParameter {
  const value = new Uint8Array(8);
  new DataView(value.buffer).setUint32(0, count);
  value[4] = NOT_DEDICATED;
  return parameter(parameterCode, value);
}

function page(lu: LogicalUnit, cdb: Ask): Uint8Array {
  const { pageCode } = cdb;
  if (pageCode === LogPageCode.INFORMATIONAL_EXCEPTIONS)
    return logPage.members.parameters.encode({
      pageCode,
      parameters: [parameter(0, NO_EXCEPTION)],
    });
  if (pageCode === LogPageCode.LOGICAL_BLOCK_PROVISIONING) {
    const { available, used } = lu.pool!;
    return logPage.members.parameters.encode({
      pageCode,
      parameters: [
        resourceCount(AVAILABLE_RESOURCE_COUNT, available),
        resourceCount(USED_RESOURCE_COUNT, used),
      ],
    });
  }
  const [first, ...others] = pagesOf(lu);
  return cdb.subpageCode === ALL_SUBPAGES
    ? logPage.members.supportedSubpages.encode({
        subpages: [
          { reserved1: 0, pageCode: first!, subpageCode: 0 },
          { reserved1: 0, pageCode: first!, subpageCode: ALL_SUBPAGES },
          ...others.map((code) => ({ reserved1: 0, pageCode: code, subpageCode: 0 })),
        ],
      })
    : logPage.members.supportedPages.encode({ pages: [...pagesOf(lu)] });
}

/** LOG SENSE. Source: SPC-5. */
export const logCommands: readonly Command[] = [
  command(cdbs['LOG SENSE'], {
    reservation: 'allowed',
    allowedBySpc2: true,
    access: 'standby',
    needsReady: false,
    dataInBytes: (cdb) => cdb.allocationLengthBytes,
    check,
    run: ({ lu }, cdb) => data(page(lu, cdb), cdb.allocationLengthBytes),
  }),
];
