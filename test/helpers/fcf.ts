/** An FCF with hosts around it, whose frames are made by the codecs and whose answers are read by them. */
import { type CtRequestInput, ctRequest } from '../../src/codecs/ct/index.ts';
import {
  ElsCommand,
  type ElsRequestInput,
  elsRequest,
  fdisc,
  flogi,
  flogiServiceParameters,
  logo,
  lsRjt,
  plogi,
  plogiServiceParameters,
  scr,
} from '../../src/codecs/els/index.ts';
import {
  FCTL_REQUEST,
  type FcHeader,
  type FcHeaderInput,
  FcType,
  fcHeader,
  RCtl,
} from '../../src/codecs/fc/index.ts';
import {
  Eof,
  encodeFcoeFrame,
  fcCrcIsGood,
  fpma,
  locateFc,
  Sof,
} from '../../src/codecs/fcoe/index.ts';
import {
  type FipDescriptorInput,
  type FipMessage,
  type FipMessageInput,
  fipDescriptorOf,
  fipElsOf,
  fipEncapsulate,
  fipMessage,
} from '../../src/codecs/fip/index.ts';
import {
  CodecError,
  type FcId,
  type Mac,
  macAt,
  putMac,
  type Wwn,
} from '../../src/codecs/layout/index.ts';
import { Fcf } from '../../src/fabric/fcoe/fcf.ts';
import type { FcfOptions } from '../../src/fabric/fcoe/options.ts';
import type { FabricEvent } from '../../src/history/fabric.ts';
import type { Instant } from '../../src/machine/machine.ts';
import { drawnBy } from './random.ts';

export const FCF_MAC = '02:fc:f0:00:00:01';
export const ALL_FCFS = '01:10:18:01:00:02';
export const SWITCH_NAME = 0x1000_02fc_f000_0001n;
export const FABRIC_NAME = 0x1000_02fc_f000_0001n;
export const NAME_SERVER = 0xff_fffc;
export const FABRIC_CONTROLLER = 0xff_fffd;
export const F_PORT_CONTROLLER = 0xff_fffe;

export interface SeenFip {
  readonly kind: 'fip';
  readonly message: FipMessage;
}
export interface SeenFc {
  readonly kind: 'fc';
  readonly header: FcHeader;
  readonly payload: Uint8Array;
  readonly sof: number;
  readonly eof: number;
  readonly crcGood: boolean;
}
/** A frame that the FCF sent. */
export type Seen = (SeenFip | SeenFc) & {
  readonly port: number;
  readonly at: Instant;
  readonly destination: Mac;
  readonly source: Mac;
  readonly tci: number | undefined;
  readonly bytes: Uint8Array;
};

export function look(port: number, at: Instant, bytes: Uint8Array): Seen {
  const tagged = bytes[12] === 0x81;
  const payloadAt = tagged ? 18 : 14;
  const base = {
    port,
    at,
    destination: macAt(bytes, 0),
    source: macAt(bytes, 6),
    tci: tagged ? (bytes[14]! << 8) | bytes[15]! : undefined,
    bytes,
  };
  if (bytes[payloadAt - 2] === 0x89 && bytes[payloadAt - 1] === 0x14)
    return { ...base, kind: 'fip', message: fipMessage.decode(bytes, payloadAt) };
  const place = locateFc(bytes);
  if (place instanceof CodecError) throw place;
  return {
    ...base,
    kind: 'fc',
    header: fcHeader.decode(bytes, place.fcAt, place.payloadAt),
    payload: bytes.slice(place.payloadAt, place.payloadEnd),
    sof: bytes[place.sofAt]!,
    eof: bytes[place.eofAt]!,
    crcGood: fcCrcIsGood(bytes, place),
  };
}

export class Rig {
  readonly fcf: Fcf;
  now: Instant = 0;
  events: FabricEvent[] = [];
  /** Every event with its time, never cleared. */
  readonly log: { readonly at: Instant; readonly event: FabricEvent }[] = [];
  #sent: Seen[] = [];

  constructor(options: Partial<FcfOptions> = {}) {
    this.fcf = new Fcf({
      name: 'fcf',
      fcfMac: FCF_MAC,
      fabricName: FABRIC_NAME,
      switchName: SWITCH_NAME,
      domain: 1,
      ports: 4,
      random: drawnBy(() => 0),
      ...options,
    });
    this.drain();
  }

  drain(): void {
    for (let output = this.fcf.poll(); output !== undefined; output = this.fcf.poll()) {
      if ('event' in output) {
        this.events.push(output.event);
        this.log.push({ at: this.now, event: output.event });
      } else this.#sent.push(look(output.port, this.now, output.send));
    }
  }

  feed(port: number, frame: Uint8Array): void {
    this.fcf.handleFrame(port, frame, false, this.now);
    this.drain();
  }

  /** Calls the machine as its owner does. */
  manage(call: (fcf: Fcf, now: Instant) => void): void {
    call(this.fcf, this.now);
    this.drain();
  }

  /** Lets time pass, with every deadline in between. */
  advance(ns: number): void {
    const end = this.now + ns;
    for (;;) {
      const { deadline } = this.fcf;
      if (deadline === undefined || deadline > end) break;
      this.now = Math.max(this.now, deadline);
      this.fcf.handleTimeout(this.now);
      this.drain();
    }
    this.now = end;
  }

  /** What was sent since the last call. */
  take(): Seen[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  takeFip(): (Seen & SeenFip)[] {
    return this.take().filter((one): one is Seen & SeenFip => one.kind === 'fip');
  }

  takeFc(): (Seen & SeenFc)[] {
    return this.take().filter((one): one is Seen & SeenFc => one.kind === 'fc');
  }

  eventsOf<T extends FabricEvent['type']>(type: T): Extract<FabricEvent, { type: T }>[] {
    return this.events.filter((one): one is Extract<FabricEvent, { type: T }> => one.type === type);
  }

  dropped(): string[] {
    return this.eventsOf('dropped').map((one) => one.reason);
  }
}

const class3 = (bytes: number) => {
  const raw = new Uint8Array(16);
  raw[0] = 0x88;
  raw[6] = bytes >>> 8;
  raw[7] = bytes & 0xff;
  return raw;
};

/** Parameters of a FLOGI or FDISC, 116 bytes with the command. */
export function loginPayload(
  command: 'FLOGI' | 'FDISC',
  wwpn: Wwn,
  wwnn: Wwn,
  receiveBytes = 2112,
  class3Bytes = 0,
): Uint8Array {
  const codec = command === 'FLOGI' ? flogi : fdisc;
  const payload = codec.encode({
    common: flogiServiceParameters.decode(
      flogiServiceParameters.encode({
        bbCredit: 10,
        features: 0x8000,
        bbReceiveDataFieldSizeBytes: receiveBytes,
      }),
    ),
    portName: wwpn,
    nodeName: wwnn,
  });
  payload.set(class3(class3Bytes), 68);
  return payload;
}

export interface LoginAnswer {
  readonly accepted: boolean;
  readonly nPortId: FcId;
  readonly mac: Mac | undefined;
  readonly payload: Uint8Array;
  /** `09/29` of an LS_RJT. */
  readonly refusal: string | undefined;
  readonly seen: Seen & SeenFip;
  /** All frames that the request led to, the answer among them. */
  readonly frames: readonly Seen[];
}

const hex2 = (value: number) => value.toString(16).padStart(2, '0');

/** What a host is plugged into: its frames go in, and what comes out is looked at. */
type HostRig = Pick<Rig, 'feed' | 'take'>;

/** An ENode with its ports. */
export class Host<R extends HostRig = Rig> {
  readonly rig: R;
  readonly port: number;
  readonly mac: Mac;
  oxId = 0x100;

  readonly #fcfMac: Mac;
  readonly #tci: number | undefined;

  constructor(
    rig: R,
    port: number,
    mac: Mac,
    { fcfMac = FCF_MAC, tci = undefined as number | undefined } = {},
  ) {
    this.rig = rig;
    this.port = port;
    this.mac = mac;
    this.#fcfMac = fcfMac;
    this.#tci = tci;
  }

  fipFrame(
    source: Mac,
    destination: Mac,
    message: {
      operation: number;
      subcode: number;
      flags?: number;
      descriptors: FipDescriptorInput[];
    },
    tci?: number,
  ): Uint8Array {
    const body = fipMessage.encode(message as FipMessageInput);
    const head = tci === undefined ? 14 : 18;
    const frame = new Uint8Array(head + body.length);
    putMac(frame, 0, destination);
    putMac(frame, 6, source);
    if (tci !== undefined) frame.set([0x81, 0x00, tci >>> 8, tci & 0xff], 12);
    frame.set([0x89, 0x14], head - 2);
    frame.set(body, head);
    return frame;
  }

  fip(
    message: Parameters<Host<R>['fipFrame']>[2],
    { source = this.mac, destination = this.#fcfMac, tci = this.#tci } = {},
  ): void {
    this.rig.feed(this.port, this.fipFrame(source, destination, message, tci));
  }

  solicit(maxFcoeSizeBytes = 2158, tci?: number): void {
    this.fip(
      {
        operation: 1,
        subcode: 1,
        flags: 0x8000,
        descriptors: [
          { kind: 'mac', mac: this.mac },
          { kind: 'nameIdentifier', name: 0x1000_5254_00aa_0001n },
          { kind: 'maxFcoeSize', maxFcoeSizeBytes },
        ],
      },
      { destination: ALL_FCFS, tci },
    );
  }

  /** A login whose answer is the last FIP frame the FCF sends. */
  login(
    command: 'FLOGI' | 'FDISC',
    wwpn: Wwn,
    {
      wwnn = wwpn,
      flags = 0x8000,
      proposed = '00:00:00:00:00:00',
      receiveBytes = 2112,
      class3Bytes = 0,
      tci = this.#tci,
    } = {},
  ): LoginAnswer {
    this.rig.take();
    const oxId = this.oxId++;
    const header: FcHeaderInput = {
      rCtl: RCtl['ELS Request'],
      dId: F_PORT_CONTROLLER,
      sId: 0,
      type: FcType.ELS,
      fCtl: FCTL_REQUEST,
      oxId,
    };
    const payload = loginPayload(command, wwpn, wwnn, receiveBytes, class3Bytes);
    const kind = command === 'FLOGI' ? 'flogi' : 'fdisc';
    const els = fipEncapsulate(kind, header, payload);
    const descriptors: FipDescriptorInput[] = [els, { kind: 'mac', mac: proposed }];
    this.fip({ operation: 2, subcode: 1, flags, descriptors }, { tci });
    return this.#answer(oxId);
  }

  flogi(wwpn: Wwn, options: Parameters<Host['login']>[2] = {}): LoginAnswer {
    return this.login('FLOGI', wwpn, options);
  }

  fdisc(wwpn: Wwn, options: Parameters<Host['login']>[2] = {}): LoginAnswer {
    return this.login('FDISC', wwpn, options);
  }

  logo(nPortId: FcId, wwpn: Wwn): LoginAnswer {
    this.rig.take();
    const oxId = this.oxId++;
    const header: FcHeaderInput = {
      rCtl: RCtl['ELS Request'],
      dId: F_PORT_CONTROLLER,
      sId: nPortId,
      type: FcType.ELS,
      fCtl: FCTL_REQUEST,
      oxId,
    };
    const els = fipEncapsulate('logo', header, logo.encode({ nPortId, portName: wwpn }));
    const mac = fpma(0x0efc00, nPortId);
    this.fip({ operation: 2, subcode: 1, flags: 0x8000, descriptors: [els, { kind: 'mac', mac }] });
    return this.#answer(oxId);
  }

  #answer(oxId: number): LoginAnswer {
    const frames = this.rig.take();
    const seen = frames.find(
      (one): one is Seen & SeenFip =>
        one.port === this.port && one.kind === 'fip' && one.message.operation === 2,
    );
    if (seen === undefined) throw new Error('no FIP reply');
    const els = fipElsOf(seen.message)!;
    if (els.header.oxId !== oxId) throw new Error('a reply to another request');
    const accepted = els.payload[0] === ElsCommand.LS_ACC;
    const reject = accepted ? undefined : lsRjt.decode(els.payload);
    return {
      accepted,
      nPortId: els.header.dId,
      mac: fipDescriptorOf(seen.message, 'mac')?.mac,
      payload: els.payload,
      refusal: reject && `${hex2(reject.reason)}/${hex2(reject.explanation)}`,
      seen,
      frames,
    };
  }

  keepAlive(): void {
    this.fip({ operation: 3, subcode: 1, descriptors: [{ kind: 'mac', mac: this.mac }] });
  }

  vnPortKeepAlive(nPortId: FcId, portName: Wwn): void {
    const mac = fpma(0x0efc00, nPortId);
    this.fip(
      {
        operation: 3,
        subcode: 1,
        descriptors: [
          { kind: 'mac', mac: this.mac },
          { kind: 'vxPort', mac, nPortId, portName },
        ],
      },
      { source: mac },
    );
  }

  /** An FCoE frame from a port of this host. */
  frame(
    sId: FcId,
    dId: FcId,
    payload: Uint8Array,
    header: Partial<FcHeaderInput> = {},
    { source = fpma(0x0efc00, sId), vid = this.#tci ?? 0, eof = Eof.EOFt as number } = {},
  ): Uint8Array {
    return encodeFcoeFrame({
      destination: this.#fcfMac,
      source,
      vlan: vid === 0 ? undefined : { vid: vid & 0xfff, priority: 3 },
      sof: Sof.SOFi3,
      eof,
      header: {
        rCtl: RCtl['Unsolicited Command'],
        type: FcType.FCP,
        fCtl: FCTL_REQUEST,
        oxId: this.oxId++,
        ...header,
        sId,
        dId,
      },
      payload,
    });
  }

  els(sId: FcId, dId: FcId, request: ElsRequestInput | Uint8Array): void {
    const payload = request instanceof Uint8Array ? request : elsRequest.encode(request);
    const header = { rCtl: RCtl['ELS Request'], type: FcType.ELS };
    this.rig.feed(this.port, this.frame(sId, dId, payload, header));
  }

  plogi(sId: FcId, dId: FcId, wwpn: Wwn, receiveBytes = 2112): void {
    const payload = plogi.encode({
      common: plogiServiceParameters.decode(
        plogiServiceParameters.encode({
          bbCredit: 10,
          features: 0x8000,
          bbReceiveDataFieldSizeBytes: receiveBytes,
          totalConcurrentSequences: 255,
        }),
      ),
      portName: wwpn,
      nodeName: wwpn,
    });
    payload.set(class3(receiveBytes), 68);
    this.els(sId, dId, payload);
  }

  scr(sId: FcId, registrationFunction = 3): void {
    this.els(sId, FABRIC_CONTROLLER, scr.encode({ registrationFunction }));
  }

  /** A CT request; its answer as one payload, put together from its frames. */
  ct(sId: FcId, request: CtRequestInput | Uint8Array, dId: FcId = NAME_SERVER): Uint8Array {
    this.rig.take();
    const payload = request instanceof Uint8Array ? request : ctRequest.encode(request);
    const header = { rCtl: RCtl['Unsolicited Control'], type: FcType.CT };
    this.rig.feed(this.port, this.frame(sId, dId, payload, header));
    return this.ctReplyFrames().reduce<Uint8Array>((whole, one) => {
      const joined = new Uint8Array(whole.length + one.payload.length);
      joined.set(whole);
      joined.set(one.payload, whole.length);
      return joined;
    }, new Uint8Array(0));
  }

  ctFrames: (Seen & SeenFc)[] = [];
  ctReplyFrames(): (Seen & SeenFc)[] {
    this.ctFrames = this.rig
      .take()
      .filter((one): one is Seen & SeenFc => one.kind === 'fc')
      .filter((one) => one.port === this.port && one.header.type === FcType.CT);
    return this.ctFrames;
  }

  /** Logs a port in with the fabric and the name server, registers FCP and for state changes. */
  join(command: 'FLOGI' | 'FDISC', wwpn: Wwn, wwnn = wwpn): FcId {
    const { nPortId, accepted, refusal } = this.login(command, wwpn, { wwnn });
    if (!accepted) throw new Error(`login refused: ${refusal}`);
    this.plogi(nPortId, NAME_SERVER, wwpn);
    const fc4Types = new Uint8Array(32);
    fc4Types[2] = 1;
    this.ct(nPortId, { kind: 'RFT_ID', portId: nPortId, fc4Types });
    this.scr(nPortId);
    this.rig.take();
    return nPortId;
  }

  /** Accepts every RSCN that is among these frames. */
  acceptRscns(frames: readonly Seen[]): void {
    for (const one of frames) {
      if (one.kind !== 'fc' || one.port !== this.port || one.payload[0] !== ElsCommand.RSCN)
        continue;
      const { dId, sId, oxId } = one.header;
      const header = { rCtl: RCtl['ELS Reply'], type: FcType.ELS, fCtl: 0x99_0000, oxId };
      this.rig.feed(this.port, this.frame(dId, sId, Uint8Array.of(2, 0, 0, 0), header));
    }
  }
}

/** RSCN pages among frames, as `to: format/id`. */
export function rscnPages(frames: readonly Seen[]): string[] {
  const found: string[] = [];
  for (const one of frames) {
    if (one.kind !== 'fc' || one.payload[0] !== ElsCommand.RSCN) continue;
    for (let at = 4; at < one.payload.length; at += 4) {
      const page = one.payload.subarray(at, at + 4);
      found.push(`${one.header.dId.toString(16)}: ${[...page].map(hex2).join('')}`);
    }
  }
  return found;
}
