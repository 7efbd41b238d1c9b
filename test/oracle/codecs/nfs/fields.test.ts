/** The field oracle for RPC and NFS: every field that tshark names, in value and in place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  authSys,
  callerOf,
  procedureOf,
  RECORD_MARK_BYTES,
  recordMark,
  rpcMessage,
} from '../../../../src/codecs/index.ts';
import type { AnyCodec, Span } from '../../../../src/codecs/layout/index.ts';
import { pcapFile } from '../../../helpers/capture.ts';
import { hasTshark } from '../../../helpers/shared-captures.ts';
import { compareField, type Mapped, type Target } from '../../support/mapping.ts';
import type { OurField } from '../../support/ours.ts';
import type { PdmlField, PdmlPacket } from '../../support/pdml.ts';
import { tsharkPackets } from '../../support/tshark.ts';
import { type RpcFrame, rpcFrames } from './conversations.ts';
import { leftOutOfRpc, rpcFieldMap } from './fields.ts';

const SEEDS = [1, 2, 3] as const;
const EACH = 12;
const SHOWN_MAX = 10;
/** Fields that agreed when this was written, rounded down. */
const COMPARED_AT_LEAST = 40_000;

/** Our fields of a message, by `layer:path` without places in lists. */
function ourFields({ bytes, at, service, procedure, isReply }: RpcFrame): Map<string, OurField[]> {
  const message = at + RECORD_MARK_BYTES;
  const spans: [string, readonly Span[]][] = [
    ['mark', recordMark.spans(bytes, at, message)],
    ['rpc', rpcMessage.spans(bytes, message)],
  ];
  const value = rpcMessage.decode(bytes, message);
  const body =
    value.kind === 'call' ? value.parameters : value.kind === 'reply' ? value.results : undefined;
  const codecs = procedureOf({ ...service, procedure })!;
  if (body !== undefined && body.length > 0) {
    const codec: AnyCodec = isReply ? codecs.res : codecs.args;
    spans.push(['nfs', codec.spans(bytes, bytes.length - body.length)]);
  }
  if (value.kind === 'call' && callerOf(value.credential) !== undefined) {
    const from = message + 32;
    spans.push(['auth', authSys.spans(bytes, from, from + value.credential.body.length)]);
  }
  const byPath = new Map<string, OurField[]>();
  for (const [layer, all] of spans) {
    for (const span of all) {
      const path = `${layer}:${span.path.replace(/\[\d+\]/g, '[]')}`;
      const one = {
        layer: undefined as never,
        path,
        first: span.offset * 8 + (span.bits?.first ?? 0),
        width: span.bits?.width ?? span.length * 8,
        value: span.value,
        text: span.text,
      };
      byPath.set(path, [...(byPath.get(path) ?? []), one]);
    }
  }
  return byPath;
}

const targetsOf = (mapped: Mapped): readonly Target[] => {
  if (typeof mapped === 'string') return [{ place: 'same', paths: [mapped] }];
  return Array.isArray(mapped) ? mapped : [mapped as Target];
};

const isMeant = ({ proto, name, size }: PdmlField): boolean =>
  /^(rpc|nfs|mount|portmap)/.test(proto) && name !== '' && size > 0 && !name.startsWith('_ws.');

class Agreement {
  compared = 0;
  readonly mismatches: string[] = [];
  readonly unmapped = new Set<string>();
  readonly seen = new Set<string>();

  add(frame: RpcFrame, packet: PdmlPacket): void {
    const byPath = ourFields(frame);
    const codecs = procedureOf({ ...frame.service, procedure: frame.procedure })!;
    for (const field of packet.fields.filter(isMeant)) {
      if (field.name in leftOutOfRpc) continue;
      const mapped = rpcFieldMap[field.name];
      if (mapped === undefined) this.unmapped.add(`${codecs.name}: ${field.name}`);
      else {
        const difference = compareField(field, targetsOf(mapped), byPath);
        this.seen.add(field.name);
        if (difference === undefined) this.compared += 1;
        else
          this.mismatches.push(
            `${codecs.name} ${frame.isReply ? 'reply' : 'call'}: ${field.name} ${difference.what}: ${difference.theirs}; ours ${difference.ours}`,
          );
      }
    }
  }
}

async function compare(seed: number, agreement: Agreement): Promise<void> {
  const frames = rpcFrames(seed, EACH, new Map());
  const folder = mkdtempSync(join(tmpdir(), 'sanmotion-nfs-'));
  try {
    const path = join(folder, 'nfs.pcap');
    writeFileSync(
      path,
      pcapFile(frames.map(({ bytes }, i) => ({ seconds: i, subseconds: 0, bytes }))),
    );
    let i = 0;
    for await (const packet of tsharkPackets(path)) agreement.add(frames[i++]!, packet);
    expect(i).toBe(frames.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!hasTshark)('RPC and NFS agree with tshark', () => {
  it('in every field of calls and replies of every procedure', async () => {
    const agreement = new Agreement();
    for (const seed of SEEDS) await compare(seed, agreement);
    const { compared, mismatches, unmapped, seen } = agreement;
    console.log(`RPC and NFS: ${compared} fields agree, ${mismatches.length} mismatched`);
    expect([...unmapped].slice(0, 60)).toEqual([]);
    expect(mismatches.slice(0, SHOWN_MAX)).toEqual([]);
    expect(Object.keys(rpcFieldMap).filter((name) => !seen.has(name))).toEqual([]);
    expect(compared).toBeGreaterThan(COMPARED_AT_LEAST);
  });
});
