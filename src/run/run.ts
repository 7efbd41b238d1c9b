/**
 * One run: a scenario's world in the simulator, from power on through the move to the verdict.
 *
 * With faults it has two phases. First the adversary does what it was told, from the first frame
 * of the move on; everything it broke mends itself after a stated time. Then, with the world whole
 * again, everything must finish.
 */

import { Auditor } from '../audit/auditor.ts';
import { stepOf } from '../audit/ledger/move-steps.ts';
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import type { AuditBounds } from '../audit/verdict.ts';
import { formatHex } from '../codecs/layout/index.ts';
import type { Happening, HistoryEntry, MoveEvent } from '../history/index.ts';
import type { HostReply } from '../host/control.ts';
import { type Instant, MILLISECOND, SECOND } from '../machine/machine.ts';
import { streams } from '../machine/random.ts';
import { type MoveResult, type MoverCommand, resultOf } from '../mobility/plan.ts';
import { buildWorld, type World } from '../scenario/build.ts';
import { topologyOf } from '../scenario/from-scenario.ts';
import type { Scenario } from '../scenario/schema.ts';
import { Simulator } from '../sim/simulator.ts';
import { Adversary } from './adversary.ts';
import { Aftermath } from './aftermath.ts';
import { type AnySimulator, ControlPlane } from './control-plane.ts';
import { disturbances } from './disturbances.ts';
import { endsWithFcCrc } from './frame-crc.ts';
import { Guests } from './guests.ts';
import { IoAccountant } from './io-account.ts';
import type { RunOptions, RunReport } from './options.ts';
import { declarationsOf, placesOf } from './places.ts';
import {
  PortWatch,
  portsToLogIn,
  powerOff,
  powerOn,
  powerOnAgain,
  RunError,
  wire,
} from './power.ts';

/** Longest that the end of a run may take beyond the guest's time-out. */
const FINISH_SLACK_NS = 60 * SECOND;
/** Longest that a move may take; a mover gives every host five minutes for an answer. */
const MOVE_NS_MAX = 3600 * SECOND;
/** Longest that ports and guests may need after the last fault is mended. */
const MEND_NS_MAX = 900 * SECOND;
/** A guest that could not be brought up is tried again after this long. */
const RAISE_AGAIN_NS = 10 * SECOND;
/** Guests that rest get an I/O now and then, so that a pause in their I/O is one of the storage. */
const TRICKLE_NS = 2 * SECOND;
const TRICKLE_IOS = 1;
/** Events of one run; more means that machines keep each other busy. */
const EVENTS_MAX = 2_000_000_000;

type AnyEvent = Happening | HostReply | MoverCommand;

export type { RunObserver, RunOptions, RunReport } from './options.ts';

/** Runs a scenario. Errors: `RunError` when its world does not come up. */
export function runMove(options: RunOptions): RunReport {
  return new MoveRun(options).run();
}

class MoveRun {
  readonly #options: RunOptions;
  readonly #world: World;
  readonly #simulator: AnySimulator;
  readonly #control: ControlPlane;
  readonly #auditor: Auditor;
  readonly #aftermath = new Aftermath();
  readonly #adversary: Adversary;
  readonly #account: IoAccountant;
  readonly #guests: Guests;
  readonly #ports = new PortWatch();
  #frames = 0;
  #comment: string | undefined;
  #result: MoveResult | undefined;
  #failure: string | undefined;
  #finishing = false;

  constructor(options: RunOptions) {
    this.#options = options;
    const { scenario } = options;
    const random = streams(scenario.seed);
    this.#world = buildWorld(topologyOf(scenario), (name) => random.stream(name));
    options.prepare?.(this.#world);
    this.#simulator = new Simulator<AnyEvent>({
      seed: scenario.seed,
      isVouchedFor: endsWithFcCrc,
    });
    this.#control = new ControlPlane(this.#simulator, this.#world);
    this.#account = new IoAccountant(this.#world.plan);
    this.#guests = new Guests(this.#world, this.#control, this.#account);
    this.#control.onAnswer = (host, command, answer) =>
      this.#guests.answered(host, command, answer);
    const bounds = boundsOf(scenario);
    const places = placesOf(this.#world.topology);
    this.#auditor = new Auditor(bounds, { places });
    options.observer?.begin?.(places);
    const tell = (entry: HistoryEntry): void => this.#tell(entry);
    wire(this.#simulator, this.#world);
    this.#adversary = new Adversary(
      this.#simulator,
      options.faults ?? [],
      options.lifetimeNs ?? bounds.rATovNs,
      {
        crashed: (node) => this.#crashed(node),
        restart: (node) => this.#restart(node),
      },
      options.sees,
    );
    for (const cable of this.#world.topology.cables) this.#tap(cable.name, cable.fabric);
    for (const rule of options.rules ?? []) this.#simulator.addFault(rule);
    const frames = (options.faults ?? options.rules ?? []).length > 0;
    this.#simulator.observe(disturbances(tell, { frames }));
    this.#simulator.observe({
      event: ({ timeNs, node, event }) => this.#event(timeNs, node, event as AnyEvent),
    });
    for (const entry of declarationsOf(this.#world, this.#simulator.nowNs)) this.#tell(entry);
  }

  run(): RunReport {
    const { scenario } = this.#options;
    powerOn(this.#simulator, this.#world, this.#ports);
    this.#startGuests();
    this.#allow();
    this.#advance(scenario.timing.beforeMs * MILLISECOND);
    this.#trickle();
    this.#adversary.begin();
    this.#control.startMove(this.#world.plan);
    this.#until(() => this.#result !== undefined, MOVE_NS_MAX, 'the move did not end');
    this.#advance(scenario.timing.afterMs * MILLISECOND);
    this.#mend();
    this.#finish();
    return this.#report();
  }

  #tell(entry: HistoryEntry): void {
    this.#auditor.observe(entry);
    this.#options.observer?.observe?.(entry);
  }

  /** A tap at the switch's end of a cable, as a SPAN port of a switch would see it. */
  #tap(cable: string, fabric: string): void {
    const { capture } = this.#options;
    const id = capture?.addInterface({ name: cable, description: `fabric ${fabric}` });
    this.#simulator.tap(cable, 'b', (_link, direction, timeNs, frame) => {
      this.#frames++;
      this.#account.frame();
      if (capture !== undefined) {
        const comment = this.#comment;
        capture.writeFrame(id!, timeNs, frame, comment === undefined ? {} : { comment });
        this.#comment = undefined;
      }
      const tapped: TappedFrame = {
        at: timeNs,
        number: this.#frames,
        tap: cable,
        fabric,
        direction: direction === 'a-to-b' ? 'in' : 'out',
        bytes: frame,
      };
      this.#auditor.see(tapped);
      this.#options.observer?.see?.(tapped);
      if (this.#frames % 10_000 === 0) this.#options.progress?.(timeNs, this.#frames);
    });
  }

  #event(at: Instant, node: string, event: AnyEvent): void {
    if (event.type === 'reply' || event.type === 'command' || event.type === 'fabric-command') {
      this.#control.handleEvent(node, event);
      return;
    }
    const entry: HistoryEntry = { at, node, event };
    if (event.type === 'port') this.#ports.changed(node, event.port, event.state);
    else if (event.type === 'move-step' || event.type === 'move-end') this.#moves(at, event);
    this.#account.observe(entry);
    this.#aftermath.observe(entry);
    this.#tell(entry);
  }

  #moves(atNs: Instant, event: MoveEvent): void {
    if (event.type === 'move-end') this.#result = resultOf(event);
    if (!this.#account.step(atNs, event)) return;
    const { phase, detail } = stepOf(event);
    this.#comment = `move: ${phase}${detail === '' ? '' : `, ${detail}`}`;
    this.#allow();
  }

  /** Guests that rest between steps get their next I/Os. */
  #allow(ios = this.#options.iosPerStep): void {
    if (ios !== undefined) this.#guests.tell((vm) => ({ command: 'allow', vm, ios }));
  }

  #trickle(): void {
    if (this.#options.iosPerStep === undefined) return;
    const simulator = this.#simulator;
    simulator.call(simulator.nowNs + TRICKLE_NS, () => {
      if (this.#finishing) return;
      this.#allow(TRICKLE_IOS);
      this.#trickle();
    });
  }

  #crashed(node: string): void {
    const at = this.#simulator.nowNs;
    this.#ports.forget(node);
    powerOff(this.#simulator, this.#world, node);
    if (this.#world.hosts.has(node)) {
      for (const vm of this.#guests.hostCrashed(node)) {
        this.#tell({ at, node, event: { type: 'guest', vm, state: 'lost' } });
      }
    }
    for (const entry of this.#aftermath.crashed(at, node)) this.#tell(entry);
  }

  #restart(node: string): void {
    if (this.#control.isMover(node)) {
      this.#control.restartMover();
      return;
    }
    powerOnAgain(this.#simulator, this.#world, node);
    this.#control.hostRestarted(node);
  }

  #startGuests(): void {
    const { vms } = this.#world;
    const started = new Set<string>();
    this.#guests.startAll(
      (vm) => started.add(vm),
      (reason) => this.#fail(reason),
    );
    this.#until(
      () => started.size === vms.length || this.#failure !== undefined,
      600 * SECOND,
      'the virtual machines did not start',
    );
    if (this.#failure !== undefined) throw new RunError(this.#failure);
  }

  #fail(reason: string): void {
    this.#failure ??= reason;
  }

  #advance(durationNs: number): void {
    this.#simulator.run({ untilNs: this.#simulator.nowNs + durationNs, eventsMax: EVENTS_MAX });
  }

  #until(condition: () => boolean, withinNs: number, complaint: string): void {
    const untilNs = this.#simulator.nowNs + withinNs;
    const { why } = this.#simulator.run({ untilNs, when: condition, eventsMax: EVENTS_MAX });
    if (why !== 'condition') throw new RunError(complaint);
  }

  /** The faults are over, every port is logged in, and guests that died run again. */
  #mend(): void {
    if ((this.#options.faults ?? []).length === 0) return;
    const { plan } = this.#world;
    const ports = portsToLogIn(this.#world);
    const simulator = this.#simulator;
    this.#advance(Math.max(0, this.#adversary.quietAt - simulator.nowNs) + MILLISECOND);
    if (this.#result?.outcome === 'stranded' && this.#guests.strand(plan.vm, plan.from)) {
      const at = simulator.nowNs;
      this.#tell({ at, node: plan.from, event: { type: 'guest', vm: plan.vm, state: 'lost' } });
    }
    const untilNs = simulator.nowNs + MEND_NS_MAX;
    simulator.run({ untilNs, when: () => this.#ports.ready >= ports });
    this.#guests.bringUp(
      (host) => simulator.nodeState(host) === 'running',
      (run) => simulator.call(simulator.nowNs + RAISE_AGAIN_NS, run),
    );
    simulator.run({ untilNs, when: () => !this.#guests.someDown });
    if (this.#guests.someDown) {
      throw new RunError(
        `${MEND_NS_MAX / SECOND} s after the faults: ${this.#guests.complaint || 'a guest is still down'}`,
      );
    }
    this.#allow();
    this.#advance(this.#options.scenario.timing.afterMs * MILLISECOND);
  }

  /** The guests submit no more; what they wait for ends, or the run's bound comes. */
  #finish(): void {
    const { guestTimeoutMs } = this.#options.scenario.timing;
    this.#finishing = true;
    this.#guests.tell((vm) => ({ command: 'stop', vm }));
    this.#advance(MILLISECOND);
    const { io } = this.#account;
    this.#simulator.run({
      untilNs: this.#simulator.nowNs + guestTimeoutMs * MILLISECOND + FINISH_SLACK_NS,
      when: () => io.completed + io.failed >= io.submitted,
      eventsMax: EVENTS_MAX,
    });
    io.dropped = io.submitted - io.completed - io.failed;
    this.#readMedium();
  }

  /** What the medium holds of the blocks that guests may have written. */
  #readMedium(): void {
    const { array } = this.#world;
    const { scenario } = this.#options;
    const at = this.#simulator.nowNs;
    for (const [index, lun] of scenario.array.luns.entries()) {
      const unit = array.device.units[index]!;
      const users = scenario.vms.filter((vm) => vm.luns.includes(lun.name));
      const range = Math.max(0, ...users.map((vm) => vm.workload.rangeBlocks));
      if (range === 0) continue;
      const luName = formatHex(unit.luId);
      const data = unit.medium.read(0, range);
      const event = { type: 'medium', luName, lba: 0, blocks: range, data } as const;
      this.#tell({ at, node: scenario.array.name, event });
    }
  }

  #report(): RunReport {
    const { scenario } = this.#options;
    const { blackoutNs, io, timeline } = this.#account;
    this.#account.close(this.#simulator.nowNs);
    return {
      scenario: scenario.name,
      seed: scenario.seed,
      strategy: scenario.move.strategy,
      digest: this.#simulator.digest(),
      virtualTimeNs: this.#simulator.nowNs,
      frames: this.#frames,
      result: this.#result!,
      io,
      blackoutNs,
      timeline,
      verdict: this.#auditor.conclude(),
      hits: this.#adversary.hits,
    };
  }
}

function boundsOf(scenario: Scenario): AuditBounds {
  return {
    guestTimeoutNs: scenario.timing.guestTimeoutMs * MILLISECOND,
    blackoutBudgetNs: scenario.timing.blackoutBudgetMs * MILLISECOND,
    rATovNs: Math.max(...scenario.fabrics.map((one) => one.rATovMs)) * MILLISECOND,
    fkaAdvPeriodNs: Math.max(...scenario.fabrics.map((one) => one.fkaAdvPeriodMs)) * MILLISECOND,
  };
}
