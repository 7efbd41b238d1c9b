/**
 * A capture of a busy FCoE link for the benchmarks, made with the project's own codecs: 256 VMs
 * log in, then read and write 16 targets in frames of 2 KB, with keep-alives and a few more logins
 * among them. The same number of frames always gives the same bytes.
 *
 * Run: `npx tsx bench/generate-capture.ts FILE [--frames N]`. Prints how many frames of each kind
 * it wrote, and their mean length in bytes.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  classParameters,
  Eof,
  EtherType,
  encodeFcoeFrame,
  ethernet,
  FC_MAP_DEFAULT,
  type FcHeaderInput,
  FcType,
  FipControl,
  FipFlags,
  FipLinkService,
  type FipMessageInput,
  FipOperation,
  FlogiAcceptFeatures,
  FlogiFeatures,
  fcpCmnd,
  fcpRsp,
  fcpXferRdy,
  fdisc,
  fipEncapsulate,
  fipMessage,
  flogi,
  flogiAccept,
  fpma,
  PageFlags,
  PageResponse,
  PlogiFeatures,
  plogi,
  plogiAccept,
  prli,
  prliAccept,
  RCtl,
  read10,
  read16,
  Sof,
  vlanTag,
  WellKnownAddress,
  write10,
} from '../src/codecs/index.ts';
import { streams } from '../src/machine/random.ts';

/** Frames by kind: how many, and how many bytes. */
export type Kinds = Readonly<Record<string, { readonly frames: number; readonly bytes: number }>>;

const SEED = 20_260_101;
const FIRST_TIME_NS = 1_700_000_000_000_000_000n;
const FCF_MAC = '00:0d:ec:6d:95:40';
/** What VMs log in with before they have an address of the fabric. */
const ENODE_MAC_PREFIX = '00:25:b5:00:00:';
const VLAN = { vid: 0x65, priority: 3 };
const VMS = 256;
const TARGETS = 16;
const DATA_BYTES = 2048;
const BLOCK_BYTES = 512;
const ETHERNET_BYTES_MIN = 60;

/** F_CTL of the frames of a READ or WRITE, by sender: originator or responder of the exchange. */
const FIRST_OF_EXCHANGE = 0x29_0000;
const LAST_OF_EXCHANGE = 0x99_0000;
const FROM_TARGET = { more: 0x80_0008, last: 0x89_0008 };
const FROM_HOST = { more: 0x00_0008, last: 0x09_0008 };
const TRANSFER_INITIATIVE = 0x89_0000;
const RX_ID_UNASSIGNED = 0xffff;

const vmFcId = (vm: number) => 0x01_0000 | ((vm >> 7) << 8) | ((vm & 127) + 1);
const vmName = (vm: number) => 0x5006_0b00_00c0_0000n + BigInt(vm);
const vmNode = (vm: number) => 0x5006_0b00_00c1_0000n + BigInt(vm);
const targetFcId = (target: number) => 0x02_0000 | (target + 1);
const targetName = (target: number) => 0x500a_0980_0000_0000n + BigInt(target);
const macOf = (fcId: number) => fpma(FC_MAP_DEFAULT, fcId);

/** The frames of the link, one after the other, without end. */
class Traffic {
  readonly #random = streams(SEED).stream('traffic');
  readonly #data = new Uint8Array(1 << 20);
  readonly #oxIds = new Uint16Array(VMS);
  readonly #emit: (kind: string, frame: Uint8Array) => void;

  constructor(emit: (kind: string, frame: Uint8Array) => void) {
    this.#emit = emit;
    const words = new Uint32Array(this.#data.buffer);
    for (let i = 0; i < words.length; i++) words[i] = this.#random.nextU32();
  }

  /** Everybody logs in. */
  start(): void {
    for (let vm = 0; vm < VMS; vm++) this.#logIn(vm);
  }

  /** One command, and now and then something else. */
  go(): void {
    const random = this.#random;
    this.#command(random.below(VMS), random.below(TARGETS));
    if (random.chance(0.05)) this.#keepAlive(random.below(VMS));
    if (random.chance(0.005)) this.#logIn(random.below(VMS));
  }

  #nextOxId(vm: number): number {
    this.#oxIds[vm] = (this.#oxIds[vm]! + 1) & 0x7fff;
    return this.#oxIds[vm]!;
  }

  /** An FC frame between a VM and another port, through the FCF. */
  #fc(
    kind: string,
    vm: number,
    toFcf: boolean,
    header: FcHeaderInput,
    payload: Uint8Array,
    sof: number = Sof.SOFi3,
    eof: number = Eof.EOFt,
  ): void {
    const mac = macOf(vmFcId(vm));
    const frame = encodeFcoeFrame({
      destination: toFcf ? FCF_MAC : mac,
      source: toFcf ? mac : FCF_MAC,
      vlan: VLAN,
      sof,
      eof,
      header,
      payload,
    });
    this.#emit(kind, frame);
  }

  #fip(kind: string, destination: string, source: string, message: FipMessageInput): void {
    const parts = [
      ethernet.encode({ destination, source, etherType: EtherType.VLAN }),
      vlanTag.encode({ ...VLAN, etherType: EtherType.FIP }),
      fipMessage.encode(message),
    ];
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const frame = new Uint8Array(Math.max(length, ETHERNET_BYTES_MIN));
    let at = 0;
    for (const part of parts) {
      frame.set(part, at);
      at += part.length;
    }
    this.#emit(kind, frame);
  }

  #logIn(vm: number): void {
    this.#logInToFabric(vm);
    const fcId = vmFcId(vm);
    const target = vm % TARGETS;
    const dId = targetFcId(target);
    const request = { rCtl: RCtl['ELS Request'], dId, sId: fcId, type: FcType.ELS };
    const reply = { rCtl: RCtl['ELS Reply'], dId: fcId, sId: dId, type: FcType.ELS };
    const opening = { fCtl: FIRST_OF_EXCHANGE, rxId: RX_ID_UNASSIGNED };
    const closing = { fCtl: LAST_OF_EXCHANGE, rxId: 0x8000 };
    const common = {
      bbCredit: 10,
      features: PlogiFeatures.CONTINUOUSLY_INCREASING_RELATIVE_OFFSET,
      bbReceiveDataFieldSizeBytes: DATA_BYTES,
      totalConcurrentSequences: 255,
      relativeOffsetByCategory: 0x1f,
    };
    const vmLogin = { common, ...namesOf(vmName(vm), vmNode(vm)) };
    const targetLogin = { common, ...namesOf(targetName(target), targetName(target)) };
    let oxId = this.#nextOxId(vm);
    this.#fc('plogi', vm, true, { ...request, ...opening, oxId }, plogi.encode(vmLogin));
    this.#fc(
      'plogi_acc',
      vm,
      false,
      { ...reply, ...closing, oxId },
      plogiAccept.encode(targetLogin),
    );
    oxId = this.#nextOxId(vm);
    const page = (serviceParameters: number, responseCode: number) => ({
      pages: [
        {
          kind: 'FCP',
          flags: PageFlags.ESTABLISH_IMAGE_PAIR,
          serviceParameters,
          responseCode,
        } as const,
      ],
    });
    this.#fc('prli', vm, true, { ...request, ...opening, oxId }, prli.encode(page(0x22, 0)));
    const accept = prliAccept.encode(page(0x12, PageResponse.REQUEST_EXECUTED));
    this.#fc('prli_acc', vm, false, { ...reply, ...closing, oxId }, accept);
  }

  #logInToFabric(vm: number): void {
    const oxId = this.#nextOxId(vm);
    const header = {
      rCtl: RCtl['ELS Request'],
      dId: WellKnownAddress['F_Port Controller'],
      sId: 0,
      type: FcType.ELS,
      fCtl: FIRST_OF_EXCHANGE,
      oxId,
    };
    const login = {
      common: {
        bbCredit: 10,
        features: FlogiFeatures.MULTIPLE_N_PORT_ID_SUPPORT,
        bbReceiveDataFieldSizeBytes: DATA_BYTES,
      },
      ...namesOf(vmName(vm), vmNode(vm)),
    };
    const first = vm % 8 === 0;
    const mac = macOf(vmFcId(vm));
    const flags = FipFlags.FP | FipFlags.F;
    const payload = first ? flogi.encode(login) : fdisc.encode(login);
    const enode = `${ENODE_MAC_PREFIX}${(vm & 0xff).toString(16).padStart(2, '0')}`;
    this.#fip('fip_flogi_fdisc', FCF_MAC, enode, {
      operation: FipOperation['Virtual Link Instantiation'],
      subcode: FipLinkService.Request,
      flags,
      descriptors: [
        fipEncapsulate(first ? 'flogi' : 'fdisc', header, payload),
        { kind: 'mac', mac },
      ],
    });
    const accept = flogiAccept.encode({
      common: {
        bbCredit: 10,
        features: FlogiAcceptFeatures.CLEAN_ADDRESS,
        bbReceiveDataFieldSizeBytes: DATA_BYTES,
        rATovMs: 0,
        eDTov: 0,
      },
      ...namesOf(0x2001_000d_ec00_0001n, 0x2064_000d_ec00_0001n),
    });
    const answer = {
      ...header,
      rCtl: RCtl['ELS Reply'],
      dId: vmFcId(vm),
      sId: WellKnownAddress['F_Port Controller'],
      fCtl: LAST_OF_EXCHANGE,
      rxId: 0x8001,
    };
    this.#fip('fip_ls_acc', mac, FCF_MAC, {
      operation: FipOperation['Virtual Link Instantiation'],
      subcode: FipLinkService.Reply,
      flags,
      descriptors: [fipEncapsulate('flogi', answer, accept), { kind: 'mac', mac }],
    });
  }

  #keepAlive(vm: number): void {
    const mac = macOf(vmFcId(vm));
    this.#fip('fip_ka', FCF_MAC, mac, {
      operation: FipOperation['FIP Control'],
      subcode: FipControl['Keep Alive'],
      descriptors: [
        { kind: 'mac', mac },
        { kind: 'vxPort', mac, nPortId: vmFcId(vm), portName: vmName(vm) },
      ],
    });
  }

  /** READ(10) of 8 blocks, READ(16) or WRITE(10) of 16. */
  #command(vm: number, target: number): void {
    const random = this.#random;
    const oxId = this.#nextOxId(vm);
    const ids = { type: FcType.FCP, oxId };
    const toTarget = { ...ids, dId: targetFcId(target), sId: vmFcId(vm) };
    const toHost = {
      ...ids,
      dId: vmFcId(vm),
      sId: targetFcId(target),
      rxId: 0x8000 | (oxId & 0xfff),
    };
    const choice = random.below(100);
    const lba = random.below(1 << 30);
    const blocks = choice < 45 ? 8 : 16;
    const writes = choice >= 65;
    const kind = writes ? 'w10' : choice < 45 ? 'r10' : 'r16';
    const range = { lba, transferLengthBlocks: blocks };
    const cdb = writes
      ? write10.encode(range)
      : choice < 45
        ? read10.encode(range)
        : read16.encode({ ...range, lba: BigInt(lba) });
    const fcpDl = blocks * BLOCK_BYTES;
    const command = fcpCmnd.encode({
      lun: BigInt(random.below(8)) << 48n,
      wrdata: writes ? 1 : 0,
      rddata: writes ? 0 : 1,
      cdb,
      fcpDl,
    });
    const opening = { rCtl: RCtl['Unsolicited Command'], fCtl: FIRST_OF_EXCHANGE };
    this.#fc(`cmnd_${kind}`, vm, true, { ...toTarget, ...opening }, command);
    if (writes) {
      const ready = fcpXferRdy.encode({ relativeOffset: 0, burstLengthBytes: fcpDl });
      const header = { rCtl: RCtl['Data Descriptor'], fCtl: TRANSFER_INITIATIVE, seqId: 1 };
      this.#fc('xfer_rdy', vm, false, { ...toHost, ...header }, ready);
    }
    const { rxId } = toHost;
    this.#dataFrames(vm, writes, writes ? { ...toTarget, rxId } : toHost, fcpDl / DATA_BYTES);
    const closing = { rCtl: RCtl['Command Status'], fCtl: LAST_OF_EXCHANGE, seqId: 3 };
    this.#fc('rsp', vm, false, { ...toHost, ...closing }, fcpRsp.encode({ flags: 0 }));
  }

  #dataFrames(
    vm: number,
    writes: boolean,
    ids: Pick<FcHeaderInput, 'dId' | 'sId' | 'type' | 'oxId' | 'rxId'>,
    count: number,
  ): void {
    const fCtl = writes ? FROM_HOST : FROM_TARGET;
    for (let i = 0; i < count; i++) {
      const isLast = i === count - 1;
      const at = this.#random.below(this.#data.length - DATA_BYTES);
      const header = {
        ...ids,
        rCtl: RCtl['Solicited Data'],
        fCtl: isLast ? fCtl.last : fCtl.more,
        seqId: 2,
        seqCnt: i,
        parameter: i * DATA_BYTES,
      };
      const payload = this.#data.subarray(at, at + DATA_BYTES);
      const sof = i === 0 ? Sof.SOFi3 : Sof.SOFn3;
      this.#fc('data', vm, writes, header, payload, sof, isLast ? Eof.EOFt : Eof.EOFn);
    }
  }
}

/** Names and class 3 service parameters of a login. */
function namesOf(portName: bigint, nodeName: bigint) {
  const class3 = classParameters.decode(
    classParameters.encode({
      options: 0x8800,
      receiveDataFieldSizeBytes: DATA_BYTES,
      concurrentSequences: 255,
      openSequencesPerExchange: 1,
    }),
  );
  return { portName, nodeName, class3 };
}

/** A pcap file with nanosecond stamps, written in pieces of 4 MiB. */
class PcapFile {
  readonly #file: number;
  readonly #bytes = new Uint8Array(1 << 22);
  readonly #view = new DataView(this.#bytes.buffer);
  #used = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
    for (const word of [0xa1b2_3c4d, 0x0004_0002, 0, 0, 262_144, 1]) this.#put(word);
  }

  write(timeNs: bigint, frame: Uint8Array): void {
    if (this.#used + 16 + frame.length > this.#bytes.length) this.#flush();
    this.#put(Number(timeNs / 1_000_000_000n));
    this.#put(Number(timeNs % 1_000_000_000n));
    this.#put(frame.length);
    this.#put(frame.length);
    this.#bytes.set(frame, this.#used);
    this.#used += frame.length;
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #put(word: number): void {
    this.#view.setUint32(this.#used, word, true);
    this.#used += 4;
  }

  #flush(): void {
    let at = 0;
    while (at < this.#used) at += writeSync(this.#file, this.#bytes, at, this.#used - at);
    this.#used = 0;
  }
}

/** Writes the first `frames` frames of the traffic to a pcap file; returns them by kind. */
export function generateCapture(path: string, frames: number): Kinds {
  const file = new PcapFile(path);
  const gaps = streams(SEED).stream('gaps');
  const kinds: Record<string, { frames: number; bytes: number }> = {};
  let timeNs = FIRST_TIME_NS;
  let count = 0;
  const traffic = new Traffic((kind, frame) => {
    if (count >= frames) return;
    count++;
    timeNs += BigInt(gaps.range(300, 3999));
    file.write(timeNs, frame);
    kinds[kind] ??= { frames: 0, bytes: 0 };
    kinds[kind].frames++;
    kinds[kind].bytes += frame.length;
  });
  traffic.start();
  while (count < frames) traffic.go();
  file.close();
  return kinds;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { frames: { type: 'string', default: '200000' } },
  });
  const path = positionals[0];
  if (path === undefined) throw new TypeError('usage: generate-capture.ts FILE [--frames N]');
  const kinds = Object.entries(generateCapture(path, Number(values.frames)));
  for (const [kind, { frames, bytes }] of kinds.sort((a, b) => b[1].frames - a[1].frames))
    console.log(`${kind.padEnd(16)} ${String(frames).padStart(8)} ${(bytes / frames).toFixed(1)}`);
}
