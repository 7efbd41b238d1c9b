/** What tshark says of whole frames: number, lengths, time, CRC, whether it is malformed. */
import type { TimedFrame } from '../../../src/capture/index.ts';
import type { Frame } from '../../../src/codecs/index.ts';
import type { Difference } from './mapping.ts';
import type { PdmlField, PdmlPacket } from './pdml.ts';

/** A fact, and how we differ. */
export interface ComparedFact {
  readonly field: PdmlField;
  readonly difference: Difference | undefined;
}

/** tshark's CRC states, from epan/proto.h. */
/** 3 is "not present", which tshark says of a frame that the snap length cut. */
const CRC_STATES: Readonly<Record<string, Frame['crc']>> = { 0: 'bad', 1: 'good', 3: 'cut' };

const MALFORMED: PdmlField = {
  name: '_ws.malformed',
  proto: '_ws.malformed',
  pos: 0,
  size: 0,
  aroundPos: 0,
  show: undefined,
  showname: '',
  raw: undefined,
  within: [],
};

type Fact = (shown: string, frame: Frame, timed: TimedFrame) => readonly [string, string];

const seconds = (timeNs: bigint): string => {
  const digits = timeNs.toString().padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
};

/** Each gives what tshark shows and what we say, in one form. */
const FACTS: Readonly<Record<string, Fact>> = {
  'frame.number': (shown, _, timed) => [shown, String(timed.index)],
  'frame.len': (shown, _, timed) => [shown, String(timed.originalLength)],
  'frame.cap_len': (shown, _, timed) => [shown, String(timed.bytes.length)],
  'frame.time_epoch': (shown, _, timed) => [shown, seconds(timed.timeNs)],
  'fcoe.crc.status': (shown, frame) => [CRC_STATES[shown] ?? shown, frame.crc],
  'fc.crc.status': (shown, frame) => [CRC_STATES[shown] ?? shown, frame.crc],
};

function compareFact(theirs: string, ours: string): Difference | undefined {
  return theirs === ours ? undefined : { what: 'value', theirs, ours };
}

/** The facts of a frame that both sides state. */
export function* factsOf(
  packet: PdmlPacket,
  frame: Frame,
  timed: TimedFrame,
): Generator<ComparedFact, void, undefined> {
  for (const field of packet.fields) {
    const fact = FACTS[field.name];
    if (fact === undefined || field.show === undefined) continue;
    yield { field, difference: compareFact(...fact(field.show, frame, timed)) };
  }
  // What does not fit the frames before it says nothing against this one's bytes.
  const isMalformed =
    packet.protos.some(({ name }) => name === '_ws.malformed') &&
    !packet.fields.some(({ name }) => name === '_ws.malformed.reassembly');
  const theirs = isMalformed ? 'malformed' : 'well-formed';
  const ours = frame.malformed === undefined ? 'well-formed' : 'malformed';
  const detail = frame.malformed === undefined ? ours : `malformed (${frame.malformed.message})`;
  const difference: Difference | undefined =
    theirs === ours ? undefined : { what: 'value', theirs, ours: detail };
  yield { field: MALFORMED, difference };
}
