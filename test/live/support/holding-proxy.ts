/**
 * A network between an iSCSI initiator and its target that can hold a command back, cut the initiator off, and
 * deliver the command later, on the connection on which it came.
 */
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import {
  encodeTextKeys,
  iscsiPdu,
  NO_DIGESTS,
  pduBytesAt,
  textKeysOf,
} from '../../../src/codecs/iscsi/index.ts';

/** For so long after a cut nobody gets through. */
const OUT_MS = 500;
const BHS_BYTES = 48;
const OPCODE_MASK = 0x3f;
const SCSI_COMMAND = 0x01;
const LOGIN_REQUEST = 0x03;
const SCSI_DATA_OUT = 0x05;
const WRITE_BIT = 0x20;

/** What is held: a write command with its immediate data, or data that come by themselves. Source: RFC 7143, 11.3, 11.7. */
export type Held = 'command' | 'data';

function isHeld(what: Held, pdu: Uint8Array): boolean {
  const opcode = pdu[0]! & OPCODE_MASK;
  if (what === 'data') return opcode === SCSI_DATA_OUT;
  return opcode === SCSI_COMMAND && (pdu[1]! & WRITE_BIT) !== 0;
}

/** A login request as one that wants no immediate data, so that data come by themselves. */
function withoutImmediateData(bytes: Uint8Array): Uint8Array {
  const pdu = iscsiPdu.decode(bytes);
  if (pdu.kind !== 'Login Request') return bytes;
  const keys = textKeysOf(pdu.data).map((one) =>
    one.key === 'ImmediateData' ? { ...one, value: 'No' } : one,
  );
  const { padding: _, dataSegmentLengthBytes: __, ...rest } = pdu;
  return iscsiPdu.encode({ ...rest, data: encodeTextKeys(keys) });
}

/** Where the first PDU ends, once all of it is there; digests are off. */
function pduEnd(bytes: Uint8Array): number | undefined {
  if (bytes.length < BHS_BYTES) return undefined;
  const end = pduBytesAt(bytes, 0, NO_DIGESTS);
  return bytes.length < end ? undefined : end;
}

export class HoldingProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #holds: Held;
  #armed: (() => void) | undefined;
  #held: { readonly target: Socket; readonly bytes: Uint8Array } | undefined;
  #outUntilMs = 0;
  /** How often an initiator has connected. */
  connections = 0;

  private constructor(targetPort: number, holds: Held) {
    this.#holds = holds;
    this.#server = createServer({ noDelay: true }, (near) => this.#accept(near, targetPort));
  }

  /** Listens on a port that the system chooses, before a target on this machine. */
  static async before(targetPort: number, holds: Held = 'command'): Promise<HoldingProxy> {
    const proxy = new HoldingProxy(targetPort, holds);
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** Holds the next write back and cuts its initiator off; the target hears nothing of either. */
  hold(): Promise<void> {
    return new Promise((resolve) => {
      this.#armed = resolve;
    });
  }

  /** Delivers what was held, where the target still has the connection. True if it could be sent. */
  deliver(): boolean {
    const { target, bytes } = this.#held!;
    return !target.destroyed && target.write(bytes);
  }

  close(): void {
    this.#server.close();
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  #accept(near: Socket, targetPort: number): void {
    const waitMs = this.#outUntilMs - performance.now();
    if (waitMs <= 0) this.#join(near, targetPort);
    else setTimeout(() => this.#join(near, targetPort), waitMs);
  }

  #join(near: Socket, targetPort: number): void {
    this.connections++;
    const far = createConnection({ port: targetPort, host: '127.0.0.1', noDelay: true });
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    near.on('error', () => {});
    far.on('error', () => {});
    let rest = Buffer.alloc(0);
    near.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      // PDU by PDU: a write is held whole, header and data.
      for (let end = pduEnd(rest); end !== undefined; end = pduEnd(rest)) {
        const pdu = rest.subarray(0, end);
        rest = rest.subarray(end);
        const isLogin = (pdu[0]! & OPCODE_MASK) === LOGIN_REQUEST;
        if (this.#armed === undefined || !isHeld(this.#holds, pdu)) {
          far.write(isLogin && this.#holds === 'data' ? withoutImmediateData(pdu) : pdu);
          continue;
        }
        this.#held = { target: far, bytes: pdu };
        near.removeAllListeners('close').removeAllListeners('data');
        near.resetAndDestroy();
        this.#outUntilMs = performance.now() + OUT_MS;
        this.#armed();
        this.#armed = undefined;
        return;
      }
    });
    far.on('data', (bytes) => near.write(bytes));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }
}
