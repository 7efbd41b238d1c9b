/** The part of pcap-parser 0.2.1 that is used here; the package brings no types. */
declare module 'pcap-parser' {
  import type { EventEmitter } from 'node:events';

  /** One record. `timestampMicroseconds` is whatever unit the file's magic says. */
  export interface Packet {
    readonly header: {
      readonly timestampSeconds: number;
      readonly timestampMicroseconds: number;
      readonly capturedLength: number;
      readonly originalLength: number;
    };
    /** What the buffer's `slice(0, capturedLength)` gave. */
    readonly data: Uint8Array;
  }

  /** The parts of a Buffer that the parser touches. */
  export interface ParserBuffer {
    readonly length: number;
    toString(encoding: 'hex', start: number, end: number): string;
    readUInt16LE(offset: number): number;
    readUInt16BE(offset: number): number;
    readUInt32LE(offset: number): number;
    readUInt32BE(offset: number): number;
    readInt32LE(offset: number): number;
    readInt32BE(offset: number): number;
    slice(start: number, end?: number): unknown;
  }

  export interface Parser extends EventEmitter {
    on(event: 'packet', listener: (packet: Packet) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }

  /**
   * What the parser asks of its input, which emits `data`. The parser joins chunks by copying;
   * `null` joins nothing and makes it go on with the buffer it has.
   */
  export interface Input extends EventEmitter {
    pause(): void;
    resume(): void;
    emit(event: 'data', data: ParserBuffer | null): boolean;
  }

  export function parse(input: Input): Parser;
}
