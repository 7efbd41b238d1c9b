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
import {
  type FabricLogin,
  type FabricLogout,
  type HistoryEntry,
  inSeconds,
  isDisturbance,
  type LoginHandedOver,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import type { Rule } from '../rule.ts';
import type { FcFrame, FipFrame, FrameRole, SeenFrame } from '../seen/frame.ts';
import type { TimeNs } from '../verdict.ts';

const PERIODS = 2.5;
/** What clocks, jitter and wires may add. */
const SLACK_NS = 1e9;
const PERIOD_DEFAULT_NS = 8e9;
const ZERO_MAC = '00:00:00:00:00:00';

/** One link between an ENode and a switch, as the tap of the switch's port shows it. */
interface VirtualLink {
  /** MAC address of the ENode; known from its login or its keep-alives. */
  enodeMac: string;
  keepAliveAt: TimeNs;
  advertisedAt: TimeNs | undefined;
  /** It was silent for too long already, which has been told. */
  told: boolean;
  loggedIn: Set<number>;
}

/** I18. Needs the frames of FIP, and who gave a link up. */
export class VirtualLinksLive implements Rule {
  readonly invariant = 'I18';
  readonly sentence =
    'A virtual link is kept while keep-alives and advertisements come, and ends 2.5 periods after the last';
  readonly needs: readonly Evidence[] = ['frame'];
  readonly hears: readonly Evidence[] = ['frame', 'login', 'logout', 'handed-over', 'disturbance'];
  readonly roles: readonly FrameRole[] = ['fip', 'foreign', 'command', 'els-request', 'ct'];
  readonly #findings = new Findings();
  readonly #links = new Map<string, VirtualLink>();
  #periodNs: number;
  readonly #context: RuleContext;
  #keepAlivesWanted = true;
  #judged = 0;
  #first: TimeNs | undefined;
  #last: TimeNs = 0;

  constructor(context: RuleContext) {
    this.#context = context;
    this.#periodNs = context.bounds.fkaAdvPeriodNs ?? PERIOD_DEFAULT_NS;
  }

  observe(entry: HistoryEntry): void {
    const { at, node, event } = entry;
    const { logins } = this.#context;
    if (event.type === 'login') this.#login(at, logins.linkOf(node, event), event);
    else if (event.type === 'logout') this.#logout(at, logins.linkOfPast(node, event), event);
    else if (event.type === 'handed-over') this.#handOver(node, event);
    else this.#disturb(entry);
  }

  see(frame: SeenFrame): void {
    this.#first ??= frame.at;
    this.#last = frame.at;
    if (frame.protocol === 'fip') this.#fip(frame);
    else if (frame.protocol === 'fc' && frame.direction === 'in' && frame.disturbed === undefined) {
      this.#speak(frame);
    }
  }

  #linkOf(node: string, port: number): string {
    return this.#context.logins.placeOf(node, port).link;
  }

  get #limitNs(): number {
    return PERIODS * this.#periodNs + SLACK_NS;
  }

  #login(at: TimeNs, name: string, { by, nPortId, enodeMac }: FabricLogin): void {
    // On a native link nobody has a MAC address, and nothing but the link itself keeps a login alive.
    if (enodeMac === '') return;
    if (by === 'FDISC') {
      this.#links.get(name)?.loggedIn.add(nPortId);
      return;
    }
    this.#links.set(name, {
      enodeMac,
      keepAliveAt: at,
      advertisedAt: at,
      told: false,
      loggedIn: new Set([nPortId]),
    });
  }

  #logout(at: TimeNs, name: string, { nPortId, reason, wwpn }: FabricLogout): void {
    const link = this.#links.get(name);
    if (link === undefined || !link.loggedIn.delete(nPortId)) return;
    if (reason !== 'keep-alive') return;
    this.#judged++;
    // A VN_Port has a period of its own, 90 s: only what is too early for any link is judged.
    const silentNs = at - link.keepAliveAt;
    if (silentNs < PERIODS * this.#periodNs) {
      this.#findings.add(
        `${formatWwn(wwpn)} was logged out for its silence ${inSeconds(silentNs)} after a keep-alive`,
      );
    }
  }

  #handOver(node: string, { nPortId, port, toPort }: LoginHandedOver): void {
    this.#links.get(this.#linkOf(node, port))?.loggedIn.delete(nPortId);
    this.#links.get(this.#linkOf(node, toPort))?.loggedIn.add(nPortId);
  }

  #fip(frame: FipFrame): void {
    const { message } = frame;
    if (message === undefined) return;
    const { operation, subcode } = message;
    if (operation === FipOperation.Discovery && subcode === FipDiscovery.Advertisement) {
      this.#advertised(frame, message);
    } else if (operation === FipOperation['FIP Control'] && subcode === FipControl['Keep Alive']) {
      this.#kept(frame, message);
    }
  }

  #advertised(frame: FipFrame, message: FipMessage): void {
    const period = fipDescriptorOf(message, 'fkaAdvPeriod');
    if (period === undefined) return;
    this.#periodNs = period.fkaAdvPeriodMs * 1e6;
    this.#keepAlivesWanted = (period.flags & FkaAdvPeriodFlags.D) === 0;
    const link = this.#links.get(frame.link);
    if (link === undefined) return;
    link.advertisedAt = frame.at;
    this.#checkKeepAlive(link, frame);
  }

  #kept(frame: FipFrame, message: FipMessage): void {
    // With an identification it is a VN_Port's, which has a period of its own.
    if (fipDescriptorOf(message, 'vxPort') !== undefined) return;
    const mac = fipDescriptorOf(message, 'mac')?.mac ?? ZERO_MAC;
    let link = this.#links.get(frame.link);
    if (link === undefined) {
      link = {
        enodeMac: mac,
        keepAliveAt: frame.at,
        advertisedAt: undefined,
        told: false,
        loggedIn: new Set(),
      };
      this.#links.set(frame.link, link);
    }
    if (link.enodeMac !== ZERO_MAC && link.enodeMac !== mac) return;
    this.#judged++;
    link.keepAliveAt = frame.at;
    this.#speak(frame);
  }

  /** An ENode that still speaks to a switch must have heard of it lately. */
  #speak(frame: FcFrame | FipFrame): void {
    const link = this.#links.get(frame.link);
    if (link === undefined) return;
    this.#checkKeepAlive(link, frame);
    if (link.advertisedAt === undefined || link.told) return;
    const silentNs = frame.at - link.advertisedAt;
    if (silentNs <= this.#limitNs) return;
    link.told = true;
    this.#findings.add(
      `an ENode at ${frame.link} sends ${inSeconds(silentNs)} after the last advertisement`,
      [frame.number],
    );
  }

  /** A switch that still holds logins must have heard of their ENode lately. */
  #checkKeepAlive(link: VirtualLink, frame: FcFrame | FipFrame): void {
    // Whether a switch of a capture still holds a login shows only when it tells.
    if (this.#context.partial || link.told || !this.#keepAlivesWanted || link.loggedIn.size === 0)
      return;
    const silentNs = frame.at - link.keepAliveAt;
    if (silentNs <= this.#limitNs) return;
    link.told = true;
    this.#findings.add(
      `the switch keeps the logins of an ENode at ${frame.link} ${inSeconds(silentNs)} after its last keep-alive`,
      [frame.number],
    );
  }

  /** What a fault kept from arriving was not kept back by the other end. */
  #disturb({ at, event }: HistoryEntry): void {
    if (!isDisturbance(event)) return;
    switch (event.type) {
      case 'link-down':
        this.#links.delete(event.link);
        return;
      case 'node-crashed':
      case 'node-started':
      case 'node-paused':
        this.#links.clear();
        return;
      case 'target-port-moved':
        return;
      default:
        for (const link of this.#links.values()) {
          if (link.advertisedAt !== undefined) link.advertisedAt = at;
        }
    }
  }

  conclude() {
    const forNs = this.#first === undefined ? 0 : this.#last - this.#first;
    return this.#findings.concludeOf(
      this.#judged,
      `${this.#judged} keep-alives and ends of links in ${inSeconds(forNs)}, each in its time`,
      'no keep-alive fell into the time that was watched',
    );
  }
}
