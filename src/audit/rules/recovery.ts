/** I31 and I32: what is left when a move fails, or when a machine falls in the middle of it. */
import { formatWwn } from '../../codecs/layout/index.ts';
import { Findings, notObservable } from '../findings.ts';
import type { Disturbances } from '../ledger/disturbances.ts';
import type {
  AuditBounds,
  Disturbance,
  GuestSeen,
  IdentitiesSeen,
  LoginSeen,
  MoveSeen,
  Observation,
  ObservationKind,
  ReservationSeen,
  TimeNs,
} from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import { ENDED } from './reservations.ts';

/** After a disturbance, logins may be missing or left over for so many keep-alive periods. */
const SETTLE_PERIODS = 6;
const PERIOD_DEFAULT_NS = 8e9;

/** I31: a move that failed leaves the source as it was. */
export class RollbackIsWhole implements InvariantObserver {
  readonly invariant = 'I31';
  readonly sentence = 'A move that fails leaves logins, reservations and the guest as they were';
  readonly needs: readonly ObservationKind[] = ['move', 'login', 'guest'];
  readonly hears: readonly ObservationKind[] = [
    'move',
    'login',
    'logout',
    'guest',
    'identities',
    'reservation',
    'disturbance',
  ];
  readonly #bounds: AuditBounds;
  readonly #disturbances: Disturbances;
  readonly #findings = new Findings();
  /** Live logins: WWPN and place of each, by fabric and N_Port_ID. */
  readonly #logins = new Map<string, { readonly wwpn: bigint; readonly place: string }>();
  readonly #names = new Map<string, Set<bigint>>();
  readonly #guests = new Map<string, { readonly host: string; readonly state: string }>();
  readonly #reservations = new Map<string, ReservationSeen>();
  #moving: MoveSeen | undefined;
  #before: { logins: string[]; host: string | undefined; held: string[] } | undefined;
  #outcome: string | undefined;
  #now: TimeNs = 0;

  constructor(bounds: AuditBounds, disturbances: Disturbances) {
    this.#bounds = bounds;
    this.#disturbances = disturbances;
  }

  observe(one: Observation): void {
    this.#now = one.at;
    switch (one.kind) {
      case 'move':
        this.#move(one);
        return;
      case 'login':
      case 'logout':
        this.#login(one);
        return;
      case 'guest':
        this.#guests.set(one.vm, { host: one.host, state: one.state });
        return;
      case 'identities':
        this.#declare(one);
        return;
      case 'reservation':
        this.#reservations.set(one.lu, one);
        return;
      case 'disturbance':
        this.#fall(one);
    }
  }

  #move(one: MoveSeen): void {
    if (this.#moving === undefined) {
      this.#moving = one;
      this.#before = this.#picture(one.vm);
    }
    if (ENDED.has(one.phase)) this.#outcome = one.phase;
  }

  #login({ kind, fabric, nPortId, wwpn, tap }: LoginSeen): void {
    const key = `${fabric} ${nPortId}`;
    if (kind === 'login') this.#logins.set(key, { wwpn, place: `${fabric} ${tap}` });
    else this.#logins.delete(key);
  }

  #declare({ vm, wwpns }: IdentitiesSeen): void {
    this.#names.set(vm, new Set([...(this.#names.get(vm) ?? []), ...wwpns]));
  }

  #fall(one: Disturbance): void {
    if (one.what !== 'crashed' || one.role !== 'switch') return;
    for (const key of this.#logins.keys()) {
      if (key.startsWith(`${one.fabric} `)) this.#logins.delete(key);
    }
  }

  /** Where a machine's names are logged in, where it runs, and what it holds. */
  #picture(vm: string) {
    const names = this.#names.get(vm);
    const logins = [...this.#logins.values()]
      .filter(({ wwpn }) => names?.has(wwpn) === true)
      .map(({ wwpn, place }) => `${formatWwn(wwpn)} at ${place}`)
      .sort();
    const held = [...this.#reservations.values()]
      .filter(({ holder }) => holder !== undefined && names?.has(holder.wwpn) === true)
      .map(({ lu, type, holder }) => `${lu} type ${type} by ${formatWwn(holder!.wwpn)}`)
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
    const { vm } = this.#moving;
    const settleNs = SETTLE_PERIODS * (this.#bounds.fkaAdvPeriodNs ?? PERIOD_DEFAULT_NS);
    const settled = !this.#disturbances.since(this.#now - settleNs);
    if (this.#disturbances.lostAt(vm) !== undefined || !settled) {
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
export class OneOwner implements InvariantObserver {
  readonly invariant = 'I32';
  readonly sentence = 'After a crash at any step the guest runs on one host, never on two';
  readonly needs: readonly ObservationKind[] = ['guest', 'disturbance'];
  readonly hears: readonly ObservationKind[] = ['guest', 'move', 'disturbance'];
  readonly #disturbances: Disturbances;
  readonly #findings = new Findings();
  /** Hosts on which each guest runs. */
  readonly #running = new Map<string, Set<string>>();
  #moving: string | undefined;

  constructor(disturbances: Disturbances) {
    this.#disturbances = disturbances;
  }

  observe(one: Observation): void {
    if (one.kind === 'guest') this.#guest(one);
    else if (one.kind === 'move') this.#moving = one.vm;
    else if (one.kind === 'disturbance' && one.what === 'crashed') {
      for (const hosts of this.#running.values()) hosts.delete(one.node);
    }
  }

  #guest({ vm, host, state }: GuestSeen): void {
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
    if (this.#disturbances.crashes === 0 && this.#findings.count === 0) {
      return notObservable('no machine fell');
    }
    const vm = this.#moving;
    const lost = vm !== undefined && this.#disturbances.lostAt(vm) !== undefined;
    if (vm !== undefined && !lost && (this.#running.get(vm)?.size ?? 0) === 0) {
      this.#findings.add(`${vm} runs nowhere, and its host did not fall`);
    }
    const fate = lost ? `${vm} was lost with its host` : 'the guest had one host';
    return this.#findings.conclude(`${this.#disturbances.crashes} machines fell, and ${fate}`);
  }
}
