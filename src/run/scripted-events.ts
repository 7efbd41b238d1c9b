/**
 * The events of a scenario: what somebody does to the world at a time or at a step of a move, told
 * to the machines as an operator, a cable or another initiator would do it.
 */
import { parseWwn } from '../codecs/layout/index.ts';
import { fcInitiatorDevice, fcInitiatorPort, type HistoryEntry } from '../history/index.ts';
import type { Instant } from '../machine/machine.ts';
import type { World } from '../scenario/build.ts';
import type { EventTime, PlannedDeed, PlannedEvent } from '../scenario/planned-event.ts';
import type { AnySimulator, ControlPlane } from './control-plane.ts';
import { isOfKind } from './frame-kinds.ts';
import { preemptFromOutside, setGroupsFromOutside } from './outside-initiator.ts';

/** What a script needs around it. */
export interface ScriptStage {
  readonly simulator: AnySimulator;
  readonly world: World;
  readonly control: ControlPlane;
  /** A node stops now and starts anew after so long. */
  crash(node: string, forNs: number): void;
  /** Two sites do not reach each other until then. */
  partition(between: readonly [string, string], untilNs: Instant): void;
  /** To be told of every event that is carried out. */
  tell(entry: HistoryEntry): void;
}

/** Carries the events of a scenario out, each once. */
export class ScriptedEvents {
  readonly #stage: ScriptStage;
  readonly #waiting: Set<PlannedEvent>;
  /** Those that have not been carried out. */
  readonly #left: Set<PlannedEvent>;
  #quietAt: Instant = 0;

  constructor(events: readonly PlannedEvent[], stage: ScriptStage) {
    this.#stage = stage;
    this.#waiting = new Set(events);
    this.#left = new Set(events);
  }

  /** From this instant on the nodes that were stopped so far run again. */
  get quietAt(): Instant {
    return this.#quietAt;
  }

  /** What did not happen, in words: its step or its time never came. */
  get left(): string[] {
    return [...this.#left].map(({ words }) => words);
  }

  /** The guests begin to work. */
  begin(): void {
    this.#schedule(({ step }) => step === undefined);
  }

  /** A step of a move, by its place in the plan, begins; `end`: it is over. */
  stepped(move: number, step: NonNullable<EventTime['step']>): void {
    this.#schedule((when) => when.step === step && when.move === move);
  }

  #schedule(isDue: (when: EventTime) => boolean): void {
    const { simulator } = this.#stage;
    for (const event of this.#waiting) {
      if (!isDue(event.when)) continue;
      this.#waiting.delete(event);
      simulator.call(simulator.nowNs + event.when.afterNs, () => this.#carryOut(event));
    }
  }

  #carryOut(event: PlannedEvent): void {
    const { deed, words } = event;
    this.#left.delete(event);
    const { simulator, tell } = this.#stage;
    tell({ at: simulator.nowNs, node: '', event: { type: 'operator', what: words } });
    this.#do(deed, words);
  }

  #do(deed: PlannedDeed, words: string): void {
    const { control, crash, simulator, world } = this.#stage;
    switch (deed.do) {
      case 'mask':
        this.#onArray(deed.array, ({ device }) => {
          const luns = deed.luns.map(({ unit, ...line }) => ({ ...line, lu: device.units[unit]! }));
          for (const wwpn of deed.wwpns) device.setMask(fcInitiatorDevice(parseWwn(wwpn)), luns);
        });
        return;
      case 'access':
        this.#onArray(deed.array, ({ device }) => {
          const by = deed.by === undefined ? undefined : fcInitiatorPort(parseWwn(deed.by));
          for (const unit of deed.units) {
            const lu = device.units[unit]!;
            if (by === undefined) device.setAccessStates(lu, deed.states);
            else if (!setGroupsFromOutside(device, lu, by, deed.states))
              this.#refused(words, 'SET TARGET PORT GROUPS was refused');
          }
        });
        return;
      case 'preempt':
        this.#onArray(deed.array, ({ device, mirror }) =>
          preemptFromOutside(
            device,
            device.units[deed.unit]!,
            fcInitiatorPort(parseWwn(deed.by)),
            deed.aborts,
            mirror,
          ),
        );
        return;
      case 'zones': {
        const { defaultZone, enforced, zones } = deed;
        const parsed = zones.map(({ name, members }) => ({ name, members: members.map(parseWwn) }));
        this.#onSwitches(deed.switches, (fcf, now) =>
          fcf.setZoning({ defaultZone, enforced, zones: parsed }, now),
        );
        return;
      }
      case 'vlans':
        simulator.act(deed.switch, () =>
          world.machines.switch.get(deed.switch)?.announceVlans(deed.vlans),
        );
        return;
      case 'rscn':
      case 'clear-link':
        this.#onLogins(deed);
        return;
      case 'clear-port':
        this.#onSwitches([deed.switch], (fcf, now) =>
          fcf.clearVirtualLinks({ port: deed.port, bare: true }, now),
        );
        return;
      case 'base-logout': {
        const host = world.hosts.get(deed.host)!;
        simulator.act(deed.host, (now) => host.logOutBase(deed.port, now));
        return;
      }
      case 'port-failover':
        this.#failOver(deed);
        return;
      case 'link-down':
        simulator.link(deed.cable).cut();
        return;
      case 'link-up':
        simulator.link(deed.cable).restore();
        return;
      case 'lose': {
        const { cable: link, forNs, frames } = deed;
        this.#busyFor(forNs);
        if (frames === 'r-rdys') {
          simulator.link(link).loseCredits(simulator.nowNs + forNs);
          return;
        }
        simulator.addFault({
          name: `${frames} lost on ${link}`,
          link,
          untilNs: simulator.nowNs + forNs,
          action: { kind: 'drop' },
          matches: (frame) => isOfKind(frame, frames),
        });
        return;
      }
      case 'slow-drain': {
        const { cable, delayNs, forNs } = deed;
        this.#busyFor(forNs);
        // The first end of a cable is the host's or the array's.
        simulator.link(cable).drainSlowly('b-to-a', delayNs, simulator.nowNs + forNs);
        return;
      }
      case 'other-traffic': {
        const { cable, directions, everyNs, forNs, frameBytes, priority } = deed;
        const traffic = { everyNs, frameBytes, priority, untilNs: simulator.nowNs + forNs };
        for (const direction of directions) simulator.sendOther(cable, direction, traffic);
        return;
      }
      case 'crash':
        this.#busyFor(deed.forNs);
        crash(deed.node, deed.forNs);
        return;
      case 'pause':
        if (simulator.nodeState(deed.node) !== 'running') return;
        this.#busyFor(deed.forNs);
        simulator.pauseNode(deed.node);
        simulator.call(simulator.nowNs + deed.forNs, () => {
          if (simulator.nodeState(deed.node) === 'paused') simulator.resumeNode(deed.node);
        });
        return;
      case 'manage':
        this.#onArray(deed.array, (array, now) =>
          array.handleCommand(deed.command, now, (answer) => {
            if (!answer.ok) this.#refused(words, answer.reason);
          }),
        );
        return;
      case 'partition':
        this.#partition(deed);
        return;
      case 'backup': {
        const agent = world.agents.get(deed.agent)!;
        simulator.act(deed.agent, (now) => agent.start(now));
        return;
      }
      case 'cancel-move':
        control.cancelMove(deed.move);
        return;
      case 'management': {
        const { answers, delayNs, forNs, host } = deed;
        control.disturb(host, { answers, delayNs, untilNs: simulator.nowNs + forNs });
      }
    }
  }

  /** Every cable between two sites is cut, or loses all without a word. */
  #partition({
    between,
    cables,
    forNs,
    silent,
  }: Extract<PlannedDeed, { readonly do: 'partition' }>): void {
    const { partition, simulator } = this.#stage;
    const untilNs = simulator.nowNs + forNs;
    this.#busyFor(forNs);
    partition(between, untilNs);
    for (const link of cables) {
      if (silent) {
        const name = `everything lost on ${link}`;
        simulator.addFault({ name, link, untilNs, action: { kind: 'drop' }, matches: () => true });
        continue;
      }
      simulator.link(link).cut();
      simulator.call(untilNs, () => simulator.link(link).restore());
    }
  }

  #refused(words: string, reason: string): void {
    const { simulator, tell } = this.#stage;
    const what = `${words}: refused, ${reason}`;
    tell({ at: simulator.nowNs, node: '', event: { type: 'operator', what } });
  }

  #failOver({
    array: node,
    port,
    to,
  }: Extract<PlannedDeed, { readonly do: 'port-failover' }>): void {
    const { simulator, tell } = this.#stage;
    tell({ at: simulator.nowNs, node, event: { type: 'target-port-moved', port, to } });
    this.#onArray(node, (array, now) => array.failOver(port, to, now));
  }

  #onLogins(deed: Extract<PlannedDeed, { readonly do: 'rscn' | 'clear-link' }>): void {
    this.#onSwitches(deed.switches, (fcf, now) => {
      const names = new Set(deed.wwpns.map(parseWwn));
      const meant = fcf.logins().filter(({ wwpn }) => names.has(wwpn));
      if (deed.do === 'rscn') {
        if (meant.length > 0) fcf.sendRscn(meant, now);
      } else for (const { wwpn } of meant) fcf.clearVirtualLinks({ wwpn }, now);
    });
  }

  #onArray(
    name: string,
    work: (array: NonNullable<ReturnType<World['arrays']['get']>>, now: Instant) => void,
  ): void {
    const array = this.#stage.world.arrays.get(name)!;
    this.#stage.simulator.act(name, (now) => work(array, now));
  }

  #onSwitches(
    names: readonly string[],
    work: (fcf: NonNullable<ReturnType<World['switches']['get']>>, now: Instant) => void,
  ): void {
    for (const name of names) {
      const fcf = this.#stage.world.switches.get(name)!;
      this.#stage.simulator.act(name, (now) => work(fcf, now));
    }
  }

  #busyFor(lastsNs: Instant): void {
    this.#quietAt = Math.max(this.#quietAt, this.#stage.simulator.nowNs + lastsNs);
  }
}
