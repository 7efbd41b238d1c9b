/** Compares a capture: every field that tshark and we both name, and facts of whole frames. */
import { type Capture, openCapture, type TimedFrame } from '../../../src/capture/index.ts';
import {
  Conversation,
  decodeFrame,
  type Frame,
  formatHex,
  TcpStreams,
} from '../../../src/codecs/index.ts';
import { factsOf } from './facts.ts';
import { leftOut, targetsOf } from './fields/index.ts';
import { compareField, type Difference } from './mapping.ts';
import { type OurField, ourFields } from './ours.ts';
import type { PdmlField, PdmlPacket } from './pdml.ts';
import { tsharkPackets } from './tshark.ts';
import { faultFor } from './tshark-faults.ts';

/** Counts for a file or a protocol. */
export interface Tally {
  compared: number;
  mismatched: number;
  documented: number;
}

/** A field on which tshark and we do not agree. */
export interface Mismatch extends Difference {
  readonly frame: number;
  readonly field: string;
  /** Name of tshark's fault, where it is a known one. */
  readonly documented: string | undefined;
}

/** What comparing one capture brought. */
export interface FileReport {
  readonly file: string;
  frames: number;
  readonly total: Tally;
  readonly protocols: Map<string, Tally>;
  readonly mismatches: Mismatch[];
  /** Fields that no table maps, by name. */
  readonly unmapped: Map<string, number>;
  /** Fields of reassembled or decoded bytes that do not stand in the frame, by name. */
  readonly elsewhere: Map<string, number>;
  /** Disagreements by the fault of tshark that explains them. */
  readonly faults: Map<string, number>;
}

const newTally = (): Tally => ({ compared: 0, mismatched: 0, documented: 0 });

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/**
 * Where a field may lie: where its bytes stand in the frame. A field in front of the element around
 * it is printed with that element's place added (epan/print.c).
 */
function placesOf({ pos, size, aroundPos, raw }: PdmlField, bytes: Uint8Array): number[] {
  const places = pos >= aroundPos && pos < 2 * aroundPos ? [pos, pos - aroundPos] : [pos];
  if (raw === undefined) return places.slice(0, 1);
  return places.filter((at) => formatHex(bytes.subarray(at, at + size)) === raw);
}

/** Data of SCSI commands, which tshark joins to them over iSCSI alone: test/oracle/codecs/scsi compares them. */
const SCSI_DATA = /^scsi/;

const hasData = (pdu: Frame): boolean =>
  /Data-/.test((pdu.layers[0]?.value as { kind?: string } | undefined)?.kind ?? '');

/** Bytes in which fields lie, and our fields of them: a frame, or a unit of a stream that lies in several. */
interface Source {
  readonly bytes: Uint8Array;
  readonly byPath: ReadonlyMap<string, readonly OurField[]>;
}

/** A unit of a stream that ends in the frame, and where it lies in it, if all of it does. */
interface Pdu {
  readonly frame: Frame;
  readonly at: number | undefined;
}

/** The same frame over bytes of its own. */
const kept = (frame: Frame): Frame => ({
  ...frame,
  cut: frame.cut,
  layers: frame.layers,
  bytes: frame.bytes.slice(),
});

function byPathOf(fields: readonly OurField[]): Map<string, OurField[]> {
  const byPath = new Map<string, OurField[]>();
  for (const one of fields) {
    const known = byPath.get(one.path);
    if (known === undefined) byPath.set(one.path, [one]);
    else known.push(one);
  }
  return byPath;
}

/** Compares frame after frame and keeps the counts. */
class Comparison {
  readonly report: FileReport;
  readonly #conversation = new Conversation();
  #pdus: Pdu[] = [];
  readonly #streams = new TcpStreams(
    {
      // Its bytes are lent.
      pdu: ({ frame, at }) =>
        this.#pdus.push({ frame: at === undefined ? kept(frame) : frame, at }),
      gap: () => {},
    },
    this.#conversation,
  );

  constructor(file: string) {
    this.report = {
      file,
      frames: 0,
      total: newTally(),
      protocols: new Map(),
      mismatches: [],
      unmapped: new Map(),
      elsewhere: new Map(),
      faults: new Map(),
    };
  }

  add(timed: TimedFrame, packet: PdmlPacket): void {
    this.report.frames += 1;
    const frame = decodeFrame(timed.bytes, {
      linkType: timed.linkType,
      originalLength: timed.originalLength,
      fcsBytes: timed.fcsBytes,
      conversation: this.#conversation,
    });
    this.#pdus = [];
    this.#streams.take(frame, timed.index);
    const inFrame = this.#pdus.filter(({ at }) => at !== undefined);
    const sources: Source[] = [
      {
        bytes: frame.bytes,
        byPath: byPathOf([
          ...ourFields(frame),
          ...inFrame.flatMap(({ frame: pdu, at }) => ourFields(pdu, at)),
        ]),
      },
      ...this.#pdus
        .filter(({ at }) => at === undefined)
        .map(({ frame: pdu }) => ({ bytes: pdu.bytes, byPath: byPathOf(ourFields(pdu)) })),
    ];
    const isCut = frame.cut || this.#pdus.some(({ frame: pdu }) => pdu.cut);
    for (const { field, difference } of factsOf(packet, frame, timed))
      this.#judge(field, difference, { packet, frame });
    for (const field of packet.fields) this.#field(field, packet, frame, sources, isCut);
  }

  #field(
    field: PdmlField,
    packet: PdmlPacket,
    frame: Frame,
    sources: readonly Source[],
    isCut: boolean,
  ): void {
    const { name, size } = field;
    if (
      field.proto === 'geninfo' ||
      size === 0 ||
      name === '' ||
      name.startsWith('_ws.') ||
      leftOut(name) !== undefined
    )
      return;
    const targets = targetsOf(name);
    if (SCSI_DATA.test(name) && this.#pdus.some(({ frame: pdu }) => hasData(pdu))) return;
    if (targets === undefined) {
      count(this.report.unmapped, name);
      return;
    }
    const differences = sources.flatMap(({ bytes, byPath }) =>
      placesOf(field, bytes).map((pos) => compareField({ ...field, pos }, targets, byPath)),
    );
    if (differences.length === 0) {
      // Of a frame that the snap length cut, tshark also shows what would have been there.
      if (!isCut) count(this.report.elsewhere, name);
      return;
    }
    const agrees = differences.includes(undefined);
    this.#judge(field, agrees ? undefined : differences[0], { packet, frame });
  }

  #judge(
    field: PdmlField,
    difference: Difference | undefined,
    where: { readonly packet: PdmlPacket; readonly frame: Frame },
  ): void {
    const { report } = this;
    const protocol = field.name.split('.')[0]!;
    let tally = report.protocols.get(protocol);
    if (tally === undefined) {
      tally = newTally();
      report.protocols.set(protocol, tally);
    }
    const fault = difference === undefined ? undefined : faultFor({ field, ...where });
    const result =
      difference === undefined ? 'compared' : fault === undefined ? 'mismatched' : 'documented';
    tally[result] += 1;
    report.total[result] += 1;
    if (difference === undefined) return;
    if (fault !== undefined) count(report.faults, fault.name);
    const documented = fault?.name;
    report.mismatches.push({ ...difference, frame: report.frames, field: field.name, documented });
  }
}

async function* framesOf(capture: Capture): AsyncGenerator<TimedFrame, void, undefined> {
  for await (const batch of capture.frames) yield* batch;
}

/**
 * Compares all frames of a capture.
 * Errors: `CaptureError` for what is no capture; `TsharkError` where tshark cannot be asked.
 */
export async function compareCapture(path: string, name = path): Promise<FileReport> {
  const capture = await openCapture(path);
  const comparison = new Comparison(name);
  const frames = framesOf(capture);
  try {
    for await (const packet of tsharkPackets(path)) {
      const next = await frames.next();
      if (next.done) throw new Error(`${name}: tshark reads more frames than we do`);
      comparison.add(next.value, packet);
    }
    const { done } = await frames.next();
    if (!done) throw new Error(`${name}: we read more frames than tshark does`);
  } finally {
    await capture.close();
  }
  return comparison.report;
}
