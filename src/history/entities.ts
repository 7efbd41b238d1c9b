/** What fabrics tell of virtual machines behind ports, and of ports that wait. */
import type { FcId, Wwn } from '../codecs/layout/index.ts';

/** A port said that a virtual machine is behind it, and under which tag; or that it is no more. */
export interface EntityRegistered {
  readonly type: 'virtual-entity';
  readonly nPortId: FcId;
  readonly wwpn: Wwn;
  /** Its name: a UUID in hex where a manager gave it (UVEM), else what the port said. */
  readonly entity: string;
  /** A priority for CS_CTL, or the application identifier that the fabric gave. */
  readonly tag: number;
  readonly by: 'UVEM' | 'application server';
  readonly state: 'here' | 'gone';
}

/** What kind of waiting a notification is about. */
export type CongestionKind = 'clear' | 'lost-credit' | 'credit-stall' | 'oversubscription';

/** A port was told that frames wait: its own, or those to a peer. */
export interface PerformanceNoticed {
  readonly type: 'fpin';
  readonly to: FcId;
  readonly about: 'own' | 'peer';
  readonly kind: CongestionKind;
  /** Of `peer`: which ports are waited for. */
  readonly ports: readonly Wwn[];
}
