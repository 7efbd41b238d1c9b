/** Calls and replies that our own encoders make, in TCP segments of one connection for each program. */
import fc from 'fast-check';
import {
  authSysCredential,
  CodecError,
  encodeRecord,
  NfsStat3,
  type RpcService,
  rpcCall,
  rpcReply,
  rpcServices,
} from '../../../../src/codecs/index.ts';
import type { AnyCodec } from '../../../../src/codecs/layout/index.ts';
import { arbitraryOf } from '../../../../src/testing/index.ts';

/** A message, and where it lies in its frame. */
export interface RpcFrame {
  readonly bytes: Uint8Array;
  /** First byte of the record mark. */
  readonly at: number;
  readonly service: RpcService;
  readonly procedure: number;
  readonly isReply: boolean;
}

const CLIENT = 0x0a000001;
const SERVER = 0x0a000002;
const CLIENT_TCP_PORT = 700;
const TCP_PORTS: Readonly<Record<string, number>> = { PORTMAP: 111, MOUNT: 2049, NFS: 2049 };
const HEADERS_BYTES = 14 + 20 + 20;
const MESSAGE_BYTES_MAX = 1400;

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** An Ethernet frame with a segment; no TCP checksum, which tshark does not ask for. */
function segment(
  isReply: boolean,
  ports: { readonly client: number; readonly server: number },
  sequence: { readonly own: number; readonly other: number },
  payload: Uint8Array,
): Uint8Array {
  const frame = new Uint8Array(HEADERS_BYTES + payload.length);
  const view = new DataView(frame.buffer);
  frame.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45]);
  view.setUint16(16, frame.length - 14);
  frame.set([64, 6], 22);
  view.setUint32(26, isReply ? SERVER : CLIENT);
  view.setUint32(30, isReply ? CLIENT : SERVER);
  view.setUint16(24, checksum(frame.subarray(14, 34)));
  view.setUint16(34, isReply ? ports.server : ports.client);
  view.setUint16(36, isReply ? ports.client : ports.server);
  view.setUint32(38, sequence.own);
  view.setUint32(42, sequence.other);
  frame.set([0x50, 0x18, 0xff, 0xff], 46);
  frame.set(payload, HEADERS_BYTES);
  return frame;
}

/** Values that the standard allows, where a table alone allows more. */
export type Overrides = ReadonlyMap<AnyCodec, fc.Arbitrary<unknown>>;

/** Half of all results are those of a procedure that went well. */
const STATUS = fc.oneof(fc.constant(0), fc.constantFrom(...Object.values(NfsStat3)));

function draw(codec: AnyCodec, count: number, seed: number, instead: Overrides): Uint8Array[] {
  const hasStatus = codec.table !== undefined && 'status' in codec.table;
  const overrides = hasStatus ? { status: STATUS } : {};
  const made = arbitraryOf(codec, { instead, overrides }).map((value) => {
    try {
      return codec.encode(value) as Uint8Array;
    } catch (error) {
      if (error instanceof CodecError) return undefined;
      throw error;
    }
  });
  const fitting = made.filter((one) => one !== undefined && one.length <= MESSAGE_BYTES_MAX);
  return fc.sample(fitting, { seed, numRuns: count }) as Uint8Array[];
}

const CALLER = {
  stamp: 0x01020304,
  machineName: 'host7',
  uid: 1000,
  gid: 100,
  gids: [100, 4, 27],
};

/** A few calls of each procedure, each with its reply. The same seed gives the same frames. */
export function rpcFrames(seed: number, each: number, instead: Overrides): RpcFrame[] {
  const frames: RpcFrame[] = [];
  let xid = 0x1000_0000 + seed;
  for (const [i, service] of rpcServices.entries()) {
    const ports = { client: CLIENT_TCP_PORT + i, server: TCP_PORTS[service.name]! };
    const sequence = { client: 1, server: 1 };
    const { program, version } = service;
    const push = (procedure: number, isReply: boolean, message: Uint8Array): void => {
      const record = encodeRecord(message);
      const [own, other] = isReply
        ? [sequence.server, sequence.client]
        : [sequence.client, sequence.server];
      const bytes = segment(isReply, ports, { own, other }, record);
      sequence[isReply ? 'server' : 'client'] += record.length;
      frames.push({ bytes, at: HEADERS_BYTES, service, procedure, isReply });
    };
    for (const [procedure, { args, res }] of service.procedures) {
      const results = draw(res, each, seed + procedure, instead);
      for (const [k, parameters] of draw(args, each, seed - procedure, instead).entries()) {
        xid += 1;
        const credential = k === 0 ? {} : authSysCredential(CALLER);
        const head = { xid, program, version, procedure, credential, verifier: {} };
        push(procedure, false, rpcCall.encode({ ...head, parameters }));
        const reply = { xid, verifier: {}, acceptStat: 0, results: results[k]! };
        push(procedure, true, rpcReply.encode(reply));
      }
    }
    for (const refusal of REFUSALS) {
      xid += 1;
      const head = { xid, program, version, procedure: 0, credential: {}, verifier: {} };
      push(0, false, rpcCall.encode({ ...head, parameters: new Uint8Array() }));
      push(0, true, rpcReply.encode({ xid, ...refusal, results: new Uint8Array() }));
    }
  }
  return frames;
}

/** Every way in which a call comes to no result. */
const REFUSALS = [
  ...[1, 3, 4, 5].map((acceptStat) => ({ verifier: {}, acceptStat })),
  { verifier: {}, acceptStat: 2, versions: { low: 2, high: 3 } },
  { replyStat: 1, rejectStat: 0, versions: { low: 2, high: 2 } },
  ...[1, 2, 5, 13].map((authStat) => ({ replyStat: 1, rejectStat: 1, authStat })),
] as const;
