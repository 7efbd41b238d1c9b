/** Building a fabric: EFP, DIA, RDI, BF, RCF. */
import { pages } from '../els/parts.ts';
import {
  codec,
  derived,
  family,
  type Infer,
  list,
  named,
  of,
  reserved8,
  reserved24,
  reserved32,
  reservedBytes,
  sized,
  u8,
  u16,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { SwIlsCommand } from './codes.ts';
import { acceptHead, commandCode, head, plainAccept, plainRequest } from './parts.ts';

/** What a record of EFP is about. Source: FC-SW-6, EFP record types. */
export const EfpRecordType = { DOMAIN_ID: 1, MULTICAST_ID: 2 } as const;
/** Who wants to be principal switch; lower wins. Source: FC-SW-6, switch priority. */
export const SwitchPriority = { HIGHEST: 0x01, IS_PRINCIPAL: 0x02, INCAPABLE: 0xff } as const;

const RECORD_BYTES = 16;
/** A domain and its switch. Shape: 16 bytes. Source: FC-SW-6, EFP domain_ID_list record. */
export const domainIdRecord = codec(
  'domain identifier record',
  'FC-SW-6, EFP',
  {
    type: withDefault(named(u8, EfpRecordType), EfpRecordType.DOMAIN_ID),
    domainId: u8,
    reserved1: reservedBytes(6),
    switchName: wwn,
  },
  'DOMAIN_ID',
);
/** A multicast group in use. Shape: 16 bytes. Source: FC-SW-6, EFP multicast record. */
export const multicastIdRecord = codec(
  'multicast identifier record',
  'FC-SW-6, EFP',
  {
    type: withDefault(named(u8, EfpRecordType), EfpRecordType.MULTICAST_ID),
    groupNumber: u8,
    reserved1: reservedBytes(14),
  },
  'MULTICAST_ID',
);
/** A record of EFP by its type. Shape: 16 bytes. Source: FC-SW-6, EFP. */
export const efpRecord = family('EFP record', 'FC-SW-6, EFP', {
  members: { DOMAIN_ID: domainIdRecord, MULTICAST_ID: multicastIdRecord },
  select(raw, at, end) {
    if (end - at < RECORD_BYTES) return undefined;
    if (raw[at] === EfpRecordType.DOMAIN_ID) return 'DOMAIN_ID';
    return raw[at] === EfpRecordType.MULTICAST_ID ? 'MULTICAST_ID' : undefined;
  },
  peekBytes: 1,
});
export type EfpRecord = Infer<typeof efpRecord>;

const EFP_HEAD_BYTES = 16;
type EfpHead = { recordLengthBytes: number; payloadLengthBytes: number };
const efpBody = {
  recordLengthBytes: withDefault(u8, RECORD_BYTES),
  payloadLengthBytes: derived(u16, (_value, sizeOf) => EFP_HEAD_BYTES + sizeOf('records')),
  reserved1: reserved24,
  principalSwitchPriority: u8,
  principalSwitchName: wwn,
  records: sized(
    of<EfpHead>((value) => value.payloadLengthBytes - EFP_HEAD_BYTES),
    pages(
      efpRecord,
      of<EfpHead>((value) => value.recordLengthBytes),
    ),
  ),
} as const;

/**
 * Exchange fabric parameters: who is principal, who has which domain.
 *
 * Shape: 16 bytes and 16 per record.
 * Source: FC-SW-6, EFP.
 */
export const efp = codec(
  'EFP',
  'FC-SW-6, EFP',
  { command: commandCode(SwIlsCommand.EFP), ...efpBody },
  'EFP',
);
export type Efp = Infer<typeof efp>;
/** Accept of EFP. Shape: 16 bytes and 16 per record. Source: FC-SW-6, EFP accept. */
export const efpAccept = codec(
  'SW_ACC to EFP',
  'FC-SW-6, EFP accept',
  { command: commandCode(SwIlsCommand.SW_ACC), ...efpBody },
  'SW_ACC EFP',
);
export type EfpAccept = Infer<typeof efpAccept>;

const assigned = { switchName: wwn, reserved2: reserved32 } as const;
/** Domain identifier assigned: you may ask for yours now. Shape: 16 bytes. Source: FC-SW-6, DIA. */
export const dia = codec('DIA', 'FC-SW-6, DIA', { ...head(SwIlsCommand.DIA), ...assigned }, 'DIA');
export type Dia = Infer<typeof dia>;
/** Accept of DIA. Shape: 16 bytes. Source: FC-SW-6, DIA accept. */
export const diaAccept = codec(
  'SW_ACC to DIA',
  'FC-SW-6, DIA accept',
  { ...acceptHead, ...assigned },
  'SW_ACC DIA',
);
export type DiaAccept = Infer<typeof diaAccept>;

/** A domain identifier in a list. Shape: 4 bytes. Source: FC-SW-6, RDI and ACA. */
export const domainIdEntry = codec('domain identifier entry', 'FC-SW-6, RDI', {
  reserved1: reserved24,
  domainId: u8,
});
export type DomainIdEntry = Infer<typeof domainIdEntry>;

const RDI_HEAD_BYTES = 12;
const rdiBody = {
  reserved1: reserved8,
  payloadLengthBytes: derived(u16, (_value, sizeOf) => RDI_HEAD_BYTES + sizeOf('domains')),
  switchName: wwn,
  domains: sized(
    of<{ payloadLengthBytes: number }>((value) => value.payloadLengthBytes - RDI_HEAD_BYTES),
    list(domainIdEntry),
  ),
} as const;

/**
 * Request domain identifiers.
 *
 * Shape: 12 bytes and 4 per domain; 0 asks for any.
 * Source: FC-SW-6, RDI.
 */
export const rdi = codec(
  'RDI',
  'FC-SW-6, RDI',
  { command: commandCode(SwIlsCommand.RDI), ...rdiBody },
  'RDI',
);
export type Rdi = Infer<typeof rdi>;
/**
 * Accept of RDI: the domains granted.
 *
 * Shape: 12 bytes and 4 per domain.
 * Source: FC-SW-6, RDI accept.
 */
export const rdiAccept = codec(
  'SW_ACC to RDI',
  'FC-SW-6, RDI accept',
  { command: commandCode(SwIlsCommand.SW_ACC), ...rdiBody },
  'SW_ACC RDI',
);
export type RdiAccept = Infer<typeof rdiAccept>;

/**
 * Build fabric: choose a principal switch again, keep the domains.
 *
 * Shape: 4 bytes.
 * Source: FC-SW-6, BF.
 */
export const bf = plainRequest('BF');
export type Bf = Infer<typeof bf>;
/** Accept of BF. Shape: 4 bytes. */
export const bfAccept = plainAccept('BF');
/** Reconfigure fabric: begin from nothing. Shape: 4 bytes. Source: FC-SW-6, RCF. */
export const rcf = plainRequest('RCF');
export type Rcf = Infer<typeof rcf>;
/** Accept of RCF. Shape: 4 bytes. */
export const rcfAccept = plainAccept('RCF');
