/** Refusal, logout and address discovery: LS_RJT, the bare LS_ACC, LOGO, ADISC. */
import {
  codec,
  fcId,
  type Infer,
  named,
  reserved8,
  reserved32,
  rest,
  u8,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { ElsCommand, LsRjtExplanation, LsRjtReason } from './codes.ts';
import { acceptHead, commandCode, head, plainAccept } from './parts.ts';

/**
 * Link service reject.
 *
 * Shape: 8 bytes; four are reserved before the reason.
 * Source: FC-LS-3, LS_RJT.
 */
export const lsRjt = codec(
  'LS_RJT',
  'FC-LS-3, LS_RJT',
  {
    command: commandCode(ElsCommand.LS_RJT),
    reserved1: reserved32,
    reason: named(u8, LsRjtReason),
    explanation: withDefault(named(u8, LsRjtExplanation), 0),
    vendorSpecific: withDefault(u8, 0),
  },
  'LS_RJT',
);
/** What `lsRjt` decodes. */
export type LsRjt = Infer<typeof lsRjt>;

/** An accept whose request is not known. Shape: 4 bytes and what follows. Source: FC-LS-3, LS_ACC. */
export const lsAcc = codec('LS_ACC', 'FC-LS-3, LS_ACC', { ...acceptHead, body: rest }, 'LS_ACC');
/** What `lsAcc` decodes. */
export type LsAcc = Infer<typeof lsAcc>;

/** Logout of the port named. Shape: 16 bytes. Source: FC-LS-3, LOGO. */
export const logo = codec(
  'LOGO',
  'FC-LS-3, LOGO',
  { ...head(ElsCommand.LOGO), reserved2: reserved8, nPortId: fcId, portName: wwn },
  'LOGO',
);
/** What `logo` decodes. */
export type Logo = Infer<typeof logo>;
/** Accept of LOGO. Shape: 4 bytes. Source: FC-LS-3, LOGO. */
export const logoAccept = plainAccept('LOGO');
/** What `logoAccept` decodes. */
export type LogoAccept = Infer<typeof logoAccept>;

const addresses = {
  reserved2: reserved8,
  hardAddress: withDefault(fcId, 0),
  portName: wwn,
  nodeName: wwn,
  reserved3: reserved8,
  nPortId: fcId,
} as const;

/** Discover address: are you still who you were? Shape: 28 bytes. Source: FC-LS-3, ADISC. */
export const adisc = codec(
  'ADISC',
  'FC-LS-3, ADISC',
  { ...head(ElsCommand.ADISC), ...addresses },
  'ADISC',
);
/** What `adisc` decodes. */
export type Adisc = Infer<typeof adisc>;

/** Accept of ADISC. Shape: 28 bytes. Source: FC-LS-3, ADISC. */
export const adiscAccept = codec(
  'LS_ACC to ADISC',
  'FC-LS-3, ADISC accept',
  { ...acceptHead, ...addresses },
  'LS_ACC ADISC',
);
/** What `adiscAccept` decodes. */
export type AdiscAccept = Infer<typeof adiscAccept>;
