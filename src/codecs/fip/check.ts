/** What makes a well-formed FIP message one that a receiver may act on. */
import { nameOf } from '../layout/index.ts';
import { FIP_NON_CRITICAL_FIRST, FIP_VERSION, FipDescriptorType as Type } from './codes.ts';
import { fipDescriptorTypeOf } from './descriptor.ts';
import { type FipMessage, fipMessageName } from './message.ts';

/** Which descriptors a message must hold, and which it may hold more than once. */
export interface FipRule {
  readonly operation: number;
  readonly subcode: number;
  /** Each entry is a choice: one of its types must be there. */
  readonly required: readonly (readonly number[])[];
  /** Critical types that may stand more than once. */
  readonly repeatable: readonly number[];
  /** Types that some FCFs leave out although the standard asks for them. */
  readonly lenient: readonly number[];
}

const rule = (
  operation: number,
  subcode: number,
  required: readonly (readonly number[])[],
  repeatable: readonly number[] = [],
  lenient: readonly number[] = [],
): FipRule => ({ operation, subcode, required, repeatable, lenient });

const MAC = [Type['MAC address']] as const;
const NAME = [Type.Name_Identifier] as const;
const SIZE = [Type['Max FCoE Size']] as const;
const VX_PORT = [Type['Vx_Port Identification']] as const;
const ELS = [Type.FLOGI, Type['NPIV FDISC'], Type.LOGO, Type.ELP] as const;

/**
 * The rules by operation and subcode. The MAC address of a login's reply is left to the reader of
 * the reply: a rejected login grants none.
 * Source: FC-BB-5 and FC-BB-6, FIP operations; Linux drivers/scsi/fcoe/fcoe_ctlr.c.
 */
export const fipRules: readonly FipRule[] = [
  rule(1, 1, [MAC, NAME, SIZE]),
  rule(1, 2, [[Type.Priority], MAC, NAME, [Type.Fabric], [Type.FKA_ADV_Period]]),
  rule(2, 1, [ELS, MAC]),
  rule(2, 2, [ELS]),
  rule(3, 1, [MAC]),
  rule(3, 2, [MAC, NAME], VX_PORT, [...MAC, ...NAME]),
  rule(4, 1, [MAC]),
  rule(4, 2, [MAC, [Type.VLAN]], [Type.VLAN]),
  rule(4, 3, [MAC, [Type.VLAN]], [Type.VLAN]),
  rule(5, 1, [MAC, NAME, VX_PORT]),
  rule(5, 2, [MAC, NAME, VX_PORT]),
  rule(5, 3, [MAC, NAME, VX_PORT, [Type['FC-4 Attributes']], SIZE]),
  rule(5, 4, [MAC, NAME, VX_PORT, [Type['FC-4 Attributes']], SIZE]),
  rule(5, 5, [MAC, NAME, VX_PORT]),
];

/** How strictly a FIP message is judged. */
export interface FipCheckOptions {
  /** Let pass what real FCFs leave out: MAC address and Name_Identifier of Clear Virtual Links. */
  readonly lenient?: boolean;
}

const typeName = (type: number): string => nameOf(Type, type) ?? String(type);

function isKnown(type: number): boolean {
  return nameOf(Type, type) !== undefined;
}

/**
 * Why a receiver must drop a decoded FIP message, in words; `undefined` when it may act on it.
 *
 * Unknown descriptors below type 128 and duplicate critical ones void the whole frame; unknown
 * ones from 128 on are skipped. Unknown operations are the receiver's to ignore, not a fault.
 * Source: FC-BB-5, FIP descriptors; Linux drivers/scsi/fcoe/fcoe_ctlr.c.
 */
export function checkFip(message: FipMessage, options: FipCheckOptions = {}): string | undefined {
  if (message.version !== FIP_VERSION) return `version ${message.version} is not ${FIP_VERSION}`;
  const { operation, subcode } = message;
  const found = fipRules.find((one) => one.operation === operation && one.subcode === subcode);
  const seen = new Set<number>();
  for (const descriptor of message.descriptors) {
    if (descriptor.kind === 'unknown' && descriptor.fault !== undefined)
      return `a descriptor that does not fit: ${descriptor.fault.message}`;
    const type = fipDescriptorTypeOf(descriptor);
    if (type < FIP_NON_CRITICAL_FIRST) {
      if (!isKnown(type)) return `unknown critical descriptor ${type}`;
      if (seen.has(type) && found !== undefined && !found.repeatable.includes(type))
        return `two ${typeName(type)} descriptors`;
    }
    seen.add(type);
  }
  if (found === undefined) return undefined;
  for (const choice of found.required) {
    if (choice.some((type) => seen.has(type))) continue;
    if (options.lenient === true && choice.every((type) => found.lenient.includes(type))) continue;
    return `${fipMessageName(message)} without ${choice.map(typeName).join(' or ')} descriptor`;
  }
  return undefined;
}
