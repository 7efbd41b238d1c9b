import { describe, expect, test } from 'vitest';
import { elsReply, elsRequest } from '../../../../src/codecs/els/index.ts';
import { type AnyCodec, CodecError, formatHex } from '../../../../src/codecs/layout/index.ts';
import { checkEveryLength, checkTiled } from '../every-length.ts';
import { type FcPayload, fcPayloads, haveCaptures, SESSION_CAPTURES } from '../fc-payloads.ts';

const ELS_REQUEST = 0x22;
const ELS_REPLY = 0x23;

interface Els {
  readonly one: FcPayload;
  /** The codec of a request, or of the reply to the request it answers. */
  readonly codec: AnyCodec;
}

/** ELS in order; a FLOGI or FDISC has no S_ID yet, and its accept goes to the new one. */
function* elsOf(frames: FcPayload[]): Generator<Els> {
  const open = new Map<string, number>();
  for (const one of frames) {
    if (one.type !== 1) continue;
    if (one.rCtl === ELS_REQUEST) {
      open.set(`${one.sId} ${one.oxId}`, one.payload[0]!);
      yield { one, codec: elsRequest };
    } else if (one.rCtl === ELS_REPLY) {
      const login = `0 ${one.oxId}`;
      const key = one.sId === 0xfffffe && open.has(login) ? login : `${one.dId} ${one.oxId}`;
      yield { one, codec: elsReply(open.get(key) ?? 0) };
      open.delete(key);
    }
  }
}

describe.skipIf(!haveCaptures)('ELS of captures (skipped without ../shared/captures)', () => {
  test.each(SESSION_CAPTURES)('%s: decoded by name and encoded again', (name) => {
    const kinds = new Map<string, number>();
    for (const { one, codec } of elsOf(fcPayloads(name))) {
      const value = codec.decode(one.payload) as { kind: string; trailing?: Uint8Array };
      const where = `${name} frame ${one.frame}`;
      expect(value.kind, where).not.toBe('unknown');
      expect(value.trailing, where).toBeUndefined();
      expect(formatHex(codec.encode(value)), where).toBe(formatHex(one.payload));
      checkTiled(codec, one.payload);
      kinds.set(value.kind, (kinds.get(value.kind) ?? 0) + 1);
    }
    expect(kinds.size).toBeGreaterThan(3);
  });

  test('as many of each as tshark counts in esxi-cisco/fcoe1-both', () => {
    // tshark -Y fcels -T fields -e fcels.opcode | sort | uniq -c
    const commands = new Map<number, number>();
    for (const { one } of elsOf(fcPayloads('esxi-cisco/fcoe1-both.pcap')))
      commands.set(one.payload[0]!, (commands.get(one.payload[0]!) ?? 0) + 1);
    expect([...commands].sort(([a], [b]) => a - b)).toEqual([
      [0x01, 10],
      [0x02, 16],
      [0x03, 10],
      [0x04, 2],
      [0x05, 4],
      [0x0e, 4],
      [0x20, 4],
      [0x52, 2],
      [0x62, 2],
    ]);
  });

  test('every length of every payload of a session', () => {
    for (const { one, codec } of elsOf(fcPayloads('linux/fabric-rscn.pcap')))
      checkEveryLength(codec, one.payload);
  });

  test('FPIN, EVFP and RTV that tshark names wrongly or not at all', () => {
    const [fpin, evfp, rtv, accept] = [...elsOf(fcPayloads('handmade/wireshark-gaps.pcap'))];
    // This FPIN was made with a list length four bytes too short for its descriptor: it is read
    // all the same, and a list that says more than is there is not.
    expect(fpin!.codec.decode(fpin!.one.payload)).toMatchObject({
      kind: 'FPIN',
      descriptorListLengthBytes: 16,
      descriptors: [
        { kind: 'CONGESTION_NOTIFICATION', eventType: 1, severity: 0xf1, valueLengthBytes: 12 },
      ],
    });
    const longer = fpin!.one.payload.slice();
    longer[7] = 21;
    expect(() => fpin!.codec.decode(longer)).toThrow(CodecError);
    expect(evfp!.codec.decode(evfp!.one.payload).kind).toBe('EVFP');
    expect(rtv!.codec.decode(rtv!.one.payload).kind).toBe('RTV');
    expect(accept!.codec.decode(accept!.one.payload)).toMatchObject({
      kind: 'LS_ACC RTV',
      rATovMs: 10_000,
      eDTov: 2000,
      qualifier: 0,
    });
  });
});
