/** MAC control frames: PAUSE and priority-based flow control, which make Ethernet lossless. */
import {
  codec,
  family,
  type Infer,
  type InferInput,
  list,
  named,
  u16,
  withDefault,
} from '../layout/index.ts';

/** MAC control opcodes. Source: IEEE 802.3, MAC control; IEEE 802.1Q for PFC. */
export const MacControlOpcode = { PAUSE: 0x0001, PFC: 0x0101 } as const;

/** Destination of PAUSE and PFC frames; bridges do not forward it. */
export const MAC_CONTROL_DESTINATION = '01:80:c2:00:00:01';
/** A pause quantum is the time of this many bits at the link's rate. */
export const PAUSE_QUANTUM_BITS = 512;

/**
 * PAUSE: stop all traffic for a number of quanta; 0 ends the pause.
 *
 * Shape: 4 bytes, padded to the frame's minimum.
 * Units: a quantum is `PAUSE_QUANTUM_BITS` bit times.
 * Source: IEEE 802.3, annex 31B.
 */
export const pause = codec(
  'PAUSE',
  'IEEE 802.3, PAUSE',
  { opcode: withDefault(named(u16, MacControlOpcode), MacControlOpcode.PAUSE), quanta: u16 },
  'PAUSE',
);
export type Pause = Infer<typeof pause>;
export type PauseInput = InferInput<typeof pause>;

/**
 * Priority-based flow control: stop the priorities whose bit is set in `classEnableVector` (bit 0
 * is priority 0), each for its own number of quanta; 0 lets it go on.
 *
 * Shape: 20 bytes.
 * Units: `quanta` has one number for each priority, 0 first.
 * Source: IEEE 802.1Q, priority-based flow control.
 */
export const pfc = codec(
  'PFC',
  'IEEE 802.1Q, priority-based flow control',
  {
    opcode: withDefault(named(u16, MacControlOpcode), MacControlOpcode.PFC),
    classEnableVector: u16,
    quanta: list(u16, { count: () => 8 }),
  },
  'PFC',
);
export type Pfc = Infer<typeof pfc>;
export type PfcInput = InferInput<typeof pfc>;

/** Any MAC control frame by its opcode. Shape: 4 bytes (PAUSE) or 20 (PFC), and padding. */
export const macControl = family('MAC control', 'IEEE 802.3, MAC control', {
  members: { 1: pause, 257: pfc },
  peekBytes: 2,
  select(bytes, at) {
    const opcode = (bytes[at]! << 8) | bytes[at + 1]!;
    if (opcode === MacControlOpcode.PAUSE) return 1;
    return opcode === MacControlOpcode.PFC ? 257 : undefined;
  },
});
export type MacControl = Infer<typeof macControl>;
