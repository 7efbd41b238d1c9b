/** I31 and I32: what is left when a move fails, or when a machine falls in the middle of it. */
import { formatWwn } from '../../codecs/layout/index.ts';
import {
  fcInitiatorPort,
  type GuestRuns,
  type GuestStands,
  type HistoryEntry,
  type IdentitiesDeclared,
  type InitiatorPort,
  type MoveEvent,
  type ReservationChanged,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings, notObservable } from '../findings.ts';
import type { Rule } from '../rule.ts';
import type { TimeNs } from '../verdict.ts';

/** After a disturbance, logins may be missing or left over for so many keep-alive periods. */
const SETTLE_PERIODS = 6;
const PERIOD_DEFAULT_NS = 8e9;

/** I31: a move that failed leaves the source as it was. */
export class RollbackIsWhole implements Rule {
  readonly invariant = 'I31';
  readonly sentence = 'A move that fails leaves logins, reservations and the guest as they were';
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
  readonly #names = new Map<string, Set<InitiatorPort>>();
  readonly #guests = new Map<string, { readonly host: string; readonly state: string }>();
  readonly #reservations = new Map<string, ReservationChanged>();
  #moving: string | undefined;
  #before: { logins: string[]; host: string | undefined; held: string[] } | undefined;
  #outcome: string | undefined;
  #now: TimeNs = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ at, node, event }: HistoryEntry): void {
    this.#now = at;
    switch (event.type) {
      case 'move-step':
      case 'move-end':
        this.#move(event);
        return;
      case 'guest':
        this.#guests.set(event.vm, { host: node, state: event.state });
        return;
      case 'identities':
        this.#declare(event);
        return;
      case 'reservation':
        this.#reservations.set(event.luName, event);
    }
  }

  #move(event: MoveEvent): void {
    if (this.#moving === undefined) {
      this.#moving = event.vm;
      this.#before = this.#picture(event.vm);
    }
    if (event.type === 'move-end') this.#outcome = event.outcome;
  }

  #declare({ vm, initiators }: IdentitiesDeclared): void {
    this.#names.set(vm, new Set([...(this.#names.get(vm) ?? []), ...initiators]));
  }

  /** Where a machine's names are logged in, where it runs, and what it holds. */
  #picture(vm: string) {
    const names = this.#names.get(vm);
    const logins = [...this.#context.logins.all()]
      .filter(({ wwpn }) => names?.has(fcInitiatorPort(wwpn)) === true)
      .map(({ wwpn, fabric, link }) => `${formatWwn(wwpn)} at ${fabric} ${link}`)
      .sort();
    const held = [...this.#reservations.values()]
      .filter(({ holder }) => holder !== undefined && names?.has(holder.initiator) === true)
      .map(
        ({ luName, reservationType, holder }) =>
          `${luName} type ${reservationType} by ${holder!.initiator}`,
      )
      .sort();
    return { logins, host: this.#guests.get(vm)?.host, held };
  }

  conclude() {
    if (this.#moving === undefined || this.#before === undefined) {
      return notObservable('nothing was moved');
    }
    if (this.#outcome === undefined || this.#outcome === 'moved') {
      return notObservable('no move failed');
    }
    const vm = this.#moving;
    const { bounds, disturbances } = this.#context;
    const settleNs = SETTLE_PERIODS * (bounds.fkaAdvPeriodNs ?? PERIOD_DEFAULT_NS);
    const settled = !disturbances.since(this.#now - settleNs);
    if (disturbances.lostAt(vm) !== undefined || !settled) {
      return notObservable('what was done to the world had not settled when it was last seen');
    }
    const { logins, host, held } = this.#before;
    const after = this.#picture(vm);
    const state = this.#guests.get(vm)?.state;
    if (after.host !== host || state !== 'running') {
      this.#findings.add(`${vm} ran on ${host}, and now ${state ?? 'is nowhere'} on ${after.host}`);
    }
    compare(this.#findings, 'logged in', logins, after.logins);
    compare(this.#findings, 'reserved', held, after.held);
    return this.#findings.conclude(
      `${this.#outcome}: ${logins.length} logins and ${held.length} reservations as before, ${vm} runs on ${host}`,
    );
  }
}

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
    const { disturbances } = this.#context;
    if (disturbances.crashes === 0 && this.#findings.count === 0) {
      return notObservable('no machine fell');
    }
    const vm = this.#moving;
    const lost = vm !== undefined && disturbances.lostAt(vm) !== undefined;
    if (vm !== undefined && !lost && (this.#running.get(vm)?.size ?? 0) === 0) {
      this.#findings.add(`${vm} runs nowhere, and its host did not fall`);
    }
    const fate = lost ? `${vm} was lost with its host` : 'the guest had one host';
    return this.#findings.conclude(`${disturbances.crashes} machines fell, and ${fate}`);
  }
}
