/**
 * A feature of CEE at one end: what is wanted, what the peer wants, and what came of it.
 *
 * A feature waits until the peer has acknowledged what was said last of it; then the willing end takes what the other
 * has. Two ends that are both willing, or both not, must have the same.
 * Source: DCB Capability Exchange Protocol 1.01, feature state machine; open-lldp, dcb_protocol.c.
 */
import { sameSettings } from './settings.ts';

/** What a peer says of a feature. */
export interface CeeFeatureSaid<T> {
  readonly enabled: boolean;
  readonly willing: boolean;
  readonly error: boolean;
  /** 0 is the one version that there is. */
  readonly operatingVersion: number;
  /** `undefined` for settings that make no sense. */
  readonly settings: T | undefined;
}

/** One feature; `T`: its settings. */
export class CeeFeature<T> {
  readonly name: string;
  readonly own: T;
  readonly willing: boolean;
  /** Whether ends that are equally willing need the same. */
  readonly #mustBeEqual: boolean;
  #sequence: number;
  /** The peer has heard what was said last. */
  isSynced = false;
  /** Told to the peer. */
  error = false;
  /** Why it is not in operation; empty where it is. */
  problem = 'the peer has not answered';
  #settings: T;
  #operates = false;

  constructor(name: string, own: T, willing: boolean, mustBeEqual: boolean, sequence: number) {
    this.name = name;
    this.own = own;
    this.willing = willing;
    this.#mustBeEqual = mustBeEqual;
    this.#sequence = sequence;
    this.#settings = own;
  }

  /** Settings that both ends go by; `undefined` while they do not. */
  get inForce(): T | undefined {
    return this.#operates ? this.#settings : undefined;
  }

  /** The peer said something of it, or left it out; `sequence`: of what is said next. */
  heard(
    said: CeeFeatureSaid<T> | 'twice' | undefined,
    acknowledged: number,
    sequence: number,
  ): void {
    if (said === undefined) {
      this.#end('the peer leaves it out', true);
      this.isSynced = true;
      return;
    }
    if (!this.isSynced && acknowledged !== this.#sequence) return;
    const had = this.error;
    if (said === 'twice') {
      this.#end('the peer says it twice', true);
      this.isSynced = had;
    } else if (said.operatingVersion !== 0) return;
    else this.#judge(said);
    if (had !== this.error) this.#sequence = sequence;
  }

  /** The peer is gone: what it knows of this end is too. */
  reset(): void {
    this.#end('the peer has not answered', false);
    this.isSynced = false;
    this.#sequence = 1;
  }

  #judge(said: CeeFeatureSaid<T>): void {
    const had = this.error;
    const takes = this.willing && !said.willing;
    const settings = takes ? said.settings : this.own;
    const isEqual = !this.#mustBeEqual || sameSettings(said.settings, this.own);
    const fits = this.willing !== said.willing || isEqual;
    if (!said.enabled) this.#end('the peer has it switched off', false);
    else if (said.settings === undefined) this.#end('what the peer wants makes no sense', true);
    else if (!fits) this.#end('the two ends differ and neither gives way', true);
    else if (said.error) this.#end('the peer reports an error', false);
    else {
      this.#settings = settings!;
      this.#operates = true;
      this.error = false;
      this.problem = '';
    }
    // A change of the error is news for the peer.
    this.isSynced = had === this.error;
  }

  #end(problem: string, error: boolean): void {
    this.#operates = false;
    this.error = error;
    this.problem = problem;
  }
}
