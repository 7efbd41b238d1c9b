/**
 * A run while it is made: its world in the simulator, with everybody who follows what happens there.
 * The phases of a run work on it, one after the other.
 */

import { Auditor } from '../audit/auditor.ts';
import { stepOf } from '../audit/ledger/move-steps.ts';
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import type { Verdict } from '../audit/verdict.ts';
import type { DcbxAgreed, Happening, HistoryEntry, MoveEvent } from '../history/index.ts';
import type { BackupAsk } from '../host/backup-agent.ts';
import type { HostReply } from '../host/control.ts';
import { type Instant, SECOND } from '../machine/machine.ts';
import { streams } from '../machine/random.ts';
import { type MoveResult, type MoverCommand, resultOf } from '../mobility/plan.ts';
import { queuesOf } from '../net/dcbx/settings.ts';
import type { LanReply } from '../net/lan-uplink.ts';
import { buildWorld, type World } from '../scenario/build.ts';
import { topologyOf } from '../scenario/from-scenario.ts';
import { isIp } from '../scenario/protocols.ts';
import { cablesAt, portAt } from '../scenario/topology.ts';
import { Simulator } from '../sim/simulator.ts';
import { Adversary, type FaultHit, watchRules } from './adversary.ts';
import { Aftermath } from './aftermath.ts';
import { BackupLog } from './backup-log.ts';
import { BackupPlane } from './backup-plane.ts';
import { boundsOf } from './bounds.ts';
import { Chains } from './chains.ts';
import { Congestion } from './congestion.ts';
import { type AnySimulator, ControlPlane } from './control-plane.ts';
import { disturbances } from './disturbances.ts';
import { fcCrcCoversFrom } from './frame-crc.ts';
import { Guests } from './guests.ts';
import { Images } from './images.ts';
import { IoAccountant } from './io-account.ts';
import { LanAccount } from './lan-account.ts';
import { LanPlane } from './lan-plane.ts';
import type { RunOptions } from './options.ts';
import { PairPlane } from './pair-plane.ts';
import { declarationsOf, placesOf } from './places.ts';
import { addWorld, PortWatch, powerOff, powerOnAgain, RunError } from './power.ts';
import { ScriptedEvents } from './scripted-events.ts';
import { SessionTaps } from './session-taps.ts';
import { type TapOptions, Taps } from './taps.ts';

/** Events of one run; more means that machines keep each other busy. */
const EVENTS_MAX = 2_000_000_000;
/** Guests that rest get an I/O now and then, so that a pause in their I/O is one of the storage. */
const TRICKLE_NS = 2 * SECOND;
const TRICKLE_IOS = 1;

type AnyEvent = Happening | HostReply | MoverCommand | BackupAsk | LanReply;

/** What the phases of a run have in common. The world is there from the start, without power. */
export class RunInProgress {
  readonly options: RunOptions;
  readonly world: World;
  readonly simulator: AnySimulator;
  readonly control: ControlPlane;
  readonly auditor: Auditor;
  /** Where hosts and array are stations of a LAN, whose frames are of sessions. */
  readonly #sessions: SessionTaps | undefined;
  readonly adversary: Adversary;
  readonly script: ScriptedEvents;
  readonly account: IoAccountant;
  readonly guests: Guests;
  readonly images: Images;
  readonly backups: BackupPlane;
  /** Where units have legs at two arrays. */
  readonly pair: PairPlane | undefined;
  readonly backupLog = new BackupLog();
  readonly chains: Chains;
  /** Where the scenario has a LAN. */
  readonly lan: LanPlane | undefined;
  readonly lanAccount: LanAccount | undefined;
  readonly ports = new PortWatch();
  readonly taps: Taps;
  /** What the rules of the options hit. */
  readonly ruleHits: FaultHit[] = [];
  readonly #aftermath = new Aftermath();
  #stopped = false;
  /** How each move ended; `undefined` until then. */
  readonly results: (MoveResult | undefined)[] = [];

  constructor(options: RunOptions) {
    this.options = options;
    const { scenario } = options;
    const random = streams(scenario.seed);
    const plan = topologyOf(scenario);
    const topology = options.arrange?.(plan) ?? plan;
    this.world = buildWorld(topology, (name) => random.stream(name));
    options.prepare?.(this.world);
    this.simulator = new Simulator<AnyEvent>({
      seed: scenario.seed,
      vouchedFrom: fcCrcCoversFrom,
    });
    this.control = new ControlPlane(this.simulator, this.world);
    this.account = new IoAccountant(this.world.moves[0]!);
    this.guests = new Guests(this.world, this.control, this.account);
    this.backups = new BackupPlane(this);
    if (scenario.array.stretched !== undefined) {
      const { simulator, world } = this;
      this.pair = new PairPlane({ simulator, world, scenario, tell: (entry) => this.tell(entry) });
    }
    if (this.world.machines.lan.size > 0) {
      const { control, simulator, world } = this;
      this.lan = new LanPlane({
        simulator,
        world,
        advance: (durationNs) => this.advance(durationNs),
        answered: (id, answer) => control.deliver(id, answer),
      });
      control.lan = this.lan;
    }
    this.control.onAnswer = (host, command, answer) => this.guests.answered(host, command, answer);
    this.images = new Images(scenario, this.world, (entry) => this.tell(entry));
    this.chains = new Chains(this.world, (entry) => this.tell(entry));
    this.#sessions = isIp(scenario.protocol) ? new SessionTaps() : undefined;
    const bounds = boundsOf(scenario);
    const places = placesOf(this.world.topology);
    if (this.lan !== undefined) this.lanAccount = new LanAccount(places, this.world.moves[0]!.vm);
    this.auditor = new Auditor(bounds, { places });
    options.observer?.begin?.(places);
    addWorld(this.simulator, this.world);
    this.adversary = new Adversary(
      this.simulator,
      options.faults ?? [],
      options.lifetimeNs ?? bounds.rATovNs,
      (node, forNs) => this.#crash(node, forNs),
      options.sees,
    );
    this.script = new ScriptedEvents(this.world.topology.events, {
      simulator: this.simulator,
      world: this.world,
      control: this.control,
      crash: (node, forNs) => this.#crash(node, forNs),
      tell: (entry) => this.tell(entry),
      partition: (between, untilNs) => this.pair?.partition(between, untilNs),
    });
    this.taps = new Taps(this.simulator, this.world.topology.cables, {
      see: (frame) => this.#see(frame),
      lan: (frame) => this.#seeLan(frame),
      ...this.#cards(),
      capture: options.capture,
      captureBytesMax: options.captureBytesMax,
      comments: options.comments,
      progress: options.progress,
    });
    for (const rule of options.rules ?? []) this.simulator.addFault(rule);
    if (options.rules !== undefined) watchRules(this.simulator, options.rules, this.ruleHits);
    this.#observe();
    for (const entry of declarationsOf(this.world, this.simulator.nowNs)) this.tell(entry);
  }

  /** Where somebody wants to know when frames arrive at arrays. */
  #cards(): Pick<TapOptions, 'cards'> {
    const { observer } = this.options;
    if (observer?.arrive === undefined) return {};
    const of = new Set(this.world.arrays.keys());
    return { cards: { of, see: (frame) => observer.arrive?.(frame) } };
  }

  #observe(): void {
    const { faults, rules } = this.options;
    const { events } = this.world.topology;
    const frames = (faults ?? rules ?? []).length + events.length > 0;
    const { notices = false } = this.options.scenario.qos ?? {};
    const congestion = notices ? new Congestion(this.simulator, this.world) : undefined;
    const tell = (entry: HistoryEntry): void => {
      this.tell(entry);
      congestion?.observe(entry);
    };
    this.simulator.observe(disturbances(tell, { frames }));
    this.simulator.observe({
      event: ({ timeNs, node, event }) => this.#event(timeNs, node, event as AnyEvent),
    });
  }

  /** Tells the auditor, and who else follows the run, of a happening. */
  tell(entry: HistoryEntry): void {
    this.auditor.observe(entry);
    this.lanAccount?.observe(entry);
    this.options.observer?.observe?.(entry);
  }

  /** Guests that rest between steps may submit so many more I/Os. */
  allow(ios = this.options.iosPerStep): void {
    if (ios !== undefined) this.guests.tell((vm) => ({ command: 'allow', vm, ios }));
  }

  /** Guests that rest between steps get an I/O now and then, until they are stopped. */
  trickle(): void {
    if (this.options.iosPerStep === undefined) return;
    const { simulator } = this;
    simulator.call(simulator.nowNs + TRICKLE_NS, () => {
      if (this.#stopped) return;
      this.allow(TRICKLE_IOS);
      this.trickle();
    });
  }

  /** The guests submit no more. */
  stop(): void {
    this.#stopped = true;
    this.guests.tell((vm) => ({ command: 'stop', vm }));
  }

  /** Lets so much virtual time pass. */
  advance(durationNs: number): void {
    this.simulator.run({ untilNs: this.simulator.nowNs + durationNs, eventsMax: EVENTS_MAX });
  }

  /** Lets time pass until something holds; false where it does not within that time. */
  until(condition: () => boolean, withinNs: number): boolean {
    const untilNs = this.simulator.nowNs + withinNs;
    const { why } = this.simulator.run({ untilNs, when: condition, eventsMax: EVENTS_MAX });
    return why === 'condition';
  }

  /** As `until`. Errors: `RunError` with the complaint where it does not come to hold. */
  require(condition: () => boolean, withinNs: number, complaint: string): void {
    if (!this.until(condition, withinNs)) throw new RunError(complaint);
  }

  /** The verdicts. Call it once, at the end. */
  conclude(): Verdict[] {
    const verdicts = this.auditor.conclude();
    return this.#sessions?.join(verdicts) ?? verdicts;
  }

  #see(frame: TappedFrame): void {
    this.account.frame();
    if (this.#sessions === undefined) this.auditor.see(frame);
    else this.#sessions.see(frame);
    this.options.observer?.see?.(frame);
  }

  #seeLan({ at, bytes, direction, tap }: TappedFrame): void {
    const event = this.lan?.tapped(tap, direction, bytes);
    if (event !== undefined) this.tell({ at, node: '', event });
  }

  #event(at: Instant, node: string, event: AnyEvent): void {
    if (
      event.type === 'reply' ||
      event.type === 'command' ||
      event.type === 'fabric-command' ||
      event.type === 'lan-command'
    ) {
      this.control.handleEvent(node, event);
      return;
    }
    if (event.type === 'lan-reply') {
      this.lan?.reply(event);
      return;
    }
    if (event.type === 'backup-ask') {
      this.backups.handleEvent(node, event);
      return;
    }
    const entry: HistoryEntry = { at, node, event };
    if (event.type === 'port') this.ports.changed(node, event.port, event.state);
    else if (event.type === 'dcbx') this.#agreed(node, event);
    else if (event.type === 'guest') this.lan?.guest(node, event);
    else if (event.type === 'move-step' || event.type === 'move-end') this.#moves(at, node, event);
    this.account.observe(entry);
    this.#aftermath.observe(entry);
    this.backupLog.observe(entry);
    this.tell(entry);
    if (event.type === 'witness-ask') this.pair?.handleEvent(node, event);
    if (event.type === 'cut' && event.state === 'end') this.images.cut(at, node, event);
    else if (event.type === 'backup' && event.step === 'compared') {
      this.images.restored(at, event.snapshot);
    }
  }

  /** The queues at a port are those that its ends have come to. */
  #agreed(node: string, event: DcbxAgreed): void {
    const cable = cablesAt(this.world.topology, node).find(
      (one) => portAt(one, node) === event.port,
    );
    if (cable?.link?.qos === undefined) return;
    const end = cable.ends.findIndex((one) => one.node === node && one.port === event.port);
    this.simulator.setQueues(cable.name, end, queuesOf(event), 'dcbx');
  }

  #moves(atNs: Instant, node: string, event: MoveEvent): void {
    const move = this.control.moveOf(node);
    if (event.type === 'move-end') {
      this.results[move] = resultOf(event);
      if (event.outcome === 'moved') this.backups.moved(event.vm);
    }
    this.script.stepped(move, event.type === 'move-end' ? 'end' : event.phase);
    // When everything that happens at this instant has been told.
    if (this.chains.isAsked) this.simulator.call(atNs, () => this.chains.look(atNs));
    if (!this.account.step(atNs, event)) return;
    const { phase, detail } = stepOf(event);
    const whose = this.world.moves.length > 1 ? ` of ${event.vm}` : '';
    this.taps.comment(`move${whose}: ${phase}${detail === '' ? '' : `, ${detail}`}`);
    this.allow();
  }

  /** A node stops, and starts anew when its time is over. */
  #crash(node: string, forNs: Instant): void {
    const { simulator } = this;
    if (this.control.isToCome(node) || simulator.nodeState(node) === 'crashed') return;
    simulator.crashNode(node);
    this.#crashed(node);
    simulator.call(simulator.nowNs + forNs, () => this.#restart(node));
  }

  #crashed(node: string): void {
    const at = this.simulator.nowNs;
    this.ports.forget(node);
    powerOff(this.simulator, this.world, node);
    if (this.world.hosts.has(node)) {
      for (const vm of this.guests.hostCrashed(node)) {
        this.tell({ at, node, event: { type: 'guest', vm, state: 'lost' } });
      }
    }
    for (const entry of this.#aftermath.crashed(at, node)) this.tell(entry);
  }

  #restart(node: string): void {
    const move = this.control.moveOf(node);
    if (move >= 0) {
      this.control.restartMover(move);
      return;
    }
    powerOnAgain(this.simulator, this.world, node);
    this.control.hostRestarted(node);
  }
}
