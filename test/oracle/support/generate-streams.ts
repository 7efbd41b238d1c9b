/** iSCSI, FCIP and RPC as TCP segments: a unit each, one behind the other in its stream. */
import fc from 'fast-check';
import { EtherType, IpProtocol, ipv4, TcpFlags, tcp } from '../../../src/codecs/ethernet/index.ts';
import {
  type FcipHeaderInput,
  fcipHeader,
  fcipSof,
  fcipSpecialFrame,
  fcipTrailer,
} from '../../../src/codecs/fcip/index.ts';
import {
  authSysCredential,
  cbCompound4args,
  cbCompound4res,
  compound4args,
  compound4res,
  crc32,
  elsRequests,
  encodeAttributes,
  encodeRecord,
  encodeTextKeys,
  FCIP_TCP_PORT,
  FcipFlags,
  FcType,
  fcHeader,
  ISCSI_TCP_PORT,
  iscsiPdu,
  LayoutIomode4,
  LayoutType4,
  linksOf,
  Nfs4Procedure,
  NfsCbProcedure,
  NfsStat3,
  NfsStat4,
  nfsArgOp4,
  nfsCbArgOp4,
  nfsCbResOp4,
  nfsResOp4,
  OpenDelegation4,
  OpenType4,
  rpcCall,
  rpcReply,
  rpcServices,
} from '../../../src/codecs/index.ts';
import type { AnyCodec } from '../../../src/codecs/layout/index.ts';

/** What draws values of messages, and takes frames. */
export interface Drawing {
  draw(codec: AnyCodec, overrides?: Readonly<Record<string, fc.Arbitrary<unknown>>>): Uint8Array[];
  ethernet(name: string, etherType: number, body: Uint8Array): void;
}

const CLIENT = Uint8Array.of(10, 0, 0, 1);
const SERVER = Uint8Array.of(10, 0, 0, 2);
const CLIENT_PORT = 40_000;

const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
};

/** One connection; each unit becomes a segment. */
export class Connection {
  readonly #drawing: Drawing;
  readonly #port: number;
  #sent = { client: 1000, server: 5000 };

  readonly #clientPort: number;

  constructor(drawing: Drawing, port: number, clientPort = CLIENT_PORT) {
    this.#drawing = drawing;
    this.#port = port;
    this.#clientPort = clientPort;
  }

  send(name: string, from: 'client' | 'server', payload: Uint8Array): void {
    const isClient = from === 'client';
    const header = tcp.encode({
      sourcePort: isClient ? this.#clientPort : this.#port,
      destinationPort: isClient ? this.#port : this.#clientPort,
      sequenceNumber: this.#sent[from],
      acknowledgmentNumber: this.#sent[isClient ? 'server' : 'client'],
      flags: TcpFlags.ACK | TcpFlags.PSH,
      window: 65_535,
    });
    this.#sent[from] += payload.length;
    const packet = ipv4.encode({
      totalLengthBytes: ipv4.headBytes + header.length + payload.length,
      protocol: IpProtocol.TCP,
      source: isClient ? CLIENT : SERVER,
      destination: isClient ? SERVER : CLIENT,
    });
    this.#drawing.ethernet(name, EtherType.IPv4, concat(packet, header, payload));
  }
}

const none = fc.constant([]);
const zero = fc.constant(0);
const text = fc.constant(
  encodeTextKeys([
    { key: 'InitiatorName', value: 'iqn.2026-01.example:one' },
    { key: 'SessionType', value: 'Normal' },
  ]),
);
const noBytes = fc.constant(new Uint8Array(0));
const read = fc.constant(Uint8Array.of(0x28, 0, 0, 0, 1, 0, 0, 0, 8, 0));
const noSense = fc.constant({ senseData: new Uint8Array(0), responseData: new Uint8Array(0) });
const eventData = fc.constant({ senseData: new Uint8Array(0), responseData: Uint8Array.of(7, 9) });
const plain = { ahs: none, continue: zero, padding: fc.constant(undefined) };

/** What is drawn otherwise than the table says, so that tshark and we speak of the same. */
const OVERRIDES: Readonly<Record<string, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  'SCSI Command': { cdb: read, data: noBytes },
  'Login Request': { data: text, versionMax: zero, versionMin: zero },
  'Login Response': { data: text },
  'Text Request': { data: text },
  'Text Response': { data: text },
  'SCSI Response': { data: noSense },
  'Asynchronous Message': { data: eventData },
  'Task Management Function Request': { data: noBytes },
  'Task Management Function Response': { data: noBytes },
  'Logout Request': { data: noBytes },
  'Logout Response': { data: noBytes },
  'SNACK Request': { data: noBytes },
  R2T: { data: noBytes },
  Reject: { data: fc.constant(iscsiPdu.encode({ kind: 'NOP-Out' })) },
};

/** Every PDU of iSCSI. */
export function generateIscsi(drawing: Drawing): void {
  const connection = new Connection(drawing, ISCSI_TCP_PORT);
  for (const member of Object.values(iscsiPdu.members) as unknown as AnyCodec[]) {
    const kind = member.kind!;
    const overrides = { ...plain, ...OVERRIDES[kind] };
    for (const bytes of drawing.draw(member, overrides)) {
      const from = (bytes[0]! & 0x20) === 0 ? 'client' : 'server';
      connection.send(`iSCSI ${kind}`, from, bytes);
    }
  }
}

/** A frame, or the special frame, behind its header. */
function encapsulated(rest: Uint8Array, header: Partial<FcipHeaderInput>): Uint8Array {
  const frameLengthWords = (fcipHeader.headBytes + rest.length) / 4;
  return concat(fcipHeader.encode({ ...header, frameLengthWords }), rest);
}

/** FCIP: the special frames, then frames of Fibre Channel. */
export function generateFcip(drawing: Drawing): void {
  const connection = new Connection(drawing, FCIP_TCP_PORT);
  const sides = ['client', 'server'] as const;
  for (const [i, special] of drawing.draw(fcipSpecialFrame as AnyCodec).entries())
    if (i < sides.length)
      connection.send(
        'FCIP special frame',
        sides[i]!,
        encapsulated(special, { pFlags: FcipFlags.SF }),
      );
  let oxId = 0x7000;
  for (const payload of drawing.draw(elsRequests.PLOGI as AnyCodec)) {
    const header = {
      rCtl: 0x22,
      dId: 0x02_0202,
      sId: 0x01_0101,
      type: FcType.ELS,
      fCtl: 0x29_0000,
    };
    const frame = concat(fcHeader.encode({ ...header, oxId: oxId++ }), payload);
    const trailer = fcipTrailer.encode({ crc: crc32(frame), eof: 0x42 });
    const rest = concat(fcipSof.encode({ sof: 0x2e }), frame, trailer);
    connection.send('FCIP PLOGI', 'client', encapsulated(rest, { timeStampSeconds: 7 }));
  }
}

const CALLER = { stamp: 7, machineName: 'host7', uid: 1000, gid: 100, gids: [100, 4, 27] };
/** Half of all results are those of a procedure that went well. */
const STATUS = fc.oneof(zero, fc.constantFrom(...Object.values(NfsStat3)));
const RPC_PORTS: Readonly<Record<string, number>> = {
  PORTMAP: 111,
  MOUNT: 2049,
  NFS: 2049,
  NFS_CB: 2049,
};
const RPC_CLIENT_PORT = 700;
const MESSAGE_BYTES_MAX = 1400;

/** Every way in which a call comes to no result. */
const REFUSALS = [
  ...[1, 3, 4, 5].map((acceptStat) => ({ verifier: {}, acceptStat })),
  { verifier: {}, acceptStat: 2, versions: { low: 2, high: 3 } },
  { replyStat: 1, rejectStat: 0, versions: { low: 2, high: 2 } },
  ...[1, 2, 5, 13].map((authStat) => ({ replyStat: 1, rejectStat: 1, authStat })),
] as const;

const time4 = fc.record({
  seconds: fc.bigInt({ min: 0n, max: 2n ** 33n }),
  nseconds: fc.integer({ min: 0, max: 999_999_999 }),
});
const size4 = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
/** Attributes whose values are what their bitmap says. */
const ATTRIBUTES = fc
  .record(
    {
      type: fc.integer({ min: 1, max: 9 }),
      change: size4,
      size: size4,
      fsid: fc.record({ major: size4, minor: size4 }),
      lease_time: fc.integer({ min: 1, max: 3600 }),
      filehandle: fc.uint8Array({ minLength: 4, maxLength: 128 }),
      fileid: size4,
      maxread: size4,
      mode: fc.integer({ min: 0, max: 0o7777 }),
      numlinks: fc.integer({ min: 1, max: 9 }),
      owner: fc.constantFrom('0', 'root@localdomain'),
      space_used: size4,
      time_access: time4,
      time_metadata: time4,
      time_modify: time4,
      mounted_on_fileid: size4,
    },
    { requiredKeys: ['type'] },
  )
  .map((attributes) => encodeAttributes(attributes));
const ENTRIES = fc
  .array(
    fc.record({
      cookie: size4,
      name: fc.constantFrom('lun0.img', 'a'),
      attributes: ATTRIBUTES,
    }),
    { maxLength: 2 },
  )
  .map((entries) => linksOf(entries));
const STATEID = fc.record({
  seqid: fc.integer({ min: 0, max: 9 }),
  other: fc.uint8Array({ minLength: 12, maxLength: 12 }),
});
/** Parts of an answer that random bytes would make no sense of. */
const RESOK4: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  GETATTR: fc.record({ attributes: ATTRIBUTES }),
  OPEN: fc.record({
    stateid: STATEID,
    cinfo: fc.record({ atomic: fc.constant(1), before: size4, after: size4 }),
    resultFlags: fc.constantFrom(0, 4),
    attributesSet: fc.constantFrom([], [0x10]),
    delegation: fc.constantFrom(
      { delegationType: OpenDelegation4.OPEN_DELEGATE_NONE },
      { delegationType: OpenDelegation4.OPEN_DELEGATE_NONE_EXT, none: { why: 0 } },
      { delegationType: OpenDelegation4.OPEN_DELEGATE_NONE_EXT, none: { why: 1, willTell: 0 } },
    ),
  }),
  GETDEVICEINFO: fc.record({
    type: fc.constant(LayoutType4.LAYOUT4_BLOCK_VOLUME),
    body: fc.constant(new Uint8Array(4)),
    notification: fc.constantFrom([], [6]),
  }),
  LAYOUTGET: fc.record({
    returnOnClose: fc.integer({ min: 0, max: 1 }),
    stateid: STATEID,
    layouts: fc.constantFrom(
      [],
      [
        {
          offset: 0n,
          length: 4096n,
          iomode: LayoutIomode4.LAYOUTIOMODE4_RW,
          type: LayoutType4.LAYOUT4_BLOCK_VOLUME,
          body: new Uint8Array(4),
        },
      ],
    ),
  }),
  READDIR: fc.record({
    cookieVerifier: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    entries: ENTRIES,
    eof: fc.integer({ min: 0, max: 1 }),
  }),
};
const OVERRIDES4: Readonly<Record<string, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  OPEN: {
    openType: fc.constant(OpenType4.OPEN4_CREATE),
    how: fc.record({ mode: fc.integer({ min: 0, max: 1 }), attributes: ATTRIBUTES }),
  },
};
const STATUS4 = fc.oneof(zero, fc.constantFrom(...Object.values(NfsStat4)));

/** A COMPOUND of one operation for each that is laid out, and its answer. */
function* compounds(drawing: Drawing) {
  const head = compound4args.encode({ tag: 'move', minorVersion: 1, operations: [] });
  const resHead = compound4res.encode({ status: 0, tag: 'move', results: [] });
  head[head.length - 1] = 1;
  resHead[resHead.length - 1] = 1;
  const answers = nfsResOp4.members as unknown as Readonly<Record<string, AnyCodec>>;
  for (const [name, member] of Object.entries(nfsArgOp4.members)) {
    const takes = 'attributes' in member.table && !('attributesCount' in member.table);
    const overrides = { ...OVERRIDES4[name], ...(takes ? { attributes: ATTRIBUTES } : {}) };
    const args = drawing.draw(member as AnyCodec, overrides);
    const made = RESOK4[name];
    const results = drawing.draw(
      answers[name]!,
      made === undefined ? { status: STATUS4 } : { status: zero, resok: made },
    );
    for (const [i, one] of args.entries()) {
      const answer = results[i] ?? results[0]!;
      if (one.length > MESSAGE_BYTES_MAX || answer.length > MESSAGE_BYTES_MAX) continue;
      const status = answer.slice(4, 8);
      yield {
        title: `NFS COMPOUND ${name}`,
        parameters: concat(head, one),
        results: concat(status, resHead.subarray(4), answer),
      };
    }
  }
}

/** The same for what a server calls. */
function* callbacks(drawing: Drawing) {
  const head = cbCompound4args.encode({
    tag: 'back',
    minorVersion: 1,
    callbackIdent: 0,
    operations: [],
  });
  const resHead = cbCompound4res.encode({ status: 0, tag: 'back', results: [] });
  head[head.length - 1] = 1;
  resHead[resHead.length - 1] = 1;
  const answers = nfsCbResOp4.members as unknown as Readonly<Record<string, AnyCodec>>;
  for (const [name, member] of Object.entries(nfsCbArgOp4.members)) {
    const results = drawing.draw(answers[name]!, { status: STATUS4 });
    for (const [i, one] of drawing.draw(member as AnyCodec).entries()) {
      const answer = results[i] ?? results[0]!;
      if (one.length > MESSAGE_BYTES_MAX) continue;
      yield {
        title: `NFS CB_COMPOUND ${name}`,
        parameters: concat(head, one),
        results: concat(answer.slice(4, 8), resHead.subarray(4), answer),
      };
    }
  }
}

const COMPOUNDS: Readonly<Record<string, typeof compounds>> = {
  [`NFS 4 ${Nfs4Procedure.COMPOUND}`]: compounds,
  [`NFS_CB 1 ${NfsCbProcedure.CB_COMPOUND}`]: callbacks,
};

/** Calls and replies of every procedure of the port mapper, MOUNT and NFS. */
export function generateRpc(drawing: Drawing): void {
  let xid = 0x1000_0000;
  for (const [i, { name, program, version, procedures }] of rpcServices.entries()) {
    const connection = new Connection(drawing, RPC_PORTS[name]!, RPC_CLIENT_PORT + i);
    const call = (title: string, procedure: number, parameters: Uint8Array): void => {
      const credential = xid++ % 2 === 0 ? {} : authSysCredential(CALLER);
      const head = { xid, program, version, procedure, credential, verifier: {} };
      connection.send(title, 'client', encodeRecord(rpcCall.encode({ ...head, parameters })));
    };
    for (const [procedure, one] of procedures) {
      const whole = COMPOUNDS[`${name} ${version} ${procedure}`];
      if (whole !== undefined) {
        for (const { title, parameters, results } of whole(drawing)) {
          call(title, procedure, parameters);
          const reply = rpcReply.encode({ xid, verifier: {}, acceptStat: 0, results });
          connection.send(`${title} reply`, 'server', encodeRecord(reply));
        }
        continue;
      }
      const hasStatus = one.res.table !== undefined && 'status' in one.res.table;
      const results = drawing.draw(one.res, hasStatus ? { status: STATUS } : {});
      for (const [k, parameters] of drawing.draw(one.args).entries()) {
        const title = `${name} ${one.name}`;
        const answer = results[k] ?? results[0]!;
        if (parameters.length > MESSAGE_BYTES_MAX || answer.length > MESSAGE_BYTES_MAX) continue;
        call(title, procedure, parameters);
        const reply = rpcReply.encode({ xid, verifier: {}, acceptStat: 0, results: answer });
        connection.send(`${title} reply`, 'server', encodeRecord(reply));
      }
    }
    for (const refusal of REFUSALS) {
      call(`${name} NULL`, 0, new Uint8Array());
      const reply = rpcReply.encode({ xid, ...refusal, results: new Uint8Array() });
      connection.send(`${name} refused`, 'server', encodeRecord(reply));
    }
  }
}
