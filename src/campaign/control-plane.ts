/**
 * The management network of a simulated run: carries commands to hosts and their answers back.
 *
 * It is not part of the fabric: it loses nothing and takes a fixed time.
 */
import type { Host, HostAnswer, HostCommand, HostEvent } from '../fabric/index.ts';
import { type MovePlan, Mover, type MoverEvent } from '../mobility/index.ts';
import type { Simulator } from '../sim/index.ts';

/** One way over the management network. */
const MANAGEMENT_DELAY_NS = 50_000;
/** Commands of the mover are numbered from here on, ours from 1. */
const MOVER_FIRST_ID = 1_000_000;
const MOVER = 'mover';

// biome-ignore lint/suspicious/noExplicitAny: machines of every kind share one simulator
export type AnySimulator = Simulator<any>;

export class ControlPlane {
  readonly #simulator: AnySimulator;
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #waiting = new Map<number, (answer: HostAnswer) => void>();
  #nextId = 1;
  #mover: Mover | undefined;

  constructor(simulator: AnySimulator, hosts: ReadonlyMap<string, Host>) {
    this.#simulator = simulator;
    this.#hosts = hosts;
  }

  /** Sends a command; `done` hears the answer. A host that is down never answers. */
  ask(host: string, command: HostCommand, done: (answer: HostAnswer) => void): void {
    const id = this.#nextId++;
    this.#waiting.set(id, done);
    this.#carry(host, id, command);
  }

  /** Starts a move. */
  startMove(plan: MovePlan): void {
    const mover = new Mover(plan, MOVER_FIRST_ID);
    this.#mover = mover;
    this.#simulator.addNode(MOVER, mover);
    this.#simulator.act(MOVER, (now) => mover.start(now));
  }

  /** To be told of every machine event. */
  handleEvent(node: string, event: HostEvent | MoverEvent): void {
    if (event.type === 'command' && node === MOVER)
      this.#carry(event.host, event.id, event.command);
    else if (event.type === 'reply') this.#answer(event.id, event.answer);
  }

  #carry(host: string, id: number, command: HostCommand): void {
    const machine = this.#hosts.get(host);
    this.#simulator.call(this.#simulator.nowNs + MANAGEMENT_DELAY_NS, () => {
      this.#simulator.act(host, (now) => machine?.handleCommand(id, command, now));
    });
  }

  #answer(id: number, answer: HostAnswer): void {
    this.#simulator.call(this.#simulator.nowNs + MANAGEMENT_DELAY_NS, () => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (waiting !== undefined) waiting(answer);
      else if (id >= MOVER_FIRST_ID) {
        this.#simulator.act(MOVER, (now) => this.#mover?.handleAnswer(id, answer, now));
      }
    });
  }
}
