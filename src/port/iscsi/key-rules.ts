/**
 * The operational keys of a login, whichever end looks at them: what a value may be, how the wishes of both
 * ends become one, and what holds where nobody says anything.
 *
 * Source: RFC 7143, clauses 6.2 and 13; RFC 7144, 7.1.1.
 */

/** A value that a key has. */
export type KeyValue = string | number | boolean;

/** How the result comes about. Source: RFC 7143, 6.2. */
export type KeyRule = (
  | { readonly kind: 'list'; readonly known: readonly string[] }
  | {
      readonly kind: 'number';
      /** `declared`: each end says its own, and there is no answer. */
      readonly result: 'minimum' | 'maximum' | 'declared';
      readonly least: number;
      readonly most: number;
    }
  | { readonly kind: 'boolean'; readonly result: 'and' | 'or' }
) & {
  /** Means something only in a session that moves data. */
  readonly normalOnly?: true;
};

/** What both ends say and agree on. */
export interface OperationalValues {
  HeaderDigest: string;
  DataDigest: string;
  MaxConnections: number;
  InitialR2T: boolean;
  ImmediateData: boolean;
  MaxRecvDataSegmentLength: number;
  MaxBurstLength: number;
  FirstBurstLength: number;
  DefaultTime2Wait: number;
  DefaultTime2Retain: number;
  MaxOutstandingR2T: number;
  DataPDUInOrder: boolean;
  DataSequenceInOrder: boolean;
  ErrorRecoveryLevel: number;
  TaskReporting: string;
  iSCSIProtocolLevel: number;
}

/** What holds where nobody says anything. Source: RFC 7143, clause 13, the defaults. */
export const OPERATIONAL_DEFAULTS: OperationalValues = {
  HeaderDigest: 'None',
  DataDigest: 'None',
  MaxConnections: 1,
  InitialR2T: true,
  ImmediateData: true,
  MaxRecvDataSegmentLength: 8192,
  MaxBurstLength: 262_144,
  FirstBurstLength: 65_536,
  DefaultTime2Wait: 2,
  DefaultTime2Retain: 20,
  MaxOutstandingR2T: 1,
  DataPDUInOrder: true,
  DataSequenceInOrder: true,
  ErrorRecoveryLevel: 0,
  TaskReporting: 'RFC3720',
  iSCSIProtocolLevel: 1,
};

const LENGTH_MIN = 512;
const LENGTH_MAX = 2 ** 24 - 1;
const SECONDS_MAX = 3600;
const COUNT_MAX = 65_535;

const digest: KeyRule = { kind: 'list', known: ['None', 'CRC32C'] };
const length = (result: 'minimum' | 'declared'): KeyRule & { kind: 'number' } => ({
  kind: 'number',
  result,
  least: LENGTH_MIN,
  most: LENGTH_MAX,
});
const seconds = (result: 'minimum' | 'maximum'): KeyRule => ({
  kind: 'number',
  result,
  least: 0,
  most: SECONDS_MAX,
});
const counts = (least: number, most: number): KeyRule & { kind: 'number' } => ({
  kind: 'number',
  result: 'minimum',
  least,
  most,
});

/** All keys that are negotiated or declared once it is known who is there. */
export const KEY_RULES: Readonly<Record<keyof OperationalValues, KeyRule>> = {
  HeaderDigest: digest,
  DataDigest: digest,
  MaxConnections: { ...counts(1, COUNT_MAX), normalOnly: true },
  InitialR2T: { kind: 'boolean', result: 'or', normalOnly: true },
  ImmediateData: { kind: 'boolean', result: 'and', normalOnly: true },
  MaxRecvDataSegmentLength: length('declared'),
  MaxBurstLength: { ...length('minimum'), normalOnly: true },
  FirstBurstLength: { ...length('minimum'), normalOnly: true },
  DefaultTime2Wait: seconds('maximum'),
  DefaultTime2Retain: seconds('minimum'),
  MaxOutstandingR2T: { ...counts(1, COUNT_MAX), normalOnly: true },
  DataPDUInOrder: { kind: 'boolean', result: 'or', normalOnly: true },
  DataSequenceInOrder: { kind: 'boolean', result: 'or', normalOnly: true },
  ErrorRecoveryLevel: counts(0, 2),
  TaskReporting: { kind: 'list', known: ['RFC3720'], normalOnly: true },
  iSCSIProtocolLevel: { ...counts(0, 31), normalOnly: true },
};

/** True for a key of the table. */
export const isOperationalKey = (key: string): key is keyof OperationalValues =>
  Object.hasOwn(KEY_RULES, key);

/** Keys of before RFC 7143 that are still sent, and what they are answered. Source: RFC 7143, 13.25. */
export const OBSOLETE_KEYS: Readonly<Record<string, string>> = {
  IFMarker: 'No',
  OFMarker: 'No',
  IFMarkInt: 'Reject',
  OFMarkInt: 'Reject',
};

const NUMBER = /^(0[xX][0-9a-fA-F]{1,16}|\d{1,20})$/;

/** One value as its key has it; `undefined` for what is none. Of a list this is one of its words. */
export function parseKeyValue(rule: KeyRule, text: string): KeyValue | undefined {
  if (rule.kind === 'list') return rule.known.includes(text) ? text : undefined;
  if (rule.kind === 'boolean') return text === 'Yes' ? true : text === 'No' ? false : undefined;
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  const { least, most } = rule;
  return Number.isSafeInteger(value) && value >= least && value <= most ? value : undefined;
}

/** A value as it is written. */
export const formatKeyValue = (value: KeyValue): string =>
  typeof value === 'boolean' ? (value ? 'Yes' : 'No') : String(value);

/** What becomes of a proposal where this end wants `own`; `undefined` where nothing can. */
export function resultOf(rule: KeyRule, proposed: string, own: KeyValue): KeyValue | undefined {
  if (rule.kind === 'list') return proposed.split(',').find((one) => rule.known.includes(one));
  const value = parseKeyValue(rule, proposed);
  if (value === undefined) return undefined;
  if (rule.kind === 'boolean') return rule.result === 'or' ? value || own : value && own;
  if (rule.result === 'declared') return value;
  const choose = rule.result === 'minimum' ? Math.min : Math.max;
  return choose(value as number, own as number);
}

/**
 * What a proposal alone decides, so that whoever it is made to need not answer (LIO does not): No where both must want
 * it, Yes where one is enough; `undefined` for any other. Source: RFC 7143, 6.2.2.
 */
export function decidedValue(rule: KeyRule, proposed: string): boolean | undefined {
  if (rule.kind !== 'boolean') return undefined;
  const value = parseKeyValue(rule, proposed);
  return value === (rule.result === 'or') ? value : undefined;
}

/** What an answer to a proposal of this end makes hold; `undefined` for one that it cannot be. */
export function answeredValue(
  rule: KeyRule,
  answer: string,
  proposed: string,
): KeyValue | undefined {
  const value = parseKeyValue(rule, answer);
  if (value === undefined) return undefined;
  if (rule.kind === 'list') return proposed.split(',').includes(answer) ? value : undefined;
  // Who proposed a value gets that or what the result function makes of it and any other.
  return resultOf(rule, proposed, value) === value ? value : undefined;
}
