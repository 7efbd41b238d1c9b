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
    readonly data: Buffer;
  }

  export interface Parser extends EventEmitter {
    on(event: 'packet', listener: (packet: Packet) => void): this;
  }

  /** What a parser asks of its input. */
  export interface Input extends EventEmitter {
    pause(): void;
    resume(): void;
  }

  export function parse(input: Input): Parser;
}
