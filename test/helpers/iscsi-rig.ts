/** An iSCSI portal over a small target device, and initiators that say what a test has them say. */
import { createHash } from 'node:crypto';
import {
  encodeIscsiPdu,
  encodeTextKeys,
  type IscsiDigests,
  type IscsiPdu,
  type IscsiPduInput,
  iscsiPduWith,
  NO_DIGESTS,
  pduBytesAt,
  textKeysOf,
} from '../../src/codecs/iscsi/index.ts';
import type { TargetPort } from '../../src/history/port-name.ts';
import type { Conn } from '../../src/machine/stream-machine.ts';
import type { ChapAlgorithm } from '../../src/port/iscsi/chap.ts';
import type { IscsiEvent, IscsiTargetOptions } from '../../src/port/iscsi/target-options.ts';
import { IscsiTargetPort } from '../../src/port/iscsi/target-port.ts';
import { MemoryMedium } from '../../src/scsi/medium/medium.ts';
import { ScsiTarget } from '../../src/scsi/target/scsi-target.ts';

export const TARGET = 'iqn.2026-01.com.example:rig';
export const BLOCKS = 4096;
const HASHES: Readonly<Record<ChapAlgorithm, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
};
export const nodeHash = (algorithm: ChapAlgorithm, bytes: Uint8Array): Uint8Array =>
  createHash(HASHES[algorithm]).update(bytes).digest();

/** A PDU of a target by its kind, all fields there. */
export type Answer = Exclude<IscsiPdu, { kind: 'unknown' }> & Readonly<Record<string, unknown>>;

export class IscsiRig {
  readonly device = new ScsiTarget({
    name: 'rig',
    ports: [1, 2].map((tag) => ({
      name: `${TARGET},t,0x000${tag}` as TargetPort,
      relativeId: tag,
    })),
    powerOnAttention: false,
  });
  readonly medium = new MemoryMedium(BLOCKS);
  readonly port: IscsiTargetPort;
  readonly events: IscsiEvent[] = [];
  now = 0;
  readonly #clients = new Map<Conn, IscsiClient>();

  constructor(options: Partial<IscsiTargetOptions> = {}) {
    const lu = this.device.addUnit({ medium: this.medium });
    this.device.setDefaultMask([{ lun: 0, lu }]);
    let drawn = 0;
    this.port = new IscsiTargetPort({
      name: TARGET,
      groupTag: 1,
      portIndex: 0,
      addresses: () => ['10.0.0.1:3260,1', '10.0.0.2:3260,2'],
      hash: nodeHash,
      challenge: (bytes) => Uint8Array.from({ length: bytes }, () => ++drawn & 0xff),
      device: this.device,
      ...options,
    });
  }

  connect(): IscsiClient {
    const conn = this.#clients.size + 1;
    const client = new IscsiClient(this, conn);
    this.#clients.set(conn, client);
    this.port.handleOpened(conn, this.now);
    this.drain();
    return client;
  }

  /** Lets time pass, in which the machine may do what is due. */
  wait(ns: number): void {
    const until = this.now + ns;
    for (
      let due = this.port.deadline;
      due !== undefined && due <= until;
      due = this.port.deadline
    ) {
      this.now = Math.max(this.now, due);
      this.port.handleTimeout(this.now);
      this.drain();
    }
    this.now = until;
  }

  drain(): void {
    for (let output = this.port.poll(); output !== undefined; output = this.port.poll()) {
      if ('event' in output) this.events.push(output.event);
      else if ('send' in output) this.#clients.get(output.conn)!.receive(output.send);
      else if ('close' in output) this.#clients.get(output.conn)!.closed = output.close;
    }
  }
}

/** What a login asks for, where that is not the usual. */
export interface LoginAsk {
  readonly initiator?: string;
  readonly isid?: number;
  readonly tsih?: number;
  readonly cid?: number;
  readonly stage?: 0 | 1;
  readonly cmdSn?: number;
  readonly keys?: Readonly<Record<string, string>>;
}

export const INITIATOR = 'iqn.2026-01.com.example:initiator';

export const keysOf = (keys: Readonly<Record<string, string>>): Uint8Array =>
  encodeTextKeys(Object.entries(keys).map(([key, value]) => ({ key, value })));

/** The keys of an answer. */
export const textOf = (answer: { readonly data?: unknown } | undefined): Record<string, string> =>
  Object.fromEntries(textKeysOf(answer?.data as Uint8Array).map(({ key, value }) => [key, value]));

/** One connection of an initiator. */
export class IscsiClient {
  readonly conn: Conn;
  digests: IscsiDigests = NO_DIGESTS;
  closed: 'end' | 'reset' | undefined;
  cmdSn = 1;
  readonly #rig: IscsiRig;
  readonly #answers: Answer[] = [];
  #tag = 0x10;
  #begun: Uint8Array | undefined;

  constructor(rig: IscsiRig, conn: Conn) {
    this.#rig = rig;
    this.conn = conn;
  }

  /** Bytes of the target: a PDU, or the beginning of a large one. */
  receive(bytes: Uint8Array): void {
    const whole = this.#begun === undefined ? bytes : Buffer.concat([this.#begun, bytes]);
    const length = pduBytesAt(whole, 0, this.digests);
    this.#begun = whole.length < length ? whole : undefined;
    if (whole.length > length)
      throw new Error(`the target sends ${whole.length} bytes that are no PDU`);
    if (whole.length === length)
      this.#answers.push(iscsiPduWith(this.digests).decode(whole) as Answer);
  }

  sendBytes(bytes: Uint8Array): void {
    const lent = bytes.slice();
    this.#rig.port.handleBytes(this.conn, lent, this.#rig.now);
    lent.fill(0xa5);
    this.#rig.drain();
  }

  send(...pdus: readonly IscsiPduInput[]): void {
    for (const pdu of pdus) this.sendBytes(encodeIscsiPdu(pdu, this.digests));
  }

  /** What came since it was asked last. */
  answers(): Answer[] {
    return this.#answers.splice(0);
  }

  /** Sends, and gives what comes back. */
  ask(...pdus: readonly IscsiPduInput[]): Answer[] {
    this.send(...pdus);
    return this.answers();
  }

  nextTag(): number {
    return this.#tag++;
  }

  /** A login in one request. */
  login(asked: LoginAsk = {}): Answer {
    const { initiator = INITIATOR, isid = 1, tsih = 0, cid = 0, stage = 1 } = asked;
    this.cmdSn = asked.cmdSn ?? 1;
    const [answer] = this.ask({
      kind: 'Login Request',
      isid: Uint8Array.of(0x80, 0, 0, 0, 0, isid),
      tsih,
      cid,
      initiatorTaskTag: this.nextTag(),
      cmdSn: this.cmdSn,
      transit: 1,
      currentStage: stage,
      nextStage: 3,
      data: keysOf({ InitiatorName: initiator, TargetName: TARGET, ...asked.keys }),
    });
    const said = answer === undefined ? {} : textOf(answer);
    this.digests = {
      header: said.HeaderDigest === 'CRC32C',
      data: said.DataDigest === 'CRC32C',
    };
    return answer!;
  }

  /** A command of so many bytes one way or the other; its data beyond `immediate` are sent as they are asked for. */
  command(cdb: readonly number[], more: object = {}): IscsiPduInput {
    return {
      kind: 'SCSI Command',
      lun: 0n,
      initiatorTaskTag: this.nextTag(),
      cmdSn: this.cmdSn++,
      cdb: Uint8Array.from(cdb),
      ...more,
    } as IscsiPduInput;
  }

  read(lba: number, blocks: number, more: object = {}): Answer[] {
    const cdb = [0x28, 0, 0, 0, lba >> 8, lba & 0xff, 0, blocks >> 8, blocks & 0xff, 0];
    const expected = { read: 1, expectedDataTransferLengthBytes: 512 * blocks, ...more };
    return this.ask(this.command(cdb, expected));
  }

  write(lba: number, data: Uint8Array, more: object = {}): Answer[] {
    const blocks = data.length / 512;
    const cdb = [0x2a, 0, 0, 0, lba >> 8, lba & 0xff, 0, blocks >> 8, blocks & 0xff, 0];
    const expected = { write: 1, expectedDataTransferLengthBytes: data.length, ...more };
    return this.ask(this.command(cdb, expected));
  }

  /** The peer has said all, or is gone. */
  close(how: 'end' | 'reset'): void {
    this.#rig.port.handleClosed(this.conn, how, this.#rig.now);
    this.#rig.drain();
  }
}
