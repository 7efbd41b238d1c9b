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
  crc32,
  elsRequests,
  encodeRecord,
  encodeTextKeys,
  FCIP_TCP_PORT,
  FcipFlags,
  FcType,
  fcHeader,
  ISCSI_TCP_PORT,
  iscsiPdu,
  NfsStat3,
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
const RPC_PORTS: Readonly<Record<string, number>> = { PORTMAP: 111, MOUNT: 2049, NFS: 2049 };
const RPC_CLIENT_PORT = 700;
const MESSAGE_BYTES_MAX = 1400;

/** Every way in which a call comes to no result. */
const REFUSALS = [
  ...[1, 3, 4, 5].map((acceptStat) => ({ verifier: {}, acceptStat })),
  { verifier: {}, acceptStat: 2, versions: { low: 2, high: 3 } },
  { replyStat: 1, rejectStat: 0, versions: { low: 2, high: 2 } },
  ...[1, 2, 5, 13].map((authStat) => ({ replyStat: 1, rejectStat: 1, authStat })),
] as const;

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
