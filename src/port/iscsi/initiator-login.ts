/**
 * The login phase of a connection at an initiator: it begins at either stage, proves who it is, proposes keys
 * and answers those of the target.
 *
 * What the target answers is checked against what was proposed; a target may stay in a stage and propose keys of
 * its own, which are answered as a target answers.
 * Source: RFC 7143, clauses 6.2, 6.3, 11.12, 11.13 and 12.
 */
import {
  encodeTextKeys,
  type IscsiDigests,
  type IscsiPduInput,
  type IscsiPduOf,
  LoginStage,
  LoginStatus,
  type TextKey,
  textKeysOf,
} from '../../codecs/iscsi/index.ts';
import { CodecError, nameOf } from '../../codecs/layout/index.ts';
import { InitiatorChapPhase } from './initiator-chap.ts';
import { InitiatorKeys, KeyFault } from './initiator-keys.ts';
import type { IscsiInitiatorOptions } from './initiator-options.ts';
import type { OperationalValues } from './key-rules.ts';
import { parseTargetAddress, type TargetAddress } from './target-address.ts';

type Request = Extract<IscsiPduInput, { kind: 'Login Request' }>;
type Response = IscsiPduOf<'Login Response'>;

/** What is to be logged in to; no target: a discovery session. */
export interface LoginGoal {
  readonly target: string | undefined;
  readonly isid: Uint8Array;
  readonly initiatorTaskTag: number;
  /** Number of the first command. */
  readonly cmdSn: number;
}

/** What both ends hold to in a session. */
export interface InitiatorLogin {
  readonly tsih: number;
  /** Tag of the target portal group; 0 where a target did not say. */
  readonly groupTag: number;
  readonly digests: IscsiDigests;
  readonly values: Readonly<OperationalValues>;
  /** Most data that the target takes in one PDU. */
  readonly targetReceives: number;
}

/** What follows a response. */
export type LoginTurn =
  | { readonly turn: 'say'; readonly request: Request }
  | { readonly turn: 'complete'; readonly login: InitiatorLogin }
  | { readonly turn: 'moved'; readonly to: TargetAddress; readonly permanent: boolean }
  /** `mayPass`: another attempt may be taken. */
  | { readonly turn: 'refused'; readonly what: string; readonly mayPass: boolean };

/** Requests of one login; more is a loop. */
const REQUESTS_MAX = 64;
const TEXT_BYTES_MAX = 64 * 1024;

/** A login that cannot go on. */
class Broken extends Error {}

/** The login phase of one connection. */
export class InitiatorLoginPhase {
  readonly #options: IscsiInitiatorOptions;
  readonly #goal: LoginGoal;
  readonly #keys: InitiatorKeys;
  readonly #chap: InitiatorChapPhase;
  readonly #seen = new Set<string>();
  #stage: number;
  #requests = 0;
  #asksOn = false;
  #text = new Uint8Array(0);

  constructor(options: IscsiInitiatorOptions, goal: LoginGoal) {
    this.#options = options;
    this.#goal = goal;
    this.#chap = new InitiatorChapPhase(options);
    const { stage = options.chap === undefined ? 'operational' : 'security' } = options;
    this.#stage = LoginStage[stage];
    this.#keys = new InitiatorKeys(options.offers, goal.target === undefined);
  }

  /** The first request. */
  begin(): Request {
    const { target } = this.#goal;
    const { name, alias } = this.#options;
    const keys: TextKey[] = [{ key: 'InitiatorName', value: name }];
    if (alias !== undefined) keys.push({ key: 'InitiatorAlias', value: alias });
    if (target === undefined) keys.push({ key: 'SessionType', value: 'Discovery' });
    else keys.push({ key: 'SessionType', value: 'Normal' }, { key: 'TargetName', value: target });
    if (this.#stage === LoginStage.operational) return this.#propose(keys);
    return this.#say([...keys, this.#chap.methods], this.#chap.isNone);
  }

  /** Takes a response, lent. */
  take(response: Response): LoginTurn {
    try {
      return this.#take(response);
    } catch (error) {
      if (!(error instanceof Broken || error instanceof KeyFault || error instanceof CodecError))
        throw error;
      return { turn: 'refused', what: error.message, mayPass: false };
    }
  }

  #take(response: Response): LoginTurn {
    const { status } = response;
    if (this.#isFailure(response)) {
      if (status >> 8 === 1) return this.#moved(response);
      const name = nameOf(LoginStatus, status) ?? `status ${status.toString(16).padStart(4, '0')}h`;
      return { turn: 'refused', what: `the target refuses: ${name}`, mayPass: status >> 8 === 3 };
    }
    this.#check(response);
    const text = new Uint8Array(this.#text.length + response.data.length);
    text.set(this.#text);
    text.set(response.data, this.#text.length);
    if (text.length > TEXT_BYTES_MAX) throw new Broken('the text of a login has no end');
    this.#text = response.continue === 1 ? text : new Uint8Array(0);
    // The rest of the text is asked for by an empty request (6.2).
    if (response.continue === 1) return this.#turn(this.#say([], false));
    const keys = textKeysOf(text);
    for (const { key } of keys) {
      if (this.#seen.has(key)) throw new Broken(`the target says ${key} twice`);
      this.#seen.add(key);
    }
    if (response.transit === 1 && !this.#asksOn)
      throw new Broken('the target goes to a stage that nobody asked for');
    return this.#stage === LoginStage.security
      ? this.#security(response, keys)
      : this.#operational(response, keys);
  }

  #isFailure({ status }: Response): boolean {
    return status !== LoginStatus.success;
  }

  #moved({ status, data }: Response): LoginTurn {
    const text = textKeysOf(data).find(({ key }) => key === 'TargetAddress')?.value ?? '';
    const to = parseTargetAddress(text);
    if (to === undefined) throw new Broken('the target has moved, and does not say where');
    return { turn: 'moved', to, permanent: status === LoginStatus['target moved permanently'] };
  }

  #check(response: Response): void {
    const { isid, initiatorTaskTag } = this.#goal;
    if (response.initiatorTaskTag !== initiatorTaskTag)
      throw new Broken('the target answers another login');
    if (!isid.every((byte, i) => byte === response.isid[i]))
      throw new Broken('the target answers with another ISID');
    if (response.versionActive !== 0) throw new Broken('the target speaks another version');
    if (response.currentStage !== this.#stage) throw new Broken('the target is in another stage');
    if (response.transit === 1 && response.continue === 1)
      throw new Broken('the target leaves a stage amid its text');
    if (response.transit === 1 && response.nextStage !== this.#nextStage)
      throw new Broken('the target goes to a stage that nobody asked for');
  }

  get #nextStage(): number {
    return this.#stage === LoginStage.security
      ? LoginStage.operational
      : LoginStage['full feature'];
  }

  // Stages.

  #security(response: Response, keys: readonly TextKey[]): LoginTurn {
    const chap = new Map<string, string>();
    for (const { key, value } of keys) {
      if (key === 'AuthMethod' || key.startsWith('CHAP_')) chap.set(key, value);
      else this.#keys.declared(key, value);
    }
    const answer = this.#chap.take(chap);
    if (typeof answer === 'string') throw new Broken(answer);
    if (response.transit === 1) {
      if (!this.#chap.isDone) throw new Broken('the target does not prove who it is');
      this.#stage = LoginStage.operational;
      return this.#turn(this.#propose([]));
    }
    return this.#turn(this.#say(answer.keys, answer.leaves));
  }

  #operational(response: Response, keys: readonly TextKey[]): LoginTurn {
    const answers: TextKey[] = [];
    for (const one of keys) {
      const answer = this.#keys.take(one);
      if (answer !== undefined) answers.push(answer);
    }
    if (response.transit === 0) return this.#turn(this.#say(answers, true));
    if (answers.length > 0) throw new Broken('the target proposes keys and does not wait');
    return { turn: 'complete', login: this.#complete(response) };
  }

  #complete({ tsih }: Response): InitiatorLogin {
    if (tsih === 0) throw new Broken('the target gives no TSIH');
    const { values } = this.#keys;
    return {
      tsih,
      groupTag: this.#keys.groupTag ?? 0,
      digests: {
        header: values.HeaderDigest === 'CRC32C',
        data: values.DataDigest === 'CRC32C',
      },
      values,
      targetReceives: values.MaxRecvDataSegmentLength,
    };
  }

  /** Says what is wanted, once, and asks for the full feature phase. */
  #propose(first: readonly TextKey[]): Request {
    return this.#say([...first, ...this.#keys.propose()], true);
  }

  #turn(request: Request): LoginTurn {
    return { turn: 'say', request };
  }

  #say(keys: readonly TextKey[], leaves: boolean): Request {
    if (++this.#requests > REQUESTS_MAX) throw new Broken('the login has no end');
    this.#asksOn = leaves;
    const { isid, initiatorTaskTag, cmdSn } = this.#goal;
    return {
      kind: 'Login Request',
      isid,
      tsih: 0,
      cid: 0,
      initiatorTaskTag,
      cmdSn,
      currentStage: this.#stage,
      transit: leaves ? 1 : 0,
      nextStage: leaves ? this.#nextStage : 0,
      data: encodeTextKeys(keys),
    };
  }
}
