/** Log pages: what LOG SENSE returns. Source: SPC-5, 7.3. */
import {
  bit,
  codec,
  derived,
  family,
  hex,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  reservedBits,
  rest,
  sized,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';
import { option } from './parts.ts';

/** PAGE CODE of pages for all devices, for block devices and for tapes. */
export const LogPageCode = {
  SUPPORTED_LOG_PAGES: 0x00,
  BUFFER_OVERRUN_UNDERRUN: 0x01,
  WRITE_ERROR_COUNTERS: 0x02,
  READ_ERROR_COUNTERS: 0x03,
  READ_REVERSE_ERROR_COUNTERS: 0x04,
  VERIFY_ERROR_COUNTERS: 0x05,
  NON_MEDIUM_ERRORS: 0x06,
  LAST_ERROR_EVENTS: 0x07,
  FORMAT_STATUS: 0x08,
  LAST_DEFERRED_ERRORS: 0x0b,
  LOGICAL_BLOCK_PROVISIONING: 0x0c,
  TEMPERATURE: 0x0d,
  START_STOP_CYCLE_COUNTER: 0x0e,
  APPLICATION_CLIENT: 0x0f,
  SELF_TEST_RESULTS: 0x10,
  SOLID_STATE_MEDIA: 0x11,
  BACKGROUND_SCAN: 0x15,
  PROTOCOL_SPECIFIC_PORT: 0x18,
  GENERAL_STATISTICS_AND_PERFORMANCE: 0x19,
  POWER_CONDITION_TRANSITIONS: 0x1a,
  TAPE_ALERT: 0x2e,
  INFORMATIONAL_EXCEPTIONS: 0x2f,
} as const;

const cut = { mayBeCut: true } as const;
const ALL_SUBPAGES = 0xff;

const head = (spf: number, code: number, subpage: number) => ({
  ds: option(1),
  spf: withDefault(bit(1), spf),
  pageCode: withDefault(named(bit(6), LogPageCode), code),
  subpageCode: withDefault(hex(u8), subpage),
});
const pageLength = of<{ pageLengthBytes: number }>((v) => v.pageLengthBytes);

const supportedPages = codec(
  'Supported log pages',
  'SPC-5, Supported Log Pages log page',
  {
    ...head(0, LogPageCode.SUPPORTED_LOG_PAGES, 0),
    pageLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('pages')),
    pages: sized(pageLength, list(named(u8, LogPageCode)), cut),
  },
  'supported log pages',
);

const subpage = codec('Supported subpage', 'SPC-5, Supported Log Pages and Subpages log page', {
  reserved1: reservedBits(2),
  pageCode: named(bit(6), LogPageCode),
  subpageCode: hex(u8),
});

const supportedSubpages = codec(
  'Supported log pages and subpages',
  'SPC-5, Supported Log Pages and Subpages log page',
  {
    ...head(1, LogPageCode.SUPPORTED_LOG_PAGES, ALL_SUBPAGES),
    pageLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('subpages')),
    subpages: sized(pageLength, list(subpage, cut), cut),
  },
  'supported log pages and subpages',
);

/** FORMAT AND LINKING: what a log parameter's value is. */
export const ParameterFormat = {
  BOUNDED_COUNTER: 0,
  ASCII_LIST: 1,
  UNBOUNDED_COUNTER: 2,
  BINARY_LIST: 3,
} as const;

/** Log parameter: 4 bytes, then its value. */
export const logParameter = codec('Log parameter', 'SPC-5, log parameter', {
  parameterCode: hex(u16),
  du: option(1),
  /** DS. */
  obsolete1: reservedBits(1),
  tsd: option(1),
  /** ETC and TMC. */
  obsolete2: reservedBits(3),
  formatAndLinking: withDefault(named(bit(2), ParameterFormat), ParameterFormat.BOUNDED_COUNTER),
  parameterLengthBytes: derived(u8, (_v, sizeOf) => sizeOf('parameterValue')),
  parameterValue: sized(
    of<{ parameterLengthBytes: number }>((v) => v.parameterLengthBytes),
    rest,
    cut,
  ),
});
export type LogParameter = Infer<typeof logParameter>;

const parameters = codec(
  'Log page',
  'SPC-5, log page format',
  {
    ds: option(1),
    spf: option(1),
    pageCode: named(bit(6), LogPageCode),
    subpageCode: withDefault(hex(u8), 0),
    pageLengthBytes: derived(u16, (_v, sizeOf) => sizeOf('parameters')),
    parameters: sized(pageLength, list(logParameter, cut), cut),
  },
  'log page',
);

/** Any log page: 4 bytes, then page codes or log parameters. */
export const logPage = family('Log page', 'SPC-5, 7.3', {
  members: { supportedPages, supportedSubpages, parameters },
  select(bytes, at) {
    if ((bytes[at]! & 0x3f) !== LogPageCode.SUPPORTED_LOG_PAGES) return 'parameters';
    const spf = (bytes[at]! & 0x40) !== 0;
    return spf && bytes[at + 1] === ALL_SUBPAGES ? 'supportedSubpages' : 'supportedPages';
  },
  peekBytes: 4,
});
export type LogPage = Infer<typeof logPage>;
export type LogPageInput = InferInput<typeof logPage>;
