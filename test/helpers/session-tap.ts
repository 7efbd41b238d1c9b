/** What a tap sees of TCP connections: every unit in a segment of its own, with sound numbers, at the time that a test says. */
import { CaptureJudge, type CaptureReport } from '../../src/audit/capture-judge.ts';
import type { TimedFrame } from '../../src/capture/index.ts';
import { type IscsiPduInput, iscsiPdu } from '../../src/codecs/index.ts';
import { ACK, type End, SYN, tcpFrame } from './tcp-frames.ts';

/** A frame as it was on the wire. */
export interface TapFrame {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly originalLength?: number;
}

const FIN = 0x01;
const MS = 1e6;
/** SCSI Response, Task Management, Login, Text, Logout, Reject and Asynchronous Message take a StatSN. */
const TAKES_STAT_SN: ReadonlySet<number> = new Set([0x21, 0x22, 0x23, 0x24, 0x26, 0x32, 0x3f]);

/** A connection. */
export class TapConnection {
  readonly #tap: SessionTap;
  readonly #client: End;
  readonly #server: End;
  #fromClient = 1000;
  #fromServer = 5000;
  /** StatSN that the initiator has read up to. */
  #expStatSn = 0;

  constructor(tap: SessionTap, client: End, server: End) {
    this.#tap = tap;
    this.#client = client;
    this.#server = server;
    this.#put(true, SYN);
    this.#put(false, SYN | ACK);
  }

  #put(fromClient: boolean, flags: number, payload?: Uint8Array): void {
    const [from, to] = fromClient ? [this.#client, this.#server] : [this.#server, this.#client];
    const [seq, ack] = fromClient
      ? [this.#fromClient, this.#fromServer]
      : [this.#fromServer, this.#fromClient];
    const options = payload === undefined ? {} : { payload };
    this.#tap.put(tcpFrame({ from, to, seq, ack, flags, ...options }));
    const taken = (payload?.length ?? 0) + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
    if (fromClient) this.#fromClient += taken;
    else this.#fromServer += taken;
  }

  /** Bytes of the client, or of the server. */
  bytes(fromClient: boolean, bytes: Uint8Array): void {
    this.#put(fromClient, ACK, bytes.slice());
  }

  /** An iSCSI PDU of the initiator, which says up to where it has read. */
  request(bytes: Uint8Array): void {
    const own = bytes.slice();
    new DataView(own.buffer).setUint32(28, this.#expStatSn);
    this.bytes(true, own);
  }

  /** An iSCSI PDU of the target. */
  response(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const code = bytes[0]! & 0x3f;
    const isStatus = TAKES_STAT_SN.has(code) || (code === 0x25 && (bytes[1]! & 1) === 1);
    const isPong = code === 0x20 && view.getUint32(16) !== 0xffff_ffff;
    if (isStatus || isPong) this.#expStatSn = (view.getUint32(24) + 1) >>> 0;
    this.bytes(false, bytes);
  }

  /** PDUs of the initiator. */
  asks(...pdus: readonly IscsiPduInput[]): void {
    for (const pdu of pdus) this.request(iscsiPdu.encode(pdu));
  }

  /** PDUs of the target. */
  says(...pdus: readonly IscsiPduInput[]): void {
    for (const pdu of pdus) this.response(iscsiPdu.encode(pdu));
  }

  /** One end closes. */
  close(byClient: boolean): void {
    this.#put(byClient, FIN | ACK);
  }
}

/** Sees all of them. */
export class SessionTap {
  readonly frames: TapFrame[] = [];
  /** Nanoseconds. */
  now = 0;
  #ports = 40_000;

  /** A connection to 10.0.0.1, from a host with that last octet. */
  connect(port = 3260, host = 2): TapConnection {
    return new TapConnection(this, [host, this.#ports++], [1, port]);
  }

  put(bytes: Uint8Array): void {
    this.frames.push({ at: this.now, bytes });
    this.now += MS;
  }

  /** Lets time pass. */
  wait(ms: number): void {
    this.now += ms * MS;
  }

  /** What was seen, judged. */
  judged(): CaptureReport {
    return judgeTap(this.frames);
  }
}

/** Judges frames in the order in which they stand. */
export function judgeTap(frames: readonly TapFrame[]): CaptureReport {
  const info = { file: 'tap', format: 'pcapng', byteOrder: 'little', linkType: 1 } as const;
  const judge = new CaptureJudge({ ...info, interfaces: [] });
  frames.forEach(({ at, bytes, originalLength = bytes.length }, i) => {
    const timed: TimedFrame = {
      bytes,
      index: i + 1,
      timeNs: BigInt(Math.round(at)),
      interfaceId: 0,
      interfaceName: 'tap',
      linkType: 1,
      originalLength,
    };
    judge.add(timed);
  });
  return judge.finish();
}

/** The invariants of a report with a result. */
export const invariantsThat = (
  result: CaptureReport['verdict'][number]['result'],
  { verdict }: CaptureReport,
): string[] => verdict.filter((one) => one.result === result).map((one) => one.invariant);

/** What is said of an invariant. */
export const verdictOf = (report: CaptureReport, invariant: string) =>
  report.verdict.find((one) => one.invariant === invariant)!;
