/** TCP segments, as far as it takes to put a byte stream together. */
import {
  bit,
  codec,
  derived,
  flags,
  hex,
  type Infer,
  type InferInput,
  of,
  reservedBits,
  rest,
  sized,
  u8,
  u16,
  u32,
  withDefault,
} from '../layout/index.ts';

/** Control bits of a TCP segment. */
export const TcpFlags = {
  CWR: 0x80,
  ECE: 0x40,
  URG: 0x20,
  ACK: 0x10,
  PSH: 0x08,
  RST: 0x04,
  SYN: 0x02,
  FIN: 0x01,
} as const;

/** Words of a header without options. */
const HEADER_WORDS = 5;

/** TCP header. Shape: 20 bytes and options. Source: RFC 9293, 3.1. */
export const tcp = codec('TCP', 'RFC 9293, 3.1', {
  sourcePort: u16,
  destinationPort: u16,
  sequenceNumber: u32,
  acknowledgmentNumber: withDefault(u32, 0),
  dataOffsetWords: derived(bit(4), (_, sizeOf) => HEADER_WORDS + sizeOf('options') / 4),
  reserved: reservedBits(4),
  flags: withDefault(flags(u8, TcpFlags), 0),
  window: withDefault(u16, 0),
  checksum: withDefault(hex(u16), 0),
  urgentPointer: withDefault(u16, 0),
  options: sized(
    of<{ dataOffsetWords: number }>((v) => (v.dataOffsetWords - HEADER_WORDS) * 4),
    rest,
  ),
});
export type Tcp = Infer<typeof tcp>;
export type TcpInput = InferInput<typeof tcp>;
