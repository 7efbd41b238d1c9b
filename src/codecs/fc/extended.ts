/**
 * Extended headers, in front of the FC frame header: virtual fabrics and routing between fabrics.
 * Source: FC-FS-4 rev 1.10, extended headers; Linux drivers/scsi/bfa/bfa_fc.h for the VFT_Header.
 */
import {
  bit,
  codec,
  type Infer,
  type InferInput,
  named,
  reserved24,
  reservedBits,
  u8,
  withDefault,
} from '../layout/index.ts';
import { RCtl } from './codes.ts';
import { fcHeader } from './header.ts';

const rCtl = (code: number) => withDefault(named(u8, RCtl), code);

/**
 * Virtual Fabric Tagging header. Shape: 8 bytes. `hopCount` 0 means no limit; `espFollows` 1 that
 * an ESP_Header of the link comes next.
 */
export const vftHeader = codec('VFT_Header', 'FC-FS, VFT_Header', {
  rCtl: rCtl(RCtl.VFT_Header),
  version: withDefault(bit(2), 0),
  type: withDefault(bit(4), 0),
  reserved1: reservedBits(1),
  espFollows: withDefault(bit(1), 0),
  priority: withDefault(bit(3), 0),
  vfId: bit(12),
  reserved2: reservedBits(1),
  hopCount: withDefault(u8, 0),
  reserved3: reserved24,
});
/** What `vftHeader` decodes. */
export type VftHeader = Infer<typeof vftHeader>;
/** What `vftHeader` encodes. */
export type VftHeaderInput = InferInput<typeof vftHeader>;

/**
 * Inter-Fabric Routing header.
 *
 * Shape: 8 bytes. Units: `expirationTime` counts quarters of a second; it and `hopCount` count
 * only where their `…Valid` bit is 1.
 */
export const ifrHeader = codec('IFR_Header', 'FC-FS, IFR_Header', {
  rCtl: rCtl(RCtl.IFR_Header),
  reserved1: reservedBits(4),
  dfId: bit(12),
  expirationTime: withDefault(u8, 0),
  version: withDefault(bit(2), 0),
  priority: withDefault(bit(3), 0),
  reserved2: reservedBits(1),
  expirationTimeValid: withDefault(bit(1), 0),
  hopCountValid: withDefault(bit(1), 0),
  reserved3: reservedBits(4),
  sfId: bit(12),
  reserved4: reservedBits(4),
  hopCount: withDefault(bit(4), 0),
});
/** What `ifrHeader` decodes. */
export type IfrHeader = Infer<typeof ifrHeader>;
/** What `ifrHeader` encodes. */
export type IfrHeaderInput = InferInput<typeof ifrHeader>;

/**
 * Encapsulation header between Inter-Fabric Routers: a frame header with R_CTL 52h in front of
 * the frame's own. Shape: 24 bytes.
 */
export const encHeader = codec('Enc_Header', 'FC-FS, Enc_Header', {
  ...fcHeader.table,
  rCtl: rCtl(RCtl.Enc_Header),
});
/** What `encHeader` decodes. */
export type EncHeader = Infer<typeof encHeader>;
/** What `encHeader` encodes. */
export type EncHeaderInput = InferInput<typeof encHeader>;
