/**
 * The operational keys of a login at an initiator: what it proposes, what the target makes of that, and what the
 * target proposes itself.
 *
 * Source: RFC 7143, clauses 6.2 and 13.
 */
import { ISCSI_KEYS, type TextKey } from '../../codecs/iscsi/index.ts';
import { INITIATOR_RECEIVES, LOGIN_OFFERS, type LoginOffers } from './initiator-options.ts';
import {
  answeredValue,
  decidedValue,
  formatKeyValue,
  isOperationalKey,
  KEY_RULES,
  OBSOLETE_KEYS,
  OPERATIONAL_DEFAULTS,
  type OperationalValues,
  parseKeyValue,
  resultOf,
} from './key-rules.ts';

const TAG = /^\d{1,5}$/;
const TAG_MAX = 0xffff;
/** Characters of a value that are shown to people. */
const SHOWN_MAX = 32;

/** A target that says what cannot be. */
export class KeyFault extends Error {
  override readonly name = 'KeyFault';
}

/** The keys of one login. Errors: `KeyFault`. */
export class InitiatorKeys {
  readonly #isDiscovery: boolean;
  readonly #offers: Readonly<Record<string, string>>;
  readonly #values: OperationalValues = { ...OPERATIONAL_DEFAULTS };
  /** What was proposed and has no answer. */
  readonly #open = new Map<string, string>();
  #proposed = false;
  #groupTag: number | undefined;

  constructor(offers: LoginOffers | undefined, isDiscovery: boolean) {
    this.#isDiscovery = isDiscovery;
    const given: Readonly<Record<string, string | undefined>> = { ...LOGIN_OFFERS, ...offers };
    const isMeant = (key: string): boolean =>
      isOperationalKey(key) && !(isDiscovery && KEY_RULES[key].normalOnly === true);
    this.#offers = Object.fromEntries(
      Object.entries(given).filter(
        (one): one is [string, string] => one[1] !== undefined && isMeant(one[0]),
      ),
    );
  }

  /** Tag of the target portal group, where the target said it. */
  get groupTag(): number | undefined {
    return this.#groupTag;
  }

  /** What holds now. What was proposed decides where no answer can change it, and so none has come. */
  get values(): OperationalValues {
    const decided = [...this.#open].flatMap(([key, proposed]) => {
      const value = isOperationalKey(key) ? decidedValue(KEY_RULES[key], proposed) : undefined;
      return value === undefined ? [] : [[key, value]];
    });
    const values: OperationalValues = { ...this.#values, ...Object.fromEntries(decided) };
    const { FirstBurstLength, MaxBurstLength } = values;
    return { ...values, FirstBurstLength: Math.min(FirstBurstLength, MaxBurstLength) };
  }

  /** What is wanted, once. */
  propose(): TextKey[] {
    if (this.#proposed) return [];
    this.#proposed = true;
    const keys = Object.entries(this.#offers).map(([key, value]) => ({ key, value }));
    for (const { key, value } of keys) this.#open.set(key, value);
    return [...keys, { key: 'MaxRecvDataSegmentLength', value: String(INITIATOR_RECEIVES) }];
  }

  /** Takes what the target says; the answer where it is a proposal. */
  take({ key, value }: TextKey): TextKey | undefined {
    const proposed = this.#open.get(key);
    if (proposed === undefined)
      return this.declared(key, value) ? undefined : this.#answer(key, value);
    this.#open.delete(key);
    this.#answered(key, value, proposed);
    return undefined;
  }

  /** True for what a target only says. */
  declared(key: string, value: string): boolean {
    if (key === 'TargetPortalGroupTag') {
      if (!TAG.test(value) || Number(value) > TAG_MAX)
        throw new KeyFault('the target has no portal group tag');
      this.#groupTag = Number(value);
    } else if (key === 'MaxRecvDataSegmentLength') {
      const length = parseKeyValue(KEY_RULES.MaxRecvDataSegmentLength, value);
      if (length === undefined)
        throw new KeyFault(`the target declares ${key}=${value.slice(0, SHOWN_MAX)}`);
      this.#values.MaxRecvDataSegmentLength = length as number;
    } else return key === 'TargetAlias' || key === 'TargetAddress';
    return true;
  }

  /** What the target makes of a proposal; of one that it does not take, the default holds. */
  #answered(key: string, value: string, proposed: string): void {
    if (value === 'Irrelevant' || value === 'NotUnderstood' || value === 'Reject') return;
    if (!isOperationalKey(key)) return;
    const agreed = answeredValue(KEY_RULES[key], value, proposed);
    if (agreed === undefined)
      throw new KeyFault(`the target answers ${key}=${value.slice(0, SHOWN_MAX)} to ${proposed}`);
    Object.assign(this.#values, { [key]: agreed });
  }

  /** The answer to a proposal of the target. */
  #answer(key: string, value: string): TextKey {
    if (Object.hasOwn(OBSOLETE_KEYS, key)) return { key, value: OBSOLETE_KEYS[key]! };
    if (!isOperationalKey(key))
      return { key, value: ISCSI_KEYS.has(key) ? 'Reject' : 'NotUnderstood' };
    const rule = KEY_RULES[key];
    if (this.#isDiscovery && rule.normalOnly === true) return { key, value: 'Irrelevant' };
    // What we have not proposed we want as it is by default.
    const agreed = resultOf(rule, value, OPERATIONAL_DEFAULTS[key]);
    if (agreed === undefined) return { key, value: 'Reject' };
    Object.assign(this.#values, { [key]: agreed });
    return { key, value: formatKeyValue(agreed) };
  }
}
