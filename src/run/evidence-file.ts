/** What shows a violation: a few frames with what they mean, and their capture. */
import type { ByteSink } from '../capture/sink.ts';
import { PcapngWriter } from '../capture/writer.ts';
import { linkTypeOf } from '../codecs/frame/index.ts';

/** A frame of the evidence. */
export interface EvidenceFrame {
  /** Number in the whole run's capture; of a run over a LAN, in this one. */
  readonly number: number;
  readonly timeNs: number;
  /** Since the move began; negative before it. */
  readonly atNs: number;
  readonly tap: string;
  /** The frame in one line. */
  readonly line: string;
  /** What it means here; empty where the line says it all. */
  readonly comment: string;
  readonly bytes: Uint8Array;
  /** The queue of the tap, where that tells the order of its frames. */
  readonly queue?: number;
}

/** What shows a violation. */
export interface Evidence {
  readonly frames: readonly EvidenceFrame[];
  /** What the auditor says of the invariant; of these frames by themselves, where they show it. */
  readonly detail: string;
  /** What the faults did, a line each. */
  readonly faults: readonly string[];
  /** These frames alone show it: `replay` of the capture names the invariant. */
  readonly isShown: boolean;
}

/** Writes the evidence as a pcapng capture whose frames carry the comments. */
export async function writeEvidence(
  sink: ByteSink,
  evidence: Evidence,
  about: string,
): Promise<void> {
  const comment = [about, evidence.detail, ...evidence.faults].join('\n');
  const writer = new PcapngWriter(sink, { comment });
  const taps = new Map<string, number>();
  for (const { tap, bytes } of evidence.frames) {
    if (taps.has(tap)) continue;
    taps.set(tap, writer.addInterface({ name: tap, linkType: linkTypeOf(bytes) }));
  }
  for (const { tap, timeNs, bytes, comment, queue } of evidence.frames) {
    writer.writeFrame(taps.get(tap)!, timeNs, bytes, {
      ...(comment === '' ? {} : { comment }),
      ...(queue === undefined ? {} : { queue }),
    });
  }
  await writer.close();
}
