/**
 * Text negotiation of a session at a target: who the targets are, and how much the initiator takes at once.
 *
 * Source: RFC 7143, 11.10, 11.11, Appendix C.
 */
import {
  encodeTextKeys,
  type IscsiPduOf,
  IscsiRejectReason,
  iscsiText,
  keyOf,
  RESERVED_TAG,
  type TextKey,
} from '../../codecs/iscsi/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import type { SessionOwner } from './session-owner.ts';

/** Bytes of keys that a text request may have. */
const TEXT_BYTES_MAX = 64 * 1024;
const SEGMENT_BYTES_MIN = 512;
const SEGMENT_BYTES_MAX = 2 ** 24 - 1;
const NO_TEXT = new Uint8Array(0);

/** The text of one session. */
export class SessionText {
  /** The longest data segment that the initiator takes. */
  initiatorReceives: number;
  readonly #owner: SessionOwner;
  /** Text that goes on: from the initiator, and to it. */
  #in = NO_TEXT;
  #out: Uint8Array | undefined;

  constructor(owner: SessionOwner, initiatorReceives: number) {
    this.#owner = owner;
    this.initiatorReceives = initiatorReceives;
  }

  /** Takes a request, lent. */
  take(pdu: IscsiPduOf<'Text Request'>): void {
    if (pdu.targetTransferTag !== RESERVED_TAG && this.#out !== undefined) {
      this.#send(pdu.initiatorTaskTag);
      return;
    }
    const text = new Uint8Array(this.#in.length + pdu.data.length);
    text.set(this.#in);
    text.set(pdu.data, this.#in.length);
    if (text.length > TEXT_BYTES_MAX) {
      this.#in = NO_TEXT;
      this.#owner.reject(IscsiRejectReason['protocol error'], pdu);
      return;
    }
    this.#in = pdu.continue === 1 ? text : NO_TEXT;
    if (pdu.continue === 1) {
      this.#out = NO_TEXT;
      this.#send(pdu.initiatorTaskTag, true);
      return;
    }
    try {
      const keys = iscsiText.decode(text).pairs.map(({ pair }) => keyOf(pair));
      this.#out = encodeTextKeys(keys.flatMap((one) => this.#answer(one)));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#owner.reject(IscsiRejectReason['protocol error'], pdu);
      return;
    }
    this.#send(pdu.initiatorTaskTag);
  }

  #answer({ key, value }: TextKey): readonly TextKey[] {
    if (key === 'SendTargets') return this.#owner.targets(value);
    if (key === 'MaxRecvDataSegmentLength' && /^\d{3,8}$/.test(value)) {
      const length = Math.max(SEGMENT_BYTES_MIN, Number(value));
      this.initiatorReceives = Math.min(length, SEGMENT_BYTES_MAX);
      return [];
    }
    return [{ key, value: 'NotUnderstood' }];
  }

  /** As much of the answer as the initiator takes at once; it asks for more. */
  #send(initiatorTaskTag: number, asksOn = false): void {
    const text = this.#out!;
    const data = text.subarray(0, this.initiatorReceives);
    const left = text.subarray(data.length);
    const goesOn = asksOn || left.length > 0;
    this.#out = left.length > 0 ? left : undefined;
    this.#owner.send(
      {
        kind: 'Text Response',
        initiatorTaskTag,
        final: goesOn ? 0 : 1,
        continue: left.length > 0 ? 1 : 0,
        ...(goesOn ? { targetTransferTag: 1 } : {}),
        data,
      },
      true,
    );
  }
}
