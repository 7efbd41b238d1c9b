/**
 * One run: a scenario's world in the simulator, from power on through the move to the verdict.
 */
import { type AuditBounds, Auditor, type Observation, type Verdict } from '../audit/index.ts';
import type { PcapngWriter } from '../capture/index.ts';
import { formatHex } from '../codecs/layout/index.ts';
import {
  type ArrayEvent,
  type FcfEvent,
  type Host,
  type HostAnswer,
  type HostEvent,
  type Instant,
  MILLISECOND,
  SECOND,
  type StorageArray,
} from '../fabric/index.ts';
import type { MoveResult, MoverEvent } from '../mobility/index.ts';
import { buildWorld, type Scenario, type World } from '../scenario/index.ts';
import { type FaultRule, Simulator, streams } from '../sim/index.ts';
import { type AnySimulator, ControlPlane } from './control-plane.ts';
import { EventTranslator } from './observe.ts';

/** The physical ports must be logged in by then. */
const FABRIC_UP_NS = 60 * SECOND;
/** Longest that the end of a run may take beyond the guest's time-out. */
const FINISH_SLACK_NS = 60 * SECOND;
/** Events of one run; more means that machines keep each other busy. */
const EVENTS_MAX = 2_000_000_000;

type AnyEvent = HostEvent | ArrayEvent | FcfEvent | MoverEvent;

/** A run that could not begin, in words for a person. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** Books of the guests' I/O. `dropped` = submitted - completed - failed, after everything ended. */
export interface IoAccount {
  submitted: number;
  completed: number;
  failed: number;
  requeued: number;
  dropped: number;
}

/** A step of the move with what happened during it. */
export interface TimelineEntry {
  readonly phase: string;
  detail: string;
  readonly atNs: Instant;
  /** Until the next entry. */
  durationNs: number;
  frames: number;
  completed: number;
}

export interface RunReport {
  readonly scenario: string;
  readonly seed: number;
  readonly strategy: string;
  readonly digest: string;
  readonly virtualTimeNs: number;
  /** Frames that taps saw, each once per link it passed. */
  readonly frames: number;
  readonly result: MoveResult;
  readonly io: IoAccount;
  readonly blackoutNs: number;
  readonly timeline: readonly TimelineEntry[];
  readonly verdict: readonly Verdict[];
}

export interface RunOptions {
  readonly scenario: Scenario;
  /** Every frame at every switch port goes here. */
  readonly capture?: PcapngWriter;
  readonly faults?: readonly FaultRule[];
  /** Changes the world before it runs: tests put broken machines in. */
  readonly prepare?: (world: World) => void;
  /** Hears everything that the auditor hears: a report is made of it. */
  readonly observe?: (observation: Observation) => void;
  /** Called now and then with the virtual time and the frames so far. */
  readonly progress?: (timeNs: Instant, frames: number) => void;
}

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
  readonly #translator: EventTranslator;
  readonly #timeline: TimelineEntry[] = [];
  readonly #io: IoAccount = { submitted: 0, completed: 0, failed: 0, requeued: 0, dropped: 0 };
  readonly #portsReady = new Set<string>();
  #frames = 0;
  #comment: string | undefined;
  #result: MoveResult | undefined;
  #lastOnSource: Instant | undefined;
  #firstOnDestination: Instant | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    const { scenario } = options;
    const random = streams(scenario.seed);
    this.#world = buildWorld(scenario, (name) => random.stream(name));
    options.prepare?.(this.#world);
    this.#simulator = new Simulator<AnyEvent>({ seed: scenario.seed });
    this.#control = new ControlPlane(this.#simulator, this.#world.hosts);
    this.#auditor = new Auditor(boundsOf(scenario));
    this.#translator = new EventTranslator(this.#world, (one) => this.#observe(one));
    this.#wire();
  }

  run(): RunReport {
    const { scenario } = this.#options;
    this.#powerOn();
    this.#startGuests();
    this.#advance(scenario.timing.beforeMs * MILLISECOND);
    this.#control.startMove(this.#world.plan);
    this.#until(() => this.#result !== undefined, 'the move did not end');
    this.#advance(scenario.timing.afterMs * MILLISECOND);
    this.#finish();
    return this.#report();
  }

  #wire(): void {
    const { array, cables, fcfs, hosts, link, scenario } = this.#world;
    const simulator = this.#simulator;
    for (const [name, fcf] of fcfs) simulator.addNode(`fcf-${name}`, fcf);
    for (const [name, host] of hosts) simulator.addNode(name, host);
    simulator.addNode(scenario.array.name, array);
    for (const cable of cables) {
      simulator.connect(
        { node: cable.node, port: cable.port },
        { node: cable.fcf, port: cable.fcfPort },
        {
          name: cable.name,
          rateBitsPerSecond: link.rateBps,
          propagationNs: link.delayNs,
          queueLimitBytes: link.queueBytes,
        },
      );
      this.#tap(cable.name, cable.fabric);
    }
    for (const rule of this.#options.faults ?? []) simulator.addFault(rule);
    simulator.observe({
      event: ({ timeNs, node, event }) => this.#event(timeNs, node, event as AnyEvent),
    });
  }

  /** A tap at the switch's end of a cable, as a SPAN port of a switch would see it. */
  #tap(cable: string, fabric: string): void {
    const { capture } = this.#options;
    const id = capture?.addInterface({ name: cable, description: `fabric ${fabric}` });
    this.#simulator.tap(cable, 'b', (_link, direction, timeNs, frame) => {
      this.#frames++;
      const entry = this.#timeline.at(-1);
      if (entry !== undefined) entry.frames++;
      if (capture !== undefined) {
        capture.writeFrame(
          id!,
          timeNs,
          frame,
          this.#comment === undefined ? {} : { comment: this.#comment },
        );
        this.#comment = undefined;
      }
      this.#observe({
        kind: 'frame',
        at: timeNs,
        frame: this.#frames,
        tap: cable,
        fabric,
        direction: direction === 'a-to-b' ? 'to-fcf' : 'from-fcf',
        bytes: frame,
      });
      if (this.#frames % 10_000 === 0) this.#options.progress?.(timeNs, this.#frames);
    });
  }

  #observe(observation: Observation): void {
    this.#auditor.observe(observation);
    this.#options.observe?.(observation);
  }

  #event(timeNs: Instant, node: string, event: AnyEvent): void {
    if ('type' in event) {
      this.#control.handleEvent(node, event as HostEvent | MoverEvent);
      if (event.type === 'port' && event.state === 'ready')
        this.#portsReady.add(`${node} ${event.port}`);
      else if (event.type === 'phase') this.#phase(timeNs, event.phase, event.detail);
      else if (event.type === 'moved') this.#moved(timeNs, event.result);
      else this.#account(timeNs, node, event);
    }
    this.#translator.handle(timeNs, node, event);
  }

  #phase(atNs: Instant, phase: string, detail: string): void {
    const last = this.#timeline.at(-1);
    if (last?.phase === phase) {
      last.detail = detail;
      return;
    }
    if (last !== undefined) last.durationNs = atNs - last.atNs;
    this.#timeline.push({ phase, detail, atNs, durationNs: 0, frames: 0, completed: 0 });
    this.#comment = `move: ${phase}${detail === '' ? '' : `, ${detail}`}`;
  }

  #moved(atNs: Instant, result: MoveResult): void {
    this.#result = result;
    this.#phase(atNs, result.outcome, 'reason' in result ? result.reason : '');
  }

  #account(timeNs: Instant, node: string, event: AnyEvent): void {
    if (!('type' in event)) return;
    const io = this.#io;
    if (event.type === 'io-submit') io.submitted++;
    else if (event.type === 'io-requeue') io.requeued++;
    else if (event.type === 'io-complete') {
      if (event.result === 'good') io.completed++;
      else io.failed++;
      const entry = this.#timeline.at(-1);
      if (entry !== undefined) entry.completed++;
      const { from, to, vm } = this.#world.plan;
      if (event.vm !== vm || event.result !== 'good') return;
      if (node === from && this.#firstOnDestination === undefined) this.#lastOnSource = timeNs;
      else if (node === to) this.#firstOnDestination ??= timeNs;
    }
  }

  #powerOn(): void {
    const { array, hosts, scenario, cables } = this.#world;
    const simulator = this.#simulator;
    const linkUp = (node: string, machine: Host | StorageArray): void => {
      for (const port of machine.options.ports.keys()) {
        simulator.act(node, (now) => machine.handleLink(port, true, now));
      }
    };
    for (const [name, host] of hosts) linkUp(name, host);
    linkUp(scenario.array.name, array);
    const result = simulator.run({
      untilNs: FABRIC_UP_NS,
      when: () => this.#portsReady.size >= cables.length,
      eventsMax: EVENTS_MAX,
    });
    if (result.why !== 'condition') {
      throw new RunError(
        `${cables.length - this.#portsReady.size} of ${cables.length} ports did not log in within ${FABRIC_UP_NS / SECOND} s: is a fabric without FCF or a domain given twice?`,
      );
    }
  }

  #startGuests(): void {
    const { vms } = this.#world;
    const started = new Set<string>();
    let failure: string | undefined;
    const step = (answer: HostAnswer, then: () => void): void => {
      if (answer.ok) then();
      else failure ??= answer.reason;
    };
    for (const { name: vm, host, identities, guest } of vms) {
      this.#control.ask(host, { command: 'prepare', vm, identities }, (prepared) =>
        step(prepared, () => {
          const wanted = this.#world.scenario.vms.find((one) => one.name === vm)!.luns.length;
          if (prepared.ok && prepared.command === 'prepare' && prepared.view.length < wanted) {
            failure ??= `${vm} sees ${prepared.view.length} of its ${wanted} logical units on ${host}: check zones and masks`;
            return;
          }
          this.#control.ask(host, { command: 'adopt', vm, guest }, (adopted) =>
            step(adopted, () =>
              this.#control.ask(host, { command: 'resume', vm }, (resumed) =>
                step(resumed, () => started.add(vm)),
              ),
            ),
          );
        }),
      );
    }
    this.#until(
      () => started.size === vms.length || failure !== undefined,
      'the virtual machines did not start',
    );
    if (failure !== undefined) throw new RunError(failure);
  }

  #advance(durationNs: number): void {
    this.#simulator.run({ untilNs: this.#simulator.nowNs + durationNs, eventsMax: EVENTS_MAX });
  }

  #until(condition: () => boolean, complaint: string): void {
    const untilNs = this.#simulator.nowNs + 600 * SECOND;
    const { why } = this.#simulator.run({ untilNs, when: condition, eventsMax: EVENTS_MAX });
    if (why !== 'condition') throw new RunError(complaint);
  }

  /** The guests submit no more; what they wait for ends, or the run's bound comes. */
  #finish(): void {
    const { hosts, vms, plan, scenario } = this.#world;
    for (const { name: vm, host } of vms) {
      const at = vm === plan.vm && this.#result?.outcome === 'moved' ? plan.to : host;
      if (hosts.has(at)) this.#control.ask(at, { command: 'stop', vm }, () => {});
    }
    const io = this.#io;
    this.#advance(MILLISECOND);
    this.#simulator.run({
      untilNs:
        this.#simulator.nowNs + scenario.timing.guestTimeoutMs * MILLISECOND + FINISH_SLACK_NS,
      when: () => io.completed + io.failed >= io.submitted,
      eventsMax: EVENTS_MAX,
    });
    io.dropped = io.submitted - io.completed - io.failed;
    this.#readMedium();
  }

  /** What the medium holds of the blocks that guests may have written. */
  #readMedium(): void {
    const { array, scenario } = this.#world;
    const at = this.#simulator.nowNs;
    for (const [index, lun] of scenario.array.luns.entries()) {
      const unit = array.core.units[index]!;
      const users = scenario.vms.filter((vm) => vm.luns.includes(lun.name));
      const range = Math.max(0, ...users.map((vm) => vm.workload.rangeBlocks));
      if (range === 0) continue;
      const lu = formatHex(unit.luId);
      const readings = this.#translator.readings(lu, 0, range, unit.medium.read(0, range));
      for (const [lba, reading] of readings.entries()) {
        this.#observe({ kind: 'final', at, lu, lba, reading });
      }
    }
  }

  #report(): RunReport {
    const { scenario } = this.#options;
    const last = this.#timeline.at(-1);
    if (last !== undefined) last.durationNs = this.#simulator.nowNs - last.atNs;
    const from = this.#lastOnSource;
    const to = this.#firstOnDestination;
    return {
      scenario: scenario.name,
      seed: scenario.seed,
      strategy: scenario.move.strategy,
      digest: this.#simulator.digest(),
      virtualTimeNs: this.#simulator.nowNs,
      frames: this.#frames,
      result: this.#result!,
      io: this.#io,
      blackoutNs: from === undefined || to === undefined ? 0 : to - from,
      timeline: this.#timeline,
      verdict: this.#auditor.conclude(),
    };
  }
}

function boundsOf(scenario: Scenario): AuditBounds {
  return {
    guestTimeoutNs: scenario.timing.guestTimeoutMs * MILLISECOND,
    blackoutBudgetNs: scenario.timing.blackoutBudgetMs * MILLISECOND,
    rATovNs: Math.max(...scenario.fabrics.map((one) => one.rATovMs)) * MILLISECOND,
  };
}
