/** I21, I22 and I25: who reaches what: masks, zones and VLANs. */
import { FipDiscovery, FipOperation, FipVlan } from '../../codecs/fip/index.ts';
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import { lunNumber } from '../../codecs/scsi/index.ts';
import { Findings } from '../findings.ts';
import type {
  Applied,
  CommandEnded,
  FrameSeen,
  MaskSeen,
  NexusName,
  Observation,
  ObservationKind,
  ZonesSeen,
} from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import { type FcFrame, FRAME_ROLES } from '../seen/fc-frame.ts';
import { fipOf, vlanOf } from '../seen/fip-frame.ts';
import type { FrameIndex } from '../seen/frame-index.ts';
import { WELL_KNOWN_FIRST } from './logins.ts';

/** I21: every command that ran was for a logical unit that its WWPN may see, under that LUN. */
export class MasksAreKept implements InvariantObserver {
  readonly invariant = 'I21';
  readonly sentence =
    'Every command that runs is for a logical unit that its WWPN may see, under the number it has there';
  readonly needs: readonly ObservationKind[] = ['mask', 'apply'];
  readonly hears: readonly ObservationKind[] = ['mask', 'apply', 'command-end'];
  readonly #index: FrameIndex;
  readonly #findings = new Findings();
  readonly #masks = new Map<bigint | undefined, ReadonlyMap<number, string>>();
  /** Masks that were replaced: a command that was enabled before may still end. */
  readonly #former = new Map<bigint | undefined, ReadonlyMap<number, string>>();
  #count = 0;

  constructor(index: FrameIndex) {
    this.#index = index;
  }

  observe(one: Observation): void {
    if (one.kind === 'mask') this.#mask(one);
    else if (one.kind === 'apply') this.#check(one, one.lu, one.lun);
    else if (one.kind === 'command-end' && one.status !== undefined && one.lu !== undefined) {
      this.#check(one, one.lu, one.lun);
    }
  }

  #mask({ wwpn, luns }: MaskSeen): void {
    const before = this.#masks.get(wwpn);
    if (before !== undefined) this.#former.set(wwpn, before);
    this.#masks.set(wwpn, new Map(luns.map(({ lun, lu }) => [lun, lu])));
  }

  #check(one: Applied | CommandEnded, lu: string, lun: bigint | undefined): void {
    this.#count++;
    const { nexus, oxId, fabric } = one;
    const allowed = this.#viewOf(nexus, this.#masks);
    // A change of blocks has to be allowed now; a response may belong to what was allowed before.
    const before = one.kind === 'apply' ? undefined : this.#viewOf(nexus, this.#former);
    const number = lun === undefined ? undefined : lunNumber(lun);
    const fits = (view: ReadonlyMap<number, string> | undefined): boolean =>
      view !== undefined &&
      (number === undefined ? [...view.values()].includes(lu) : view.get(number) === lu);
    if (fits(allowed) || fits(before)) return;
    this.#findings.add(
      `${formatWwn(nexus.wwpn)} reached ${lu.slice(-8)} as LUN ${number ?? '?'}, which its mask does not show it`,
      this.#index.framesOf(fabric, nexus.sId, oxId),
    );
  }

  #viewOf(
    { wwpn }: NexusName,
    masks: ReadonlyMap<bigint | undefined, ReadonlyMap<number, string>>,
  ): ReadonlyMap<number, string> | undefined {
    return masks.get(wwpn) ?? masks.get(undefined);
  }

  conclude() {
    return this.#findings.conclude(`${this.#count} commands and writes, all within their masks`);
  }
}

/** I22: no frame passes between ports that share no zone, where zones are hard. */
export class ZonesAreKept implements InvariantObserver {
  readonly invariant = 'I22';
  readonly sentence = 'No frame passes between ports that are not zoned together';
  readonly needs: readonly ObservationKind[] = ['zones', 'login', 'frame'];
  readonly hears: readonly ObservationKind[] = ['zones', 'login', 'frame'];
  readonly #findings = new Findings();
  readonly #zones = new Map<string, ZoneSet>();
  /** WWPN behind each N_Port_ID, the last one it had. */
  readonly #wwpns = new Map<string, bigint>();
  #frames = 0;
  #hard = false;

  observe(one: Observation, fc: FcFrame | undefined): void {
    if (one.kind === 'zones') {
      this.#zones.set(one.fabric, new ZoneSet(one));
      this.#hard ||= one.enforced === 'hard';
    } else if (one.kind === 'login') this.#wwpns.set(`${one.fabric} ${one.nPortId}`, one.wwpn);
    else if (this.#hard && fc !== undefined) this.#frame(fc);
  }

  #frame(fc: FcFrame): void {
    const { sId, dId } = fc.header;
    if (fc.direction !== 'from-fcf' || sId >= WELL_KNOWN_FIRST || dId >= WELL_KNOWN_FIRST) return;
    const { fabric } = fc.seen;
    const zones = this.#zones.get(fabric);
    if (zones === undefined || !zones.hard || sId === dId) return;
    const from = this.#wwpns.get(`${fabric} ${sId}`);
    const to = this.#wwpns.get(`${fabric} ${dId}`);
    if (from === undefined || to === undefined) return;
    this.#frames++;
    if (zones.permits(from, to)) return;
    this.#findings.add(
      `a frame of ${formatWwn(from)} (${formatFcId(sId)}) was delivered to ${formatWwn(to)} (${formatFcId(dId)}), no zone has both`,
      [fc.seen.frame],
    );
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#frames,
      `${this.#frames} frames between ports, all within a zone`,
      this.#hard ? 'no frame passed between ports' : 'no fabric filters frames by zones',
    );
  }
}

/** A zone set that answers quickly: what it said once of two ports it remembers. */
class ZoneSet {
  readonly hard: boolean;
  readonly #seen: ZonesSeen;
  readonly #answers = new Map<bigint, Map<bigint, boolean>>();

  constructor(seen: ZonesSeen) {
    this.#seen = seen;
    this.hard = seen.enforced === 'hard';
  }

  permits(a: bigint, b: bigint): boolean {
    let answers = this.#answers.get(a);
    if (answers === undefined) {
      answers = new Map();
      this.#answers.set(a, answers);
    }
    let answer = answers.get(b);
    if (answer === undefined) {
      answer = this.#ask(a, b);
      answers.set(b, answer);
    }
    return answer;
  }

  #ask(a: bigint, b: bigint): boolean {
    const { zones, defaultZone } = this.#seen;
    if (zones.some((members) => members.includes(a) && members.includes(b))) return true;
    const unzoned = (wwpn: bigint) => !zones.some((members) => members.includes(wwpn));
    return defaultZone === 'permit' && unzoned(a) && unzoned(b);
  }
}

/** I25: FCoE frames of a switch stay in the VLAN that it announces for its fabric. */
export class VlanIsVsan implements InvariantObserver {
  readonly invariant = 'I25';
  readonly sentence = 'FCoE frames stay in the VLAN that is announced for their fabric';
  readonly needs: readonly ObservationKind[] = ['frame'];
  readonly hears: readonly ObservationKind[] = ['frame'];
  readonly roles = FRAME_ROLES;
  readonly #findings = new Findings();
  /** VLANs in which each switch has advertised itself, by its MAC address. */
  readonly #announced = new Map<number, Set<number>>();
  #frames = 0;

  observe(one: Observation, fc: FcFrame | undefined): void {
    if (one.kind !== 'frame' || one.bytes.length < 14) return;
    if (fc === undefined) {
      this.#fip(one);
      return;
    }
    if (fc.disturbed === 'corrupt') return;
    const vlans = this.#vlansOf(one.bytes);
    if (vlans === undefined) return;
    this.#frames++;
    const vlan = fc.vlan ?? 0;
    if (vlans.has(vlan)) return;
    this.#findings.add(
      `a frame from ${formatFcId(fc.header.sId)} to ${formatFcId(fc.header.dId)} is in VLAN ${vlan}, its switch announces ${[...vlans].join(', ')}`,
      [one.frame],
    );
  }

  /** A switch is one end of each of its frames. */
  #vlansOf(bytes: Uint8Array): ReadonlySet<number> | undefined {
    if (this.#announced.size === 0) return undefined;
    return this.#announced.get(macNumber(bytes, 6)) ?? this.#announced.get(macNumber(bytes, 0));
  }

  #fip(seen: FrameSeen): void {
    const message = fipOf(seen);
    if (message === undefined) return;
    const advertises =
      message.operation === FipOperation.Discovery &&
      message.subcode === FipDiscovery.Advertisement;
    const notifies =
      message.operation === FipOperation['FIP VLAN'] && message.subcode === FipVlan.Notification;
    if (!advertises && !notifies) return;
    const key = macNumber(seen.bytes, 6);
    const vlans = this.#announced.get(key) ?? new Set<number>();
    this.#announced.set(key, vlans);
    if (advertises) vlans.add(vlanOf(seen.bytes) ?? 0);
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
