/** Frames that our own encoders make from random values: every message the codecs know. */
import fc from 'fast-check';
import {
  arp,
  baAcc,
  baRjt,
  CodecError,
  cdb,
  cdbFields,
  crc32,
  ctAccepts,
  ctPreamble,
  ctReject,
  ctRejectFor,
  ctRequests,
  Eof,
  EtherType,
  ecp,
  elsAccepts,
  elsRequests,
  encodeFcoeFrame,
  ethernet,
  type FcHeaderInput,
  FcType,
  fcHeader,
  fcpCmnd,
  fcpRsp,
  fcpXferRdy,
  fipDescriptor,
  fipMessage,
  lldpdu,
  lldpTlv,
  lsRjt,
  networkHeader,
  PREAMBLE_BYTES,
  RCtl,
  Sof,
  sense,
  senseDescriptor,
  swIlsAccepts,
  swIlsRequests,
  swRjt,
  vdpdu,
  vftHeader,
  vlanTag,
} from '../../../src/codecs/index.ts';
import type { AnyCodec } from '../../../src/codecs/layout/index.ts';
import { arbitraryOf } from '../../../src/testing/index.ts';
import { generateBgp } from './generate-bgp.ts';
import { generateFcip, generateIscsi, generateRpc } from './generate-streams.ts';
import { isEmptyList, meant } from './meant.ts';

/** A frame and the message it carries. */
export interface GeneratedFrame {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface GenerateOptions {
  readonly seed: number;
  /** Frames of each message; 3 when left out. */
  readonly each?: number;
}

type Members = Readonly<Record<string, AnyCodec>>;

const INITIATOR = 0x01_0101;
const RESPONDER = 0x02_0202;
const FABRIC_CONTROLLER = 0xff_fffd;
const REQUEST = 0x29_0000;
const REPLY = 0x99_0000;
const PADDED_BYTES = 46;
/** Random parts are small, a few messages have many of them; longer ones are drawn again. */
const PAYLOAD_BYTES_MAX = 2112;

const concat = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts));

/** The message's bytes; `undefined` for a value whose parts contradict one another. */
function encoded(codec: AnyCodec, value: unknown): Uint8Array | undefined {
  if (isEmptyList(value)) return undefined;
  try {
    return codec.encode(meant(value)) as Uint8Array;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** Draws values and makes frames of them; exchange identifiers count up. */
class Generator {
  readonly frames: GeneratedFrame[] = [];
  readonly #each: number;
  readonly #seed: number;
  readonly #drawn = new Map<string, number>();
  #oxId = 0x0100;

  constructor({ seed, each = 3 }: GenerateOptions) {
    this.#seed = seed;
    this.#each = each;
  }

  /** Encoded values of a message. */
  draw(codec: AnyCodec, overrides?: Readonly<Record<string, fc.Arbitrary<unknown>>>): Uint8Array[] {
    const seed = this.#seedFor(`${codec.name} ${codec.kind}`);
    const values = arbitraryOf(codec, overrides === undefined ? {} : { overrides })
      .map((value) => encoded(codec, value))
      .filter((bytes) => bytes !== undefined && bytes.length <= PAYLOAD_BYTES_MAX)
      .map((bytes) => bytes!);
    return fc.sample(values, { seed, numRuns: this.#each });
  }

  /** A seed for each message and draw, so that a new message changes no other's values. */
  #seedFor(name: string): number {
    const draw = (this.#drawn.get(name) ?? 0) + 1;
    this.#drawn.set(name, draw);
    return (crc32(new TextEncoder().encode(`${name} ${draw}`)) + this.#seed) | 0;
  }

  nextOxId(): number {
    this.#oxId = (this.#oxId + 1) & 0x7fff;
    return this.#oxId;
  }

  ethernet(name: string, etherType: number, body: Uint8Array): void {
    const head = ethernet.encode({
      destination: '01:80:c2:00:00:0e',
      source: '52:54:00:aa:00:01',
      etherType,
    });
    const pad = new Uint8Array(Math.max(0, PADDED_BYTES - body.length));
    this.frames.push({ name, bytes: concat(head, body, pad) });
  }

  fc(name: string, header: FcHeaderInput, payload: Uint8Array): void {
    const bytes = encodeFcoeFrame({
      destination: '0e:fc:00:02:02:02',
      source: '0e:fc:00:01:01:01',
      sof: Sof.SOFi3,
      eof: Eof.EOFt,
      header,
      payload,
    });
    this.frames.push({ name, bytes });
  }

  /** A request in an exchange of its own, and a reply to it. */
  exchange(
    name: string,
    service: {
      readonly rCtl: readonly [number, number];
      readonly type: number;
      readonly to: number;
    },
    request: Uint8Array,
    reply?: Uint8Array,
  ): void {
    const { rCtl, type, to } = service;
    const ids = { type, oxId: this.nextOxId() };
    const forth = { ...ids, rCtl: rCtl[0], dId: to, sId: INITIATOR, fCtl: REQUEST };
    this.fc(name, forth, request);
    if (reply === undefined) return;
    const back = { ...ids, rCtl: rCtl[1], dId: INITIATOR, sId: to, fCtl: REPLY, rxId: 0x0202 };
    this.fc(`${name} reply`, back, reply);
  }

  /** Every request of a service, with its accept and with a reject. */
  service(
    service: {
      readonly rCtl: readonly [number, number];
      readonly type: number;
      readonly to: number;
    },
    requests: Members,
    accepts: Members,
    reject: (request: Uint8Array) => Uint8Array,
  ): void {
    for (const [name, request] of Object.entries(requests)) {
      if (name.endsWith('_RJT')) continue;
      const bodies = this.draw(request);
      const accept = accepts[name];
      const replies = accept === undefined ? [] : this.draw(accept);
      for (const [i, body] of bodies.entries()) this.exchange(name, service, body, replies[i]);
      if (accept !== undefined) this.exchange(name, service, bodies[0]!, reject(bodies[0]!));
    }
  }
}

/** FIP: each descriptor in each operation, and logins with their ELS. */
function generateFip(one: Generator): void {
  const members = (fipDescriptor as unknown as { members: Members }).members;
  const operations = [
    [1, 1],
    [1, 2],
    [3, 1],
    [3, 2],
    [4, 1],
    [4, 2],
    [5, 1],
    [5, 3],
  ] as const;
  for (const codec of Object.values(members)) {
    const kind = codec.kind ?? '';
    const encapsulates = ['flogi', 'fdisc', 'logo', 'elp'].includes(kind);
    for (const [i, descriptor] of one.draw(codec).entries()) {
      if (encapsulates) continue;
      const [operation, subcode] = operations[i % operations.length]!;
      const value = { kind, ...(codec.decode(descriptor) as object) };
      const bytes = fipMessage.encode({ operation, subcode, descriptors: [value as never] });
      one.ethernet(`FIP ${kind}`, EtherType.FIP, bytes);
    }
  }
  generateFipLogins(one);
}

function generateFipLogins(one: Generator): void {
  const logins = [
    ['flogi', elsRequests.FLOGI, elsAccepts.FLOGI],
    ['fdisc', elsRequests.FDISC, elsAccepts.FDISC],
    ['logo', elsRequests.LOGO, elsAccepts.LOGO],
  ] as const;
  for (const [kind, request, accept] of logins) {
    const replies = one.draw(accept as AnyCodec);
    for (const [i, payload] of one.draw(request as AnyCodec).entries()) {
      const oxId = one.nextOxId();
      const common = { type: FcType.ELS, oxId } as const;
      const forth = { ...common, rCtl: 0x22, dId: 0xff_fffe, sId: 0, fCtl: REQUEST };
      const back = { ...common, rCtl: 0x23, dId: INITIATOR, sId: 0xff_fffe, fCtl: REPLY };
      const mac = { kind: 'mac', mac: '0e:fc:00:01:01:01' } as const;
      const both = [
        [1, { kind, header: forth, payload }],
        [2, { kind, header: back, payload: replies[i]! }],
      ] as const;
      for (const [subcode, descriptor] of both) {
        const message = { operation: 2, subcode, descriptors: [descriptor, mac] };
        one.ethernet(`FIP ${kind}`, EtherType.FIP, fipMessage.encode(message as never));
      }
    }
  }
}

/** Sense data with each descriptor, and plain ones behind it. */
function senseOfEveryKind(one: Generator): Uint8Array[] {
  const members = (senseDescriptor as unknown as { members: Members }).members;
  const information = { kind: 'information', information: 0x0123_4567_89ab_cdefn };
  return Object.values(members).flatMap((codec) =>
    one.draw(codec).map((bytes) => {
      const descriptors = [codec.decode(bytes) as object, information, information, information];
      const head = { kind: 'descriptor', responseCode: 0x72, senseKey: 0x06, asc: 0x29, ascq: 0 };
      return sense.encode({ ...head, descriptors } as never);
    }),
  );
}

/** FCP: every CDB in an FCP_CMND, and the target's information units. */
function generateFcp(one: Generator): void {
  const members = (cdb as unknown as { members: Members }).members;
  const fcp = { type: FcType.FCP, dId: RESPONDER, sId: INITIATOR, fCtl: REQUEST };
  for (const [name, codec] of Object.entries(members)) {
    for (const bytes of one.draw(codec)) {
      const command = fcpCmnd.encode({ lun: 0n, fcpDl: 4096, rddata: 1, ...cdbFields(bytes) });
      one.fc(name, { ...fcp, rCtl: RCtl['Unsolicited Command'], oxId: one.nextOxId() }, command);
    }
  }
  for (const command of one.draw(fcpCmnd as AnyCodec))
    one.fc(
      'FCP_CMND',
      { ...fcp, rCtl: RCtl['Unsolicited Command'], oxId: one.nextOxId() },
      command,
    );
  const back = { ...fcp, dId: INITIATOR, sId: RESPONDER, fCtl: REPLY };
  for (const ready of one.draw(fcpXferRdy as AnyCodec))
    one.fc('FCP_XFER_RDY', { ...back, rCtl: RCtl['Data Descriptor'], oxId: one.nextOxId() }, ready);
  const answers = one.draw(fcpRsp as AnyCodec, { senseData: fc.constant(new Uint8Array()) });
  for (const senseData of [...one.draw(sense as AnyCodec), ...senseOfEveryKind(one)])
    answers.push(fcpRsp.encode({ scsiStatus: 2, senseData }));
  for (const answer of answers)
    one.fc('FCP_RSP', { ...back, rCtl: RCtl['Command Status'], oxId: one.nextOxId() }, answer);
}

/** Basic link services, link control, optional headers. */
function generateFc(one: Generator): void {
  const bls = { type: 0, dId: INITIATOR, sId: RESPONDER, fCtl: REPLY };
  for (const [rCtl, codec] of [
    [RCtl.BA_ACC, baAcc],
    [RCtl.BA_RJT, baRjt],
  ] as const) {
    for (const body of one.draw(codec as AnyCodec))
      one.fc(codec.name, { ...bls, rCtl, oxId: one.nextOxId() }, body);
  }
  for (const raw of one.draw(fcHeader as AnyCodec, {
    type: fc.constant(0),
    dfCtl: fc.constant(0),
  })) {
    for (const rCtl of [
      RCtl.ABTS,
      RCtl.NOP,
      RCtl.P_RJT,
      RCtl.F_RJT,
      RCtl.P_BSY,
      RCtl.ACK_1,
      RCtl.ACK_0,
    ])
      one.fc('FC header', { ...fcHeader.decode(raw), rCtl }, new Uint8Array());
  }
  for (const body of one.draw(networkHeader as AnyCodec)) {
    const header = { type: FcType.IP, rCtl: 0x04, dId: RESPONDER, sId: INITIATOR, fCtl: REQUEST };
    const payload = concat(body, new Uint8Array(16));
    one.fc('Network_Header', { ...header, dfCtl: 0x20, oxId: one.nextOxId() }, payload);
  }
}

/** Subtypes whose identifier may be any bytes. */
const LLDP_SUBTYPES: Readonly<Record<string, Readonly<Record<string, fc.Arbitrary<number>>>>> = {
  chassisId: { subtype: fc.constantFrom(1, 2, 7) },
  portId: { subtype: fc.constantFrom(1, 2, 7) },
};

/** LLDP and VDP: each TLV behind those that must be first. */
function generateLldp(one: Generator): void {
  const members = (lldpTlv as unknown as { members: Members }).members;
  const first = [
    { kind: 'chassisId', subtype: 4, chassisId: Uint8Array.of(2, 0, 0, 0, 0, 1) },
    { kind: 'portId', subtype: 7, portId: Uint8Array.of(0x31) },
    { kind: 'timeToLive', timeToLiveSeconds: 120 },
  ];
  for (const [kind, codec] of Object.entries(members)) {
    if (kind === 'end') continue;
    for (const bytes of one.draw(codec, LLDP_SUBTYPES[kind])) {
      const tlv = { ...(codec.decode(bytes) as object), kind: codec.kind ?? kind };
      const tlvs = [...first, tlv, { kind: 'end' }];
      one.ethernet(`LLDP ${kind}`, EtherType.LLDP, lldpdu.encode({ tlvs } as never));
    }
  }
  for (const body of one.draw(vdpdu as AnyCodec)) {
    const head = ecp.encode({ sequence: 1 });
    one.ethernet('VDP', EtherType.ECP, concat(head, body));
  }
}

/** Addresses of Ethernet and IPv4. */
const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const ARP_SIZES = {
  senderHardwareAddress: octets(6),
  senderProtocolAddress: octets(4),
  targetHardwareAddress: octets(6),
  targetProtocolAddress: octets(4),
};

function generateTags(one: Generator): void {
  for (const tag of one.draw(vlanTag as AnyCodec, { etherType: fc.constant(EtherType.ARP) })) {
    const body = one.draw(arp as AnyCodec, ARP_SIZES)[0]!;
    one.ethernet('ARP', EtherType.VLAN, concat(tag, body));
  }
}

/** Frames of a virtual fabric, none of them protected: tshark does not know the bit that says so. */
function generateVft(one: Generator): void {
  for (const tag of one.draw(vftHeader as AnyCodec, { espFollows: fc.constant(0) })) {
    // The frame header begins 8 bytes further on: what stands in its place is told as one.
    const header = { type: 0, rCtl: RCtl.NOP, dId: RESPONDER, sId: INITIATOR, fCtl: REQUEST };
    const bytes = concat(tag, fcHeader.encode({ ...header, oxId: one.nextOxId() }));
    one.fc('VFT_Header', fcHeader.decode(bytes, 0, 24), bytes.subarray(24));
  }
}

/** Frames of every message, a few each. The same seed gives the same frames. */
export function generateFrames(options: GenerateOptions): GeneratedFrame[] {
  const one = new Generator(options);
  generateTags(one);
  generateLldp(one);
  generateFip(one);
  generateFc(one);
  const els = { rCtl: [0x22, 0x23], type: FcType.ELS, to: RESPONDER } as const;
  const drawReject = (codec: AnyCodec) => () => one.draw(codec)[0]!;
  one.service(els, elsRequests, elsAccepts, drawReject(lsRjt));
  const ct = { rCtl: [0x02, 0x03], type: FcType.CT, to: 0xff_fffc } as const;
  const ctRejectOf = (request: Uint8Array) => {
    const preamble = ctPreamble.decode(request, 0, PREAMBLE_BYTES);
    return ctReject.encode(ctRejectFor(preamble, 0x09, 0x01));
  };
  one.service(ct, ctRequests, ctAccepts, ctRejectOf);
  const swIls = { rCtl: [0x02, 0x03], type: FcType.SW_ILS, to: FABRIC_CONTROLLER } as const;
  one.service(swIls, swIlsRequests, swIlsAccepts, drawReject(swRjt));
  generateFcp(one);
  generateVft(one);
  generateIscsi(one);
  generateFcip(one);
  generateRpc(one);
  generateBgp(one);
  return one.frames;
}
