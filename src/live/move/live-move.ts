/**
 * A move between two Linux guests on a live fabric: the mover of the simulator, on the real clock,
 * with guests as hosts, and what came of it.
 */
import type { CaptureReport } from '../../audit/capture-judge.ts';
import { type MoveStep, MoveSteps, stepOf } from '../../audit/ledger/move-steps.ts';
import type { Wwn } from '../../codecs/layout/index.ts';
import type { MoveEvent } from '../../history/index.ts';
import { Mover } from '../../mobility/mover.ts';
import { type MovePlan, type MoveResult, type MoverEvent, resultOf } from '../../mobility/plan.ts';
import type { LiveServer } from '../server.ts';
import { GuestChannel, type GuestClock } from './guest-channel.ts';
import { type Blackout, blackoutOf } from './guest-clocks.ts';
import { GuestHost, type LiveVm } from './guest-host.ts';
import { MoveEvidence } from './move-evidence.ts';
import { type GuestNames, guestNamesOf, type LiveMoveRequest, planOf } from './move-plan.ts';
import { type CheckResult, StampedWriter, type WriterLeg } from './writer.ts';

/** For the blocks before and after. */
const REACHED_LIMIT_S = 120;
const NS_PER_MS = 1e6;

/** What came of a move. */
export interface LiveMoveReport extends Blackout {
  readonly strategy: string;
  readonly result: MoveResult;
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
  readonly #evidence: MoveEvidence;
  readonly #names: GuestNames;
  readonly #steps = new MoveSteps<MoveStep>((step) => step);

  constructor(server: LiveServer, request: LiveMoveRequest) {
    this.#server = server;
    this.#request = request;
    this.#names = guestNamesOf(request);
    this.#writer = new StampedWriter(request.seed, request.pauseMs);
    this.#evidence = new MoveEvidence(server);
  }

  async run(): Promise<LiveMoveReport> {
    const { from, to, strategy, underLoad, blocksBefore, blocksAfter } = this.#request;
    const vm: LiveVm = {
      writer: this.#writer,
      underLoad,
      disks: [],
      loggedOut: (names, limitMs) => this.#loggedOut(names, limitMs),
    };
    const source = new GuestHost(await this.#connect(this.#names.from, from), vm);
    const destination = new GuestHost(await this.#connect(this.#names.to, to), vm);
    const before = await this.#readClocks();
    const plan = planOf(this.#request, this.#names);
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
    const after = await this.#readClocks();
    const clocks = [0, 1].map((i) => ({ before: before[i]!, after: after[i]! }));
    return {
      strategy,
      result,
      ...blackoutOf(this.#writer.legs, [clocks[0]!, clocks[1]!]),
      phases: this.#steps.steps.map(({ phase, detail, atNs }) => ({
        phase,
        detail,
        atMs: atNs / NS_PER_MS,
      })),
      legs: this.#writer.legs,
      check: now.disk === undefined ? undefined : await this.#writer.check(now.channel, now.disk),
      lateWrites: this.#evidence.lateWrites,
      capture: this.#evidence.judge(),
    };
  }

  close(): void {
    this.#evidence.end();
    for (const channel of this.#channels) channel.close();
  }

  async #connect(name: string, path: string): Promise<GuestChannel> {
    const channel = await GuestChannel.connect(name, path);
    this.#channels.push(channel);
    return channel;
  }

  /** Drives the mover: its commands go to the guests, its waits to the clock. */
  #carryOut(plan: MovePlan, source: GuestHost, destination: GuestHost): Promise<MoveResult> {
    const mover = new Mover(plan);
    const asked = new Set<number>();
    const hosts = new Map([
      [plan.from, source],
      [plan.to, destination],
    ]);
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
          // Answers of guests are not lost: a command that comes again is being carried out.
          if (asked.has(event.id)) return;
          asked.add(event.id);
          hosts
            .get(event.host)!
            .answer(event.command)
            .then((answer) => {
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

  /** The clocks of the old host and of the new one, as they are now. */
  #readClocks(): Promise<GuestClock[]> {
    return Promise.all(this.#channels.map((channel) => channel.clock(() => this.#server.now)));
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
