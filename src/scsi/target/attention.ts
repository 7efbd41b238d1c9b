/**
 * Unit attentions: what a logical unit owes each I_T nexus to be told, once.
 *
 * Conditions that concern a login (power on, I_T nexus loss) are not pushed to every logical
 * unit when they happen: they are counted, and a queue catches up when it is next looked at.
 * A login that ends costs the same with ten logical units as with ten thousand.
 * A condition is named by its additional sense code, ASC x 256 + ASCQ.
 * Source: SAM-5, unit attention conditions; SPC-5 for the codes.
 */
import { SenseCode } from '../../codecs/scsi/index.ts';
import type { AttentionState } from '../../history/storage.ts';
import type { ItNexus } from './nexus.ts';

/** Conditions a queue can hold. Each is there at most once, and a target device raises no more kinds. */
export const ATTENTIONS_MAX = 16;

/** True for the conditions after which older ones mean nothing any more. */
function isReset(code: number): boolean {
  return (
    code === SenseCode.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED ||
    code === SenseCode.POWER_ON_OCCURRED ||
    code === SenseCode.BUS_DEVICE_RESET_FUNCTION_OCCURRED
  );
}

/** Hears what becomes of a unit attention; `tag` is that of the command that was told. */
type Told = (pair: ItNexus, state: AttentionState, code: number, tag?: number) => void;

class AttentionQueue {
  readonly owner: Attentions;
  readonly #pair: ItNexus;
  readonly #told: Told;
  codes: number[] = [];
  powerOns = 0;
  losses = 0;

  constructor(owner: Attentions, pair: ItNexus, told: Told) {
    this.owner = owner;
    this.#pair = pair;
    this.#told = told;
  }

  add(code: number): void {
    if (this.codes.includes(code) || this.codes.length >= ATTENTIONS_MAX) return;
    if (isReset(code)) {
      this.dropAll();
      this.codes = [code];
    } else if (code === SenseCode.I_T_NEXUS_LOSS_OCCURRED) this.codes.unshift(code);
    else this.codes.push(code);
    this.#told(this.#pair, 'queued', code);
  }

  drop(code: number): void {
    const at = this.codes.indexOf(code);
    if (at < 0) return;
    this.codes.splice(at, 1);
    this.#told(this.#pair, 'dropped', code);
  }

  dropAll(): void {
    for (const code of this.codes) this.#told(this.#pair, 'dropped', code);
    this.codes = [];
  }
}

/** The pending unit attentions of one logical unit. */
export class Attentions {
  readonly #queues = new Map<ItNexus, AttentionQueue>();
  readonly #told: Told;
  #powerOns = 0;
  #powerOnCode: number | undefined;

  constructor(told: Told) {
    this.#told = told;
  }

  /** The logical unit has powered on: every nexus is told `code` at its next command. */
  powerOn(code: number | undefined): void {
    this.#powerOns++;
    this.#powerOnCode = code;
    for (const queue of this.#queues.values()) queue.dropAll();
    this.#queues.clear();
  }

  /** Queues a condition for a pair of ports, logged in or not; another device tells those of its own ports. */
  add(pair: ItNexus, code: number): void {
    if (!pair.isElsewhere) this.#queueOf(pair).add(code);
  }

  /** What is pending, first to be told first. */
  pending(pair: ItNexus): readonly number[] {
    return this.#queueOf(pair).codes;
  }

  /** Takes the first pending condition: the command with this tag has been told. */
  take(pair: ItNexus, tag: number): number | undefined {
    const { codes } = this.#queueOf(pair);
    if (codes.length === 0) return undefined;
    const code = codes.shift()!;
    this.#told(pair, 'delivered', code, tag);
    return code;
  }

  /** Drops a condition that became known in another way. */
  drop(pair: ItNexus, code: number): void {
    this.#queueOf(pair).drop(code);
  }

  #queueOf(pair: ItNexus): AttentionQueue {
    const last = pair.attended;
    if (last instanceof AttentionQueue && last.owner === this && last.powerOns === this.#powerOns) {
      return this.#caughtUp(last, pair);
    }
    let queue = this.#queues.get(pair);
    if (queue === undefined) {
      queue = new AttentionQueue(this, pair, this.#told);
      this.#queues.set(pair, queue);
    }
    pair.attended = queue;
    return this.#caughtUp(queue, pair);
  }

  /** The queue, with what befell the login since it was last looked at. */
  #caughtUp(queue: AttentionQueue, pair: ItNexus): AttentionQueue {
    if (queue.powerOns !== this.#powerOns) {
      queue.powerOns = this.#powerOns;
      if (this.#powerOnCode !== undefined) {
        queue.add(this.#powerOnCode);
        queue.losses = pair.losses;
      }
    }
    if (queue.losses !== pair.losses) {
      queue.losses = pair.losses;
      queue.add(SenseCode.I_T_NEXUS_LOSS_OCCURRED);
    }
    return queue;
  }
}
