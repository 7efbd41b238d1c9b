/**
 * How an ENode puts frames on its Ethernet: FC frames of its VN_Ports behind a head that they share,
 * and FIP messages. Source: FC-BB-5, FCoE encapsulation and FIP.
 */
import {
  Eof,
  encodeBehindHead,
  encodeMessageBehindHead,
  fcoeFrameHead,
  Sof,
} from '../../codecs/fcoe/index.ts';
import { encodeFipFrame } from '../../codecs/fip/index.ts';
import { type Mac, type MessageWriter, putUint24 } from '../../codecs/layout/index.ts';
import { roomFor } from '../../machine/slab.ts';
import type { FrameHeader } from '../n-port/frame-header.ts';
import type { FcfEntry } from './fcf-list.ts';
import type { FipInput } from './fip-input.ts';
import type { VnPort } from './vn-port.ts';

const ZERO_MAC = '00:00:00:00:00:00';

/** Makes the frames of one ENode; the head of the last FCF and VLAN is kept. */
export class FcoeSender {
  #vlanPriority: number;
  #fipPriority: number;
  #head: Uint8Array | undefined;
  #fcf: FcfEntry | undefined;
  #vid = 0;

  /** `vlanPriority`: the priority code point of tagged frames. */
  constructor(vlanPriority: number) {
    this.#vlanPriority = vlanPriority;
    this.#fipPriority = vlanPriority;
  }

  /** Other priority code points from now on, of FCoE frames and of FIP's. */
  setPriorities(fcoe: number, fip: number): void {
    this.#vlanPriority = fcoe;
    this.#fipPriority = fip;
    this.#head = undefined;
  }

  /** A frame of a VN_Port to an FCF; `last` is true for the last one of its sequence. */
  frame(
    port: VnPort,
    fcf: FcfEntry,
    vid: number,
    header: FrameHeader,
    payload: Uint8Array,
    last: boolean,
  ): Uint8Array {
    const sof = header.seqCnt === 0 ? Sof.SOFi3 : Sof.SOFn3;
    const eof = last ? Eof.EOFt : Eof.EOFn;
    return encodeBehindHead(this.#headOf(port, fcf, vid), sof, eof, header, payload, roomFor);
  }

  /** A sequence of one frame, whose payload is this message. */
  messageFrame<I>(
    port: VnPort,
    fcf: FcfEntry,
    vid: number,
    header: FrameHeader,
    codec: MessageWriter<I>,
    message: I,
  ): Uint8Array {
    const head = this.#headOf(port, fcf, vid);
    return encodeMessageBehindHead(head, Sof.SOFi3, Eof.EOFt, header, codec, message, roomFor);
  }

  /** A FIP message; `vid` 0 is untagged. */
  fipFrame(destination: Mac, source: Mac, vid: number, message: FipInput): Uint8Array {
    const vlan = { vid, priority: this.#fipPriority };
    return encodeFipFrame({ destination, source, vlan, message });
  }

  /** What frames to an FCF begin with, but for their source. It changes when the FCF does. */
  headTo(fcf: FcfEntry, vid: number): Uint8Array {
    if (this.#head === undefined || this.#fcf !== fcf || this.#vid !== vid) {
      const vlan = vid === 0 ? undefined : { vid, priority: this.#vlanPriority };
      this.#head = fcoeFrameHead(fcf.mac, ZERO_MAC, vlan);
      this.#fcf = fcf;
      this.#vid = vid;
    }
    return this.#head;
  }

  /** What the next frame of a port begins with. One head serves them all: it is in the cache. */
  #headOf(port: VnPort, fcf: FcfEntry, vid: number): Uint8Array {
    const head = this.headTo(fcf, vid);
    putUint24(head, 6, port.macHigh24);
    putUint24(head, 9, port.macLow24);
    return head;
  }
}
