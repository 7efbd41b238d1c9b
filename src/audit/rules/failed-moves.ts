/** I31 and I32: what is left when a move fails, or when a machine falls in the middle of it. */
import { formatWwn } from '../../codecs/layout/index.ts';
import {
  type FabricLogout,
  fcInitiatorPort,
  type GuestRuns,
  type GuestStands,
  type HistoryEntry,
  type LogoutReason,
  type MoveEvent,
  type MoveOutcome,
  type ReservationChanged,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings, notObservable, onFabric } from '../findings.ts';
import type { LiveLogin } from '../ledger/fabric-logins.ts';
import type { Rule } from '../rule.ts';
import type { TimeNs } from '../verdict.ts';

/** After a disturbance, logins may be missing or left over for so many keep-alive periods. */
const SETTLE_PERIODS = 6;
const PERIOD_DEFAULT_NS = 8e9;

/** How a guest stood before a move. */
interface Picture {
  readonly logins: readonly string[];
  readonly held: readonly string[];
  readonly host: string | undefined;
}

/** A move under way or over, and how every guest stood when it began. */
interface Attempted {
  readonly vm: string;
  readonly before: ReadonlyMap<string, Picture>;
  /** Logins of other guests that ended in it without being asked to, by guest, name and reason. */
  readonly thrownOut: Map<string, number>;
  outcome: MoveOutcome | undefined;
}

/** Ends of a login that its port did not ask for. */
const UNASKED: ReadonlySet<LogoutReason> = new Set<LogoutReason>([
  'replaced',
  'CVL',
  'port-disabled',
]);

/** I31: a move that failed leaves the source, and everybody else, as they were. */
export class RollbackIsWhole implements Rule {
  readonly invariant = 'I31';
  readonly sentence =
    'A move that fails leaves logins, reservations and guests as they were, those of others too';
  readonly needs: readonly Evidence[] = ['move', 'login', 'guest'];
  readonly hears: readonly Evidence[] = [
    'move',
    'login',
    'logout',
    'handed-over',
    'guest',
    'identities',
    'reservation',
    'disturbance',
  ];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  readonly #guests = new Map<string, { readonly host: string; readonly state: string }>();
  readonly #reservations = new Map<string, ReservationChanged>();
  #move: Attempted | undefined;
  readonly #failed: string[] = [];
  #unsettled = false;
  #now: TimeNs = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ at, node, event }: HistoryEntry): void {
    this.#now = at;
    switch (event.type) {
      case 'move-step':
      case 'move-end':
        this.#step(event);
        return;
      case 'guest':
        this.#guests.set(event.vm, { host: node, state: event.state });
        return;
      case 'logout':
        this.#logout(node, event);
        return;
      case 'reservation':
        this.#reservations.set(event.luName, event);
    }
  }

  #step(event: MoveEvent): void {
    if (this.#move === undefined || this.#move.outcome !== undefined) {
      this.#judge(this.#findings, this.#failed);
      const before = new Map([...this.#context.names.guests].map((vm) => [vm, this.#picture(vm)]));
      this.#move = { vm: event.vm, before, thrownOut: new Map(), outcome: undefined };
    }
    if (event.type === 'move-end') this.#move.outcome = event.outcome;
  }

  #logout(node: string, { port, reason, wwpn }: FabricLogout): void {
    const move = this.#move;
    if (move === undefined || move.outcome !== undefined || !UNASKED.has(reason)) return;
    const name = fcInitiatorPort(wwpn);
    for (const vm of this.#context.names.guestsOf(name)) {
      if (vm === move.vm) continue;
      const { fabric } = this.#context.logins.placeOf(node, port);
      const key = `${vm} lost its login as ${name} ${onFabric(fabric)} (${reason})`;
      move.thrownOut.set(key, (move.thrownOut.get(key) ?? 0) + 1);
    }
  }

  /** Where a machine's names are logged in, where it runs, and what it holds. */
  #picture(vm: string): Picture {
    const { places } = this.#context;
    const names = this.#context.names.of(vm);
    const logins = [...this.#context.logins.all()]
      .filter(({ wwpn }) => names.has(fcInitiatorPort(wwpn)))
      .map(textOf)
      .sort();
    const held = [...this.#reservations.values()]
      .filter(({ holder }) => holder !== undefined && names.has(holder.initiator))
      .map(
        ({ luName, reservationType, holder }) =>
          `${places.unit(luName)} type ${reservationType} by ${holder!.initiator}`,
      )
      .sort();
    return { logins, host: this.#guests.get(vm)?.host, held };
  }

  /**
   * What a guest is logged in as on the host that it never left: where a switch had fallen before the
   * move began, that is no remainder of the move.
   */
  #cameBack(host: string | undefined, after: Picture): string[] {
    const { disturbances, logins, places } = this.#context;
    if (disturbances.crashes === 0 || host === undefined || after.host !== host) return [];
    return [...logins.all()]
      .filter(({ link }) => places.endsOf(link).some(({ node }) => node === host))
      .map(textOf)
      .filter((one) => after.logins.includes(one));
  }

  /** The move that is over, in the light of how things stand now. */
  #judge(findings: Findings, failed: string[]): void {
    const move = this.#move;
    if (move?.outcome === undefined || move.outcome === 'moved') return;
    const { bounds, disturbances } = this.#context;
    const settleNs = SETTLE_PERIODS * (bounds.fkaAdvPeriodNs ?? PERIOD_DEFAULT_NS);
    if (disturbances.lostAt(move.vm) !== undefined || disturbances.since(this.#now - settleNs)) {
      this.#unsettled = true;
      return;
    }
    const { logins, held, host } = move.before.get(move.vm) ?? NOWHERE;
    for (const [vm, before] of move.before) {
      const after = this.#picture(vm);
      const state = this.#guests.get(vm)?.state;
      const stood = before.host !== undefined || vm === move.vm;
      if (stood && (after.host !== before.host || state !== 'running')) {
        findings.add(
          `${vm} ran on ${before.host}, and now ${state ?? 'is nowhere'} on ${after.host}`,
        );
      }
      const whose = vm === move.vm ? '' : `${vm} `;
      const back = this.#cameBack(before.host, after);
      compare(findings, `${whose}logged in`, [...before.logins, ...back], after.logins);
      compare(findings, `${whose}reserved`, before.held, after.held);
    }
    for (const [what, count] of move.thrownOut) {
      findings.add(`${what} ${count === 1 ? 'once' : `${count} times`} in the move of ${move.vm}`);
    }
    failed.push(
      `${move.outcome}: ${logins.length} logins and ${held.length} reservations as before, ${move.vm} runs on ${host}`,
    );
  }

  conclude() {
    if (this.#move === undefined) return notObservable('nothing was moved');
    const [findings, failed] = [this.#findings.copy(), [...this.#failed]];
    this.#judge(findings, failed);
    if (failed.length === 0) {
      return notObservable(
        this.#unsettled
          ? 'what was done to the world had not settled when it was last seen'
          : 'no move failed',
      );
    }
    return findings.conclude(failed.join('; '));
  }
}

const textOf = ({ wwpn, fabric, link }: LiveLogin): string =>
  `${formatWwn(wwpn)} at ${fabric} ${link}`;

const NOWHERE: Picture = { logins: [], held: [], host: undefined };

function compare(
  findings: Findings,
  what: string,
  before: readonly string[],
  after: readonly string[],
): void {
  for (const one of before) if (!after.includes(one)) findings.add(`no longer ${what}: ${one}`);
  for (const one of after) if (!before.includes(one)) findings.add(`left ${what}: ${one}`);
}

/** I32: whatever falls and whenever, one host runs the guest in the end, and never two. */
export class OneOwner implements Rule {
  readonly invariant = 'I32';
  readonly sentence = 'After a crash at any step the guest runs on one host, never on two';
  readonly needs: readonly Evidence[] = ['guest', 'disturbance'];
  readonly hears: readonly Evidence[] = ['guest', 'move', 'disturbance'];
  readonly #context: Pick<RuleContext, 'disturbances'>;
  readonly #findings = new Findings();
  /** Hosts on which each guest runs. */
  readonly #running = new Map<string, Set<string>>();
  #moving: string | undefined;

  constructor(context: Pick<RuleContext, 'disturbances'>) {
    this.#context = context;
  }

  observe({ node, event }: HistoryEntry): void {
    if (event.type === 'guest') this.#guest(node, event);
    else if (event.type === 'move-step' || event.type === 'move-end') this.#moving = event.vm;
    else if (event.type === 'node-crashed') {
      for (const hosts of this.#running.values()) hosts.delete(node);
    }
  }

  #guest(host: string, { vm, state }: GuestRuns | GuestStands): void {
    const hosts = this.#running.get(vm) ?? new Set<string>();
    this.#running.set(vm, hosts);
    if (state !== 'running') {
      hosts.delete(host);
      return;
    }
    hosts.add(host);
    if (hosts.size > 1) this.#findings.add(`${vm} runs on ${[...hosts].join(' and ')} at once`);
  }

  conclude() {
    const findings = this.#findings.copy();
    const { disturbances } = this.#context;
    if (disturbances.crashes === 0 && findings.count === 0) {
      return notObservable('no machine fell');
    }
    const vm = this.#moving;
    const lost = vm !== undefined && disturbances.lostAt(vm) !== undefined;
    if (vm !== undefined && !lost && (this.#running.get(vm)?.size ?? 0) === 0) {
      findings.add(`${vm} runs nowhere, and its host did not fall`);
    }
    const fate = lost ? `${vm} was lost with its host` : 'the guest had one host';
    return findings.conclude(`${disturbances.crashes} machines fell, and ${fate}`);
  }
}
