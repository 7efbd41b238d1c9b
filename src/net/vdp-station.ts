/**
 * VSI discovery at the hypervisor: asks the bridge whether a virtual machine's interface may come, says that it is
 * here, and that it has gone.
 * Source: IEEE 802.1Q, VDP; what `lldpad` 1.1 sends, fixtures/lan/lldpad-vdp.pcap.
 */
import { CodecError, type Mac, nameOf, parseHex } from '../codecs/layout/index.ts';
import {
  VDP_RESPONSE,
  VdpError,
  VdpFilterFormat,
  VdpRequestFlags,
  type VdpTlv,
  VsiidFormat,
  vdpdu,
} from '../codecs/lldp/index.ts';
import { MICROSECOND } from '../machine/machine.ts';
import type { Timer } from '../machine/timers.ts';

/** The steps of an association, by the kinds of their TLVs. */
export const VSI_STEPS = {
  'pre-associate': 'preAssociateReserve',
  associate: 'associate',
  'de-associate': 'deAssociate',
} as const;
/** One of `VSI_STEPS`. */
export type VsiStep = keyof typeof VSI_STEPS;

/** 1.5 x ((1 + 2 x 3) x 10 us x 2^14 + 10 us x 2^20). Source: IEEE 802.1Q, 41.5.5.13; open-lldp's defaults. */
const ANSWER_TIMEOUT_NS = 1.5 * ((1 + 2 * 3) * 10 * 2 ** 14 + 10 * 2 ** 20) * MICROSECOND;
const ERROR_MASK = 0x0f;
const MANAGER_ID = Uint8Array.of(0x6d, 0x31, ...new Array<number>(14).fill(0));
const VSI_TYPE_ID = 7;

/** A virtual machine's interface, as its bridge is to know it. */
export interface Vsi {
  readonly mac: Mac;
  readonly vid: number;
  readonly priority: number;
}

/** What it asks of the machine that it is a part of. */
export interface VdpStationOwner {
  after(delayNs: number, run: () => void): Timer;
  /** Sends a message to the bridge. */
  send(pdu: Uint8Array): void;
}

type Asked = {
  readonly step: VsiStep;
  readonly done: (refusal: string) => void;
  readonly timer: Timer;
};

/** The 16 bytes that name an interface: its MAC address, behind zeros. `lldpad` refuses them as a UUID. */
export const vsiidOf = (mac: Mac): Uint8Array =>
  parseHex(`${'00'.repeat(10)}${mac.replaceAll(':', '')}`);

/** The station's end. */
export class VdpStation {
  readonly #owner: VdpStationOwner;
  /** By MAC address. */
  readonly #asked = new Map<Mac, Asked>();

  constructor(owner: VdpStationOwner) {
    this.#owner = owner;
  }

  /** Takes a step; `done` hears why it was refused, or nothing. One step of an interface is under way at a time. */
  ask(step: VsiStep, vsi: Vsi, isMigrating: boolean, done: (refusal: string) => void): void {
    this.#end(vsi.mac, 'another step was taken');
    const timer = this.#owner.after(ANSWER_TIMEOUT_NS, () =>
      this.#end(vsi.mac, 'the bridge does not answer'),
    );
    this.#asked.set(vsi.mac, { step, done, timer });
    const { mac, vid, priority } = vsi;
    const association = {
      kind: VSI_STEPS[step],
      status: isMigrating ? VdpRequestFlags.M : 0,
      vsiTypeId: VSI_TYPE_ID,
      vsiTypeVersion: 1,
      vsiidFormat: VsiidFormat.MAC,
      vsiid: vsiidOf(mac),
      filterFormat: VdpFilterFormat['MAC/VID'],
      macs: [{ mac, ps: 1, priority, vid }],
    } as const;
    const manager = { kind: 'managerId', managerId: MANAGER_ID } as const;
    this.#owner.send(vdpdu.encode({ tlvs: [manager, association] }));
  }

  /** A message of the bridge came. */
  heard(pdu: Uint8Array): void {
    for (const tlv of associationsIn(vdpTlvsIn(pdu))) {
      if (!('macs' in tlv) || (tlv.status & VDP_RESPONSE) === 0) continue;
      const mac = tlv.macs?.[0]?.mac as Mac | undefined;
      const asked = mac === undefined ? undefined : this.#asked.get(mac);
      if (asked === undefined || VSI_STEPS[asked.step] !== tlv.kind) continue;
      const error = tlv.status & ERROR_MASK;
      this.#end(
        mac!,
        error === 0 ? '' : (nameOf(VdpError, error) ?? `error ${error}`).toLowerCase(),
      );
    }
  }

  #end(mac: Mac, refusal: string): void {
    const asked = this.#asked.get(mac);
    if (asked === undefined) return;
    this.#asked.delete(mac);
    asked.timer.cancel();
    asked.done(refusal);
  }
}

/** The TLVs of a message; none where it does not hold together. */
export function vdpTlvsIn(pdu: Uint8Array): readonly VdpTlv[] {
  try {
    return vdpdu.decode(pdu).tlvs;
  } catch (error) {
    if (error instanceof CodecError) return [];
    throw error;
  }
}

/** The associations among them. */
export function associationsIn(
  tlvs: readonly VdpTlv[],
): Extract<VdpTlv, { filterFormat: number }>[] {
  return tlvs.filter(
    (one): one is Extract<VdpTlv, { filterFormat: number }> => 'filterFormat' in one,
  );
}
