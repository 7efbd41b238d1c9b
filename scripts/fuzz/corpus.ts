/** What the fuzzer starts from: frames of real systems, and one of every message we can make. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Conversation,
  decodeFrame,
  type ExchangeRecord,
  type Frame,
  fcHeader,
  LinkType,
  layerOf,
  layerValue,
  type Protocol,
} from '../../src/codecs/index.ts';
import { readPcap, sharedCaptures } from '../../test/helpers/shared-captures.ts';
import { generateFrames } from '../../test/oracle/support/generate.ts';

/** A frame, and the request it answers where it answers one. */
export interface FrameCase {
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** Length on the wire, where the capture kept less. */
  readonly originalLength: number | undefined;
  readonly request: Uint8Array | undefined;
}

/** A case, and what mutations want to know of it. */
export interface Sample extends FrameCase {
  readonly protocol: Protocol;
  /** Where its FC header lies. */
  readonly fcAt: number | undefined;
}

export interface Corpus {
  /** Frames of captures, as they are: what a valid frame costs is measured on them. */
  readonly real: readonly Sample[];
  /** All samples by what they are, so that the rare kinds are not lost among the others. */
  readonly kinds: readonly (readonly Sample[])[];
  /** Requests by protocol. */
  readonly requests: ReadonlyMap<Protocol, readonly Sample[]>;
}

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));
/** Frames of one kind that are kept. */
const KIND_MAX = 24;

/** Frames of one capture, in its order. */
export interface Source {
  readonly linkType: number;
  readonly frames: readonly { readonly bytes: Uint8Array; readonly originalLength?: number }[];
}

function captures(): Source[] {
  const names = existsSync(FIXTURES) ? readdirSync(FIXTURES) : [];
  const ours = names
    .filter((name) => name.endsWith('.pcap'))
    .sort()
    .map((name) => readPcap(join(FIXTURES, name)));
  return [...ours, ...sharedCaptures().sort((a, b) => (a.name < b.name ? -1 : 1))];
}

const kindOf = (frame: Frame): string => {
  const { exchange, layers, protocol } = frame;
  const names = layers.map((one) => `${one.layer} ${one.codec.name}`).join(' ');
  return `${protocol} ${layerValue(frame, fcHeader)?.rCtl} ${exchange?.code} ${exchange?.command?.name} ${names}`;
};

/** The frames of some captures, and of `made` only what there is to change. */
export function corpusOf(recorded: readonly Source[], made: readonly Source[] = []): Corpus {
  const kinds = new Map<string, Sample[]>();
  const requests = new Map<Protocol, Sample[]>();

  function addKind(sample: Sample, frame: Frame): void {
    const kind = kindOf(frame);
    const alike = kinds.get(kind) ?? [];
    if (alike.length < KIND_MAX) kinds.set(kind, [...alike, sample]);
  }

  function samplesOf({ linkType, frames }: Source): Sample[] {
    const conversation = new Conversation();
    const asked = new Map<ExchangeRecord, Uint8Array>();
    return frames.map(({ bytes, originalLength = bytes.length }) => {
      const frame = decodeFrame(bytes, { linkType, originalLength, conversation });
      const { exchange, protocol } = frame;
      const request = exchange && asked.get(exchange);
      const fcAt = layerOf(frame, 'fc')?.offset;
      const wire = originalLength > bytes.length ? originalLength : undefined;
      const sample = { linkType, bytes, originalLength: wire, request, protocol, fcAt };
      addKind(sample, frame);
      if (exchange === undefined || request !== undefined) return sample;
      asked.set(exchange, bytes);
      if (linkType === LinkType.ETHERNET && protocol !== 'fip')
        requests.set(protocol, [...(requests.get(protocol) ?? []), sample]);
      return sample;
    });
  }

  const real = recorded.flatMap(samplesOf);
  for (const source of made) samplesOf(source);
  return { real, kinds: [...kinds.values()], requests };
}

/** All captures at hand, and a few frames of every message; `seed` decides the values of those. */
export function loadCorpus(seed: number): Corpus {
  const frames = generateFrames({ seed, each: 2 });
  return corpusOf(captures(), [{ linkType: LinkType.ETHERNET, frames }]);
}
