/** I42 and I43: numbers of routes that follow a guest, and port profiles that do. */
import {
  type HistoryEntry,
  isDisturbance,
  type LanFrameDropped,
  type MacDuplicated,
  type MacRouted,
  type NicPlaced,
  type ProfileApplied,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import type { Rule } from '../rule.ts';
import type { TimeNs } from '../verdict.ts';

/** What was advertised of a MAC address. */
interface Advertised {
  sequence: number;
  vtep: string;
  /** Its node; one that has fallen has forgotten its numbers, and begins again. */
  node: string;
  isForgotten: boolean;
  /** Who said that it does not move. */
  stickyAt: string | undefined;
  /** When it went from one endpoint to another. */
  readonly movedAt: TimeNs[];
  flagged: boolean;
}

/** Moves beyond the limit without a flag: each endpoint counts what it sees itself. */
const LATE_MOVES = 2;

/** I42: numbers rise by one for each move, and the highest counts. */
export class NumbersRise implements Rule {
  readonly invariant = 'I42';
  readonly sentence =
    'Mobility numbers rise by one for each move and the highest wins; who is sticky never moves; a duplicate is flagged at the limit and not before';
  readonly needs: readonly Evidence[] = ['mac-route'];
  readonly hears: readonly Evidence[] = ['mac-route', 'mac-duplicate', 'disturbance'];
  readonly #limit: { readonly moves: number; readonly windowNs: number } | undefined;
  readonly #findings = new Findings();
  readonly #macs = new Map<string, Advertised>();
  /** By endpoint and MAC address: the highest number chosen. */
  readonly #chosen = new Map<string, { sequence: number; vtep: string }>();
  readonly #withdrawn = new Set<string>();
  #count = 0;

  constructor({ bounds }: RuleContext) {
    const { lan } = bounds;
    this.#limit = lan && { moves: lan.duplicateMoves, windowNs: lan.duplicateWindowNs };
  }

  observe({ at, event, node }: HistoryEntry): void {
    if (event.type === 'mac-duplicate') {
      this.#flagged(at, event);
      return;
    }
    if (isDisturbance(event)) {
      if (event.type === 'node-crashed') this.#fell(node);
      return;
    }
    const route = event as MacRouted;
    this.#count++;
    if (route.step === 'advertised') this.#advertised(at, node, route);
    else if (route.step === 'chosen') this.#chose(node, route);
    else this.#withdrawn.add(`${route.mac} ${route.vtep} ${route.sequence}`);
  }

  /** What an endpoint has told goes with it, and those who follow it choose anew. */
  #fell(node: string): void {
    for (const [mac, known] of this.#macs) {
      if (known.node !== node) continue;
      known.isForgotten = true;
      this.#withdrawn.add(`${mac} ${known.vtep} ${known.sequence}`);
    }
  }

  #advertised(at: TimeNs, node: string, { mac, sequence, sticky, vtep }: MacRouted): void {
    const known = this.#macs.get(mac);
    if (known === undefined) {
      const stickyAt = sticky ? vtep : undefined;
      const fresh = { node, isForgotten: false, movedAt: [], flagged: false };
      this.#macs.set(mac, { sequence, vtep, stickyAt, ...fresh });
      if (sequence !== 0) this.#findings.add(`${vtep} begins with number ${sequence} for ${mac}`);
      return;
    }
    if (known.stickyAt !== undefined && known.stickyAt !== vtep)
      this.#findings.add(`${vtep} advertises ${mac}, which is sticky at ${known.stickyAt}`);
    if (vtep === known.vtep) {
      if (sequence !== known.sequence && !(known.isForgotten && sequence === 0))
        this.#findings.add(
          `${vtep} changes the number of ${mac} from ${known.sequence} to ${sequence}, and it has not moved`,
        );
    } else {
      if (sequence !== known.sequence + 1)
        this.#findings.add(
          `${mac} moved from ${known.vtep} to ${vtep} with number ${sequence}, not ${known.sequence + 1}`,
        );
      known.movedAt.push(at);
    }
    known.sequence = known.isForgotten ? sequence : Math.max(known.sequence, sequence);
    known.vtep = vtep;
    known.node = node;
    known.isForgotten = false;
    const limit = this.#limit;
    if (limit === undefined || known.flagged || this.#recent(known, at) < limit.moves + LATE_MOVES)
      return;
    known.flagged = true;
    this.#findings.add(
      `${mac} moved ${this.#recent(known, at)} times, and nobody called it a duplicate`,
    );
  }

  #recent({ movedAt }: Advertised, at: TimeNs): number {
    const { windowNs = 0 } = this.#limit ?? {};
    return movedAt.filter((one) => at - one < windowNs).length;
  }

  #chose(node: string, { mac, sequence, vtep }: MacRouted): void {
    const key = `${node} ${mac}`;
    const before = this.#chosen.get(key);
    this.#chosen.set(key, { sequence, vtep });
    if (before === undefined || sequence >= before.sequence) return;
    if (this.#withdrawn.has(`${mac} ${before.vtep} ${before.sequence}`)) return;
    this.#findings.add(
      `${node} follows number ${sequence} for ${mac}, though ${before.vtep} has ${before.sequence}`,
    );
  }

  #flagged(at: TimeNs, { mac, moves }: MacDuplicated): void {
    const known = this.#macs.get(mac);
    const limit = this.#limit;
    if (known === undefined || limit === undefined) return;
    known.flagged = true;
    // The move that is flagged may not have been advertised yet.
    const seen = this.#recent(known, at) + 1;
    if (seen < limit.moves)
      this.#findings.add(
        `${mac} was called a duplicate after ${moves} moves, of which ${seen} were advertised; limit ${limit.moves}`,
      );
  }

  conclude() {
    const highest = Math.max(0, ...[...this.#macs.values()].map(({ sequence }) => sequence));
    return this.#findings.concludeOf(
      this.#count,
      `numbers up to ${highest} rose by one with each move`,
      'no route was advertised',
    );
  }
}

/** I43: VLAN, access and priority of a guest's profile go with it. */
export class ProfilesFollow implements Rule {
  readonly invariant = 'I43';
  readonly sentence =
    "VLAN and priority of a guest's profile are in force at its new port before its first frame, and gone from the old one";
  readonly needs: readonly Evidence[] = ['nic'];
  readonly hears: readonly Evidence[] = ['nic', 'port-profile', 'lan-dropped'];
  readonly #findings = new Findings();
  readonly #vms = new Map<string, string>();
  /** Where profiles are in force, by MAC address. */
  readonly #inForce = new Map<string, Set<string>>();
  readonly #dropped = new Set<string>();
  #count = 0;

  observe({ event, node }: HistoryEntry): void {
    if (event.type === 'nic') this.#nic(event);
    else if (event.type === 'port-profile') this.#profile(node, event);
    else this.#drop(node, event as LanFrameDropped);
  }

  #nic({ mac, vm }: NicPlaced): void {
    this.#vms.set(mac, vm);
  }

  #profile(node: string, { mac, port, state }: ProfileApplied): void {
    this.#count++;
    const places = this.#inForce.get(mac) ?? new Set<string>();
    this.#inForce.set(mac, places);
    const place = `port ${port} of ${node}`;
    if (state === 'in-force') places.add(place);
    else places.delete(place);
  }

  #drop(node: string, { mac, port, reason }: LanFrameDropped): void {
    const vm = this.#vms.get(mac);
    if (vm === undefined || (reason !== 'profile' && reason !== 'vlan')) return;
    this.#count++;
    const what = reason === 'vlan' ? 'the VLAN is missing' : 'no profile lets it in';
    const key = `${vm} ${node} ${port}`;
    if (this.#dropped.has(key)) return;
    this.#dropped.add(key);
    this.#findings.add(`frames of ${vm} were dropped at port ${port} of ${node}: ${what}`, [], vm);
  }

  conclude() {
    let inForce = 0;
    for (const [mac, places] of this.#inForce) {
      inForce += places.size;
      // With bridges in a row each has the profile where it learns the address.
      const nodes = [...places].map((place) => place.replace(/^port \d+ of /, ''));
      if (new Set(nodes).size < nodes.length)
        this.#findings.add(
          `the profile of ${this.#vms.get(mac) ?? mac} is in force at ${[...places].join(' and ')}`,
        );
    }
    return this.#findings.concludeOf(
      this.#count,
      `${inForce} profiles in force, each where its guest is`,
      'no guest has a profile',
    );
  }
}
