/** A sequence that comes in several frames, put together. Source: FC-FS-3, sequences. */
import { RECEIVE_BYTES_MIN } from '../../codecs/els/index.ts';
import { FCTL_END_SEQUENCE, type FcHeader } from '../../codecs/fc/index.ts';

/** Bytes that a reply of several frames may have (a name server's list of 65,536 ports). */
const REPLY_BYTES_MAX = 1 << 20;
/** Frames that a reply may have: as many as its bytes fill in ports of the least receive size. */
const REPLY_FRAMES_MAX = REPLY_BYTES_MAX / RECEIVE_BYTES_MIN;

/** Joins the frames of one sequence, in SEQ_CNT order, until the one that ends it. */
export class SequenceCollector {
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #nextSeqCnt = 0;

  /** How many frames it holds. */
  get size(): number {
    return this.#parts.length;
  }

  /** The whole payload once the last frame is there. A gap or too much starts anew and waits. */
  add(header: FcHeader, payload: Uint8Array): Uint8Array | undefined {
    if (this.#parts.length === 0) this.#nextSeqCnt = header.seqCnt;
    const isTooMuch =
      this.#bytes + payload.length > REPLY_BYTES_MAX || this.#parts.length === REPLY_FRAMES_MAX;
    if (header.seqCnt !== this.#nextSeqCnt || isTooMuch) {
      this.#parts = [];
      this.#bytes = 0;
      return undefined;
    }
    this.#parts.push(payload);
    this.#bytes += payload.length;
    this.#nextSeqCnt = (header.seqCnt + 1) & 0xffff;
    if ((header.fCtl & FCTL_END_SEQUENCE) === 0) return undefined;
    if (this.#parts.length === 1) return payload;
    const whole = new Uint8Array(this.#bytes);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}
