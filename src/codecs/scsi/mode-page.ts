/** Mode pages: the settings of a logical unit. Source: SPC-5, 7.5; SBC-4, 6.5; FCP-4, 10. */
import {
  bit,
  codec,
  derived,
  family,
  hex,
  type Infer,
  type InferInput,
  named,
  rest,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';
import { ModePageCode } from './mode-page-parts.ts';
import * as block from './mode-pages-block.ts';
import * as primary from './mode-pages-primary.ts';
import { option } from './parts.ts';
import { bytesOf } from './shape.ts';

/** A page without a layout of its own here, or one cut by the allocation length. */
const otherPage = codec(
  'Mode page',
  'SPC-5, mode page format',
  {
    ps: option(1),
    spf: withDefault(bit(1), 0),
    pageCode: named(bit(6), ModePageCode),
    pageLengthBytes: derived(u8, bytesOf({ parameters: rest })),
    parameters: rest,
  },
  'mode page',
);
const otherSubpage = codec(
  'Mode subpage',
  'SPC-5, subpage mode page format',
  {
    ps: option(1),
    spf: withDefault(bit(1), 1),
    pageCode: named(bit(6), ModePageCode),
    subpageCode: hex(u8),
    pageLengthBytes: derived(u16, bytesOf({ parameters: rest })),
    parameters: rest,
  },
  'mode subpage',
);

/** Subpages: page code x 256 + subpage code. */
const Subpage = { CONTROL_EXTENSION: 0x0a01, LOGICAL_BLOCK_PROVISIONING: 0x1c02 } as const;

const members = {
  [ModePageCode.READ_WRITE_ERROR_RECOVERY]: block.readWriteErrorRecovery,
  [ModePageCode.DISCONNECT_RECONNECT]: primary.disconnectReconnect,
  [ModePageCode.VERIFY_ERROR_RECOVERY]: block.verifyErrorRecovery,
  [ModePageCode.CACHING]: block.caching,
  [ModePageCode.CONTROL]: primary.control,
  [ModePageCode.PROTOCOL_SPECIFIC_LOGICAL_UNIT]: primary.fcLogicalUnit,
  [ModePageCode.PROTOCOL_SPECIFIC_PORT]: primary.fcPort,
  [ModePageCode.POWER_CONDITION]: primary.powerCondition,
  [ModePageCode.INFORMATIONAL_EXCEPTIONS_CONTROL]: primary.informationalExceptions,
  [Subpage.CONTROL_EXTENSION]: primary.controlExtension,
  [Subpage.LOGICAL_BLOCK_PROVISIONING]: block.logicalBlockProvisioning,
} as const;

/** Page code and, for a subpage, page code x 256 + subpage code. */
function keyAt(bytes: Uint8Array, at: number): number {
  const code = bytes[at]! & 0x3f;
  return (bytes[at]! & 0x40) === 0 ? code : code * 256 + (bytes[at + 1] ?? 0);
}

const lengthAt = (bytes: Uint8Array, at: number, end: number): number => {
  if ((bytes[at]! & 0x7f) === ModePageCode.VENDOR_SPECIFIC) return end - at;
  if ((bytes[at]! & 0x40) === 0) return 2 + bytes[at + 1]!;
  return end - at < 4 ? end - at : 4 + bytes[at + 2]! * 256 + bytes[at + 3]!;
};

/**
 * Any mode page: as many bytes as its length says, or as are there. The vendor specific page 00h
 * need not have the page format and comes last: it takes all bytes that are there.
 *
 * A page that is not in the table, one that is shorter than its table and one that was cut decode
 * to kind `mode page` or `mode subpage`, their parameters as bytes. Errors: `truncated` below 2.
 *
 * Shape: 2 bytes (4 for a subpage) and the page length.
 */
export const modePage = family('Mode page', 'SPC-5, 7.5', {
  members: { ...members, otherPage, otherSubpage },
  select(bytes, at, end) {
    const isSubpage = (bytes[at]! & 0x40) !== 0;
    if (isSubpage && end - at < 4) return undefined;
    const key = keyAt(bytes, at);
    if (key in members) {
      const member = key as keyof typeof members;
      if (end - at >= members[member].minBytes) return member;
    }
    return isSubpage ? 'otherSubpage' : 'otherPage';
  },
  peekBytes: 2,
  extent: (bytes, at, end) => Math.min(lengthAt(bytes, at, end), end - at),
});
export type ModePage = Infer<typeof modePage>;
export type ModePageInput = InferInput<typeof modePage>;
