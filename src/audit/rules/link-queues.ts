/** I26 and I27: storage loses nothing on its way and nobody waits for ever, and everybody gets a share of a link. */
import { inMs } from '../../history/duration.ts';
import {
  fcInitiatorPort,
  type GroupServed,
  type HistoryEntry,
  type PriorityPaused,
  type PriorityUsed,
  type QueueConfiguration,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings, notObservable } from '../findings.ts';
import type { Conclusion, Rule } from '../rule.ts';
import type { QosBounds, TimeNs } from '../verdict.ts';

const FCOE = 0x8906;
const FIP = 0x8914;
const MAC_CONTROL = 0x8808;
/** Bounds where nothing is declared. */
const NO_BOUNDS: QosBounds = { pauseNs: 0, responseNs: 0, largestBytes: 0, quantumBytes: 0 };
/** By so much a group may miss its share. Source: IEEE 802.1Qaz, enhanced transmission selection. */
const DEVIATION_PERCENT = 10;

const isOn = (mask: number, priority: number): boolean => (mask & (1 << priority)) !== 0;
const isStorage = (etherType: number): boolean => etherType === FCOE || etherType === FIP;
const nameOf = (etherType: number): string => (etherType === FCOE ? 'FCoE' : 'FIP');

/** A direction of a link, as others name it that wait for it. */
const wayOf = ({ direction, link }: { readonly link: string; readonly direction: string }) =>
  `${link} ${direction}`;

/** A pause that is not over. */
interface OpenPause {
  readonly at: TimeNs;
  readonly way: string;
  readonly told: PriorityPaused;
  isFound: boolean;
}

/** I26: what carries storage is paused, never dropped, and no pause lasts. */
export class NoLossNoStorm implements Rule {
  readonly invariant = 'I26';
  readonly sentence =
    'No FCoE frame travels without priority flow control, none is dropped there, and no pause lasts';
  readonly needs: readonly Evidence[] = ['queues', 'priority-used'];
  // Some of these only say how late it is.
  readonly hears: readonly Evidence[] = [
    'queues',
    'priority-used',
    'priority-pause',
    'started-paused',
    'queue-drop',
    'disturbance',
    'move',
    'medium',
  ];
  readonly #bounds: QosBounds;
  readonly #findings = new Findings();
  /** Queues at both ends of links. */
  readonly #ends = new Map<string, (QueueConfiguration | undefined)[]>();
  /** Priorities that FCoE has somewhere, and what was found of some on a link. */
  readonly #storage = new Set<number>();
  readonly #used = new Set<string>();
  readonly #open = new Map<string, OpenPause>();
  /** Links of which a fault has taken PFC frames: what is lost there is its doing. */
  readonly #spoilt = new Set<string>();
  #pauses = 0;
  #longestNs = 0;
  #now: TimeNs = 0;

  constructor({ bounds }: Pick<RuleContext, 'bounds'>) {
    this.#bounds = bounds.qos ?? NO_BOUNDS;
  }

  observe({ at, event }: HistoryEntry): void {
    this.#now = at;
    if (this.#open.size > 0) this.#look();
    switch (event.type) {
      case 'queues': {
        const ends = this.#ends.get(event.link) ?? [];
        ends[event.end] = event.queues;
        this.#ends.set(event.link, ends);
        return;
      }
      case 'priority-used':
        this.#use(event);
        return;
      case 'priority-pause':
        this.#pause(at, event);
        return;
      case 'started-paused': {
        const { afterNs, link, priority } = event;
        if (afterNs <= this.#bounds.responseNs || this.#spoilt.has(link)) return;
        const text = `${wayOf(event)} began a frame of priority ${priority} ${afterNs} ns after it was told to pause that, and had ${this.#bounds.responseNs} ns to obey`;
        this.#findings.add(text, [], link, `began ${wayOf(event)}`);
        return;
      }
      case 'queue-drop': {
        const { bytes, link, priority, where } = event;
        if (!this.#isNoDrop(link, priority) || this.#spoilt.has(link)) return;
        const why =
          where === 'held'
            ? 'had waited for too long'
            : `found no room in the ${where === 'queue' ? 'queue of' : 'buffer behind'} ${wayOf(event)}`;
        const on = where === 'held' ? ` on ${wayOf(event)}` : '';
        this.#findings.add(
          `a frame of ${bytes} bytes, priority ${priority}, was dropped${on}: it ${why}`,
          [],
          link,
          `${where} ${wayOf(event)}`,
        );
        return;
      }
      case 'frame-hit':
        if (etherTypeOf(event.bytes) === MAC_CONTROL) this.#spoilt.add(event.link);
    }
  }

  #isNoDrop(link: string, priority: number): boolean {
    const ends = this.#ends.get(link) ?? [];
    return (
      this.#storage.has(priority) ||
      ends.some((one) => one !== undefined && isOn(one.pfcEnabled, priority))
    );
  }

  /** Whether storage may have this priority here. */
  #use(used: PriorityUsed): void {
    const { etherType, link, priority, untagged } = used;
    // FIP looks for its VLAN without a tag.
    if (!isStorage(etherType) || (etherType === FIP && untagged === true)) return;
    this.#storage.add(priority);
    const key = `${wayOf(used)} ${etherType} ${priority}`;
    if (this.#used.has(key)) return;
    this.#used.add(key);
    const carries = `${nameOf(etherType)} has priority ${priority} on ${wayOf(used)}`;
    for (const [end, queues] of (this.#ends.get(link) ?? []).entries()) {
      if (queues === undefined) continue;
      const where = `at end ${end === 0 ? 'a' : 'b'}`;
      if (!isOn(queues.pfcEnabled, priority))
        this.#findings.add(`${carries}, for which PFC is off ${where}`, [], link, 'PFC is off');
      else if (queues.fcoePriority !== priority) {
        const named = queues.fcoePriority ?? 'none';
        this.#findings.add(
          `${carries}, and the application table ${where} names ${named}`,
          [],
          link,
          'another priority is named',
        );
      }
    }
  }

  #pause(at: TimeNs, told: PriorityPaused): void {
    const key = `${wayOf(told)} ${told.priority}`;
    const open = this.#open.get(key);
    if (told.state === 'paused') {
      this.#pauses++;
      if (open === undefined) this.#open.set(key, { at, way: wayOf(told), told, isFound: false });
    } else if (open !== undefined) {
      this.#longestNs = Math.max(this.#longestNs, at - open.at);
      this.#open.delete(key);
    }
  }

  /** What has been paused for too long by now: each once. */
  #look(): void {
    const { pauseNs } = this.#bounds;
    for (const open of this.#open.values()) {
      if (open.isFound || this.#now - open.at <= pauseNs) continue;
      open.isFound = true;
      const { way } = open;
      const { link, priority } = open.told;
      const circle = this.#circleOf(open);
      const why = circle.length === 0 ? '' : `: a circle of pauses, ${circle.join(' waits for ')}`;
      const text = `priority ${priority} of ${way} was paused for more than ${inMs(pauseNs)}${why}`;
      this.#findings.add(text, [], link);
    }
  }

  /** The pauses that wait for each other and at last for this one; empty where there is no circle. */
  #circleOf(start: OpenPause): string[] {
    const { priority } = start.told;
    const seen = new Set<string>();
    const walk = (open: OpenPause, path: readonly string[]): string[] => {
      for (const way of open.told.waitsFor ?? []) {
        if (way === start.way) return [...path, open.way, way];
        const next = this.#open.get(`${way} ${priority}`);
        if (next === undefined || seen.has(way)) continue;
        seen.add(way);
        const found = walk(next, [...path, open.way]);
        if (found.length > 0) return found;
      }
      return [];
    };
    return walk(start, []);
  }

  conclude(): Conclusion {
    if (this.#used.size === 0) return notObservable('no frame of FCoE went into a queue');
    const open = [...this.#open.values()].map(({ at }) => this.#now - at);
    const longest = inMs(Math.max(this.#longestNs, ...open));
    const pauses =
      this.#pauses === 0
        ? 'no pause'
        : `${this.#pauses} pauses, the longest ${longest}, bound ${inMs(this.#bounds.pauseNs)}`;
    const priorities = [...this.#storage].sort((a, b) => a - b).join(', ');
    const links = new Set([...this.#used].map((key) => key.slice(0, key.indexOf(' ')))).size;
    return this.#findings.conclude(
      `FCoE has priority ${priorities}, with PFC, on ${links} links; no drop, ${pauses}`,
    );
  }
}

/** The EtherType of a frame without a tag, as those of MAC control are. */
const etherTypeOf = (bytes: Uint8Array): number => ((bytes[12] ?? 0) << 8) | (bytes[13] ?? 0);

/** How a guest's frames are marked. */
interface Marks {
  readonly host: string;
  readonly priority: number;
  readonly csCtl: number;
}

/** I27: groups get what they are to get, and what a guest has it has after a move, too. */
export class SharesAreKept implements Rule {
  readonly invariant = 'I27';
  readonly sentence = 'Every guest gets its share of a link, before and after a move';
  readonly needs: readonly Evidence[] = ['queues', 'priority-used'];
  readonly hears: readonly Evidence[] = ['group-served', 'priority-used'];
  readonly #context: Pick<RuleContext, 'logins' | 'names' | 'places'>;
  readonly #bounds: QosBounds;
  readonly #findings = new Findings();
  readonly #marks = new Map<string, Marks[]>();
  #windows = 0;
  #least: number | undefined;

  constructor(context: Pick<RuleContext, 'bounds' | 'logins' | 'names' | 'places'>) {
    this.#context = context;
    this.#bounds = context.bounds.qos ?? NO_BOUNDS;
  }

  observe({ event }: HistoryEntry): void {
    if (event.type === 'group-served') this.#serve(event);
    else if (event.type === 'priority-used') this.#mark(event);
  }

  #serve(served: GroupServed): void {
    const { bandwidth, bytes, capacityBytes, fromNs, group, link } = served;
    if (bandwidth === 'strict' || capacityBytes <= 0) return;
    this.#windows++;
    const percent = (100 * bytes) / capacityBytes;
    const of = bandwidth === 0 ? Infinity : percent / bandwidth;
    this.#least = Math.min(this.#least ?? Infinity, of);
    const { largestBytes, quantumBytes } = this.#bounds;
    const share = (Math.max(0, bandwidth - DEVIATION_PERCENT) / 100) * capacityBytes;
    if (bytes >= share - largestBytes - quantumBytes) return;
    const text = `group ${group} got ${percent.toFixed(1)} % of ${wayOf(served)} from ${inMs(fromNs)} on, and was to get ${bandwidth} %`;
    this.#findings.add(text, [], link);
  }

  #mark({ csCtl = 0, etherType, link, priority, sId }: PriorityUsed): void {
    if (etherType !== FCOE || sId === undefined) return;
    const { logins, names, places } = this.#context;
    const at = places.endsOf(link);
    const host = at.find(({ node }) => places.kindOf(node) === 'host');
    if (host === undefined) return;
    const login = logins.live(host.fabric, sId);
    if (login === undefined || login.link !== link) return;
    for (const vm of names.guestsOf(fcInitiatorPort(login.wwpn))) {
      const before = this.#marks.get(vm) ?? [];
      const same =
        ({ node }: { readonly node: string }) =>
        (one: Marks) =>
          one.host === node && one.priority === priority && one.csCtl === csCtl;
      if (before.some(same(host))) continue;
      for (const one of before) {
        if (one.priority !== priority)
          this.#differs(vm, 'priority', one.priority, one.host, priority, host.node);
        if (one.csCtl !== csCtl) this.#differs(vm, 'CS_CTL', one.csCtl, one.host, csCtl, host.node);
      }
      this.#marks.set(vm, [...before, { host: host.node, priority, csCtl }]);
    }
  }

  #differs(vm: string, what: string, a: number, atA: string, b: number, atB: string): void {
    this.#findings.add(`frames of ${vm} have ${what} ${a} at ${atA} and ${b} at ${atB}`, [], vm);
  }

  conclude(): Conclusion {
    const moved = [...this.#marks.values()].filter(
      (all) => new Set(all.map(({ host }) => host)).size > 1,
    ).length;
    const least =
      this.#least === undefined
        ? ''
        : `, the least ${(100 * this.#least).toFixed(0)} % of its share`;
    const windows = `${this.#windows} windows in which a group had frames waiting all along${least}`;
    return this.#findings.concludeOf(
      this.#windows + moved,
      `${windows}; ${moved} guests have the same priority on every host`,
      'no group had frames waiting all along beside another, and no guest was seen on two hosts',
    );
  }
}
