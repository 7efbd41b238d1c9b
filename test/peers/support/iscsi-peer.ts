/** An iSCSI initiator of single PDUs on a socket: what it sends, and when, is the test's to say. */
import { connect, type Socket } from 'node:net';
import {
  encodeIscsiPdu,
  encodeTextKeys,
  type IscsiPdu,
  type IscsiPduInput,
  type IscsiPduOf,
  iscsiPdu,
  NO_DIGESTS,
} from '../../../src/codecs/index.ts';
import { pduBytesAt } from '../../../src/codecs/iscsi/index.ts';

const ANSWER_MS = 5000;
const BLOCK_BYTES = 512;
const FULL_FEATURE = 3;

/** Where to log in, and as whom. */
export interface PeerLogin {
  readonly port: number;
  readonly target: string;
  readonly initiator: string;
  readonly isid: readonly number[];
  readonly lun: number;
}

type Answer = Exclude<IscsiPdu, { kind: 'unknown' }>;

/** One connection. */
export class IscsiPeer {
  readonly #socket: Socket;
  readonly #lun: bigint;
  #received = Buffer.alloc(0);
  readonly #answers: Answer[] = [];
  #wake: () => void = () => {};
  #cmdSn = 1;
  #statSn = 0;
  #tag = 0x10;
  isClosed = false;

  private constructor(socket: Socket, lun: number) {
    this.#socket = socket;
    this.#lun = BigInt(lun) << 48n;
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  /** Logs in, its first request asking for the operational stage, as libiscsi and Linux do without CHAP. */
  static async login({ port, target, initiator, isid, lun }: PeerLogin): Promise<IscsiPeer> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    const peer = new IscsiPeer(socket, lun);
    const keys = {
      InitiatorName: initiator,
      TargetName: target,
      SessionType: 'Normal',
      HeaderDigest: 'None',
      DataDigest: 'None',
      InitialR2T: 'Yes',
      ImmediateData: 'No',
      MaxRecvDataSegmentLength: '65536',
      MaxBurstLength: '65536',
      FirstBurstLength: '65536',
      MaxOutstandingR2T: '1',
      MaxConnections: '1',
      DefaultTime2Wait: '2',
      DefaultTime2Retain: '0',
      ErrorRecoveryLevel: '0',
      DataPDUInOrder: 'Yes',
      DataSequenceInOrder: 'Yes',
    };
    peer.send({
      kind: 'Login Request',
      isid: Uint8Array.from(isid),
      initiatorTaskTag: peer.#tag++,
      cmdSn: peer.#cmdSn,
      transit: 1,
      currentStage: 1,
      nextStage: FULL_FEATURE,
      data: encodeTextKeys(Object.entries(keys).map(([key, value]) => ({ key, value }))),
    });
    const answer = await peer.answer('Login Response');
    if (answer?.status !== 0) throw new Error(`login: ${JSON.stringify(answer?.status)}`);
    return peer;
  }

  send(pdu: IscsiPduInput): void {
    this.#socket.write(encodeIscsiPdu(pdu, NO_DIGESTS));
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    while (this.#received.length >= 48) {
      const length = pduBytesAt(this.#received, 0, NO_DIGESTS);
      if (this.#received.length < length) break;
      const pdu = iscsiPdu.decode(Uint8Array.from(this.#received.subarray(0, length)));
      this.#received = this.#received.subarray(length);
      if (pdu.kind !== 'unknown') {
        const { statSn } = pdu as { statSn?: number };
        if (statSn !== undefined && pdu.kind !== 'R2T') this.#statSn = statSn + 1;
        this.#answers.push(pdu);
      }
    }
    this.#wake();
  }

  /** The next PDU of a kind; `undefined` where the connection closes or nothing comes for so long. */
  async answer<K extends Answer['kind']>(
    kind: K,
    ms = ANSWER_MS,
  ): Promise<IscsiPduOf<K> | undefined> {
    const until = Date.now() + ms;
    for (;;) {
      const at = this.#answers.findIndex((one) => one.kind === kind);
      if (at >= 0) return this.#answers.splice(at, 1)[0] as IscsiPduOf<K>;
      const left = until - Date.now();
      if (this.isClosed || left <= 0) return undefined;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  #command(cdb: readonly number[], more: object): number {
    const initiatorTaskTag = this.#tag++;
    this.send({
      kind: 'SCSI Command',
      lun: this.#lun,
      initiatorTaskTag,
      cmdSn: this.#cmdSn++,
      expStatSn: this.#statSn,
      cdb: Uint8Array.from(cdb),
      ...more,
    } as IscsiPduInput);
    return initiatorTaskTag;
  }

  /** TEST UNIT READY until no unit attention is left. */
  async ready(): Promise<void> {
    for (let i = 0; i < 10; i++) {
      this.#command([0, 0, 0, 0, 0, 0], {});
      if ((await this.answer('SCSI Response'))?.status === 0) return;
    }
    throw new Error('the unit does not get ready');
  }

  /** Announces a write of blocks; returns what sends its data, once they were asked for. */
  async announceWrite(lba: number, data: Uint8Array): Promise<() => void> {
    const blocks = data.length / BLOCK_BYTES;
    const cdb = [0x2a, 0, 0, 0, lba >> 8, lba & 0xff, 0, 0, blocks, 0];
    const more = { write: 1, expectedDataTransferLengthBytes: data.length };
    const initiatorTaskTag = this.#command(cdb, more);
    const r2t = await this.answer('R2T');
    if (r2t === undefined) throw new Error('no R2T came');
    return () =>
      this.send({
        kind: 'SCSI Data-Out',
        lun: this.#lun,
        initiatorTaskTag,
        targetTransferTag: r2t.targetTransferTag,
        expStatSn: this.#statSn,
        final: 1,
        data,
      });
  }

  async write(lba: number, data: Uint8Array): Promise<number | undefined> {
    (await this.announceWrite(lba, data))();
    return (await this.answer('SCSI Response'))?.status;
  }

  async read(lba: number, blocks: number): Promise<Uint8Array> {
    const cdb = [0x28, 0, 0, 0, lba >> 8, lba & 0xff, 0, 0, blocks, 0];
    const bytes = blocks * BLOCK_BYTES;
    this.#command(cdb, { read: 1, expectedDataTransferLengthBytes: bytes });
    const whole = new Uint8Array(bytes);
    for (let got = 0; got < bytes; ) {
      const part = await this.answer('SCSI Data-In');
      if (part === undefined) throw new Error('no data came');
      whole.set(part.data, part.bufferOffset);
      got += part.data.length;
      if (part.hasStatus === 0 && got === bytes) await this.answer('SCSI Response');
    }
    return whole;
  }

  async logout(): Promise<void> {
    const numbers = { cmdSn: this.#cmdSn, expStatSn: this.#statSn };
    this.send({
      kind: 'Logout Request',
      immediate: 1,
      reason: 0,
      initiatorTaskTag: this.#tag++,
      ...numbers,
    });
    await this.answer('Logout Response');
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
