/** I19: frames of a sequence follow the rules of FC-2 and of FCP's data transfer. */
import { RECEIVE_BYTES_MAX, RECEIVE_BYTES_MIN } from '../../codecs/els/index.ts';
import { FCTL_END_SEQUENCE, FCTL_RELATIVE_OFFSET } from '../../codecs/fc/index.ts';
import { Eof, fcCrcAt, Sof } from '../../codecs/fcoe/index.ts';
import { formatFcId } from '../../codecs/layout/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { IdMap } from '../ledger/id-map.ts';
import { Numbers } from '../ledger/numbers.ts';
import type { Rule } from '../rule.ts';
import { hex16 } from '../seen/exchange.ts';
import type { FcFrame, SeenFrame } from '../seen/frame.ts';
import { ReceiveSizes } from '../seen/receive-sizes.ts';

/** Sequences and exchanges watched at once; the oldest are forgotten first. */
const OPEN_MAX = 100_000;

interface OpenSequence {
  seqCnt: number;
  offsetEnd: number;
}

/** I19. Needs frames alone. */
export class SequenceRules implements Rule {
  readonly invariant = 'I19';
  readonly sentence =
    'Sequences keep the rules: SOF and EOF, SEQ_CNT, relative offset, burst length, frame size, CRC';
  readonly needs: readonly Evidence[] = ['frame'];
  readonly hears: readonly Evidence[] = ['frame'];
  readonly #findings = new Findings();
  readonly #links = new Numbers();
  /** By link, sender, receiver, and OX_ID with SEQ_ID. */
  readonly #open = new IdMap<OpenSequence>(OPEN_MAX);
  /** Frames that came in damaged, which a switch may pass on as they are: by their stored CRC. */
  readonly #damaged = new Set<number>();
  readonly #sizes = new ReceiveSizes();
  /** Every fault of a run is told, so that a frame that comes in damaged is its sender's. */
  readonly #faultsAreTold: boolean;
  #frames = 0;
  #gaps = 0;

  constructor({ partial }: RuleContext) {
    this.#faultsAreTold = !partial;
  }

  see(frame: SeenFrame): void {
    if (frame.protocol === 'fc') this.#frame(frame);
  }

  #frame(fc: FcFrame): void {
    this.#frames++;
    const { header } = fc;
    if (!fc.crcGood) {
      this.#checkDamaged(fc);
      return;
    }
    // What a fault changed, doubled or held back tells nothing about its sender.
    if (fc.disturbed !== undefined) return;
    const link = this.#links.of(fc.link);
    const { sId, dId } = header;
    const sequence = (header.oxId << 8) | header.seqId;
    const open = this.#open.get(link, sId, dId, sequence);
    this.#checkDelimiters(fc, open !== undefined);
    this.#checkSize(fc);
    const length = fc.payloadBytes;
    const last = (header.fCtl & FCTL_END_SEQUENCE) !== 0;
    const offset = (header.fCtl & FCTL_RELATIVE_OFFSET) !== 0 ? header.parameter : undefined;
    if (open !== undefined && header.seqCnt === ((open.seqCnt + 1) & 0xffff)) {
      if (offset !== undefined && offset !== open.offsetEnd) {
        this.#note(fc, `relative offset ${offset} follows ${open.offsetEnd}`);
      }
    } else if (open !== undefined && header.seqCnt !== open.seqCnt) this.#gaps++;
    if (fc.role === 'data-out') this.#checkBurst(fc, offset ?? 0, length);
    if (last) {
      if (open !== undefined) this.#open.delete(link, sId, dId, sequence);
    } else {
      const begun = { seqCnt: header.seqCnt, offsetEnd: (offset ?? 0) + length };
      this.#open.set(link, sId, dId, sequence, begun);
    }
  }

  /**
   * A frame that comes in damaged is its receivers' to drop; a switch must not damage one itself. In a
   * capture the cable to the switch may have done it, so that it accuses nobody; in a run, where each
   * fault is told, its sender has.
   */
  #checkDamaged(fc: FcFrame): void {
    const { tapped, disturbed } = fc;
    const crc = storedCrc(tapped.bytes);
    const comesIn = tapped.direction === 'in';
    const isBlamed = comesIn ? this.#faultsAreTold : !this.#damaged.has(crc);
    if (isBlamed && disturbed === undefined) this.#note(fc, 'wrong FC CRC');
    if (!comesIn) return;
    this.#damaged.add(crc);
    if (this.#damaged.size > OPEN_MAX) this.#damaged.delete(this.#damaged.values().next().value!);
  }

  #checkDelimiters(fc: FcFrame, isOpen: boolean): void {
    const { header, sof, eof } = fc;
    const last = (header.fCtl & FCTL_END_SEQUENCE) !== 0;
    if (sof === Sof.SOFi3 && header.seqCnt !== 0 && isOpen) {
      this.#note(fc, `SOFi3 on frame ${header.seqCnt} of a sequence`);
    } else if (sof === Sof.SOFn3 && header.seqCnt === 0)
      this.#note(fc, 'SOFn3 on the first frame of a sequence');
    if (eof === Eof.EOFt && !last) this.#note(fc, 'EOFt on a frame that does not end its sequence');
    else if (eof === Eof.EOFn && last) this.#note(fc, 'EOFn on the last frame of a sequence');
  }

  /** A frame holds what every port takes at most, and what its receiver said in its login. */
  #checkSize(fc: FcFrame): void {
    const { payloadBytes, role } = fc;
    if (role === 'els-request' || role === 'els-reply') this.#sizes.see(fc);
    if (payloadBytes <= RECEIVE_BYTES_MIN) return;
    const most = this.#sizes.of(fc) ?? RECEIVE_BYTES_MAX;
    if (payloadBytes <= most) return;
    const who = most === RECEIVE_BYTES_MAX ? 'a frame has at most' : 'its receiver takes';
    this.#note(fc, `payload of ${payloadBytes} bytes, ${who} ${most}`);
  }

  /** Write data must lie within what XFER_RDY allowed. */
  #checkBurst(fc: FcFrame, offset: number, length: number): void {
    const { exchange } = fc;
    const granted = exchange?.granted;
    if (granted === undefined || exchange?.disturbed === true) return;
    if (offset >= granted.from && offset + length <= granted.to) return;
    this.#note(
      fc,
      `write data ${offset} to ${offset + length}, XFER_RDY allowed ${granted.from} to ${granted.to}`,
    );
  }

  #note(fc: FcFrame, what: string): void {
    const { sId, dId, oxId } = fc.header;
    const who = `${formatFcId(sId)} to ${formatFcId(dId)}, OX_ID ${hex16(oxId)}`;
    this.#findings.add(`${who}: ${what}`, [fc.number]);
  }

  conclude() {
    const gaps = this.#gaps === 0 ? '' : `, ${this.#gaps} gaps by lost frames`;
    return this.#findings.concludeOf(
      this.#frames,
      `${this.#frames} FC frames${gaps}`,
      'no frame of Fibre Channel was seen whole',
    );
  }
}

/** The FC CRC as a frame of today's encapsulation stores it; what it is in others does not matter. */
function storedCrc(bytes: Uint8Array): number {
  return bytes.length < 8 ? 0 : fcCrcAt(bytes, bytes.length - 8);
}
