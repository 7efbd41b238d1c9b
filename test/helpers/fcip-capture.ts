/** A capture of FCoE as the same frames would pass through an FCIP connection, cut into segments anyhow. */
import { openCapture } from '../../src/capture/index.ts';
import {
  FcipFlags,
  fcipHeader,
  fcipSof,
  fcipSpecialFrame,
  fcipTrailer,
} from '../../src/codecs/fcip/index.ts';
import {
  decodeFrame,
  fcoeHeader,
  fcoeTrailer,
  layerOf,
  layerValue,
} from '../../src/codecs/index.ts';
import { type PcapRecord, pcapFile } from './capture.ts';
import { ACK, type End, SYN, tcpFrame } from './tcp-frames.ts';

const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
};

const words = (bytes: number): number => bytes / 4;

/** An FC frame, its header and payload, as FCIP carries it. */
export function encapsulate(frame: Uint8Array, crc: number, sof: number, eof: number): Uint8Array {
  const body = concat(fcipSof.encode({ sof }), frame, fcipTrailer.encode({ crc, eof }));
  const frameLengthWords = words(fcipHeader.headBytes + body.length);
  return concat(fcipHeader.encode({ frameLengthWords }), body);
}

/** The special frame that opens a connection. */
export function specialFrame(): Uint8Array {
  const body = fcipSpecialFrame.encode({
    sourceFabricEntityName: 0x1000_0000_0000_0001n,
    sourceEntityId: new Uint8Array(8),
    connectionNonce: new Uint8Array(8),
    destinationFabricEntityName: 0x1000_0000_0000_0002n,
    kATovMs: 5000,
  });
  const frameLengthWords = words(fcipHeader.headBytes + body.length);
  return concat(fcipHeader.encode({ pFlags: FcipFlags.SF, frameLengthWords }), body);
}

const CLIENT: End = [1, 40_000];
const SERVER: End = [2, 3225];
const SEGMENT_BYTES_MAX = 700;

/** Both directions of the connection; which of them a frame takes is told by its addresses. */
class FcipStream {
  readonly records: PcapRecord[] = [];
  #next = { client: 1000, server: 9000 };
  #draw = 1;
  readonly #cut: boolean;

  constructor(cut: boolean) {
    this.#cut = cut;
    for (const side of ['client', 'server'] as const) {
      this.#push(side, 0, new Uint8Array(0), side === 'client' ? SYN : SYN | ACK);
      this.#next[side]++;
    }
    this.send('client', specialFrame(), 0);
    this.send('server', specialFrame(), 0);
  }

  send(side: 'client' | 'server', bytes: Uint8Array, micros: number): void {
    for (let at = 0; at < bytes.length; ) {
      // Sizes that never fit a frame's, the same ones each time.
      this.#draw = (this.#draw * 48_271) % 0x7fff_ffff;
      const length = this.#cut ? 1 + (this.#draw % SEGMENT_BYTES_MAX) : bytes.length;
      const end = Math.min(bytes.length, at + length);
      this.#push(side, micros, bytes.slice(at, end), ACK);
      this.#next[side] += end - at;
      at = end;
    }
  }

  #push(side: 'client' | 'server', micros: number, payload: Uint8Array, flags: number): void {
    const [from, to] = side === 'client' ? [CLIENT, SERVER] : [SERVER, CLIENT];
    const seq = this.#next[side];
    const ack = this.#next[side === 'client' ? 'server' : 'client'];
    const bytes = tcpFrame({ from, to, seq, ack, flags, payload });
    const seconds = Math.floor(micros / 1e6);
    this.records.push({ seconds, subseconds: micros % 1e6, bytes });
  }
}

/**
 * The FC frames of an FCoE capture through FCIP; `passes` leaves segments out, and without `cut` each frame
 * is a segment.
 */
export async function throughFcip(
  path: string,
  passes: (index: number) => boolean = () => true,
  cut = true,
): Promise<Uint8Array> {
  const capture = await openCapture(path);
  const stream = new FcipStream(cut);
  for await (const batch of capture.frames) {
    for (const { bytes, timeNs, originalLength } of batch) {
      const frame = decodeFrame(bytes, { originalLength });
      const header = layerOf(frame, 'fc');
      const head = layerValue(frame, fcoeHeader);
      const trailer = layerValue(frame, fcoeTrailer);
      if (header === undefined || head === undefined || trailer === undefined) continue;
      const end = layerOf(frame, 'fcoe-trailer')!.offset;
      const { sId, dId } = header.value as { sId: number; dId: number };
      const unit = encapsulate(bytes.slice(header.offset, end), trailer.crc, head.sof, trailer.eof);
      stream.send(sId < dId ? 'client' : 'server', unit, Number(timeNs / 1000n));
    }
  }
  return pcapFile(stream.records.filter((_, i) => passes(i)));
}
