/** ELS by their commands and by what they answer: sizes of others' structures, sessions of captures. */
import { describe, expect, test } from 'vitest';
import { ElsCommand } from '../../../../src/codecs/els/codes.ts';
import { elsAccept, elsReply, elsRequest, elsRequests } from '../../../../src/codecs/els/family.ts';
import { lsRjt } from '../../../../src/codecs/els/session.ts';
import {
  type AnyCodec,
  CodecError,
  formatHex,
  parseHex,
} from '../../../../src/codecs/layout/index.ts';
import { checkEveryLength, checkTiled } from '../../../helpers/every-length.ts';
import {
  type FcPayload,
  fcPayloads,
  haveCaptures,
  SESSION_CAPTURES,
} from '../../../helpers/fc-payloads.ts';

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

/** Fewest bytes of request and accept: sizeof in fc_els.h, fc_fcp.h, lpfc_hw.h, packet-fcels.c. */
const SIZES: readonly [keyof typeof elsRequests & keyof typeof ElsCommand, number, number?][] = [
  ['LS_RJT', 8],
  ['PLOGI', 116, 116],
  ['FLOGI', 116, 116],
  ['LOGO', 16, 4],
  ['RTV', 4, 16],
  ['RLS', 8, 28],
  ['RRQ', 12, 4],
  ['REC', 12, 24],
  ['SRR', 16, 4],
  ['FPIN', 8],
  ['EDC', 8, 8],
  ['RDP', 8, 8],
  ['RDF', 8, 8],
  ['PRLI', 4, 4],
  ['PRLO', 4, 4],
  ['PDISC', 116, 116],
  ['FDISC', 116, 116],
  ['ADISC', 28, 28],
  ['FARP-REQ', 76],
  ['FARP-REPLY', 76, 4],
  ['RPS', 12, 32],
  ['RPL', 12, 12],
  ['FAN', 24],
  ['RSCN', 4, 4],
  ['SCR', 8, 4],
  ['RNFT', 8, 8],
  ['CSU', 12],
  ['LINIT', 8, 8],
  ['LSTS', 4, 168],
  ['RNID', 8, 8],
  ['RLIR', 8, 4],
  ['LIRR', 8, 4],
  ['SRL', 8, 4],
  ['RPSC', 4, 4],
  ['LCB', 12, 12],
  ['QFPA', 4, 8],
  ['CBIND', 28],
  ['UNBIND', 20],
  ['AUTH_ELS', 12, 4],
];
/** The same of obsolete services: sizes of the structures in Agilent's FCStruct.h, "FC-PH-2 Rev 7.4". */
const OBSOLETE: typeof SIZES = [
  ['SCN', 4],
  ['GAID', 100, 8],
  ['FACT', 12, 4],
  ['FDACT', 12, 4],
  ['NACT', 100, 4],
  ['NDACT', 8, 4],
  ['QoSR', 0x4c, 0x4c],
  ['RVCS', 8, 8],
];

describe('ELS sizes', () => {
  test.each([...SIZES, ...OBSOLETE])('%s: %i and %s bytes', (name, request, accept) => {
    expect(elsRequests[name].minBytes).toBe(request);
    if (accept !== undefined) expect(elsAccept(ElsCommand[name]).minBytes).toBe(accept);
  });

  test.each([...SIZES, ...OBSOLETE].filter(([, bytes]) => bytes > 4))(
    '%s: nothing shorter decodes',
    (name, request) => {
      const bytes = new Uint8Array(request);
      bytes[0] = ElsCommand[name];
      expect(checkEveryLength(elsRequests[name], bytes)).toBe(1);
    },
  );
});

describe('replies', () => {
  test('LS_RJT keeps four reserved bytes before its reason', () => {
    const bytes = parseHex('01000000000b0000');
    expect(lsRjt.decode(bytes)).toMatchObject({ reason: 0x0b, explanation: 0, vendorSpecific: 0 });
    expect(elsReply(ElsCommand.RTV).decode(bytes)).toMatchObject({ kind: 'LS_RJT', reason: 0x0b });
    expect(elsRequest.decode(bytes).kind).toBe('LS_RJT');
    expect(formatHex(lsRjt.encode({ reason: 0x0b }))).toBe('01000000000b0000');
  });

  test('a reply is read by the request it answers', () => {
    expect(
      elsReply(ElsCommand.PRLI).decode(parseHex('0210001408002100000000000000000000000032')).kind,
    ).toBe('LS_ACC PRLI');
    expect(elsReply(0xee).decode(parseHex('02000000abcd')).kind).toBe('LS_ACC');
    expect(elsReply(ElsCommand.PRLI).decode(parseHex('7f000000')).kind).toBe('unknown');
  });
});
