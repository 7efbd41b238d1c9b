/**
 * Edge Control Protocol: carries one message at a time to the other end of a link, acknowledged and sent again.
 * Source: IEEE 802.1Q, ECP; times as open-lldp 1.1 has them.
 */
import { EtherType, ethernet } from '../codecs/ethernet/index.ts';
import { CodecError, type Mac } from '../codecs/layout/index.ts';
import { EcpOperation, EcpSubtype, ecp } from '../codecs/lldp/index.ts';
import { MICROSECOND } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';

/** The nearest customer bridge. Source: IEEE 802.1Q, table 8-1; `lldpad` sends there. */
export const NEAREST_BRIDGE: Mac = '01:80:c2:00:00:00' as Mac;
/** 10 us x 2^14, and so many tries. Source: IEEE 802.1Q, EVB TLV: RTE and R; open-lldp's defaults. */
const ACK_TIMEOUT_NS = 10 * MICROSECOND * 2 ** 14;
const RETRIES_MAX = 3;
/** Messages that wait for those before them. */
const WAITING_MAX = 64;
const HEADER_BYTES = 18;
const ETHERNET_BYTES = 14;

/** What it asks of the machine that it is a part of. */
export interface EcpOwner {
  readonly mac: Mac;
  after(delayNs: number, run: () => void): Timer;
  send(frame: Uint8Array): void;
  /** A message came. */
  heard(pdu: Uint8Array): void;
}

/** One end of a link. */
export class EcpEnd {
  readonly #owner: EcpOwner;
  readonly #waiting: Uint8Array[] = [];
  #sequence = 0;
  #heard: number | undefined;
  #tries = 0;
  #timer: Timer | undefined;

  constructor(owner: EcpOwner) {
    this.#owner = owner;
  }

  /** Sends a message when those before it are done with; of too many the newest is lost. */
  send(pdu: Uint8Array): void {
    if (this.#waiting.length >= WAITING_MAX) return;
    this.#waiting.push(pdu);
    if (this.#waiting.length === 1) this.#begin();
  }

  /** A frame of this protocol came. */
  handleFrame(frame: Uint8Array): void {
    let header: ReturnType<typeof ecp.decode>;
    try {
      header = ecp.decode(frame, ETHERNET_BYTES);
    } catch (error) {
      if (error instanceof CodecError) return;
      throw error;
    }
    if (header.subtype !== EcpSubtype.VDP) return;
    if (header.operation === EcpOperation.Acknowledgement) {
      if (header.sequence === this.#sequence && this.#waiting.length > 0) this.#done();
      return;
    }
    if (header.operation !== EcpOperation.Request) return;
    this.#put(EcpOperation.Acknowledgement, header.sequence, new Uint8Array(0));
    // What comes again was not acknowledged in time, and has been heard.
    if (header.sequence === this.#heard) return;
    this.#heard = header.sequence;
    this.#owner.heard(frame.subarray(HEADER_BYTES));
  }

  /** The link is down: nothing is under way any more. */
  reset(): void {
    this.#waiting.length = 0;
    this.#heard = undefined;
    this.#timer?.cancel();
  }

  #begin(): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#tries = 0;
    this.#try();
  }

  #try(): void {
    const pdu = this.#waiting[0];
    if (pdu === undefined) return;
    if (this.#tries++ > RETRIES_MAX) {
      this.#done();
      return;
    }
    this.#put(EcpOperation.Request, this.#sequence, pdu);
    this.#timer = this.#owner.after(ACK_TIMEOUT_NS, () => this.#try());
  }

  #done(): void {
    this.#timer?.cancel();
    this.#waiting.shift();
    if (this.#waiting.length > 0) this.#begin();
  }

  #put(operation: number, sequence: number, pdu: Uint8Array): void {
    const frame = new Uint8Array(HEADER_BYTES + pdu.length);
    const { mac: source } = this.#owner;
    ethernet.write(frame, 0, { destination: NEAREST_BRIDGE, source, etherType: EtherType.ECP });
    ecp.write(frame, ETHERNET_BYTES, { operation, subtype: EcpSubtype.VDP, sequence });
    frame.set(pdu, HEADER_BYTES);
    this.#owner.send(frame);
  }
}
