/** Session control of iFCP gateways: CBIND, UNBIND. */
import {
  codec,
  embed,
  type Infer,
  named,
  reserved16,
  reservedBytes,
  u8,
  u16,
  u32,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { head, whereBytesRemain } from './parts.ts';

/** How gateways treat addresses. Source: RFC 4172, CBIND. */
export const AddressMode = { TRANSLATION: 0, TRANSPARENT: 1 } as const;

/** Result of CBIND. Source: RFC 4172, CBIND status. */
export const CbindStatus = {
  SUCCESS: 0,
  UNSPECIFIED: 16,
  NO_SUCH_DEVICE: 17,
  SESSION_EXISTS: 18,
  NO_RESOURCES: 19,
  INCOMPATIBLE_ADDRESS_MODE: 20,
  INCORRECT_VERSION: 21,
  NOT_SYNCHRONIZED: 22,
} as const;
/** Result of UNBIND. Source: RFC 4172, UNBIND status. */
export const UnbindStatus = { SUCCESS: 0, UNSPECIFIED: 16, INVALID_CONNECTION: 18 } as const;

const RESPONSE_BYTES = 8;
const cbindResponse = codec('CBIND response', 'RFC 4172, CBIND response', {
  reserved1: reserved16,
  status: named(u16, CbindStatus),
  reserved2: reserved16,
  connectionHandle: u16,
});

/**
 * Connection bind.
 *
 * Shape: 28 bytes; the response repeats the request and adds 8.
 * Units: `livenessIntervalSeconds` seconds.
 * Source: RFC 4172, CBIND.
 */
export const cbind = codec(
  'CBIND',
  'RFC 4172, CBIND',
  {
    ...head(ElsCommand.CBIND),
    livenessIntervalSeconds: u16,
    addressMode: named(u8, AddressMode),
    version: u8,
    userInfo: withDefault(u32, 0),
    sourcePortName: wwn,
    destinationPortName: wwn,
    response: whereBytesRemain(RESPONSE_BYTES, embed(cbindResponse)),
  },
  'CBIND',
);
/** What `cbind` decodes. */
export type Cbind = Infer<typeof cbind>;

const UNBIND_RESPONSE_BYTES = 4;
const unbindResponse = codec('UNBIND response', 'RFC 4172, UNBIND response', {
  reserved1: reserved16,
  status: named(u16, UnbindStatus),
});

/** Connection unbind. Shape: 20 bytes; the response repeats the request and adds 4. Source: RFC 4172, UNBIND. */
export const unbind = codec(
  'UNBIND',
  'RFC 4172, UNBIND',
  {
    ...head(ElsCommand.UNBIND),
    userInfo: withDefault(u32, 0),
    reserved2: reserved16,
    connectionHandle: u16,
    reserved3: reservedBytes(8),
    response: whereBytesRemain(UNBIND_RESPONSE_BYTES, embed(unbindResponse)),
  },
  'UNBIND',
);
/** What `unbind` decodes. */
export type Unbind = Infer<typeof unbind>;
