/** I25: which VLAN frames are in, and which fabric ports. */
import { FipDiscovery, FipOperation, FipVlan } from '../../codecs/fip/index.ts';
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import type { HistoryEntry } from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import type { Rule } from '../rule.ts';
import { type FipFrame, FRAME_ROLES, type FrameRole, type SeenFrame } from '../seen/frame.ts';

const ETHERNET_BYTES = 14;

/**
 * I25: FCoE frames of a switch stay in the VLAN that it announces for its fabric, and a port logs in to the
 * fabric that it is cabled to. Where its cable leads is known of a run; a capture does not say it.
 */
export class VlanIsVsan implements Rule {
  readonly invariant = 'I25';
  readonly sentence =
    'FCoE frames stay in the VLAN that is announced for their fabric, and ports in the fabric of their cable';
  readonly needs: readonly Evidence[] = ['frame'];
  readonly hears: readonly Evidence[] = ['frame', 'login'];
  readonly roles: readonly FrameRole[] = FRAME_ROLES;
  readonly #findings = new Findings();
  /** VLANs in which each switch has advertised itself, by its MAC address. */
  readonly #announced = new Map<number, Set<number>>();
  readonly #context: Pick<RuleContext, 'logins' | 'places'>;
  #frames = 0;

  constructor(context: Pick<RuleContext, 'logins' | 'places'>) {
    this.#context = context;
  }

  observe({ node, event }: HistoryEntry): void {
    if (event.type !== 'login') return;
    const { logins, places } = this.#context;
    const cable = places.enodeAt(event.enodeMac);
    const { fabric } = logins.placeOf(node, event.port);
    if (cable === undefined || cable.fabric === fabric) return;
    this.#findings.add(
      `${formatWwn(event.wwpn)} logged in to fabric ${fabric} at ${node}, port ${cable.port} of ${cable.node} is cabled to fabric ${cable.fabric}`,
    );
  }

  see(frame: SeenFrame): void {
    if (frame.protocol === 'fip') this.#fip(frame);
    if (frame.protocol !== 'fc' || frame.disturbed === 'corrupt') return;
    if (this.#announced.size === 0) return;
    const { bytes } = frame.tapped;
    if (bytes.length < ETHERNET_BYTES) return;
    const vlans = this.#vlansOf(bytes);
    if (vlans === undefined) return;
    this.#frames++;
    const vlan = frame.vlan ?? 0;
    if (vlans.has(vlan)) return;
    this.#findings.add(
      `a frame from ${formatFcId(frame.header.sId)} to ${formatFcId(frame.header.dId)} is in VLAN ${vlan}, its switch announces ${[...vlans].join(', ')}`,
      [frame.number],
    );
  }

  /** A switch is one end of each of its frames. */
  #vlansOf(bytes: Uint8Array): ReadonlySet<number> | undefined {
    return this.#announced.get(macNumber(bytes, 6)) ?? this.#announced.get(macNumber(bytes, 0));
  }

  #fip({ tapped, vlan, message }: FipFrame): void {
    if (message === undefined) return;
    const advertises =
      message.operation === FipOperation.Discovery &&
      message.subcode === FipDiscovery.Advertisement;
    const notifies =
      message.operation === FipOperation['FIP VLAN'] && message.subcode === FipVlan.Notification;
    if (!advertises && !notifies) return;
    const key = macNumber(tapped.bytes, 6);
    const vlans = this.#announced.get(key) ?? new Set<number>();
    this.#announced.set(key, vlans);
    if (advertises) vlans.add(vlan ?? 0);
    for (const one of message.descriptors) if (one.kind === 'vlan') vlans.add(one.vid);
  }

  conclude() {
    const switches = [...this.#announced.keys()].length;
    return this.#findings.concludeOf(
      this.#frames,
      `${this.#frames} frames of ${switches} switches, all in the VLAN announced`,
      'no switch announced a VLAN',
    );
  }
}

/** A MAC address as a number, for a key. */
function macNumber(bytes: Uint8Array, at: number): number {
  let number = 0;
  for (let i = at; i < at + 6; i++) number = number * 256 + bytes[i]!;
  return number;
}
