/** Where iSCSI PDUs begin in a byte stream, and how long they are. */
import { crc32c } from '../crc32c.ts';
import type { AnyCodec, TableCodec } from '../layout/index.ts';
import { u24, u32, u32le } from '../layout/index.ts';
import type { Framer } from '../stream/framer.ts';
import { IscsiOpcode, RESERVED_TAG } from './codes.ts';
import { BHS_BYTES, DIGEST_BYTES, type IscsiDigests, NO_DIGESTS } from './parts.ts';
import { headerBytesAt, iscsiPdu, paddedDataBytesAt, pduBytesAt } from './pdu.ts';

const OPCODE_MASK = 0x3f;
const ITT_AT = 16;
/** Nobody takes more data at once: a longer segment is taken for noise where PDUs are looked for. */
const DATA_BYTES_LIKELY_MAX = 2 << 20;
/** Opcodes of vendors: 1Ch to 1Eh, 3Ch to 3Eh. */
const isVendors = (opcode: number): boolean => {
  const code = opcode & 0x1f;
  return code >= 0x1c && code <= 0x1e;
};

/** Reserved fields in the head of each PDU. */
const reservedOf = new Map<AnyCodec, readonly string[]>();

function reservedKeys(member: TableCodec<string, never>): readonly string[] {
  let keys = reservedOf.get(member as unknown as AnyCodec);
  if (keys === undefined) {
    const table = member.table as Readonly<Record<string, { readonly place: string }>>;
    keys = Object.keys(table).filter(
      (key) => key.startsWith('reserved') && table[key]!.place === 'fixed',
    );
    reservedOf.set(member as unknown as AnyCodec, keys);
  }
  return keys;
}

const isZero = (value: unknown): boolean =>
  value === 0 || (value instanceof Uint8Array && value.every((byte) => byte === 0));

/** PDUs whose tag stands for a task of their initiator. */
const NEEDS_TAG: ReadonlySet<number> = new Set([
  IscsiOpcode['SCSI Command'],
  IscsiOpcode['Task Management Function Request'],
  IscsiOpcode['SCSI Data-Out'],
  IscsiOpcode['SCSI Response'],
  IscsiOpcode['Task Management Function Response'],
  IscsiOpcode['SCSI Data-In'],
  IscsiOpcode.R2T,
]);
const WITHOUT_TAG: ReadonlySet<number> = new Set([
  IscsiOpcode['Asynchronous Message'],
  IscsiOpcode.Reject,
]);

/**
 * Whether the bytes look like the beginning of a PDU: a known opcode, all that is reserved zero, lengths and
 * tags that make sense. 48 bytes must be there.
 */
export function looksLikePdu(bytes: Uint8Array, at: number): boolean {
  const opcode = bytes[at]! & OPCODE_MASK;
  const members = iscsiPdu.members as unknown as Readonly<
    Record<number, TableCodec<string, never> | undefined>
  >;
  const member = members[opcode];
  if (member === undefined) return false;
  if (u24.read(bytes, at + 5, 0) > DATA_BYTES_LIKELY_MAX) return false;
  if (bytes[at + 4] !== 0 && opcode !== IscsiOpcode['SCSI Command']) return false;
  const tag = u32.read(bytes, at + ITT_AT, 0);
  if (tag === RESERVED_TAG ? NEEDS_TAG.has(opcode) : WITHOUT_TAG.has(opcode)) return false;
  const view = member.view(bytes, at) as unknown as Readonly<Record<string, unknown>>;
  return reservedKeys(member).every((key) => isZero(view[key]));
}

/** Whether a Login Request of version 0 begins here: by that a connection is known on any TCP port. */
export function looksLikeLogin(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    end - at >= BHS_BYTES &&
    bytes[at] === (0x40 | IscsiOpcode['Login Request']) &&
    bytes[at + 2] === 0 &&
    bytes[at + 3] === 0 &&
    looksLikePdu(bytes, at)
  );
}

/** The PDUs of a connection, both directions. What digests it has is said by its login, or shows in its PDUs. */
export class IscsiFramer implements Framer {
  readonly headBytes = BHS_BYTES;
  #digests: IscsiDigests | undefined;

  /** `digests`: what is known of them. */
  constructor(digests?: IscsiDigests) {
    this.#digests = digests;
  }

  /** The digests that the connection has now. */
  get digests(): IscsiDigests {
    return this.#digests ?? NO_DIGESTS;
  }

  set digests(digests: IscsiDigests) {
    this.#digests = digests;
  }

  lengthAt(bytes: Uint8Array, at: number): number | undefined {
    const opcode = bytes[at]! & OPCODE_MASK;
    if (!Object.hasOwn(iscsiPdu.members, opcode) && !isVendors(opcode)) return undefined;
    return pduBytesAt(bytes, at, this.digests);
  }

  begins(bytes: Uint8Array, at: number, end: number): boolean {
    if (end - at < BHS_BYTES || !looksLikePdu(bytes, at)) return false;
    this.#digests ??= digestsShown(bytes, at, end);
    return true;
  }
}

/** The digests that a PDU shows, as far as it is there. */
function digestsShown(bytes: Uint8Array, at: number, end: number): IscsiDigests {
  const matches = (from: number, to: number): boolean =>
    to + DIGEST_BYTES <= end && crc32c(bytes, from, to) === u32le.read(bytes, to, 0);
  const headerEnd = at + headerBytesAt(bytes, at);
  const header = matches(at, headerEnd);
  const length = paddedDataBytesAt(bytes, at);
  const from = headerEnd + (header ? DIGEST_BYTES : 0);
  const isThere = length > 0 && from + length <= end;
  return { header, data: isThere ? matches(from, from + length) : header };
}
