/** Process logins: PRLI, PRLO and their service parameter pages. */
import { FcType } from '../fc/codes.ts';
import {
  bit,
  codec,
  derived,
  family,
  fcId,
  flags,
  hex,
  type Infer,
  named,
  of,
  reserved8,
  reserved32,
  sized,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { commandCode, pages } from './parts.ts';

/** What a page's associators and image pair mean (upper four bits of its third byte). */
export const PageFlags = {
  ORIGINATOR_PROCESS_ASSOCIATOR_VALID: 0x8,
  RESPONDER_PROCESS_ASSOCIATOR_VALID: 0x4,
  ESTABLISH_IMAGE_PAIR: 0x2,
} as const;

/** How the responder took a page. Source: FC-LS-3, PRLI accept response code. */
export const PageResponse = {
  REQUEST_EXECUTED: 1,
  NO_RESOURCES: 2,
  INITIALIZATION_NOT_COMPLETE: 3,
  UNKNOWN_PROCESS_ASSOCIATOR: 4,
  CONFIGURATION_PRECLUDES_IMAGE_PAIR: 5,
  EXECUTED_CONDITIONALLY: 6,
  MULTIPLE_PAGES_IMPOSSIBLE: 7,
  SERVICE_PARAMETERS_INVALID: 8,
} as const;

/** FCP service parameters of a PRLI page. Source: FCP-4, PRLI service parameter page. */
export const FcpServiceParameters = {
  TASK_RETRY_IDENTIFICATION: 0x0200,
  RETRY: 0x0100,
  CONFIRMED_COMPLETION_ALLOWED: 0x0080,
  DATA_OVERLAY_ALLOWED: 0x0040,
  INITIATOR_FUNCTION: 0x0020,
  TARGET_FUNCTION: 0x0010,
  READ_FCP_XFER_RDY_DISABLED: 0x0002,
  WRITE_FCP_XFER_RDY_DISABLED: 0x0001,
} as const;

/** NVMe service parameters of a PRLI page. Source: FC-NVMe-2, PRLI service parameter page. */
export const NvmeServiceParameters = {
  SEQUENCE_LEVEL_ERROR_RECOVERY: 0x0100,
  CONFIRMED_COMPLETION_ALLOWED: 0x0080,
  INITIATOR_FUNCTION: 0x0020,
  TARGET_FUNCTION: 0x0010,
  DISCOVERY_SERVICE: 0x0008,
  FIRST_BURST: 0x0001,
} as const;

const pageHead = (type = 0) => ({
  type: withDefault(named(u8, FcType), type),
  typeExtension: withDefault(u8, 0),
  flags: withDefault(flags(bit(4), PageFlags), 0),
  responseCode: withDefault(named(bit(4), PageResponse), 0),
  reserved1: reserved8,
  originatorProcessAssociator: withDefault(hex(u32), 0),
  responderProcessAssociator: withDefault(hex(u32), 0),
});

/** PRLI page of FCP. Shape: 16 bytes. Source: FCP-4, PRLI service parameter page. */
export const fcpPage = codec(
  'FCP service parameter page',
  'FCP-4, PRLI service parameter page',
  { ...pageHead(FcType.FCP), serviceParameters: flags(u32, FcpServiceParameters) },
  'FCP',
);
/** What `fcpPage` decodes. */
export type FcpPage = Infer<typeof fcpPage>;

/**
 * PRLI page of NVMe.
 *
 * Shape: 20 bytes. Units: `firstBurstSize` counts 512-byte blocks.
 * Source: FC-NVMe-2, PRLI service parameter page.
 */
export const nvmePage = codec(
  'NVMe service parameter page',
  'FC-NVMe-2, PRLI service parameter page',
  {
    ...pageHead(FcType.NVMe),
    serviceParameters: flags(u32, NvmeServiceParameters),
    reserved2: withDefault(hex(u16), 0),
    firstBurstSize: withDefault(u16, 0),
  },
  'NVMe',
);
/** What `nvmePage` decodes. */
export type NvmePage = Infer<typeof nvmePage>;

/** Page of any other FC-4 type. Shape: 16 bytes. Source: FC-LS-3, PRLI service parameter page. */
export const otherPage = codec(
  'service parameter page',
  'FC-LS-3, PRLI service parameter page',
  { ...pageHead(), serviceParameters: hex(u32) },
  'other',
);
/** What `otherPage` decodes. */
export type OtherPage = Infer<typeof otherPage>;

/** A PRLI page by its FC-4 type. Shape: 16 bytes, 20 for NVMe. */
export const serviceParameterPage = family(
  'service parameter page',
  'FC-LS-3, PRLI service parameter page',
  {
    members: { FCP: fcpPage, NVMe: nvmePage, other: otherPage },
    select(bytes, at, end) {
      if (end - at < otherPage.minBytes) return undefined;
      if (bytes[at] === FcType.FCP) return 'FCP';
      return bytes[at] === FcType.NVMe && end - at >= nvmePage.minBytes ? 'NVMe' : 'other';
    },
    peekBytes: 1,
  },
);
/** What `serviceParameterPage` decodes. */
export type ServiceParameterPage = Infer<typeof serviceParameterPage>;

const HEAD_BYTES = 4;
const PAGE_BYTES = 16;

/** `command`, length of each page, length of the whole payload (all in bytes). */
const pagesHead = (code: number) => ({
  command: commandCode(code),
  pageLengthBytes: derived(u8, (value, sizeOf) => {
    const list = value.pages;
    const count = Array.isArray(list) ? list.length : 0;
    return count === 0 ? PAGE_BYTES : sizeOf('pages') / count;
  }),
  payloadLengthBytes: derived(u16, (_value, sizeOf) => HEAD_BYTES + sizeOf('pages')),
});

type PagesHead = { pageLengthBytes: number; payloadLengthBytes: number };
const pageLength = of<PagesHead>((value) => value.pageLengthBytes);
const pagesLength = of<PagesHead>((value) => value.payloadLengthBytes - HEAD_BYTES);

const prliPages = sized(pagesLength, pages(serviceParameterPage, pageLength), { mayLack: true });

/**
 * Process login.
 *
 * Shape: 4 bytes and pages of 16 bytes (20 for NVMe).
 * Units: both lengths in bytes, `payloadLengthBytes` with the first word.
 * Errors: `bad-length` when the pages run past the payload.
 * Source: FC-LS-3, PRLI.
 */
export const prli = codec(
  'PRLI',
  'FC-LS-3, PRLI',
  { ...pagesHead(ElsCommand.PRLI), pages: prliPages },
  'PRLI',
);
/** What `prli` decodes. */
export type Prli = Infer<typeof prli>;

/**
 * Accept of PRLI: each page with its response code.
 *
 * Shape: 4 bytes and pages of 16 bytes (20 for NVMe).
 * Source: FC-LS-3, PRLI.
 */
export const prliAccept = codec(
  'LS_ACC to PRLI',
  'FC-LS-3, PRLI accept',
  { ...pagesHead(ElsCommand.LS_ACC), pages: prliPages },
  'LS_ACC PRLI',
);
/** What `prliAccept` decodes. */
export type PrliAccept = Infer<typeof prliAccept>;

/** PRLO page. Shape: 16 bytes. Source: FC-LS-3, PRLO logout parameter page. */
export const logoutParameterPage = codec('logout parameter page', 'FC-LS-3, PRLO', {
  ...pageHead(FcType.FCP),
  reserved2: reserved32,
});
/** What `logoutParameterPage` decodes. */
export type LogoutParameterPage = Infer<typeof logoutParameterPage>;

const prloPages = sized(pagesLength, pages(logoutParameterPage, pageLength), { mayLack: true });

/** Process logout. Shape: 4 bytes and 16 per page. Source: FC-LS-3, PRLO. */
export const prlo = codec(
  'PRLO',
  'FC-LS-3, PRLO',
  { ...pagesHead(ElsCommand.PRLO), pages: prloPages },
  'PRLO',
);
/** What `prlo` decodes. */
export type Prlo = Infer<typeof prlo>;

/** Accept of PRLO. Shape: 4 bytes and 16 per page. Source: FC-LS-3, PRLO. */
export const prloAccept = codec(
  'LS_ACC to PRLO',
  'FC-LS-3, PRLO accept',
  { ...pagesHead(ElsCommand.LS_ACC), pages: prloPages },
  'LS_ACC PRLO',
);
/** What `prloAccept` decodes. */
export type PrloAccept = Infer<typeof prloAccept>;

/** What a TPRLO page's fields mean (upper four bits of its third byte). */
export const ThirdPartyFlags = {
  THIRD_PARTY_ORIGINATOR_PROCESS_ASSOCIATOR_VALID: 0x8,
  RESPONDER_PROCESS_ASSOCIATOR_VALID: 0x4,
  THIRD_PARTY_N_PORT_ID_VALID: 0x2,
  GLOBAL_PROCESS_LOGOUT: 0x1,
} as const;

/** TPRLO page. Shape: 16 bytes. Source: FC-LS-3, TPRLO logout parameter page. */
export const thirdPartyLogoutPage = codec('third party logout parameter page', 'FC-LS-3, TPRLO', {
  type: withDefault(named(u8, FcType), FcType.FCP),
  typeExtension: withDefault(u8, 0),
  flags: withDefault(flags(bit(4), ThirdPartyFlags), 0),
  responseCode: withDefault(named(bit(4), PageResponse), 0),
  reserved1: reserved8,
  thirdPartyOriginatorProcessAssociator: withDefault(hex(u32), 0),
  responderProcessAssociator: withDefault(hex(u32), 0),
  reserved2: reserved8,
  thirdPartyNPortId: withDefault(fcId, 0),
});
/** What `thirdPartyLogoutPage` decodes. */
export type ThirdPartyLogoutPage = Infer<typeof thirdPartyLogoutPage>;

const tprloPages = sized(pagesLength, pages(thirdPartyLogoutPage, pageLength), { mayLack: true });

/**
 * Third party process logout: ends the images of one or all initiators.
 *
 * Shape: 4 bytes and 16 per page.
 * Source: FC-LS-3, TPRLO.
 */
export const tprlo = codec(
  'TPRLO',
  'FC-LS-3, TPRLO',
  { ...pagesHead(ElsCommand.TPRLO), pages: tprloPages },
  'TPRLO',
);
/** What `tprlo` decodes. */
export type Tprlo = Infer<typeof tprlo>;

/** Accept of TPRLO. Shape: 4 bytes and 16 per page. Source: FC-LS-3, TPRLO. */
export const tprloAccept = codec(
  'LS_ACC to TPRLO',
  'FC-LS-3, TPRLO accept',
  { ...pagesHead(ElsCommand.LS_ACC), pages: tprloPages },
  'LS_ACC TPRLO',
);
/** What `tprloAccept` decodes. */
export type TprloAccept = Infer<typeof tprloAccept>;

/** Test process login state: asks for image pairs. Shape: 4 bytes and 16 per page. Source: FC-LS, TPLS (obsolete). */
export const tpls = codec(
  'TPLS',
  'FC-LS, TPLS',
  { ...pagesHead(ElsCommand.TPLS), pages: prloPages },
  'TPLS',
);
/** What `tpls` decodes. */
export type Tpls = Infer<typeof tpls>;

/** Accept of TPLS. Shape: 4 bytes and 16 per page. Source: FC-LS, TPLS (obsolete). */
export const tplsAccept = codec(
  'LS_ACC to TPLS',
  'FC-LS, TPLS accept',
  { ...pagesHead(ElsCommand.LS_ACC), pages: prloPages },
  'LS_ACC TPLS',
);
/** What `tplsAccept` decodes. */
export type TplsAccept = Infer<typeof tplsAccept>;
