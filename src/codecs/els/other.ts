/** Small and rare services: ECHO, TEST, LKA, CSR, CSU, EVFP, AUTH_ELS, and the obsolete ones. */
import { codec, embed, type Infer, rest, struct, u64 } from '../layout/index.ts';
import { withoutLayout } from '../without-layout.ts';
import { authEnvelope } from './authentication.ts';
import { ElsCommand } from './codes.ts';
import { plogi } from './login.ts';
import {
  acceptHead,
  commandCode,
  head,
  plainAccept,
  plainRequest,
  whereBytesRemain,
} from './parts.ts';
import { clockSyncQos } from './service-parameters.ts';
import { evfpMessage } from './virtual-fabric.ts';

/** Echo: the payload comes back. Shape: 4 bytes and data. Source: FC-LS-3, ECHO. */
export const echo = codec(
  'ECHO',
  'FC-LS-3, ECHO',
  { ...head(ElsCommand.ECHO), data: rest },
  'ECHO',
);
/** What `echo` decodes. */
export type Echo = Infer<typeof echo>;
/** Accept of ECHO: the same data. Shape: 4 bytes and data. Source: FC-LS-3, ECHO. */
export const echoAccept = codec(
  'LS_ACC to ECHO',
  'FC-LS-3, ECHO accept',
  { ...acceptHead, data: rest },
  'LS_ACC ECHO',
);
/** What `echoAccept` decodes. */
export type EchoAccept = Infer<typeof echoAccept>;

/** Test; it has no reply. Shape: 4 bytes and data. Source: FC-LS-3, TEST. */
export const testEls = codec(
  'TEST',
  'FC-LS-3, TEST',
  { ...head(ElsCommand.TEST), data: rest },
  'TEST',
);
/** What `testEls` decodes. */
export type TestEls = Infer<typeof testEls>;

/** Link keep alive of a tunnel. Shape: 4 bytes. Source: FC-BB-5, LKA. */
export const lka = plainRequest('LKA');
/** What `lka` decodes. */
export type Lka = Infer<typeof lka>;
/** Accept of LKA. Shape: 4 bytes. Source: FC-BB-5, LKA. */
export const lkaAccept = plainAccept('LKA');
/** What `lkaAccept` decodes. */
export type LkaAccept = Infer<typeof lkaAccept>;

/** Clock synchronization request. Shape: 12 bytes. Source: FC-LS-3, CSR. */
export const csr = codec(
  'CSR',
  'FC-LS-3, CSR',
  { ...head(ElsCommand.CSR), qualityOfService: struct(clockSyncQos) },
  'CSR',
);
/** What `csr` decodes. */
export type Csr = Infer<typeof csr>;
/** Accept of CSR. Shape: 12 bytes. Source: FC-LS-3, CSR accept. */
export const csrAccept = codec(
  'LS_ACC to CSR',
  'FC-LS-3, CSR accept',
  { ...acceptHead, qualityOfService: struct(clockSyncQos) },
  'LS_ACC CSR',
);
/** What `csrAccept` decodes. */
export type CsrAccept = Infer<typeof csrAccept>;
/** Clock synchronization update; it has no reply. Shape: 12 bytes. Source: FC-LS-3, CSU. */
export const csu = codec(
  'CSU',
  'FC-LS-3, CSU',
  { ...head(ElsCommand.CSU), clockCount: u64 },
  'CSU',
);
/** What `csu` decodes. */
export type Csu = Infer<typeof csu>;

const EVFP_MESSAGE_BYTES = 12;
/**
 * Exchange virtual fabrics parameters between N_Port and F_Port.
 *
 * Shape: 4 bytes and the EVFP message.
 * Source: FC-LS-3, EVFP.
 */
export const evfp = codec(
  'EVFP',
  'FC-LS-3, EVFP',
  { ...head(ElsCommand.EVFP), message: whereBytesRemain(EVFP_MESSAGE_BYTES, embed(evfpMessage)) },
  'EVFP',
);
/** What `evfp` decodes. */
export type Evfp = Infer<typeof evfp>;
/** Accept of EVFP. Shape: 4 bytes and the EVFP message. Source: FC-LS-3, EVFP accept. */
export const evfpAccept = codec(
  'LS_ACC to EVFP',
  'FC-LS-3, EVFP accept',
  { ...acceptHead, message: whereBytesRemain(EVFP_MESSAGE_BYTES, embed(evfpMessage)) },
  'LS_ACC EVFP',
);
/** What `evfpAccept` decodes. */
export type EvfpAccept = Infer<typeof evfpAccept>;

/**
 * Authentication message.
 *
 * Shape: 12 bytes and the payload, which `authPayload(messageCode)` reads.
 * Source: FC-SP, AUTH_ELS.
 */
export const authEls = codec(
  'AUTH_ELS',
  'FC-SP, AUTH_ELS',
  { command: commandCode(ElsCommand.AUTH_ELS), ...authEnvelope },
  'AUTH_ELS',
);
/** What `authEls` decodes. */
export type AuthEls = Infer<typeof authEls>;
/** Accept of AUTH_ELS. Shape: 4 bytes. Source: FC-SP, AUTH_ELS. */
export const authElsAccept = plainAccept('AUTH_ELS');
/** What `authElsAccept` decodes. */
export type AuthElsAccept = Infer<typeof authElsAccept>;

/** Establish streaming: how much may be sent without waiting? Shape: 4 bytes. Source: FC-PH, ESTS. */
export const ests = plainRequest('ESTS');
/** What `ests` decodes. */
export type Ests = Infer<typeof ests>;
const { command: _login, ...loginBody } = plogi.table;
/** Accept of ESTS: service parameters as in PLOGI. Shape: 116 bytes. Source: FC-PH, ESTS accept. */
export const estsAccept = codec(
  'LS_ACC to ESTS',
  'FC-PH, ESTS accept',
  { command: commandCode(ElsCommand.LS_ACC), ...loginBody },
  'LS_ACC ESTS',
);
/** What `estsAccept` decodes. */
export type EstsAccept = Infer<typeof estsAccept>;
/** Estimate credit: frames that are counted; it has no reply. Shape: 4 bytes and data. Source: FC-PH, ESTC. */
export const estc = codec('ESTC', 'FC-PH, ESTC', { ...head(ElsCommand.ESTC), data: rest }, 'ESTC');
/** What `estc` decodes. */
export type Estc = Infer<typeof estc>;
/** Advise credit: service parameters as in PLOGI. Shape: 116 bytes. Source: FC-PH, ADVC. */
export const advc = codec(
  'ADVC',
  'FC-PH, ADVC',
  { command: commandCode(ElsCommand.ADVC), ...loginBody },
  'ADVC',
);
/** What `advc` decodes. */
export type Advc = Infer<typeof advc>;
/** Accept of ADVC. Shape: 116 bytes. Source: FC-PH, ADVC accept. */
export const advcAccept = codec(
  'LS_ACC to ADVC',
  'FC-PH, ADVC accept',
  { command: commandCode(ElsCommand.LS_ACC), ...loginBody },
  'LS_ACC ADVC',
);
/** What `advcAccept` decodes. */
export type AdvcAccept = Infer<typeof advcAccept>;

type BareName = 'LCLM' | 'RTIN' | 'QSA' | 'RFCN';

const bare = <const K extends BareName>(name: K) =>
  codec(name, withoutLayout(`FC-LS, ${name}`), { ...head(ElsCommand[name]), payload: rest }, name);
const bareAccept = <const K extends BareName>(name: K) =>
  codec(
    `LS_ACC to ${name}`,
    withoutLayout(`FC-LS, ${name} accept`),
    { ...acceptHead, payload: rest },
    `LS_ACC ${name}`,
  );

/**
 * Obsolete services, and those of FC-SP, whose codes are public and whose payloads are not:
 * `payload` holds what follows the first word. Layout: no public source.
 */
export const bareRequests = {
  LCLM: bare('LCLM'),
  RTIN: bare('RTIN'),
  QSA: bare('QSA'),
  RFCN: bare('RFCN'),
} as const;
/** Their accepts. Layout: no public source. */
export const bareAccepts = {
  LCLM: bareAccept('LCLM'),
  RTIN: bareAccept('RTIN'),
  QSA: bareAccept('QSA'),
  RFCN: bareAccept('RFCN'),
} as const;
