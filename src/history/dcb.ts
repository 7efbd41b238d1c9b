/** What the two ends of an Ethernet link agree on about priorities: data center bridging. */
import type { QueueConfiguration } from './qos.ts';

/** Enhanced transmission selection of one sender: groups of priorities, and what each gets. */
export interface EtsSettings extends Pick<QueueConfiguration, 'groups' | 'bandwidth'> {}

/** Which priority frames of a protocol have. */
export interface PriorityOfApplication {
  readonly kind: 'EtherType' | 'TCP or UDP port';
  readonly protocolId: number;
  readonly priority: number;
}

/** Settings of one end of a link: its queues, and which protocols go by which priority. */
export interface DcbSettings extends Omit<QueueConfiguration, 'fcoePriority'> {
  readonly applications: readonly PriorityOfApplication[];
}

/** What data center bridging exchange is spoken: the standard's, or that of before. */
export type DcbxDialect = 'ieee' | 'cee';

/** What is in force at a port. */
export interface DcbAgreement extends DcbSettings {
  readonly dialect: DcbxDialect;
  /** A peer has been heard, and what it says holds together with what is in force here. */
  readonly isAgreed: boolean;
  /** Why not, in words; empty where it is so. */
  readonly problem: string;
}

/** A port has other settings in force than before, or its peer has come to agree, or no longer does. */
export interface DcbxAgreed extends DcbAgreement {
  readonly type: 'dcbx';
  readonly port: number;
}
