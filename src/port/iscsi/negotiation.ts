/**
 * The operational keys of a login: what an initiator proposes, what a target answers, what holds then.
 *
 * Source: RFC 7143, clauses 6.2 and 13.
 */
import { ISCSI_KEYS, type IscsiDigests, type TextKey } from '../../codecs/iscsi/index.ts';

/** What a connection has agreed on. */
export interface IscsiParameters {
  readonly digests: IscsiDigests;
  readonly initialR2T: boolean;
  readonly immediateData: boolean;
  readonly maxBurstLength: number;
  readonly firstBurstLength: number;
  readonly maxOutstandingR2T: number;
  /** Most data that the initiator takes in one PDU. */
  readonly initiatorMaxRecvDataSegmentLength: number;
}

/** Data that our end takes in one PDU, as it declares. */
export const MAX_RECV_DATA_SEGMENT_LENGTH = 256 * 1024;
const MAX_BURST_LENGTH = 1024 * 1024;
const FIRST_BURST_LENGTH = 256 * 1024;
const LENGTH_MIN = 512;
const LENGTH_MAX = 2 ** 24 - 1;
const SECONDS_MAX = 3600;
const COUNT_MAX = 65_535;

/** What holds where nobody says anything. Source: RFC 7143, clause 13, the defaults. */
const DEFAULTS = {
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
};

type Value = string | number | boolean;
/** How an answer is made: the value that results, or `undefined` for one that cannot be. */
interface Rule {
  readonly result: (proposed: string) => Value | undefined;
  /** Means something only in a session that moves data. */
  readonly normalOnly?: true;
  /** Only declared: there is no answer. */
  readonly declared?: true;
}

const NUMBER = /^(0[xX][0-9a-fA-F]{1,16}|\d{1,20})$/;

function numberOf(text: string, least: number, most: number): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= least && value <= most ? value : undefined;
}

/** The smaller, or the larger, of what both ends want. */
const numeric =
  (choose: (a: number, b: number) => number, ours: number, least: number, most: number) =>
  (text: string): number | undefined => {
    const proposed = numberOf(text, least, most);
    return proposed === undefined ? undefined : choose(proposed, ours);
  };

const boolean =
  (join: (proposed: boolean) => boolean) =>
  (text: string): boolean | undefined =>
    text === 'Yes' || text === 'No' ? join(text === 'Yes') : undefined;

/** The first of a list that we know too. */
const oneOf =
  (...known: readonly string[]) =>
  (text: string): string | undefined =>
    text.split(',').find((one) => known.includes(one));

const digest: Rule = { result: oneOf('None', 'CRC32C') };
const { min, max } = Math;

const RULES: Readonly<Record<string, Rule>> = {
  HeaderDigest: digest,
  DataDigest: digest,
  MaxConnections: { result: numeric(min, 1, 1, COUNT_MAX), normalOnly: true },
  InitialR2T: { result: boolean((one) => one), normalOnly: true },
  ImmediateData: { result: boolean((one) => one), normalOnly: true },
  MaxRecvDataSegmentLength: {
    result: (text) => numberOf(text, LENGTH_MIN, LENGTH_MAX),
    declared: true,
  },
  MaxBurstLength: {
    result: numeric(min, MAX_BURST_LENGTH, LENGTH_MIN, LENGTH_MAX),
    normalOnly: true,
  },
  FirstBurstLength: {
    result: numeric(min, FIRST_BURST_LENGTH, LENGTH_MIN, LENGTH_MAX),
    normalOnly: true,
  },
  DefaultTime2Wait: { result: numeric(max, 0, 0, SECONDS_MAX) },
  // Tasks are not kept for a connection that comes back: that takes error recovery level 1.
  DefaultTime2Retain: { result: numeric(min, 0, 0, SECONDS_MAX) },
  MaxOutstandingR2T: { result: numeric(min, 1, 1, COUNT_MAX), normalOnly: true },
  DataPDUInOrder: { result: boolean(() => true), normalOnly: true },
  DataSequenceInOrder: { result: boolean(() => true), normalOnly: true },
  ErrorRecoveryLevel: { result: numeric(min, 0, 0, 2) },
  TaskReporting: { result: oneOf('RFC3720'), normalOnly: true },
  iSCSIProtocolLevel: { result: numeric(min, 2, 0, 31), normalOnly: true },
};

/** Keys of before RFC 7143 that initiators still send. Source: RFC 7143, 13.25. */
const OBSOLETE: Readonly<Record<string, string>> = {
  IFMarker: 'No',
  OFMarker: 'No',
  IFMarkInt: 'Reject',
  OFMarkInt: 'Reject',
};

const textOf = (value: Value): string =>
  typeof value === 'boolean' ? (value ? 'Yes' : 'No') : String(value);

/** The operational keys of one login. */
export class Negotiation {
  readonly #values: Record<string, Value> = { ...DEFAULTS };
  readonly #isDiscovery: () => boolean;
  #declared = false;

  /** `isDiscovery`: the session is for discovery, as far as was said. */
  constructor(isDiscovery: () => boolean) {
    this.#isDiscovery = isDiscovery;
  }

  /** The answer to a key; `undefined` for one that has none. */
  answer({ key, value }: TextKey): TextKey | undefined {
    const obsolete = OBSOLETE[key];
    if (Object.hasOwn(OBSOLETE, key)) return { key, value: obsolete! };
    if (!Object.hasOwn(RULES, key))
      return { key, value: ISCSI_KEYS.has(key) ? 'Reject' : 'NotUnderstood' };
    const { result, normalOnly, declared } = RULES[key]!;
    if (normalOnly === true && this.#isDiscovery()) return { key, value: 'Irrelevant' };
    const agreed = result(value);
    if (agreed === undefined) return { key, value: 'Reject' };
    this.#values[key] = agreed;
    return declared === true ? undefined : { key, value: textOf(agreed) };
  }

  /** What we declare, once. */
  declarations(): TextKey[] {
    if (this.#declared) return [];
    this.#declared = true;
    return [{ key: 'MaxRecvDataSegmentLength', value: String(MAX_RECV_DATA_SEGMENT_LENGTH) }];
  }

  /** What holds now. */
  get parameters(): IscsiParameters {
    const values = this.#values as unknown as typeof DEFAULTS;
    const maxBurstLength = values.MaxBurstLength;
    return {
      digests: {
        header: values.HeaderDigest === 'CRC32C',
        data: values.DataDigest === 'CRC32C',
      },
      initialR2T: values.InitialR2T,
      immediateData: values.ImmediateData,
      maxBurstLength,
      firstBurstLength: min(values.FirstBurstLength, maxBurstLength),
      maxOutstandingR2T: values.MaxOutstandingR2T,
      initiatorMaxRecvDataSegmentLength: values.MaxRecvDataSegmentLength,
    };
  }
}
