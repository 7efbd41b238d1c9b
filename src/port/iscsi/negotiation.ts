/**
 * The operational keys of a login at a target: what it answers to what an initiator proposes, what holds then.
 *
 * Source: RFC 7143, clauses 6.2 and 13.
 */
import { ISCSI_KEYS, type IscsiDigests, type TextKey } from '../../codecs/iscsi/index.ts';
import {
  formatKeyValue,
  isOperationalKey,
  KEY_RULES,
  OBSOLETE_KEYS,
  OPERATIONAL_DEFAULTS,
  type OperationalValues,
  resultOf,
} from './key-rules.ts';

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

/** What a target wants. */
const OWN: OperationalValues = {
  ...OPERATIONAL_DEFAULTS,
  InitialR2T: false,
  MaxBurstLength: 1024 * 1024,
  FirstBurstLength: 256 * 1024,
  DefaultTime2Wait: 0,
  // Tasks are not kept for a connection that comes back: that takes error recovery level 1.
  DefaultTime2Retain: 0,
  iSCSIProtocolLevel: 2,
};

/** The operational keys of one login. */
export class Negotiation {
  readonly #values: OperationalValues = { ...OPERATIONAL_DEFAULTS };
  readonly #isDiscovery: () => boolean;
  #declared = false;

  /** `isDiscovery`: the session is for discovery, as far as was said. */
  constructor(isDiscovery: () => boolean) {
    this.#isDiscovery = isDiscovery;
  }

  /** The answer to a key; `undefined` for one that has none. */
  answer({ key, value }: TextKey): TextKey | undefined {
    if (Object.hasOwn(OBSOLETE_KEYS, key)) return { key, value: OBSOLETE_KEYS[key]! };
    if (!isOperationalKey(key))
      return { key, value: ISCSI_KEYS.has(key) ? 'Reject' : 'NotUnderstood' };
    const rule = KEY_RULES[key];
    if (rule.normalOnly === true && this.#isDiscovery()) return { key, value: 'Irrelevant' };
    const agreed = resultOf(rule, value, OWN[key]);
    if (agreed === undefined) return { key, value: 'Reject' };
    Object.assign(this.#values, { [key]: agreed });
    const isDeclared = rule.kind === 'number' && rule.result === 'declared';
    return isDeclared ? undefined : { key, value: formatKeyValue(agreed) };
  }

  /** What we declare, once. */
  declarations(): TextKey[] {
    if (this.#declared) return [];
    this.#declared = true;
    return [{ key: 'MaxRecvDataSegmentLength', value: String(MAX_RECV_DATA_SEGMENT_LENGTH) }];
  }

  /** What holds now. */
  get parameters(): IscsiParameters {
    const values = this.#values;
    const maxBurstLength = values.MaxBurstLength;
    return {
      digests: {
        header: values.HeaderDigest === 'CRC32C',
        data: values.DataDigest === 'CRC32C',
      },
      initialR2T: values.InitialR2T,
      immediateData: values.ImmediateData,
      maxBurstLength,
      firstBurstLength: Math.min(values.FirstBurstLength, maxBurstLength),
      maxOutstandingR2T: values.MaxOutstandingR2T,
      initiatorMaxRecvDataSegmentLength: values.MaxRecvDataSegmentLength,
    };
  }
}
