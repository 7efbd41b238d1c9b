/** Arbitrated loop services: LINIT, LSTS. */
import {
  bytes,
  codec,
  hex,
  type Infer,
  named,
  reserved8,
  reserved24,
  u8,
  withDefault,
} from '../layout/index.ts';
import { ElsCommand } from './codes.ts';
import { acceptHead, head, plainRequest } from './parts.ts';

/** Loop initialize: the bytes of the LIP to send. Shape: 8 bytes. Source: FC-LS, LINIT. */
export const linit = codec(
  'LINIT',
  'FC-LS, LINIT',
  {
    ...head(ElsCommand.LINIT),
    reserved2: reserved8,
    initializationFunction: withDefault(u8, 0),
    lipByte3: hex(u8),
    lipByte4: hex(u8),
  },
  'LINIT',
);
/** What `linit` decodes. */
export type Linit = Infer<typeof linit>;

/** How a loop initialization ended. Source: FC-LS, LINIT accept. */
export const LinitStatus = { SUCCESS: 1, FAILURE: 2 } as const;
/** Accept of LINIT. Shape: 8 bytes. Source: FC-LS, LINIT accept. */
export const linitAccept = codec(
  'LS_ACC to LINIT',
  'FC-LS, LINIT accept',
  { ...acceptHead, reserved2: reserved24, status: named(u8, LinitStatus) },
  'LS_ACC LINIT',
);
/** What `linitAccept` decodes. */
export type LinitAccept = Infer<typeof linitAccept>;

/** Loop status. Shape: 4 bytes. Source: FC-LS, LSTS. */
export const lsts = plainRequest('LSTS');
/** What `lsts` decodes. */
export type Lsts = Infer<typeof lsts>;

/** State of a loop. Source: FC-LS, LSTS accept. */
export const LoopState = {
  ONLINE: 1,
  LOOP_FAILURE: 2,
  INITIALIZATION_FAILURE: 3,
  INITIALIZING: 4,
} as const;

/** Accept of LSTS: one bit or byte per AL_PA. Shape: 168 bytes. Source: FC-LS, LSTS accept. */
export const lstsAccept = codec(
  'LS_ACC to LSTS',
  'FC-LS, LSTS accept',
  {
    ...acceptHead,
    reserved2: reserved8,
    failedReceiver: u8,
    complianceLevel: u8,
    loopState: named(u8, LoopState),
    publicLoopDevices: bytes(16),
    privateLoopDevices: bytes(16),
    alPaPositionMap: bytes(128),
  },
  'LS_ACC LSTS',
);
/** What `lstsAccept` decodes. */
export type LstsAccept = Infer<typeof lstsAccept>;
