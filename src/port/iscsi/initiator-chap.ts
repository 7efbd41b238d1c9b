/**
 * The security stage of a login at an initiator: which methods it offers, and CHAP, one way or both.
 *
 * Source: RFC 7143, 12.1 and 9.2.1.
 */
import type { TextKey } from '../../codecs/iscsi/index.ts';
import {
  CHAP_ALGORITHMS,
  type ChapAlgorithm,
  chapResponse,
  chooseAlgorithm,
  formatBinaryValue,
  parseBinaryValue,
  sameBytes,
} from './chap.ts';
import type { IscsiInitiatorOptions } from './initiator-options.ts';

const CHALLENGE_BYTES = 16;
const IDENTIFIER = /^\d{1,3}$/;
/** As open-iscsi 2.1.8 where nobody says otherwise: tgt 1.0.85 takes 7 for SHA-1, so that SHA-256 fails there. */
const ALGORITHMS: readonly ChapAlgorithm[] = ['MD5'];

/** What is said next, and whether the stage may be left then. */
export interface SecurityAnswer {
  readonly keys: readonly TextKey[];
  readonly leaves: boolean;
}

/** The security stage of one login. */
export class InitiatorChapPhase {
  readonly #options: IscsiInitiatorOptions;
  #state: 'offered' | 'CHAP' | 'proved' | 'done' = 'offered';
  /** What was asked of the target. */
  #asked: { algorithm: ChapAlgorithm; identifier: number; challenge: Uint8Array } | undefined;

  constructor(options: IscsiInitiatorOptions) {
    this.#options = options;
    if (options.chap === undefined) this.#state = 'done';
  }

  /** Nobody has to prove anything. */
  get isNone(): boolean {
    return this.#options.chap === undefined;
  }

  /** Whoever had to prove himself has done so. */
  get isDone(): boolean {
    return this.#state === 'done';
  }

  /** The key by which methods are offered. */
  get methods(): TextKey {
    const { chap } = this.#options;
    // Who wants the target to prove itself takes nothing less.
    const value = chap === undefined ? 'None' : chap.target === undefined ? 'CHAP,None' : 'CHAP';
    return { key: 'AuthMethod', value };
  }

  /** Takes the keys of a response; what is wrong with them, in words, or what follows. */
  take(keys: ReadonlyMap<string, string>): SecurityAnswer | string {
    const method = keys.get('AuthMethod');
    if (method !== undefined) return this.#chosen(method);
    if (keys.has('CHAP_A') || keys.has('CHAP_C')) return this.#challenged(keys);
    if (this.#state === 'proved') return this.#proof(keys);
    return { keys: [], leaves: this.isDone };
  }

  #chosen(method: string): SecurityAnswer | string {
    if (!this.methods.value.split(',').includes(method))
      return `the target chooses the method ${method.slice(0, 32)}`;
    if (method === 'None') {
      this.#state = 'done';
      return { keys: [], leaves: true };
    }
    this.#state = 'CHAP';
    const { algorithms = ALGORITHMS } = this.#options.chap!;
    const value = algorithms.map((one) => CHAP_ALGORITHMS[one]).join(',');
    return { keys: [{ key: 'CHAP_A', value }], leaves: false };
  }

  #challenged(keys: ReadonlyMap<string, string>): SecurityAnswer | string {
    const { chap, hash, challenge: draw } = this.#options;
    if (this.#state !== 'CHAP' || chap === undefined)
      return 'the target asks for a proof too early';
    const { algorithms = ALGORITHMS } = chap;
    const algorithm = chooseAlgorithm(keys.get('CHAP_A') ?? '');
    if (algorithm === undefined || !algorithms.includes(algorithm))
      return 'the target chooses an algorithm that was not offered';
    const identifier = identifierOf(keys.get('CHAP_I'));
    const challenge = parseBinaryValue(keys.get('CHAP_C') ?? '');
    if (identifier === undefined || challenge === undefined || challenge.length === 0)
      return 'the target asks for a proof without a challenge';
    const proof = chapResponse(hash, algorithm, identifier, chap.secret, challenge);
    const said: TextKey[] = [
      { key: 'CHAP_N', value: chap.user },
      { key: 'CHAP_R', value: formatBinaryValue(proof) },
    ];
    this.#state = 'done';
    if (chap.target !== undefined) {
      this.#state = 'proved';
      const own = { algorithm, identifier: draw(1)[0]!, challenge: draw(CHALLENGE_BYTES) };
      // The same challenge back would have the target answer itself (9.2.1).
      if (sameBytes(own.challenge, challenge)) return 'the challenges of both ends are the same';
      this.#asked = own;
      said.push(
        { key: 'CHAP_I', value: String(own.identifier) },
        { key: 'CHAP_C', value: formatBinaryValue(own.challenge) },
      );
    }
    return { keys: said, leaves: true };
  }

  #proof(keys: ReadonlyMap<string, string>): SecurityAnswer | string {
    const { chap, hash } = this.#options;
    const asked = this.#asked!;
    const { name, secret } = chap!.target!;
    const given = parseBinaryValue(keys.get('CHAP_R') ?? '');
    const right = chapResponse(hash, asked.algorithm, asked.identifier, secret, asked.challenge);
    const isRight = given !== undefined && sameBytes(given, right);
    if (!isRight || (name !== undefined && keys.get('CHAP_N') !== name))
      return 'the target does not prove who it is';
    this.#state = 'done';
    return { keys: [], leaves: true };
  }
}

function identifierOf(text: string | undefined): number | undefined {
  const value = text !== undefined && IDENTIFIER.test(text) ? Number(text) : 256;
  return value > 255 ? undefined : value;
}
