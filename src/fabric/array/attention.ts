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
import type { ItNexus } from './nexus.ts';

/** Conditions a queue can hold. Each is there at most once, and an array raises no more kinds. */
export const ATTENTIONS_MAX = 16;

/** True for the conditions after which older ones mean nothing any more. */
function isReset(code: number): boolean {
  return (
    code === SenseCode.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED ||
    code === SenseCode.POWER_ON_OCCURRED ||
    code === SenseCode.BUS_DEVICE_RESET_FUNCTION_OCCURRED
  );
}

class AttentionQueue {
  codes: number[] = [];
  powerOns = 0;
  losses = 0;

  add(code: number): void {
    if (this.codes.includes(code) || this.codes.length >= ATTENTIONS_MAX) return;
    if (isReset(code)) this.codes = [code];
    else if (code === SenseCode.I_T_NEXUS_LOSS_OCCURRED) this.codes.unshift(code);
    else this.codes.push(code);
  }
}

/** The pending unit attentions of one logical unit. */
export class Attentions {
  readonly #queues = new Map<ItNexus, AttentionQueue>();
  #powerOns = 0;
  #powerOnCode: number | undefined;

  /** The logical unit has powered on: every nexus is told `code` at its next command. */
  powerOn(code: number | undefined): void {
    this.#powerOns++;
    this.#powerOnCode = code;
    this.#queues.clear();
  }

  /** Queues a condition for a pair of ports, logged in or not. */
  add(pair: ItNexus, code: number): void {
    this.#queueOf(pair).add(code);
  }

  /** What is pending, first to be told first. */
  pending(pair: ItNexus): readonly number[] {
    return this.#queueOf(pair).codes;
  }

  /** Takes the first pending condition: it has been told. */
  take(pair: ItNexus): number | undefined {
    const queue = this.#queueOf(pair);
    return queue.codes.length === 0 ? undefined : queue.codes.shift();
  }

  /** Drops a condition that became known in another way. */
  drop(pair: ItNexus, code: number): void {
    const queue = this.#queueOf(pair);
    queue.codes = queue.codes.filter((one) => one !== code);
  }

  #queueOf(pair: ItNexus): AttentionQueue {
    let queue = this.#queues.get(pair);
    if (queue === undefined) {
      queue = new AttentionQueue();
      this.#queues.set(pair, queue);
    }
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
