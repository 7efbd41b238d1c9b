/**
 * A move between two Linux guests on a live fabric: the mover of the simulator, on the real clock,
 * with guests as hosts, and what came of it.
 */
import { type CaptureReport, judgeSeen } from '../../audit/capture-judge.ts';
import { type MoveStep, MoveSteps, stepOf } from '../../audit/ledger/move-steps.ts';
import type { TappedFrame } from '../../audit/seen/tapped-frame.ts';
import type { Wwn } from '../../codecs/layout/index.ts';
import type { MoveEvent } from '../../history/index.ts';
import type { VhbaIdentity } from '../../host/vhba-identity.ts';
import { SECOND } from '../../machine/machine.ts';
import { Mover } from '../../mobility/mover.ts';
import { type MovePlan, type MoveResult, type MoverEvent, resultOf } from '../../mobility/plan.ts';
import type { LiveEvent } from '../links.ts';
import type { LiveServer } from '../server.ts';
import { GuestChannel, type GuestClock } from './guest-channel.ts';
import { GuestHost, type LiveVm } from './guest-host.ts';
import { type CheckResult, StampedWriter, type WriterLeg } from './writer.ts';

/** Frames that are kept for the judge; of a longer move the first ones are judged. */
const FRAMES_MAX = 500_000;
/** For the blocks before and after. */
const REACHED_LIMIT_S = 120;
const NS_PER_MS = 1e6;

/** What is to be moved, and how. */
export interface LiveMoveRequest {
  /** Paths of the guests' command channels. */
  readonly from: string;
  readonly to: string;
  /** Names of the virtual machine, one for each port of the hosts, in the order of the ports. */
  readonly wwpns: readonly Wwn[];
  /** The second names of `wwpn-pair`. */
  readonly pair: readonly Wwn[];
  readonly strategy: 'same-wwpn' | 'wwpn-pair';
  /** The ports are deleted under the running writer. */
  readonly underLoad: boolean;
  /** Blocks to be acknowledged before and after. */
  readonly blocksBefore: number;
  readonly blocksAfter: number;
  /** The writer's pause between blocks. */
  readonly pauseMs: number;
  readonly seed: number;
}

export interface LiveMoveReport {
  readonly strategy: string;
  readonly result: MoveResult;
  /** From the last acknowledgement on the old host to the first on the new, by the guests' clocks. */
  readonly blackoutMs: number | undefined;
  /** How far off the comparison of the guests' clocks may be. */
  readonly uncertaintyMs: number;
  readonly phases: readonly {
    readonly phase: string;
    readonly detail: string;
    readonly atMs: number;
  }[];
  readonly legs: readonly WriterLeg[];
  /** Every acknowledged block read back where the virtual machine is now; left out where it has no disk. */
  readonly check: CheckResult | undefined;
  /** Writes that the array applied for a login that had ended, or for the old one after the new. */
  readonly lateWrites: number;
  /** What the frames show: logins, exchanges, moves and the verdict. */
  readonly capture: CaptureReport;
}

/** Runs a move. Errors: `GuestError` for a guest that cannot be asked. */
export async function runLiveMove(
  server: LiveServer,
  request: LiveMoveRequest,
): Promise<LiveMoveReport> {
  const move = new LiveMove(server, request);
  try {
    return await move.run();
  } finally {
    move.close();
  }
}

class LiveMove {
  readonly #server: LiveServer;
  readonly #request: LiveMoveRequest;
  readonly #writer: StampedWriter;
  readonly #channels: GuestChannel[] = [];
  readonly #watch: Watch;
  /** The clocks of the old host and the new one, before the move and after. */
  readonly #clocks: (readonly GuestClock[])[] = [];
  readonly #steps = new MoveSteps<MoveStep>((step) => step);

  constructor(server: LiveServer, request: LiveMoveRequest) {
    this.#server = server;
    this.#request = request;
    this.#writer = new StampedWriter(request.seed, request.pauseMs);
    this.#watch = new Watch(server);
  }

  async run(): Promise<LiveMoveReport> {
    const { from, to, strategy, underLoad, blocksBefore, blocksAfter } = this.#request;
    const vm: LiveVm = {
      writer: this.#writer,
      underLoad,
      disks: [],
      loggedOut: (names, limitMs) => this.#loggedOut(names, limitMs),
    };
    const source = new GuestHost(await this.#connect('from', from), vm);
    const destination = new GuestHost(await this.#connect('to', to), vm);
    await this.#compareClocks();
    const plan = this.#plan();
    const { vm: name, source: identities } = plan;
    let begun = await source.answer({ command: 'prepare', vm: name, identities });
    if (begun.ok) begun = await source.answer({ command: 'resume', vm: name });
    let result: MoveResult;
    if (begun.ok) {
      await this.#writer.reached(blocksBefore, REACHED_LIMIT_S);
      await this.#writer.standBy(destination.channel);
      result = await this.#carryOut(plan, source, destination);
    } else result = { outcome: 'refused', reason: begun.reason };
    const now = result.outcome === 'moved' ? destination : source;
    if (this.#writer.running) {
      await this.#writer.reached(blocksAfter, REACHED_LIMIT_S);
      await this.#writer.stop();
    }
    await this.#compareClocks();
    return {
      strategy,
      result,
      ...this.#blackout(),
      phases: this.#steps.steps.map(({ phase, detail, atNs }) => ({
        phase,
        detail,
        atMs: atNs / NS_PER_MS,
      })),
      legs: this.#writer.legs,
      check: now.disk === undefined ? undefined : await this.#writer.check(now.channel, now.disk),
      lateWrites: this.#watch.lateWrites,
      capture: this.#watch.judge(),
    };
  }

  close(): void {
    this.#watch.end();
    for (const channel of this.#channels) channel.close();
  }

  async #connect(name: string, path: string): Promise<GuestChannel> {
    const channel = await GuestChannel.connect(name, path);
    this.#channels.push(channel);
    return channel;
  }

  #plan(): MovePlan {
    const { wwpns, pair, strategy, underLoad } = this.#request;
    const identities = (names: readonly Wwn[]): VhbaIdentity[] =>
      names.map((wwpn, port) => ({ port, wwpn, wwnn: wwpn }));
    const isPair = strategy === 'wwpn-pair';
    return {
      vm: 'vm',
      from: 'from',
      to: 'to',
      strategy,
      drain: 'wait',
      drainTimeoutNs: 30 * SECOND,
      // A running writer ends with its ports: they have to leave before it can go on.
      defences: isPair && !underLoad ? [] : ['logo-acknowledged'],
      quiesceNs: 0,
      rATovNs: 10 * SECOND,
      // The writer has come to an end by then: the first names may go while the second are at work.
      overlapNs: isPair ? 1 : 0,
      preCreated: false,
      joinTimeoutNs: 60 * SECOND,
      fallBack: 'none',
      fabrics: [],
      preCopyNs: 0,
      stateCopyNs: 0,
      source: identities(wwpns),
      destination: identities(isPair ? pair : wwpns),
    };
  }

  /** Drives the mover: its commands go to the guests, its waits to the clock. */
  #carryOut(plan: MovePlan, source: GuestHost, destination: GuestHost): Promise<MoveResult> {
    const mover = new Mover(plan);
    const hosts: Readonly<Record<string, GuestHost>> = { from: source, to: destination };
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const step = (): void => {
        clearTimeout(timer);
        for (let output = mover.poll(); output !== undefined; output = mover.poll()) {
          if ('event' in output) handle(output.event);
        }
        const { deadline } = mover;
        if (deadline === undefined) return;
        const delayMs = Math.max(0, (deadline - this.#server.now) / NS_PER_MS);
        // A timer may fire a little early; then it is set again.
        timer = setTimeout(() => {
          mover.handleTimeout(this.#server.now);
          step();
        }, Math.ceil(delayMs)).unref();
      };
      const handle = (event: MoverEvent): void => {
        if (event.type === 'move-step') this.#step(event);
        else if (event.type === 'move-end') {
          this.#step(event);
          resolve(resultOf(event));
        } else if (event.type === 'command') {
          hosts[event.host]!.answer(event.command).then((answer) => {
            mover.handleAnswer(event.id, answer, this.#server.now);
            step();
          }, reject);
        } else reject(new TypeError(`a live move asks no switch for ${event.command.command}`));
      };
      mover.start(this.#server.now);
      step();
    });
  }

  #step(event: MoveEvent): void {
    const { phase, detail } = stepOf(event);
    this.#steps.take(this.#server.now, event);
    this.#server.log('info', 'move', `move: ${phase}${detail === '' ? '' : `, ${detail}`}`, {
      phase,
    });
  }

  async #compareClocks(): Promise<void> {
    const clocks = this.#channels.map((channel) => channel.clock(() => this.#server.now));
    this.#clocks.push(await Promise.all(clocks));
  }

  #blackout() {
    const [old, fresh] = this.#writer.legs;
    const [before, after] = this.#clocks;
    const uncertaintyMs =
      [0, 1].reduce(
        (sum, host) => sum + Math.max(before![host]!.uncertaintyNs, after![host]!.uncertaintyNs),
        0,
      ) / NS_PER_MS;
    if (old?.lastAckS === undefined || fresh?.firstAckS === undefined)
      return { blackoutMs: undefined, uncertaintyMs };
    // A move that was rolled back goes on with the clock it began with.
    const host = fresh.host === old.host ? 0 : 1;
    const lastNs = onOurClock(old.lastAckS * 1e9, before![0]!, after![0]!);
    const firstNs = onOurClock(fresh.firstAckS * 1e9, before![host]!, after![host]!);
    return { blackoutMs: (firstNs - lastNs) / NS_PER_MS, uncertaintyMs };
  }

  /** True once none of the names is logged in; false when one still is at the limit. */
  #loggedOut(wwpns: readonly Wwn[], limitMs: number): Promise<boolean> {
    const isOut = () => wwpns.every((wwpn) => this.#server.loginsOf(wwpn).length === 0);
    return new Promise((resolve) => {
      const end = (out: boolean): void => {
        clearTimeout(timer);
        stop();
        resolve(out);
      };
      const timer = setTimeout(() => end(isOut()), limitMs);
      const stop = this.#server.onEvent(({ event }) => {
        if (event.type === 'logout' && isOut()) end(true);
      });
      if (isOut()) end(true);
    });
  }
}

/** A guest's time on our clock. It may go faster or slower than ours by a little. */
function onOurClock(guestNs: number, before: GuestClock, after: GuestClock): number {
  const part = (guestNs - before.guestNs) / (after.guestNs - before.guestNs);
  return guestNs + before.offsetNs + part * (after.offsetNs - before.offsetNs);
}

/** What crosses the switches and reaches the medium while a move runs. */
class Watch {
  readonly #frames: Pick<TappedFrame, 'tap' | 'at' | 'number' | 'bytes'>[] = [];
  readonly #stop: readonly (() => void)[];
  readonly #ended = new Set<string>();
  lateWrites = 0;

  constructor(server: LiveServer) {
    this.#stop = [
      server.onFrame(({ name: tap }, _direction, bytes, at) => {
        const number = this.#frames.length + 1;
        if (number <= FRAMES_MAX) this.#frames.push({ tap, at, number, bytes });
      }),
      server.onEvent(({ event }) => this.#event(event)),
    ];
  }

  #event(event: LiveEvent): void {
    if (event.type !== 'nexus' && event.type !== 'apply') return;
    const { initiator, target, address, epoch } = event.nexus;
    const key = `${initiator} ${target} ${address} ${epoch}`;
    if (event.type === 'apply') {
      if (this.#ended.has(key)) this.lateWrites++;
    } else if (event.state === 'ended') this.#ended.add(key);
    else this.#ended.delete(key);
  }

  end(): void {
    for (const stop of this.#stop) stop();
  }

  judge(): CaptureReport {
    this.end();
    return judgeSeen(this.#frames);
  }
}
