/** How an FCF puts its own frames on its links: FIP messages, and FC frames from its services. */
import type { FcHeaderInput } from '../../codecs/fc/index.ts';
import { Eof, encodeFcoeFrame, Sof } from '../../codecs/fcoe/index.ts';
import { encodeFipFrame, type FipDescriptorInput } from '../../codecs/fip/index.ts';
import type { Mac } from '../../codecs/layout/index.ts';
import { roomFor } from '../../machine/slab.ts';
import type { Login } from '../fc/logins.ts';
import type { FcfConfig } from './options.ts';

/** A FIP message to send: fields with a default may be left out, in its descriptors too. */
export interface FipInput {
  readonly operation: number;
  readonly subcode: number;
  readonly flags?: number;
  readonly descriptors: readonly FipDescriptorInput[];
}

/** Whose frames they are, and where they go. */
export interface TransmitterContext {
  readonly config: Pick<FcfConfig, 'fcfMac' | 'vlan' | 'vlanPriority'>;
  readonly core: { send(port: number, frame: Uint8Array, given: boolean): void };
}

/** Makes every frame that the FCF itself sends: its MAC address, its VLAN, its padding. */
export class Transmitter {
  readonly #context: TransmitterContext;

  constructor(context: TransmitterContext) {
    this.#context = context;
  }

  /**
   * A FIP frame from the FCF-MAC address.
   *
   * `tagged`: in the FCoE VLAN, where there is one; VLAN discovery answers outside it.
   * `payloadBytesMin`: pads the Ethernet payload to this size.
   */
  fipFrame(destination: Mac, message: FipInput, tagged = true, payloadBytesMin = 0): Uint8Array {
    const { fcfMac, vlan, vlanPriority } = this.#context.config;
    return encodeFipFrame({
      destination,
      source: fcfMac,
      vlan: tagged ? { vid: vlan, priority: vlanPriority } : undefined,
      message,
      payloadBytesMin,
    });
  }

  /** Sends a FIP message to one address. */
  fip(port: number, destination: Mac, message: FipInput, tagged = true): void {
    this.#context.core.send(port, this.fipFrame(destination, message, tagged), true);
  }

  /** An FC frame for a VN_Port; `last` is true for the last one of its sequence. */
  frame(to: Login, header: FcHeaderInput, payload: Uint8Array, last: boolean): void {
    const { fcfMac, vlan, vlanPriority } = this.#context.config;
    const input = {
      destination: to.linkAddress,
      source: fcfMac,
      vlan: vlan === 0 ? undefined : { vid: vlan, priority: vlanPriority },
      sof: (header.seqCnt ?? 0) === 0 ? Sof.SOFi3 : Sof.SOFn3,
      eof: last ? Eof.EOFt : Eof.EOFn,
      header,
      payload,
    };
    const frame = encodeFcoeFrame(input, roomFor);
    this.#context.core.send(to.port, frame, true);
  }
}
