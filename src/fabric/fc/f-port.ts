/**
 * What lies between the fabric's services and the N_Ports that are logged in: the F_Ports of a switch
 * and their links. FCoE makes it of FIP and Ethernet; a native link makes it of its own frames.
 */
import type { FcHeaderInput } from '../../codecs/fc/index.ts';
import type { FcId, Wwn } from '../../codecs/layout/index.ts';
import type { Adapter, Login } from './logins.ts';

/** The links below the services of one switch; ports are numbered from 0. */
export interface FPort {
  /** What the link will call a port that has this N_Port_ID; empty where it has no word for it. */
  linkAddressOf(nPortId: FcId): string;
  /** Sends a frame to a port that is logged in; `last` is true for the last one of its sequence. */
  send(to: Login, header: FcHeaderInput, payload: Uint8Array, last: boolean): void;
  /** A login began, or was carried over to another adapter: from now on its link is watched. */
  loginBegan(login: Login): void;
  /** A login is over. `knows`: its port asked for that, or nobody is there to be told. */
  loginEnded(login: Login, knows: boolean): void;
  /** Tells an adapter that these logins of it are over; `'all'`: all it has, without a list. */
  clear(adapter: Adapter, logins: Iterable<Login> | 'all'): void;
  /** The link of a port is gone, and everybody behind it. */
  linkLost(port: number): void;
  /** Frames of a name are let in no more where it is not logged in. */
  forgetName(wwpn: Wwn): void;
}
