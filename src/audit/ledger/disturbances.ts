/**
 * What was done to the world from outside, and when: shared by observers that judge times.
 *
 * An outage lasts from a link's or a machine's fall to its return; a fault that hits one frame is
 * over at once. What a disturbance delays is not the machines' fault, as long as they recover.
 */
import type { Disturbance, Observation, TimeNs } from '../observation.ts';

export class Disturbances {
  /** Links and machines that are down. */
  readonly #down = new Set<string>();
  /** Virtual machines whose memory is gone, since when. */
  readonly #lost = new Map<string, TimeNs>();
  #last: TimeNs = Number.NEGATIVE_INFINITY;
  #count = 0;
  #crashes = 0;

  observe(one: Observation): void {
    if (one.kind === 'disturbance') this.#disturb(one);
    else if (one.kind === 'guest' && one.state === 'lost') {
      this.#lost.set(one.vm, one.at);
      this.#last = one.at;
    }
  }

  /** True when something was done after this moment, or an outage is still on. */
  since(at: TimeNs): boolean {
    return this.#down.size > 0 || this.#last >= at;
  }

  /** True when nothing was ever done. */
  get none(): boolean {
    return this.#count === 0;
  }

  get crashes(): number {
    return this.#crashes;
  }

  /** When the last one was; minus infinity without any. */
  get lastAt(): TimeNs {
    return this.#last;
  }

  /** Whether the machine of a host, switch, array or mover is down. */
  isDown(node: string): boolean {
    return this.#down.has(node);
  }

  /** When a virtual machine was lost with the host that held its memory, the last time. */
  lostAt(vm: string): TimeNs | undefined {
    return this.#lost.get(vm);
  }

  #disturb(one: Disturbance): void {
    this.#count++;
    this.#last = one.at;
    switch (one.what) {
      case 'link-down':
        this.#down.add(`link ${one.tap}`);
        return;
      case 'link-up':
        this.#down.delete(`link ${one.tap}`);
        return;
      case 'crashed':
        this.#crashes++;
        this.#down.add(one.node);
        return;
      case 'paused':
        this.#down.add(one.node);
        return;
      case 'started':
        this.#down.delete(one.node);
    }
  }
}
