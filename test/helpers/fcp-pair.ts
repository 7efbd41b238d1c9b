/**
 * An FCP initiator and a target port on two N_Ports with nothing between them: frames go over by a
 * call, some virtual time later, and a test may drop or change each of them.
 */
import { elsRequest, lsRjt, recAccept } from '../../src/codecs/els/index.ts';
import { type FcHeader, FcType, RCtl } from '../../src/codecs/fc/index.ts';
import { fcTargetPort } from '../../src/history/port-name.ts';
import type { FcpNexus } from '../../src/port/fcp/fcp-nexus.ts';
import { FcpInitiator } from '../../src/port/fcp/initiator.ts';
import { type Confirmation, FcpTargetPort } from '../../src/port/fcp/target-port.ts';
import { elsReply } from '../../src/port/n-port/els-reply.ts';
import { ExchangeManager } from '../../src/port/n-port/exchange.ts';
import type { Lport } from '../../src/port/n-port/lport.ts';
import { Rport } from '../../src/port/n-port/rport.ts';
import { MemoryMedium } from '../../src/scsi/medium/medium.ts';
import { ScsiTarget } from '../../src/scsi/target/scsi-target.ts';
import type { CommandOutcome, OpenCommand, ScsiCommand } from '../../src/scsi/transport.ts';
import { Clock } from './loop-back.ts';

export const SECOND = 1e9;
export const INITIATOR_ID = 0x010200;
export const TARGET_ID = 0x010100;
const INITIATOR_NAME = 0x2100_0000_0000_000an;
const TARGET_NAME = 0x5000_0000_0000_00a0n;
const LATENCY_NS = 1000;

/** A frame on its way. */
export interface PairFrame {
  readonly from: 'initiator' | 'target';
  readonly header: FcHeader;
  readonly payload: Uint8Array;
}

/** R_CTL as tests name it. */
const NAMES: Readonly<Record<number, string>> = {
  [RCtl['Unsolicited Command']]: 'CMND',
  [RCtl['Data Descriptor']]: 'XFER_RDY',
  [RCtl['Solicited Data']]: 'DATA',
  [RCtl['Command Status']]: 'RSP',
  [RCtl['Solicited Control']]: 'CONF',
  [RCtl['FC-4 Link Service Request']]: 'SRR',
  [RCtl['FC-4 Link Service Reply']]: 'SRR reply',
  [RCtl['ELS Request']]: 'ELS',
  [RCtl['ELS Reply']]: 'ELS reply',
  [RCtl.ABTS]: 'ABTS',
  [RCtl.BA_ACC]: 'BA_ACC',
  [RCtl.BA_RJT]: 'BA_RJT',
};

/** An N_Port that is logged in with one other, as far as FCP needs it. */
class PairPort {
  readonly nPortId: number;
  readonly eDTovNs = 2 * SECOND;
  readonly rATovNs = 10 * SECOND;
  readonly exchanges: ExchangeManager;
  readonly contradictions: string[] = [];
  readonly listener = {};
  readonly options: object;
  readonly #pair: FcpPair;

  constructor(pair: FcpPair, nPortId: number, options: object) {
    this.#pair = pair;
    this.nPortId = nPortId;
    this.options = options;
    this.exchanges = new ExchangeManager(this as never);
  }

  get now(): number {
    return this.#pair.clock.now;
  }

  after(delayNs: number, run: () => void) {
    return this.#pair.clock.after(delayNs, run);
  }

  transmit(header: FcHeader, payload: Uint8Array): void {
    this.#pair.carry(this, { ...header }, payload.slice());
  }

  transmitMessage(
    header: FcHeader,
    codec: { encode(message: unknown): Uint8Array },
    message: unknown,
  ): void {
    this.transmit(header, codec.encode(message));
  }

  reply(request: FcHeader, rCtl: number, type: number, payload: Uint8Array): void {
    const { oxId, rxId, sId: dId } = request;
    const fCtl = 0x99_0000;
    this.transmit({ ...request, rCtl, type, oxId, rxId, dId, sId: this.nPortId, fCtl }, payload);
  }

  sendEls(dId: number, payload: Uint8Array, onReply: (reply: never) => void): void {
    const frame = { dId, rCtl: RCtl['ELS Request'], type: FcType.ELS, fCtl: 0x29_0000 };
    this.exchanges.request(frame, payload, 2 * this.rATovNs, (reply) =>
      onReply((reply.result === 'reply' ? elsReply(reply.header, reply.payload) : reply) as never),
    );
  }

  logoPayload(): Uint8Array {
    return elsRequest.encode({
      kind: 'LOGO',
      nPortId: this.nPortId,
      portName: TARGET_NAME,
    } as never);
  }

  recoveryQualifierOver(_dId: number, _oxId: number, _rxId: number, done: () => void): void {
    done();
  }

  contradiction(what: string): void {
    this.contradictions.push(what);
  }
}

/** What both sides agreed on in PRLI. */
export interface Agreed {
  readonly retry?: boolean;
  readonly confirm?: boolean;
  readonly firstBurst?: boolean;
  readonly receiveBytes?: number;
}

export class FcpPair {
  readonly clock = new Clock();
  readonly initiatorPort: PairPort;
  readonly targetLport: PairPort;
  readonly initiator: FcpInitiator;
  readonly target: FcpTargetPort;
  readonly device: ScsiTarget;
  readonly refused: string[] = [];
  readonly cleared: string[] = [];
  /** Every frame that was sent, dropped ones too. */
  readonly frames: PairFrame[] = [];
  /** False: the frame is lost. */
  passes: (frame: PairFrame) => boolean = () => true;
  confirm: Confirmation = 'never';
  oxIdEpochs = false;
  /** Between a command's data and its answer. */
  serviceTimeNs = 10_000;
  /** The target as the initiator sees it, and the other way round. */
  readonly toTarget: Rport;
  readonly toInitiator: Rport;
  nexus: FcpNexus;

  constructor(agreed: Agreed = {}) {
    this.initiatorPort = new PairPort(this, INITIATOR_ID, {
      role: 'initiator',
      portName: INITIATOR_NAME,
    });
    this.targetLport = new PairPort(this, TARGET_ID, { role: 'target', portName: TARGET_NAME });
    this.device = new ScsiTarget({
      name: 'pair',
      ports: [{ name: fcTargetPort(TARGET_NAME), relativeId: 1 }],
      powerOnAttention: false,
      observer: { onCleared: (task, cause) => this.cleared.push(`${task.tag} ${cause}`) },
    });
    const units = [0, 1].map(() => this.device.addUnit({ medium: new MemoryMedium(1024) }));
    this.device.setDefaultMask(units.map((lu, lun) => ({ lun, lu })));
    const pair = this;
    this.target = new FcpTargetPort(0, {
      device: this.device,
      get confirm() {
        return pair.confirm;
      },
      get oxIdEpochs() {
        return pair.oxIdEpochs;
      },
      serviceNs: () => this.serviceTimeNs,
      refused: (_port, what) => this.refused.push(what),
    });
    this.target.lport = this.targetLport as unknown as Lport;
    this.initiator = new FcpInitiator(this.initiatorPort as unknown as Lport);
    this.toTarget = this.#rport(this.initiatorPort, TARGET_ID, TARGET_NAME, agreed);
    this.toInitiator = this.#rport(this.targetLport, INITIATOR_ID, INITIATOR_NAME, agreed);
    this.target.rportReady(this.toInitiator);
    this.nexus = this.initiator.nexusOf(this.toTarget);
  }

  #rport(port: PairPort, portId: number, portName: bigint, agreed: Agreed): Rport {
    const { retry = false, confirm = false, firstBurst = false, receiveBytes = 2112 } = agreed;
    return Object.assign(new Rport(port as unknown as Lport, portId), {
      portName,
      retry,
      confirm,
      firstBurst,
      receiveBytes,
      state: 'ready' as const,
      logins: 1,
    });
  }

  carry(sender: PairPort, header: FcHeader, payload: Uint8Array): void {
    const from = sender === this.initiatorPort ? 'initiator' : 'target';
    const frame: PairFrame = { from, header, payload };
    this.frames.push(frame);
    if (!this.passes(frame)) return;
    this.clock.after(LATENCY_NS, () => this.deliver(frame));
  }

  /** A frame arrives. */
  deliver({ from, header, payload }: PairFrame): void {
    const { length } = payload;
    if (from === 'target') this.initiatorPort.exchanges.handleFrame(header, payload, 0, length);
    else if (header.type === FcType.BLS) this.target.abts(this.toInitiator, header);
    else if (header.type === FcType.ELS) this.#rec(header, payload);
    else this.target.commandFrame(this.toInitiator, header, payload, 0, length);
  }

  #rec(header: FcHeader, payload: Uint8Array): void {
    const request = elsRequest.decode(payload);
    if (request.kind !== 'REC') return;
    const { oxId, rxId } = request;
    const state = this.target.readExchange(this.toInitiator, { oxId, rxId });
    const answer =
      state === undefined
        ? lsRjt.encode({ reason: 3, explanation: 0x17 })
        : recAccept.encode({
            oxId,
            rxId: state.rxId,
            originatorId: INITIATOR_ID,
            responderId: TARGET_ID,
            fc4Value: state.bytes,
            eStat: state.status,
          });
    this.targetLport.reply(header, RCtl['ELS Reply'], FcType.ELS, answer);
  }

  /** Sends a command; how it ends is added to `ends`. */
  send(
    cdb: Uint8Array,
    rest: Partial<ScsiCommand> = {},
  ): { readonly open: OpenCommand | undefined; readonly ends: CommandOutcome[] } {
    const ends: CommandOutcome[] = [];
    const open = this.nexus.execute({
      lun: 0n,
      cdb,
      timeoutNs: 30 * SECOND,
      onDone: (outcome) => ends.push(outcome),
      ...rest,
    });
    return { open, ends };
  }

  /** What was sent so far: `> CMND`, `< XFER_RDY` and so on; data with its offset and length. */
  get log(): string[] {
    return this.frames.map(({ from, header, payload }) => {
      const name = NAMES[header.rCtl] ?? header.rCtl.toString(16);
      const data = name === 'DATA' ? ` ${header.parameter}+${payload.length}` : '';
      return `${from === 'initiator' ? '>' : '<'} ${name}${data}`;
    });
  }
}
