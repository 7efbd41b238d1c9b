/**
 * What lies below an N_Port: the way to its F_Port, whatever the link is. An ENode makes it of FIP
 * and FCoE; a native link makes it of its own frames.
 */
import type { FcId, MessageWriter } from '../../codecs/layout/index.ts';
import type { Instant } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { ElsReply } from './els-reply.ts';
import type { FrameHeader } from './frame-header.ts';

/** How a login with the fabric, or its end, was answered. */
export type FabricLoginReply =
  | ElsReply
  | {
      readonly result: 'granted';
      readonly nPortId: FcId;
      /** What the link calls the port from now on: a VN_Port's MAC address, empty where it has no word for it. */
      readonly linkAddress: string;
      readonly payload: Uint8Array;
    };

/** The link below N_Ports of type `Port`. */
export interface NPortLink<Port> {
  readonly now: Instant;
  after(delayNs: number, run: () => void): Timer;
  /**
   * Sends FLOGI, FDISC or LOGO to the F_Port; `done` is called once. A LOGO takes an OX_ID of the
   * port's own; the others carry no S_ID yet, so the link numbers them.
   */
  sendLogin(
    port: Port,
    kind: 'flogi' | 'fdisc' | 'logo',
    oxId: number | undefined,
    payload: Uint8Array,
    timeoutNs: number,
    done: (reply: FabricLoginReply) => void,
  ): void;
  /** Sends a frame; `last` is true for the last one of its sequence. */
  transmit(port: Port, header: FrameHeader, payload: Uint8Array, last: boolean): void;
  /** Sends a sequence of one frame, whose payload is this message. */
  transmitMessage<I>(port: Port, header: FrameHeader, codec: MessageWriter<I>, message: I): void;
  /** The port now has (or no longer has) an N_Port_ID and a link address. */
  attached(port: Port): void;
  detached(port: Port): void;
  /** A peer did what the port's state does not allow. */
  peerContradiction(port: Port, what: string): void;
}
