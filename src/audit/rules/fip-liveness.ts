/** I18: a virtual link lives as long as keep-alives and advertisements come, and no longer. */
import {
  FipControl,
  FipDiscovery,
  type FipMessage,
  FipOperation,
  FkaAdvPeriodFlags,
  fipDescriptorOf,
} from '../../codecs/fip/index.ts';
import { formatWwn } from '../../codecs/layout/index.ts';
import { Findings } from '../findings.ts';
import type {
  AuditBounds,
  Disturbance,
  FrameSeen,
  LoginSeen,
  Observation,
  ObservationKind,
  TimeNs,
} from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import type { FcFrame, FrameRole } from '../seen/fc-frame.ts';
import { fipOf } from '../seen/fip-frame.ts';

const PERIODS = 2.5;
/** What clocks, jitter and wires may add. */
const SLACK_NS = 1e9;
const PERIOD_DEFAULT_NS = 8e9;
const ZERO_MAC = '00:00:00:00:00:00';

/** One link between an ENode and a switch, as its tap shows it. */
interface VirtualLink {
  /** MAC address of the ENode; known from its login or its keep-alives. */
  enodeMac: string;
  keepAliveAt: TimeNs;
  advertisedAt: TimeNs | undefined;
  /** It was silent for too long already, which has been told. */
  told: boolean;
  loggedIn: Set<number>;
}

export class VirtualLinksLive implements InvariantObserver {
  readonly invariant = 'I18';
  readonly sentence =
    'A virtual link is kept while keep-alives and advertisements come, and ends 2.5 periods after the last';
  readonly needs: readonly ObservationKind[] = ['frame'];
  readonly hears: readonly ObservationKind[] = ['frame', 'login', 'logout', 'disturbance'];
  readonly roles: readonly FrameRole[] = ['fip', 'command', 'els-request', 'ct'];
  readonly #findings = new Findings();
  readonly #links = new Map<string, VirtualLink>();
  #periodNs: number;
  readonly #partial: boolean;
  #keepAlivesWanted = true;
  #judged = 0;
  #first: TimeNs | undefined;
  #last: TimeNs = 0;

  /** `partial`: whether a switch still holds a login shows only when it tells. */
  constructor(bounds: AuditBounds, partial: boolean) {
    this.#partial = partial;
    this.#periodNs = bounds.fkaAdvPeriodNs ?? PERIOD_DEFAULT_NS;
  }

  observe(one: Observation, fc: FcFrame | undefined): void {
    if (one.kind === 'login' || one.kind === 'logout') this.#login(one);
    else if (one.kind === 'disturbance') this.#disturb(one);
    else if (one.kind === 'frame') {
      this.#first ??= one.at;
      this.#last = one.at;
      if (fc === undefined) this.#fip(one);
      else if (fc.direction === 'to-fcf' && fc.disturbed === undefined) this.#speak(one);
    }
  }

  get #limitNs(): number {
    return PERIODS * this.#periodNs + SLACK_NS;
  }

  #login(one: LoginSeen): void {
    if (one.by === 'FDISC' && one.kind === 'login') {
      this.#links.get(one.tap)?.loggedIn.add(one.nPortId);
      return;
    }
    const link = this.#links.get(one.tap);
    if (one.kind === 'login') {
      this.#links.set(one.tap, {
        enodeMac: one.enodeMac ?? ZERO_MAC,
        keepAliveAt: one.at,
        advertisedAt: one.at,
        told: false,
        loggedIn: new Set([one.nPortId]),
      });
      return;
    }
    if (link === undefined || !link.loggedIn.delete(one.nPortId)) return;
    if (one.reason !== 'keep-alive') return;
    this.#judged++;
    // A VN_Port has a period of its own, 90 s: only what is too early for any link is judged.
    const silentNs = one.at - link.keepAliveAt;
    if (silentNs < PERIODS * this.#periodNs) {
      this.#findings.add(
        `${formatWwn(one.wwpn)} was logged out for its silence ${(silentNs / 1e9).toFixed(1)} s after a keep-alive`,
      );
    }
  }

  #fip(seen: FrameSeen): void {
    const message = fipOf(seen);
    if (message === undefined) return;
    const { operation, subcode } = message;
    if (operation === FipOperation.Discovery && subcode === FipDiscovery.Advertisement) {
      this.#advertised(seen, message);
    } else if (operation === FipOperation['FIP Control'] && subcode === FipControl['Keep Alive']) {
      this.#kept(seen, message);
    }
  }

  #advertised(seen: FrameSeen, message: FipMessage): void {
    const period = fipDescriptorOf(message, 'fkaAdvPeriod');
    if (period === undefined) return;
    this.#periodNs = period.fkaAdvPeriodMs * 1e6;
    this.#keepAlivesWanted = (period.flags & FkaAdvPeriodFlags.D) === 0;
    const link = this.#links.get(seen.tap);
    if (link === undefined) return;
    link.advertisedAt = seen.at;
    this.#checkKeepAlive(link, seen);
  }

  #kept(seen: FrameSeen, message: FipMessage): void {
    // With an identification it is a VN_Port's, which has a period of its own.
    if (fipDescriptorOf(message, 'vxPort') !== undefined) return;
    const mac = fipDescriptorOf(message, 'mac')?.mac ?? ZERO_MAC;
    let link = this.#links.get(seen.tap);
    if (link === undefined) {
      link = {
        enodeMac: mac,
        keepAliveAt: seen.at,
        advertisedAt: undefined,
        told: false,
        loggedIn: new Set(),
      };
      this.#links.set(seen.tap, link);
    }
    if (link.enodeMac !== ZERO_MAC && link.enodeMac !== mac) return;
    this.#judged++;
    link.keepAliveAt = seen.at;
    this.#speak(seen);
  }

  /** An ENode that still speaks to a switch must have heard of it lately. */
  #speak(seen: FrameSeen): void {
    const link = this.#links.get(seen.tap);
    if (link === undefined) return;
    this.#checkKeepAlive(link, seen);
    if (link.advertisedAt === undefined || link.told) return;
    const silentNs = seen.at - link.advertisedAt;
    if (silentNs <= this.#limitNs) return;
    link.told = true;
    this.#findings.add(
      `an ENode at ${seen.tap} sends ${(silentNs / 1e9).toFixed(1)} s after the last advertisement`,
      [seen.frame],
    );
  }

  /** A switch that still holds logins must have heard of their ENode lately. */
  #checkKeepAlive(link: VirtualLink, seen: FrameSeen): void {
    if (this.#partial || link.told || !this.#keepAlivesWanted || link.loggedIn.size === 0) return;
    const silentNs = seen.at - link.keepAliveAt;
    if (silentNs <= this.#limitNs) return;
    link.told = true;
    this.#findings.add(
      `the switch keeps the logins of an ENode at ${seen.tap} ${(silentNs / 1e9).toFixed(1)} s after its last keep-alive`,
      [seen.frame],
    );
  }

  /** What a fault kept from arriving was not kept back by the other end. */
  #disturb(one: Disturbance): void {
    if (one.what === 'link-down') this.#links.delete(one.tap);
    else if (one.what === 'crashed' || one.what === 'started' || one.what === 'paused') {
      this.#links.clear();
    } else {
      for (const link of this.#links.values()) {
        if (link.advertisedAt !== undefined) link.advertisedAt = one.at;
      }
    }
  }

  conclude() {
    const forNs = this.#first === undefined ? 0 : this.#last - this.#first;
    return this.#findings.concludeOf(
      this.#judged,
      `${this.#judged} keep-alives and ends of links in ${(forNs / 1e9).toFixed(1)} s, each in its time`,
      'no keep-alive fell into the time that was watched',
    );
  }
}
