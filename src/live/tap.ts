/** A capture of every switch port, written while it runs. */
import { type ByteSink, PcapngWriter } from '../capture/index.ts';
import type { Instant } from '../machine/machine.ts';

/** A killed server leaves a capture that lacks no more than this. */
const FLUSH_MS = 1000;

/**
 * Writes a pcapng capture with an interface for each switch port, stamped by the wall clock.
 *
 * It never throws: a sink that fails ends the capture, and `failed` hears why.
 */
export class LiveTapFile {
  readonly #writer: PcapngWriter;
  readonly #interfaces = new Map<string, number>();
  /** The wall clock at the driver's start. */
  readonly #startedNs = BigInt(Date.now()) * 1_000_000n;
  readonly #failed: (error: Error) => void;
  readonly #flushing: NodeJS.Timeout;
  #open = true;
  frames = 0;

  /** `failed` hears once why the capture has ended early: the disk is full, its reader went away. */
  constructor(sink: ByteSink, failed: (error: Error) => void) {
    this.#writer = new PcapngWriter(sink);
    this.#failed = failed;
    this.#flushing = setInterval(() => this.#try(() => this.#writer.flush()), FLUSH_MS);
    this.#flushing.unref();
    // The header at once, so that the file is a capture from its first byte on.
    this.#try(() => this.#writer.flush());
  }

  /** A frame passed the port of this name. */
  write(port: string, frame: Uint8Array, now: Instant): void {
    if (!this.#open) return;
    this.#try(() => {
      let id = this.#interfaces.get(port);
      if (id === undefined) {
        id = this.#writer.addInterface({ name: port });
        this.#interfaces.set(port, id);
      }
      this.#writer.writeFrame(id, this.#startedNs + BigInt(now), frame);
      this.frames++;
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#flushing);
    if (!this.#open) return;
    this.#open = false;
    await this.#writer.close();
  }

  #try(work: () => void): void {
    if (!this.#open) return;
    try {
      work();
    } catch (error) {
      this.#open = false;
      clearInterval(this.#flushing);
      this.#failed(error as Error);
    }
  }
}
