/** The taps of a run: at the fabric's end of every cable of a host or an array, as SPAN ports there would see it. */
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import type { PcapngWriter } from '../capture/writer.ts';
import { LinkType } from '../codecs/frame/index.ts';
import type { Instant } from '../machine/machine.ts';
import type { Cable } from '../scenario/topology.ts';
import type { AnySimulator } from './control-plane.ts';

/** Frames between two reports of progress. */
const PROGRESS_FRAMES = 10_000;
/** A capture that is larger helps nobody, and fills the disk. */
export const CAPTURE_BYTES_MAX: number = 2 ** 30;

/** Who is shown what the taps see. */
export interface TapOptions {
  readonly see: (frame: TappedFrame) => void;
  /** The same of links of the LAN. */
  readonly lan?: (frame: TappedFrame) => void;
  /** The same at the other end of cables, one tap for all cards of a node: where frames leave it, and where they arrive. */
  readonly cards?: { readonly of: ReadonlySet<string>; readonly see: (frame: TappedFrame) => void };
  /** Every frame goes here, an interface for each cable. */
  readonly capture?: PcapngWriter | undefined;
  /** Bytes of frames that go there at most; `CAPTURE_BYTES_MAX` when left out. */
  readonly captureBytesMax?: number | undefined;
  /** What it says of a frame, by its number. */
  readonly comments?: ReadonlyMap<number, string> | undefined;
  /** Called now and then with the virtual time and the frames so far. */
  readonly progress?: ((timeNs: Instant, frames: number) => void) | undefined;
}

/** Sees what passes the cables, and numbers it from 1. */
export class Taps {
  readonly #simulator: AnySimulator;
  readonly #options: TapOptions;
  #frames = 0;
  #atCards = 0;
  #captured = 0;
  #capturedBytes = 0;
  #isFull = false;
  /** What the next frame of the capture says: steps of a move may pass without one. */
  #comments: string[] = [];

  constructor(simulator: AnySimulator, cables: readonly Cable[], options: TapOptions) {
    this.#simulator = simulator;
    this.#options = options;
    for (const cable of cables) if (cable.isTrunk !== true) this.#tap(cable);
    const { cards } = options;
    if (cards !== undefined)
      for (const cable of cables)
        if (cards.of.has(cable.ends[0].node)) this.#tapCard(cable, cards.see);
  }

  /** How many frames they have seen, each once per link it passed. */
  get frames(): number {
    return this.#frames;
  }

  /** How many frames the capture has. */
  get captured(): number {
    return this.#captured;
  }

  /** The next frame of the capture carries this comment, behind those that wait for one. */
  comment(text: string): void {
    if (this.#options.capture !== undefined && !this.#isFull) this.#comments.push(text);
  }

  #tap({ fabric, kind, name: cable }: Cable): void {
    const { capture, lan, progress } = this.#options;
    // The LAN is beside the fabrics: who follows those is not told of it.
    const see = kind === 'lan' ? lan : this.#options.see;
    const id = capture?.addInterface({
      name: cable,
      description: kind === 'lan' ? 'LAN' : `fabric ${fabric}`,
      linkType: kind === 'fc' ? LinkType.FC_2_WITH_FRAME_DELIMS : LinkType.ETHERNET,
    });
    this.#simulator.tap(cable, 'b', (_link, direction, timeNs, frame) => {
      this.#frames++;
      if (capture !== undefined && !this.#isFull) this.#write(capture, id!, timeNs, frame);
      see?.({
        at: timeNs,
        number: this.#frames,
        tap: cable,
        fabric,
        direction: direction === 'a-to-b' ? 'in' : 'out',
        bytes: frame,
      });
      if (this.#frames % PROGRESS_FRAMES === 0) progress?.(timeNs, this.#frames);
    });
  }

  #tapCard({ ends, fabric, name }: Cable, see: (frame: TappedFrame) => void): void {
    this.#simulator.tap(name, 'a', (_link, direction, timeNs, frame) => {
      see({
        at: timeNs,
        number: ++this.#atCards,
        tap: ends[0].node,
        fabric,
        direction: direction === 'a-to-b' ? 'in' : 'out',
        bytes: frame,
      });
    });
  }

  #write(capture: PcapngWriter, id: number, timeNs: Instant, frame: Uint8Array): void {
    const { captureBytesMax = CAPTURE_BYTES_MAX, comments } = this.#options;
    this.#captured++;
    this.#capturedBytes += frame.length;
    this.#isFull = this.#capturedBytes >= captureBytesMax;
    const said = [
      ...this.#comments,
      comments?.get(this.#frames),
      this.#isFull ? 'the capture has come to its bound: what follows is not written' : undefined,
    ];
    this.#comments = [];
    const comment = said.filter((one) => one !== undefined).join('; ');
    capture.writeFrame(id, timeNs, frame, comment === '' ? {} : { comment });
  }
}
