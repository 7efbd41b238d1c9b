/**
 * The management network of a simulated run: carries commands to hosts and their answers back.
 *
 * It is not part of the fabric: it loses nothing and takes a fixed time. It keeps a mover's
 * commands and their answers, so that a mover that crashed and was started anew asks again without
 * anything being done twice. Commands are plain data: a guest that is handed over goes beside them.
 */

import type { CarriedGuest } from '../host/carried-guest.ts';
import type { HostAnswer, HostCommand, HostReply } from '../host/control.ts';
import type { Host } from '../host/host.ts';
import { Mover } from '../mobility/mover.ts';
import type { Answer, MovePlan, MoverCommand } from '../mobility/plan.ts';
import type { LanCommand } from '../net/lan-uplink.ts';
import type { World } from '../scenario/build.ts';
import { switchesOf } from '../scenario/topology.ts';
import type { Simulator } from '../sim/simulator.ts';

/** One way over the management network. */
const MANAGEMENT_DELAY_NS = 50_000;
/** Commands of the first mover are numbered from here on, ours from 1; each further mover has as many numbers. */
const MOVER_FIRST_ID = 1_000_000;

const firstIdOf = (move: number): number => (move + 1) * MOVER_FIRST_ID;
const moveOfId = (id: number): number => Math.floor(id / MOVER_FIRST_ID) - 1;

/** A simulator of machines of every kind, whatever they tell. */
// biome-ignore lint/suspicious/noExplicitAny: machines of every kind share one simulator
export type AnySimulator = Simulator<any>;

/** What is wrong with the answers of a host, and until when. */
export interface Disturbed {
  readonly answers: 'late' | 'lost';
  readonly delayNs: number;
  readonly untilNs: number;
}

/** Who carries a mover's commands to the LAN. */
export interface LanCarrier {
  carry(node: string, id: number, command: LanCommand): void;
}

interface Command {
  readonly host: string;
  readonly command: HostCommand;
  /** Who hears the answer; the mover when left out. */
  readonly done?: (answer: HostAnswer) => void;
  answer?: HostAnswer;
}

/** Carries commands and answers, and runs the movers of the world's moves. */
export class ControlPlane {
  readonly #simulator: AnySimulator;
  readonly #world: Pick<World, 'hosts' | 'switches' | 'topology'>;
  /** The nodes that make the moves, in their order. */
  readonly #moverNodes: readonly string[];
  /** The switch that answers for each fabric: its first. */
  readonly #switchOf = new Map<string, string>();
  readonly #commands = new Map<number, Command>();
  /** What switches have answered, by command. */
  readonly #fabricAnswers = new Map<number, Answer>();
  /** Guests that one host has surrendered and none has been asked to adopt, by their token. */
  readonly #betweenHosts = new Map<number, CarriedGuest>();
  readonly #disturbed = new Map<string, Disturbed>();
  #nextId = 1;
  readonly #movers: Mover[] = [];
  /** Carries a mover's commands to the LAN, where there is one. */
  lan: LanCarrier | undefined;
  /** To be told of every answer when it arrives. */
  onAnswer: ((host: string, command: HostCommand, answer: HostAnswer) => void) | undefined;

  constructor(simulator: AnySimulator, world: Pick<World, 'hosts' | 'switches' | 'topology'>) {
    this.#simulator = simulator;
    this.#world = world;
    this.#moverNodes = world.topology.moves.map(({ mover }) => mover);
    for (const { fabric, name } of switchesOf(world.topology)) {
      if (!this.#switchOf.has(fabric)) this.#switchOf.set(fabric, name);
    }
  }

  /** Sends a command; `done` hears the answer. A host that is down answers when it is up again. */
  ask(host: string, command: HostCommand, done: (answer: HostAnswer) => void): void {
    const id = this.#nextId++;
    this.#commands.set(id, { host, command, done });
    this.#carry(host, id, command);
  }

  /** Starts a move, by its place in the plan; the one before has been started. */
  startMove(move: number, plan: MovePlan): void {
    const mover = new Mover(plan, firstIdOf(move));
    const node = this.#moverNodes[move]!;
    this.#movers[move] = mover;
    this.#simulator.addNode(node, mover);
    this.#simulator.act(node, (now) => mover.start(now));
  }

  /** The order of a move, by its place in the plan, is taken back, as far as that still can be. */
  cancelMove(move: number): void {
    const mover = this.#movers[move];
    if (mover === undefined) return;
    this.#simulator.act(this.#moverNodes[move]!, (now) => mover.cancel(now));
  }

  /** From now on a host's management answers late, or its answers are lost, until that time. */
  disturb(host: string, disturbed: Disturbed): void {
    this.#disturbed.set(host, disturbed);
  }

  /** The place of the move that a node makes; below 0 for a node that makes none. */
  moveOf(node: string): number {
    return this.#moverNodes.indexOf(node);
  }

  /** True for a node that makes a move which has not been started: it is not there yet. */
  isToCome(node: string): boolean {
    const move = this.moveOf(node);
    return move >= 0 && this.#movers[move] === undefined;
  }

  /** Starts a mover anew after a crash: it reads its journal and goes on. */
  restartMover(move: number): void {
    const { plan, journal } = this.#movers[move]!;
    const mover = new Mover(plan, firstIdOf(move));
    const node = this.#moverNodes[move]!;
    this.#movers[move] = mover;
    this.#simulator.restartNode(node, mover);
    this.#simulator.act(node, (now) => mover.goOn(journal, now));
  }

  /** A host runs anew: what it had been asked before is answered by that. */
  hostRestarted(host: string): void {
    for (const [id, command] of this.#commands) {
      if (command.host !== host || command.answer !== undefined) continue;
      this.#answer(id, { ok: false, reason: `${host} has started anew` });
    }
  }

  /** To be told of every command and every reply that machines put out. */
  handleEvent(node: string, event: HostReply | MoverCommand): void {
    if (event.type === 'command' && this.moveOf(node) >= 0) this.#commandOfMover(event);
    else if (event.type === 'fabric-command') this.#commandFabric(event);
    else if (event.type === 'lan-command') this.lan?.carry(event.node, event.id, event.command);
    else if (event.type === 'reply') this.#answer(event.id, event.answer);
  }

  #commandOfMover({ host, id, command }: Extract<MoverCommand, { type: 'command' }>): void {
    const known = this.#commands.get(id);
    if (known === undefined) {
      this.#commands.set(id, { host, command });
      this.#carry(host, id, command);
    } else if (known.answer !== undefined) this.deliver(id, known.answer);
  }

  #commandFabric({ fabric, id, command }: Extract<MoverCommand, { type: 'fabric-command' }>): void {
    const known = this.#fabricAnswers.get(id);
    if (known !== undefined) {
      this.deliver(id, known);
      return;
    }
    const node = this.#switchOf.get(fabric)!;
    this.#simulator.call(this.#simulator.nowNs + MANAGEMENT_DELAY_NS, () => {
      this.#simulator.act(node, (now) => {
        const answer = this.#world.switches.get(node)?.handleCommand(command, now);
        if (answer === undefined) return;
        this.#fabricAnswers.set(id, answer);
        this.deliver(id, answer);
      });
    });
  }

  #carry(host: string, id: number, command: HostCommand): void {
    this.#simulator.call(this.#simulator.nowNs + MANAGEMENT_DELAY_NS, () => {
      const machine = this.#world.hosts.get(host);
      if (machine === undefined) return;
      this.#simulator.act(host, (now) => {
        this.#bringGuest(machine, command);
        machine.handleCommand(id, command, now);
      });
    });
  }

  /** The guest that a host is asked to adopt comes with the command. */
  #bringGuest(host: Host, command: HostCommand): void {
    if (command.command !== 'adopt' || command.guest === undefined) return;
    if ('stream' in command.guest) return;
    const { token } = command.guest;
    const guest = this.#betweenHosts.get(token);
    if (guest !== undefined) host.bringGuest(command.guest, guest);
    this.#betweenHosts.delete(token);
  }

  #takeGuest(host: Host | undefined, answer: HostAnswer): void {
    if (!answer.ok || answer.command !== 'surrender') return;
    const guest = host?.takeGuest(answer.guest);
    if (guest !== undefined) this.#betweenHosts.set(answer.guest.token, guest);
  }

  #answer(id: number, answer: HostAnswer): void {
    const command = this.#commands.get(id);
    if (command === undefined || command.answer !== undefined) return;
    command.answer = answer;
    this.#takeGuest(this.#world.hosts.get(command.host), answer);
    this.onAnswer?.(command.host, command.command, answer);
    this.deliver(id, answer);
  }

  /** How long an answer takes; `undefined` for one that is lost. */
  #delayOf(id: number): number | undefined {
    const disturbed = this.#disturbed.get(this.#commands.get(id)?.host ?? '');
    if (disturbed === undefined || this.#simulator.nowNs >= disturbed.untilNs) {
      return MANAGEMENT_DELAY_NS;
    }
    return disturbed.answers === 'lost' ? undefined : MANAGEMENT_DELAY_NS + disturbed.delayNs;
  }

  /** The answer to a command goes to who asked. */
  deliver(id: number, answer: Answer): void {
    const delayNs = this.#delayOf(id);
    if (delayNs === undefined) return;
    this.#simulator.call(this.#simulator.nowNs + delayNs, () => {
      const done = this.#commands.get(id)?.done;
      if (done !== undefined) {
        this.#commands.delete(id);
        done(answer as HostAnswer);
      } else {
        const move = moveOfId(id);
        const mover = this.#movers[move];
        if (mover === undefined) return;
        this.#simulator.act(this.#moverNodes[move]!, (now) => mover.handleAnswer(id, answer, now));
      }
    });
  }
}
