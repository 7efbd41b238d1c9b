/**
 * The memory of a node in which frames wait that came in: what each port uses of it by priority, when a port pauses
 * its sender, and what finds no room.
 *
 * A frame fills its port's reserve first, then what all ports share. Over the threshold the port pauses, and what still
 * comes fills the port's headroom; a frame that finds that full too is dropped. The dynamic threshold is a part of
 * what is free: the more is in use, the less a port may have. Source: the rules of `switch-mmu.cc` in ns-3's HPCC fork.
 */
import { type BufferOptions, isPaused, PRIORITIES } from './qos-options.ts';

/** What one port uses. */
class PortUse {
  /** Bytes by priority that lie in the reserve or in the shared part. */
  readonly used: number[] = new Array<number>(PRIORITIES).fill(0);
  readonly headroom: number[] = new Array<number>(PRIORITIES).fill(0);
  /** Priorities whose sender was told to pause. */
  pausing = 0;
  /** Priorities that have headroom. */
  noDrop: number;
  readonly headroomBytes: number;

  constructor(noDrop: number, headroomBytes: number) {
    this.noDrop = noDrop;
    this.headroomBytes = headroomBytes;
  }
}

/** Number of bits that are set. */
const countOf = (mask: number): number =>
  [...Array(PRIORITIES).keys()].filter((one) => isPaused(mask, one)).length;

/** The buffer of one node. Ports are numbers of its owner's choice. */
export class SharedBuffer {
  readonly #options: BufferOptions;
  readonly #ports = new Map<number, PortUse>();
  /** Bytes of the shared part in use. */
  #sharedUsed = 0;
  /** Bytes of reserves and headrooms. */
  #apartBytes = 0;

  constructor(options: BufferOptions) {
    this.#options = options;
  }

  /** A port with so much headroom for each priority of the mask, or with another mask from now on. */
  setPort(port: number, noDrop: number, headroomBytes: number): void {
    const use = this.#ports.get(port);
    if (use === undefined) this.#ports.set(port, new PortUse(noDrop, headroomBytes));
    else use.noDrop = noDrop;
    const { reserveBytes } = this.#options;
    this.#apartBytes = [...this.#ports.values()].reduce(
      (sum, one) => sum + PRIORITIES * reserveBytes + countOf(one.noDrop) * one.headroomBytes,
      0,
    );
  }

  /** A frame has come in; `false` where there is no room for it. */
  admit(port: number, priority: number, bytes: number): boolean {
    const use = this.#useOf(port);
    const { reserveBytes } = this.#options;
    const now = use.used[priority]! + bytes;
    if (now <= reserveBytes) {
      use.used[priority] = now;
      return true;
    }
    if (now - reserveBytes <= this.#threshold()) {
      use.used[priority] = now;
      this.#sharedUsed += Math.min(bytes, now - reserveBytes);
      return true;
    }
    if (!isPaused(use.noDrop, priority)) return false;
    if (use.headroom[priority]! + bytes > use.headroomBytes) return false;
    use.headroom[priority]! += bytes;
    return true;
  }

  /** A frame that had come in has left. */
  release(port: number, priority: number, bytes: number): void {
    const use = this.#useOf(port);
    const fromHeadroom = Math.min(use.headroom[priority]!, bytes);
    const rest = bytes - fromHeadroom;
    const over = Math.max(0, use.used[priority]! - this.#options.reserveBytes);
    use.headroom[priority]! -= fromHeadroom;
    use.used[priority]! -= rest;
    this.#sharedUsed -= Math.min(rest, over);
  }

  /** Whether the port has to pause a priority now; it does then until `resumes` is true. */
  pauses(port: number, priority: number): boolean {
    const use = this.#useOf(port);
    if (!isPaused(use.noDrop, priority) || isPaused(use.pausing, priority)) return false;
    const isOver = use.headroom[priority]! > 0 || this.#over(use, priority) >= this.#threshold();
    if (isOver) use.pausing |= 1 << priority;
    return isOver;
  }

  /** Whether a pause of the port may end now; it has then. */
  resumes(port: number, priority: number): boolean {
    const use = this.#useOf(port);
    if (!isPaused(use.pausing, priority) || use.headroom[priority]! > 0) return false;
    const over = this.#over(use, priority);
    const isBelow = over === 0 || over + this.#options.resumeBytes <= this.#threshold();
    if (isBelow) use.pausing &= ~(1 << priority);
    return isBelow;
  }

  /** Priorities that a port has paused. */
  pausing(port: number): number {
    return this.#useOf(port).pausing;
  }

  /** The link of a port went: it pauses nobody. */
  forget(port: number): void {
    this.#useOf(port).pausing = 0;
  }

  /** Bytes that wait in it, of all ports. */
  get usedBytes(): number {
    const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);
    return [...this.#ports.values()].reduce(
      (total, { headroom, used }) => total + sum(used) + sum(headroom),
      0,
    );
  }

  #over(use: PortUse, priority: number): number {
    return Math.max(0, use.used[priority]! - this.#options.reserveBytes);
  }

  /** Bytes over its reserve that a port may use of a priority. */
  #threshold(): number {
    const { shift, threshold, totalBytes } = this.#options;
    const free = Math.max(0, totalBytes - this.#apartBytes - this.#sharedUsed);
    if (threshold === 'dynamic') return Math.floor(free / 2 ** shift);
    return Math.min(threshold, free);
  }

  #useOf(port: number): PortUse {
    const use = this.#ports.get(port);
    if (use === undefined) throw new TypeError(`buffer: there is no port ${port}`);
    return use;
  }
}
