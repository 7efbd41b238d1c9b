/**
 * VSI discovery at a bridge's port: grants or refuses what a station asks, and answers.
 *
 * Ownership: it keeps which interfaces are associated at its port. What follows from that is the bridge's.
 * Source: IEEE 802.1Q, VDP; what `lldpad` 1.1 answers, fixtures/lan/lldpad-vdp.pcap.
 */
import type { Mac } from '../../codecs/layout/index.ts';
import {
  VDP_RESPONSE,
  VdpError,
  VdpFilterFormat,
  VdpResponseFlags,
  vdpdu,
} from '../../codecs/lldp/index.ts';
import {
  associationsIn,
  VSI_STEPS,
  type Vsi,
  type VsiStep,
  vdpTlvsIn,
} from '../../net/vdp-station.ts';

/** Interfaces at one port. */
const VSIS_MAX = 1024;

/** What it asks of the bridge that it is a part of. */
export interface VdpBridgeOwner {
  /** Sends a message to the station. */
  send(pdu: Uint8Array): void;
  /** Whether an interface may take this step: why not, as VDP counts it, or 0. */
  judge(step: VsiStep, vsi: Vsi): number;
  /** It took the step, or was refused. */
  answered(step: VsiStep, vsi: Vsi, error: number): void;
}

/** The bridge's end at one port. */
export class VdpBridge {
  readonly #owner: VdpBridgeOwner;
  readonly #associated = new Map<Mac, Vsi>();

  constructor(owner: VdpBridgeOwner) {
    this.#owner = owner;
  }

  /** The interface of a MAC address that is associated here. */
  vsiOf(mac: Mac): Vsi | undefined {
    return this.#associated.get(mac);
  }

  /** How many are. */
  get size(): number {
    return this.#associated.size;
  }

  /** Those that are, which are no more. */
  clear(): Vsi[] {
    const all = [...this.#associated.values()];
    this.#associated.clear();
    return all;
  }

  /** A message of the station came: each association is answered by itself. */
  heard(pdu: Uint8Array): void {
    const tlvs = vdpTlvsIn(pdu);
    // A station takes no answer that does not begin with it, as `lldpad` shows.
    const manager = tlvs.filter(({ kind }) => kind === 'managerId');
    for (const tlv of associationsIn(tlvs)) {
      if ((tlv.status & VDP_RESPONSE) !== 0) continue;
      const step = (Object.keys(VSI_STEPS) as VsiStep[]).find((one) => VSI_STEPS[one] === tlv.kind);
      if (step === undefined) continue;
      const entry = tlv.filterFormat === VdpFilterFormat['MAC/VID'] ? tlv.macs?.[0] : undefined;
      let error: number = VdpError['Invalid format'];
      if (entry !== undefined) {
        const vsi = { mac: entry.mac as Mac, vid: entry.vid, priority: entry.priority };
        error = this.#take(step, vsi);
        this.#owner.answered(step, vsi, error);
      }
      const hard = error === 0 ? 0 : VdpResponseFlags.HARD_ERROR;
      const { trailing: _, ...rest } = tlv;
      const answer = { ...rest, status: VDP_RESPONSE | hard | error };
      this.#owner.send(vdpdu.encode({ tlvs: [...manager, answer] }));
    }
  }

  #take(step: VsiStep, vsi: Vsi): number {
    if (step === 'de-associate') {
      this.#associated.delete(vsi.mac);
      return VdpError.Success;
    }
    const isNew = !this.#associated.has(vsi.mac);
    if (isNew && this.#associated.size >= VSIS_MAX) return VdpError['Insufficient resources'];
    const error = this.#owner.judge(step, vsi);
    if (error === 0 && step === 'associate') this.#associated.set(vsi.mac, vsi);
    return error;
  }
}
