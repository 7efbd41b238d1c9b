/** What happens in a Fibre Channel fabric, as its switch tells it, and at the ports around it. */
import type { FcId, Mac, Wwn } from '../codecs/layout/index.ts';
import type { DcbxAgreed } from './dcb.ts';
import type { EntityRegistered, PerformanceNoticed } from './entities.ts';

/**
 * Why a login ended: the port asked (`LOGO`); its ENode or itself fell silent (`keep-alive`); the
 * owner cleared it (`CVL`); the link went (`link`); the port was disabled; another login took the
 * WWPN (`replaced`); the same ENode logged in again (`relogin`); or its base N_Port logged out
 * (`base-logout`).
 */
export type LogoutReason =
  | 'LOGO'
  | 'keep-alive'
  | 'CVL'
  | 'link'
  | 'port-disabled'
  | 'replaced'
  | 'relogin'
  | 'base-logout';

/**
 * Why a frame was refused:
 * `malformed` bytes form no frame, or a descriptor list voids it; `bad-crc`; `discard-eof` an EOF
 * that says so; `wrong-vlan`; `not-addressed` sent to another MAC address; `port-down`;
 * `no-login` its S_ID is not logged in on that port with that source MAC address; `unknown-d-id`;
 * `zoning`; `unsupported` nothing here handles it.
 */
export type FrameRefusal =
  | 'malformed'
  | 'bad-crc'
  | 'discard-eof'
  | 'wrong-vlan'
  | 'not-addressed'
  | 'port-down'
  | 'no-login'
  | 'unknown-d-id'
  | 'zoning'
  | 'unsupported';

/** How far zones are kept: not at all, by the name server, or frame by frame too. */
export type ZoneEnforcement = 'none' | 'soft' | 'hard';

/** The fabric gave an N_Port_ID. */
export interface FabricLogin {
  readonly type: 'login';
  readonly nPortId: FcId;
  readonly wwpn: Wwn;
  readonly wwnn: Wwn;
  /** Port of the switch. */
  readonly port: number;
  /** Granted MAC address; `undefined` where a capture does not show it. */
  readonly mac: Mac | undefined;
  readonly by: 'FLOGI' | 'FDISC';
  readonly enodeMac: Mac;
  /** No other Nx_Port held the N_Port_ID within R_A_TOV; `undefined` where a capture does not show it. */
  readonly clean: boolean | undefined;
}

/** The fabric took an N_Port_ID away. */
export interface FabricLogout {
  readonly type: 'logout';
  readonly nPortId: FcId;
  readonly wwpn: Wwn;
  readonly port: number;
  readonly reason: LogoutReason;
}

/** A login went over to another port, with its N_Port_ID and without ending. */
export interface LoginHandedOver {
  readonly type: 'handed-over';
  readonly nPortId: FcId;
  readonly wwpn: Wwn;
  readonly port: number;
  readonly toPort: number;
}

/** The fabric refused a login. */
export interface LoginRejected {
  readonly type: 'login-rejected';
  readonly wwpn: Wwn;
  readonly port: number;
  readonly enodeMac: Mac;
  readonly by: 'FLOGI' | 'FDISC';
  /** LS_RJT reason code and explanation. */
  readonly reason: number;
  readonly explanation: number;
}

/** FC-4 types of a port changed in the name server. */
export interface NameRegistered {
  readonly type: 'registered';
  readonly nPortId: FcId;
  readonly fc4Types: readonly number[];
}

/** A port was told of changes. */
export interface RscnSent {
  readonly type: 'rscn';
  readonly to: FcId;
  readonly pages: readonly { readonly nPortId: FcId; readonly addressFormat: number }[];
}

/** A port did not confirm an RSCN. */
export interface RscnUnanswered {
  readonly type: 'rscn-unanswered';
  readonly to: FcId;
}

/** Which zones are in force from now on. */
export interface ZonesChanged {
  readonly type: 'zone-change';
  readonly enforced: ZoneEnforcement;
  /** Each zone with its members, by WWPN. */
  readonly zones: readonly { readonly name: string; readonly members: readonly Wwn[] }[];
  /** Whether ports that are in no zone see each other. */
  readonly defaultZone: 'permit' | 'deny';
  /** Ports that see others now, or see some no longer. */
  readonly affected: number;
}

/** A switch noticed that a link of its came up or went down. */
export interface LinkNoticed {
  readonly type: 'link';
  readonly port: number;
  readonly up: boolean;
}

/** A switch port takes no logins any more: two of one WWPN came. */
export interface PortDisabled {
  readonly type: 'port-disabled';
  readonly port: number;
  readonly wwpn: Wwn;
}

/** A switch port takes logins again. */
export interface PortEnabled {
  readonly type: 'port-enabled';
  readonly port: number;
}

/** A switch has come up again, without logins. */
export interface SwitchRestarted {
  readonly type: 'restarted';
}

/** A switch refused a frame. */
export interface FrameRefused {
  readonly type: 'dropped';
  readonly reason: FrameRefusal;
  readonly port: number;
  readonly detail?: string;
  /** Addresses of a refused FC frame. */
  readonly sId?: FcId;
  readonly dId?: FcId;
}

/** The peer contradicts the state of the one who tells it; `what` in words. */
export interface ProtocolContradicted {
  readonly type: 'protocol';
  readonly port: number;
  readonly what: string;
  readonly nPortId?: FcId;
}

/** How a port of a host or an array stands with its fabric; `ready`: logged in. */
export interface PortChanged {
  readonly type: 'port';
  readonly port: number;
  readonly state: string;
  readonly reason: string;
}

/** Everything that is told of a fabric, and of ports at it. */
export type FabricEvent =
  | FabricLogin
  | FabricLogout
  | LoginHandedOver
  | LoginRejected
  | NameRegistered
  | RscnSent
  | RscnUnanswered
  | ZonesChanged
  | LinkNoticed
  | PortDisabled
  | PortEnabled
  | SwitchRestarted
  | FrameRefused
  | ProtocolContradicted
  | PortChanged
  | DcbxAgreed
  | EntityRegistered
  | PerformanceNoticed;
