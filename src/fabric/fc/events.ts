/** What an FCF tells its owner: plain data, one object per thing that happened. */
import type { FcId, Mac, Wwn } from '../../codecs/layout/index.ts';
import type { Zoning } from './zoning.ts';

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
export type DropReason =
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

export type FcfEvent =
  | {
      readonly kind: 'login';
      readonly nPortId: FcId;
      readonly wwpn: Wwn;
      readonly wwnn: Wwn;
      readonly port: number;
      /** Granted MAC address. */
      readonly mac: Mac;
      readonly by: 'FLOGI' | 'FDISC';
      readonly enodeMac: Mac;
      /** No other Nx_Port held the N_Port_ID within R_A_TOV. */
      readonly clean: boolean;
    }
  | {
      readonly kind: 'logout';
      readonly nPortId: FcId;
      readonly wwpn: Wwn;
      readonly port: number;
      readonly reason: LogoutReason;
    }
  /** A login went over to another port, with its N_Port_ID and without ending. */
  | {
      readonly kind: 'handed-over';
      readonly nPortId: FcId;
      readonly wwpn: Wwn;
      readonly port: number;
      readonly toPort: number;
    }
  | {
      readonly kind: 'login-rejected';
      readonly wwpn: Wwn;
      readonly port: number;
      readonly enodeMac: Mac;
      readonly by: 'FLOGI' | 'FDISC';
      /** LS_RJT reason code and explanation. */
      readonly reason: number;
      readonly explanation: number;
    }
  /** FC-4 types of a port changed in the name server. */
  | { readonly kind: 'registered'; readonly nPortId: FcId; readonly fc4Types: readonly number[] }
  | {
      readonly kind: 'rscn';
      readonly to: FcId;
      readonly pages: readonly { readonly nPortId: FcId; readonly addressFormat: number }[];
    }
  | { readonly kind: 'rscn-unanswered'; readonly to: FcId }
  | {
      readonly kind: 'zone-change';
      readonly enforced: Zoning['enforced'];
      /** Ports that see others now, or see some no longer. */
      readonly affected: number;
    }
  | { readonly kind: 'link'; readonly port: number; readonly up: boolean }
  | { readonly kind: 'port-disabled'; readonly port: number; readonly wwpn: Wwn }
  | { readonly kind: 'port-enabled'; readonly port: number }
  | { readonly kind: 'restarted' }
  | {
      readonly kind: 'dropped';
      readonly reason: DropReason;
      readonly port: number;
      readonly detail?: string;
      /** Addresses of a refused FC frame. */
      readonly sId?: FcId;
      readonly dId?: FcId;
    }
  /** The peer contradicts our state; `what` in words. */
  | {
      readonly kind: 'protocol';
      readonly port: number;
      readonly what: string;
      readonly nPortId?: FcId;
    };
