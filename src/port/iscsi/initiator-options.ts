/** What an iSCSI initiator is made of, and how long it waits for what. */
import { SECOND } from '../../machine/machine.ts';
import type { ChapAlgorithm, ChapHash } from './chap.ts';
import type { IsidSource } from './isid.ts';
import type { OperationalValues } from './key-rules.ts';

/** Proposals of a login by key, as they are written; a key that is left out is not proposed. */
export type LoginOffers = Readonly<Partial<Record<keyof OperationalValues, string>>>;

/** How an initiator proves who it is, and what it wants proved. */
export interface InitiatorChap {
  /** Its name of itself, and its secret. */
  readonly user: string;
  readonly secret: string;
  /** The target has to prove itself too, by this secret, and under this name where one is given. */
  readonly target?: { readonly name?: string; readonly secret: string };
  /** What is offered, in order of preference; MD5 when left out. */
  readonly algorithms?: readonly ChapAlgorithm[];
}

/** How long an initiator waits. */
export interface InitiatorTimes {
  /** For a connection and its login. */
  readonly loginNs: number;
  readonly logoutNs: number;
  /** For the answer to ABORT TASK; then the session is given up. */
  readonly abortNs: number;
  /** After so much silence the target is pinged; 0: never. */
  readonly noopIntervalNs: number;
  /** For the answer to a ping; then the connection is given up. */
  readonly noopTimeoutNs: number;
  /** Commands of a lost session wait so long for it to come back. */
  readonly replacementNs: number;
  /** Between a lost connection and the next login where nothing was agreed. */
  readonly time2WaitNs: number;
  /** Attempts at a first login before it is given up. */
  readonly loginTriesMax: number;
}

/** As open-iscsi 2.1.8 has them in iscsid.conf, and Linux 6.1 does. */
export const INITIATOR_TIMES: InitiatorTimes = {
  loginNs: 15 * SECOND,
  logoutNs: 15 * SECOND,
  abortNs: 15 * SECOND,
  noopIntervalNs: 5 * SECOND,
  noopTimeoutNs: 5 * SECOND,
  replacementNs: 120 * SECOND,
  time2WaitNs: 2 * SECOND,
  loginTriesMax: 8,
};

/** Bytes of data that this end takes in one PDU. */
export const INITIATOR_RECEIVES = 256 * 1024;

/** What is proposed where the options do not say: as open-iscsi 2.1.8 does, and the level of RFC 7144. */
export const LOGIN_OFFERS: LoginOffers = {
  HeaderDigest: 'None',
  DataDigest: 'None',
  DefaultTime2Wait: '2',
  DefaultTime2Retain: '0',
  ErrorRecoveryLevel: '0',
  InitialR2T: 'No',
  ImmediateData: 'Yes',
  MaxBurstLength: '16776192',
  FirstBurstLength: '262144',
  MaxOutstandingR2T: '1',
  MaxConnections: '1',
  DataPDUInOrder: 'Yes',
  DataSequenceInOrder: 'Yes',
  iSCSIProtocolLevel: '2',
};

/** What an initiator is made of. */
export interface IscsiInitiatorOptions {
  /** `iqn.…` */
  readonly name: string;
  readonly alias?: string;
  readonly isids: IsidSource;
  readonly hash: ChapHash;
  /** Bytes that nobody can guess. */
  readonly challenge: (bytes: number) => Uint8Array;
  /** The stage at which logins begin; security where there is `chap`, otherwise operational, as open-iscsi does. */
  readonly stage?: 'security' | 'operational';
  readonly chap?: InitiatorChap;
  /** In the place of those of `LOGIN_OFFERS`; `undefined` leaves a key out. */
  readonly offers?: LoginOffers;
  readonly times?: Partial<InitiatorTimes>;
  /** Commands of a lost session are sent again in the next one, without a word to whoever sent them, as libiscsi does. */
  readonly resends?: boolean;
}
