/** What the two ends of an Ethernet link agree on about priorities: data center bridging. */

/** How a traffic class is served: strictly before others, or by its share of what they leave. */
export type ClassService = 'strict' | 'ets';

/** Enhanced transmission selection of one sender. Source: IEEE 802.1Q, ETS. */
export interface EtsSettings {
  /** Traffic class, 0 to 7, of each of the 8 priorities. */
  readonly classes: readonly number[];
  /** Of each of the 8 classes. Units: percent of the bandwidth that strict classes leave. */
  readonly bandwidthPercent: readonly number[];
  readonly service: readonly ClassService[];
}

/** Which priority frames of a protocol have. */
export interface PriorityOfApplication {
  readonly kind: 'EtherType' | 'TCP or UDP port';
  readonly protocolId: number;
  readonly priority: number;
}

/** Settings of one end of a link. */
export interface DcbSettings {
  /** Priorities that pause instead of dropping: a bit for each, bit 0 priority 0. */
  readonly pfc: number;
  readonly ets: EtsSettings;
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
