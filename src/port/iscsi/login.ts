/**
 * The login phase of a connection at a target: stages, security, and the keys that are agreed on.
 *
 * It makes no difference at which stage an initiator begins. A request that says it goes on (C) is
 * answered by an empty response; no key is answered twice.
 * Source: RFC 7143, clause 6.3.
 */
import {
  encodeTextKeys,
  type IscsiPduInput,
  type IscsiPduOf,
  iscsiText,
  keyOf,
  LoginStage,
  LoginStatus,
  type TextKey,
} from '../../codecs/iscsi/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import {
  CHAP_ALGORITHMS,
  type ChapAlgorithm,
  type ChapHash,
  type ChapSecrets,
  chapResponse,
  chooseAlgorithm,
  formatBinaryValue,
  parseBinaryValue,
  sameBytes,
} from './chap.ts';
import { type IscsiParameters, Negotiation } from './negotiation.ts';

type Request = IscsiPduOf<'Login Request'>;
type Response = Extract<IscsiPduInput, { kind: 'Login Response' }>;

/** What a target knows of those who may log in, and what it is called. */
export interface LoginOwner {
  readonly hash: ChapHash;
  /** Bytes that nobody can guess. */
  challenge(bytes: number): Uint8Array;
  /** Whom a target by that name wants to prove himself; `undefined` for nobody. */
  secretsOf(targetName: string | undefined): ChapSecrets | undefined;
  /** Whether a login may go on to a target: its group tag, or how it is refused. */
  admit(login: {
    readonly initiatorName: string;
    readonly targetName: string | undefined;
    readonly isDiscovery: boolean;
  }): { readonly groupTag: number } | { readonly status: number; readonly address?: string };
}

/** What a login that succeeded leaves. */
export interface LoggedIn {
  readonly initiatorName: string;
  readonly targetName: string | undefined;
  readonly isDiscovery: boolean;
  readonly isid: Uint8Array;
  readonly tsih: number;
  readonly cid: number;
  readonly cmdSn: number;
  readonly parameters: IscsiParameters;
}

/** What becomes of a request: a response, and then nothing, the end, or the full feature phase. */
export interface LoginStep {
  /** Its sequence numbers are the connection's, and its TSIH the session's. */
  readonly response: Response;
  readonly outcome: 'more' | 'failed' | 'complete';
}

const TEXT_BYTES_MAX = 64 * 1024;
/** Requests of one login; more is a loop. */
const REQUESTS_MAX = 64;
const CHALLENGE_BYTES = 16;
const NAME_BYTES_MAX = 223;

/** A login that ends here. */
class Refusal extends Error {
  readonly status: number;
  readonly address: string | undefined;

  constructor(status: number, address?: string) {
    super('refused');
    this.status = status;
    this.address = address;
  }
}

const unproven = (): Refusal => new Refusal(LoginStatus['authentication failure']);

/** The login phase of one connection. */
export class LoginPhase {
  readonly #owner: LoginOwner;
  #first: Request | undefined;
  #stage = 0;
  #requests = 0;
  /** Text that goes on in the next request. */
  #text = new Uint8Array(0);
  readonly #seen = new Set<string>();
  readonly #said = new Map<string, string>();
  readonly #negotiation = new Negotiation(() => this.#isDiscovery);
  #admitted = false;
  #authenticated = false;
  #method: 'none' | 'CHAP' | undefined;
  #chap: { algorithm: ChapAlgorithm; identifier: number; challenge: Uint8Array } | undefined;

  constructor(owner: LoginOwner) {
    this.#owner = owner;
  }

  /** What the login said, once it is complete. */
  get result(): LoggedIn {
    const { isid, tsih, cid, cmdSn } = this.#first!;
    return {
      initiatorName: this.#said.get('InitiatorName')!,
      targetName: this.#said.get('TargetName'),
      isDiscovery: this.#isDiscovery,
      isid,
      tsih,
      cid,
      cmdSn,
      parameters: this.#negotiation.parameters,
    };
  }

  get #isDiscovery(): boolean {
    return this.#said.get('SessionType') === 'Discovery';
  }

  /** Takes a request whose bytes are lent. */
  take(request: Request): LoginStep {
    try {
      return this.#take(request);
    } catch (error) {
      if (error instanceof CodecError)
        return this.#refused(request, LoginStatus['initiator error'], undefined);
      if (!(error instanceof Refusal)) throw error;
      return this.#refused(request, error.status, error.address);
    }
  }

  #refused(request: Request, status: number, address: string | undefined): LoginStep {
    const keys = address === undefined ? [] : [{ key: 'TargetAddress', value: address }];
    const response = this.#responseTo(request, keys, { status });
    return { response: { ...response, transit: 0, nextStage: 0 }, outcome: 'failed' };
  }

  #take(request: Request): LoginStep {
    this.#check(request);
    const text = this.#textOf(request);
    if (text === undefined) return { response: this.#responseTo(request, [], {}), outcome: 'more' };
    const keys = iscsiText.decode(text).pairs.map(({ pair }) => keyOf(pair));
    for (const { key } of keys) {
      // A key that comes twice in a negotiation ends it (6.2).
      if (this.#seen.has(key)) throw new Refusal(LoginStatus['initiator error']);
      this.#seen.add(key);
    }
    const answers: TextKey[] = [];
    if (this.#admitted) this.#takeKeys(keys, answers);
    else {
      this.#declare(keys);
      const { groupTag } = this.#admit();
      if (groupTag !== undefined)
        answers.push({ key: 'TargetPortalGroupTag', value: String(groupTag) });
      this.#takeKeys(keys, answers);
    }
    return this.#answer(request, answers);
  }

  #check(request: Request): void {
    const { transit, currentStage, nextStage, versionMin } = request;
    if (++this.#requests > REQUESTS_MAX) throw new Refusal(LoginStatus['initiator error']);
    const isFirst = this.#first === undefined;
    if (isFirst) {
      this.#first = { ...request, isid: request.isid.slice(), data: new Uint8Array(0) };
      this.#stage = currentStage;
    }
    if (versionMin > 0) throw new Refusal(LoginStatus['unsupported version']);
    const first = this.#first!;
    const isSame = first.tsih === request.tsih && first.cid === request.cid;
    const isStage = currentStage === LoginStage.security || currentStage === LoginStage.operational;
    const isForward = transit === 0 || (nextStage > currentStage && nextStage !== 2);
    const isOneOf = transit === 0 || request.continue === 0;
    if (!isSame || !isStage || currentStage !== this.#stage || !isForward || !isOneOf)
      throw new Refusal(LoginStatus['initiator error']);
  }

  /** The text of the request and those before it; `undefined` while it goes on. */
  #textOf({ data, continue: more }: Request): Uint8Array | undefined {
    if (this.#text.length + data.length > TEXT_BYTES_MAX)
      throw new Refusal(LoginStatus['initiator error']);
    const text = new Uint8Array(this.#text.length + data.length);
    text.set(this.#text);
    text.set(data, this.#text.length);
    this.#text = more === 1 ? text : new Uint8Array(0);
    return more === 1 ? undefined : text;
  }

  /** Remembers who it is, in the first text. */
  #declare(keys: readonly TextKey[]): void {
    for (const { key, value } of keys) if (DECLARED.has(key)) this.#said.set(key, value);
  }

  #admit(): { readonly groupTag: number | undefined } {
    const initiatorName = this.#said.get('InitiatorName');
    const targetName = this.#said.get('TargetName');
    const type = this.#said.get('SessionType') ?? 'Normal';
    if (initiatorName === undefined || initiatorName === '')
      throw new Refusal(LoginStatus['missing parameter']);
    if (!isName(initiatorName)) throw new Refusal(LoginStatus['initiator error']);
    if (type !== 'Normal' && type !== 'Discovery')
      throw new Refusal(LoginStatus['session type not supported']);
    const isDiscovery = type === 'Discovery';
    if (!isDiscovery && targetName === undefined)
      throw new Refusal(LoginStatus['missing parameter']);
    const admitted = this.#owner.admit({ initiatorName, targetName, isDiscovery });
    if ('status' in admitted) throw new Refusal(admitted.status, admitted.address);
    this.#admitted = true;
    return admitted;
  }

  #takeKeys(keys: readonly TextKey[], answers: TextKey[]): void {
    const chap = new Map(keys.map(({ key, value }) => [key, value] as const));
    for (const one of keys) {
      const { key } = one;
      if (DECLARED.has(key)) continue;
      if (key === 'AuthMethod') answers.push(this.#chooseMethod(one.value));
      else if (!key.startsWith('CHAP_')) {
        const answer = this.#negotiation.answer(one);
        if (answer !== undefined) answers.push(answer);
      }
    }
    if (chap.has('CHAP_A')) this.#challenge(chap.get('CHAP_A')!, answers);
    else if (chap.has('CHAP_R') || chap.has('CHAP_N')) this.#prove(chap, answers);
  }

  get #secrets(): ChapSecrets | undefined {
    return this.#owner.secretsOf(this.#said.get('TargetName'));
  }

  #chooseMethod(list: string): TextKey {
    const offered = list.split(',');
    const wanted = this.#secrets === undefined ? 'None' : 'CHAP';
    if (this.#stage !== LoginStage.security || !offered.includes(wanted)) throw unproven();
    this.#method = wanted === 'None' ? 'none' : 'CHAP';
    return { key: 'AuthMethod', value: wanted };
  }

  #challenge(list: string, answers: TextKey[]): void {
    const algorithm = chooseAlgorithm(list);
    if (this.#method !== 'CHAP' || algorithm === undefined) throw unproven();
    const [identifier] = this.#owner.challenge(1);
    const challenge = this.#owner.challenge(CHALLENGE_BYTES);
    this.#chap = { algorithm, identifier: identifier!, challenge };
    answers.push(
      { key: 'CHAP_A', value: String(CHAP_ALGORITHMS[algorithm]) },
      { key: 'CHAP_I', value: String(identifier) },
      { key: 'CHAP_C', value: formatBinaryValue(challenge) },
    );
  }

  #prove(keys: ReadonlyMap<string, string>, answers: TextKey[]): void {
    const secrets = this.#secrets;
    const chap = this.#chap;
    if (chap === undefined || secrets === undefined) throw unproven();
    const { algorithm, identifier, challenge } = chap;
    const { hash } = this.#owner;
    const given = parseBinaryValue(keys.get('CHAP_R') ?? '');
    const right = chapResponse(hash, algorithm, identifier, secrets.secret, challenge);
    const isUser = keys.get('CHAP_N') === secrets.user;
    if (given === undefined || !sameBytes(given, right) || !isUser) throw unproven();
    this.#authenticated = true;
    if (!keys.has('CHAP_C')) return;
    const theirs = parseBinaryValue(keys.get('CHAP_C')!);
    const id = Number(keys.get('CHAP_I'));
    // One's own challenge that comes back would have us answer for the initiator (9.2.1).
    const isOwn = theirs !== undefined && sameBytes(theirs, challenge);
    const { target } = secrets;
    if (target === undefined || theirs === undefined || isOwn) throw unproven();
    if (!Number.isInteger(id) || id < 0 || id > 255) throw unproven();
    const proof = chapResponse(hash, algorithm, id, target.secret, theirs);
    answers.push(
      { key: 'CHAP_N', value: target.name },
      { key: 'CHAP_R', value: formatBinaryValue(proof) },
    );
  }

  #answer(request: Request, answers: TextKey[]): LoginStep {
    const { transit, currentStage, nextStage } = request;
    if (currentStage === LoginStage.operational || nextStage === LoginStage['full feature'])
      answers.push(...this.#negotiation.declarations());
    const leaves = transit === 1 && this.#mayLeave(currentStage);
    if (leaves) this.#stage = nextStage;
    const isLast = leaves && nextStage === LoginStage['full feature'];
    const step = leaves ? { transit: 1, nextStage } : {};
    return {
      response: this.#responseTo(request, answers, step),
      outcome: isLast ? 'complete' : 'more',
    };
  }

  /** Whether a stage is done: whoever has to prove himself has to have done so. */
  #mayLeave(stage: number): boolean {
    if (this.#secrets === undefined) return true;
    if (this.#authenticated) return true;
    if (stage === LoginStage.operational) throw unproven();
    if (this.#method === undefined) throw unproven();
    return false;
  }

  #responseTo(request: Request, keys: readonly TextKey[], more: Partial<Response>): Response {
    const { isid, tsih, initiatorTaskTag, currentStage } = request;
    return {
      kind: 'Login Response',
      isid: isid.slice(),
      tsih,
      initiatorTaskTag,
      currentStage,
      data: encodeTextKeys(keys),
      ...more,
    };
  }
}

/** Keys that say who one is; they have no answer. */
const DECLARED: ReadonlySet<string> = new Set([
  'InitiatorName',
  'TargetName',
  'SessionType',
  'InitiatorAlias',
]);

/** The three forms of names. Source: RFC 7143, 4.2.7. */
function isName(name: string): boolean {
  return name.length <= NAME_BYTES_MAX && /^(iqn|eui|naa)\.[!-~]+$/.test(name);
}
