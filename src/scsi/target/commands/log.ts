/** LOG SENSE: which log pages there are, and that nothing is wrong. */
import {
  LogPageCode,
  LogPageControl,
  logPage,
  logParameter,
  ParameterFormat,
} from '../../../codecs/scsi/index.ts';
import { type Command, cdbs, command } from '../command.ts';
import { data, invalidFieldInCdb, type Reply } from '../reply.ts';

const PAGES: readonly number[] = [
  LogPageCode.SUPPORTED_LOG_PAGES,
  LogPageCode.INFORMATIONAL_EXCEPTIONS,
];
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

function check(cdb: Ask): Reply | undefined {
  if (cdb.obsolete1 === 1) return invalidFieldInCdb(1, 1);
  if (cdb.sp === 1) return invalidFieldInCdb(1, 0);
  if (cdb.pageControl !== LogPageControl.CUMULATIVE) return invalidFieldInCdb(2, 7);
  if (!PAGES.includes(cdb.pageCode)) return invalidFieldInCdb(2, 5);
  const listsSubpages = cdb.pageCode === LogPageCode.SUPPORTED_LOG_PAGES;
  return cdb.subpageCode === 0 || (listsSubpages && cdb.subpageCode === ALL_SUBPAGES)
    ? undefined
    : invalidFieldInCdb(3);
}

function page(cdb: Ask): Uint8Array {
  if (cdb.pageCode === LogPageCode.INFORMATIONAL_EXCEPTIONS) {
    return logPage.members.parameters.encode({
      pageCode: LogPageCode.INFORMATIONAL_EXCEPTIONS,
      parameters: [
        logParameter.decode(
          logParameter.encode({
            parameterCode: 0,
            formatAndLinking: ParameterFormat.BINARY_LIST,
            parameterValue: NO_EXCEPTION,
          }),
        ),
      ],
    });
  }
  return cdb.subpageCode === ALL_SUBPAGES
    ? logPage.members.supportedSubpages.encode({
        subpages: [
          { reserved1: 0, pageCode: LogPageCode.SUPPORTED_LOG_PAGES, subpageCode: 0 },
          { reserved1: 0, pageCode: LogPageCode.SUPPORTED_LOG_PAGES, subpageCode: ALL_SUBPAGES },
          { reserved1: 0, pageCode: LogPageCode.INFORMATIONAL_EXCEPTIONS, subpageCode: 0 },
        ],
      })
    : logPage.members.supportedPages.encode({ pages: [...PAGES] });
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
    run: (_invocation, cdb) => data(page(cdb), cdb.allocationLengthBytes),
  }),
];
