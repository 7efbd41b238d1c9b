/** FIP messages: header, descriptors, padding. */
import type { FcHeaderInput } from '../fc/header.ts';
import {
  bit,
  codec,
  derived,
  flags,
  type Infer,
  type InferInput,
  list,
  named,
  of,
  reserved8,
  reservedBits,
  rest,
  sized,
  u8,
  u16,
  withDefault,
} from '../layout/index.ts';
import {
  FIP_VERSION,
  FipControl,
  FipDiscovery,
  FipFlags,
  FipLinkService,
  FipOperation,
  FipVlan,
  FipVn2vn,
} from './codes.ts';
import {
  type FipDescriptorInput,
  type FipDescriptorKind,
  type FipDescriptorOf,
  type FipEncapsulated,
  fipDescriptor,
} from './descriptor.ts';

const WORD_BYTES = 4;

/**
 * FIP header.
 *
 * Shape: 10 bytes, then `descriptorWords` x 4 bytes of descriptors.
 * Units: `descriptorWords` counts 32-bit words, header not included.
 * Source: FC-BB-5, FIP encapsulation.
 */
export const fipHeader = codec('FIP header', 'FC-BB-5, FIP encapsulation', {
  version: withDefault(bit(4), FIP_VERSION),
  reserved1: reservedBits(4),
  reserved2: reserved8,
  operation: named(u16, FipOperation),
  reserved3: reserved8,
  subcode: u8,
  descriptorWords: u16,
  flags: withDefault(flags(u16, FipFlags), 0),
});
/** What `fipHeader` decodes. */
export type FipHeader = Infer<typeof fipHeader>;

/**
 * A FIP message: the header's fields, the descriptor list, and what pads the frame.
 *
 * Shape: 10 bytes + `descriptorWords` x 4 + `pad`. `encode` derives every length left out.
 * Errors: `truncated` below 10 bytes; `bad-length` when the list runs past the frame or a
 * descriptor past the list. In `decodeFrame`, a list that runs past the frame ends there, and a
 * descriptor that does not fit is `unknown`, with its fault beside it.
 * Source: FC-BB-5, FIP encapsulation.
 */
export const fipMessage = codec('FIP', 'FC-BB-5, FIP encapsulation', {
  ...fipHeader.table,
  descriptorWords: derived(u16, (_, sizeOf) => sizeOf('descriptors') / WORD_BYTES),
  descriptors: sized(
    of<{ descriptorWords: number }>((header) => header.descriptorWords * WORD_BYTES),
    list(fipDescriptor),
    { mayLack: true },
  ),
  pad: rest,
});
/** What `fipMessage` decodes. */
export type FipMessage = Infer<typeof fipMessage>;
/** What `fipMessage` encodes. */
export type FipMessageInput = InferInput<typeof fipMessage>;

/** The first descriptor of a kind, `undefined` where the message has none. */
export function fipDescriptorOf<K extends FipDescriptorKind>(
  message: FipMessage,
  kind: K,
): FipDescriptorOf<K> | undefined {
  return message.descriptors.find((one): one is FipDescriptorOf<K> => one.kind === kind);
}

/** All descriptors of a kind, in wire order. */
export function fipDescriptorsOf<K extends FipDescriptorKind>(
  message: FipMessage,
  kind: K,
): FipDescriptorOf<K>[] {
  return message.descriptors.filter((one): one is FipDescriptorOf<K> => one.kind === kind);
}

/** The descriptor that holds the ELS or SW_ILS of a Virtual Link Instantiation operation. */
export function fipElsOf(message: FipMessage): FipEncapsulated | undefined {
  return message.descriptors.find(
    (one): one is FipEncapsulated =>
      one.kind === 'flogi' || one.kind === 'fdisc' || one.kind === 'logo' || one.kind === 'elp',
  );
}

/** A descriptor that holds an FC frame. `payload` is the ELS, in whole words. */
export function fipEncapsulate(
  kind: FipEncapsulated['kind'],
  header: FcHeaderInput,
  payload: Uint8Array,
): FipDescriptorInput {
  return { kind, header, payload };
}

const SUBCODES: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  1: FipDiscovery,
  2: FipLinkService,
  3: FipControl,
  4: FipVlan,
  5: FipVn2vn,
};
const PREFIXES: Readonly<Record<number, string>> = {
  1: 'Discovery',
  2: 'Virtual Link Instantiation',
  3: 'FIP',
  4: 'FIP VLAN',
  5: 'VN2VN',
};
const ELS_NAMES = { flogi: 'FLOGI', fdisc: 'FDISC', logo: 'LOGO', elp: 'ELP' } as const;

/** The message's name: `Discovery Advertisement`, `FLOGI Request`, `VN2VN Beacon`. */
export function fipMessageName(message: FipMessage): string {
  const { operation, subcode } = message;
  const table = SUBCODES[operation];
  const name = Object.keys(table ?? {}).find((key) => table![key] === subcode);
  if (name === undefined) return `operation ${operation} subcode ${subcode}`;
  const els = operation === FipOperation['Virtual Link Instantiation'] && fipElsOf(message);
  return `${els ? ELS_NAMES[els.kind] : PREFIXES[operation]!} ${name}`;
}
