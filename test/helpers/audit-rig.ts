/** An auditor with a small world around it: one host port, one switch, one array, told by hand. */
import { Auditor } from '../../src/audit/auditor.ts';
import type { TapDirection } from '../../src/audit/seen/tapped-frame.ts';
import type { AuditBounds, Verdict } from '../../src/audit/verdict.ts';
import { formatHex } from '../../src/codecs/layout/index.ts';
import { ScsiStatus } from '../../src/codecs/scsi/index.ts';
import { putStamp, STAMP_BYTES } from '../../src/codecs/stamp/index.ts';
import {
  type BlocksApplied,
  type CommandDone,
  type Disturbance,
  type FabricLogin,
  type FabricLogout,
  fcInitiatorPort,
  fcTargetPort,
  type GuestOp,
  type Happening,
  type IoCompleted,
  type IoSent,
  type IoSubmitted,
  type MoveEvent,
  type MoveOutcome,
  type NexusName,
  type Phase,
  type Places,
  type ReservationChanged,
  type UnitView,
} from '../../src/history/index.ts';

export const SECOND = 1e9;
export const MS = 1e6;

export const GUEST_WWPN = 0xc050_7600_0000_0100n;
export const OTHER_WWPN = 0xc050_7600_0000_0200n;
export const GUEST = fcInitiatorPort(GUEST_WWPN);
export const OTHER = fcInitiatorPort(OTHER_WWPN);
export const TARGET = fcTargetPort(0x5006_0160_0000_0001n);

/** N_Port_IDs of the guest on either host, and of the target port. */
export const ADDRESS = 0x01_0101;
export const ADDRESS_2 = 0x01_0201;
export const TARGET_ADDRESS = 0x01_0001;

export const H1 = 'h1';
export const H2 = 'h2';
export const SWITCH = 'switch';
export const ARRAY = 'array';
/** Links of the two hosts and of the array, each with its port at the switch. */
export const H1_LINK = 'h1 uplink';
export const H2_LINK = 'h2 uplink';
export const ARRAY_LINK = 'array uplink';
export const SWITCH_PORTS = { [H1_LINK]: 1, [H2_LINK]: 2, [ARRAY_LINK]: 0 } as const;
export const FABRIC = 'A';

export const LU_ID = Uint8Array.of(0x60, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
export const LU_NAME = formatHex(LU_ID);

/** Hosts, a switch, an array, and the links between them. */
export const PLACES: Places = {
  nodes: [
    { name: H1, kind: 'host' },
    { name: H2, kind: 'host' },
    { name: SWITCH, kind: 'switch', fabric: FABRIC },
    { name: ARRAY, kind: 'array' },
  ],
  ports: [
    { node: H1, port: 0, link: H1_LINK, fabric: FABRIC },
    { node: H2, port: 0, link: H2_LINK, fabric: FABRIC },
    { node: ARRAY, port: 0, link: ARRAY_LINK, fabric: FABRIC, target: TARGET },
    ...Object.entries(SWITCH_PORTS).map(([link, port]) => ({
      node: SWITCH,
      port,
      link,
      fabric: FABRIC,
    })),
  ],
};

export const BOUNDS: AuditBounds = {
  guestTimeoutNs: 30 * SECOND,
  blackoutBudgetNs: 5 * SECOND,
  rATovNs: 10 * SECOND,
  fkaAdvPeriodNs: 8 * SECOND,
};

/** Tells an auditor what happens, and asks it for its verdict. */
export class AuditRig {
  readonly #auditor: Auditor;
  at = 0;
  frames = 0;

  constructor(
    options: {
      readonly bounds?: Partial<AuditBounds>;
      readonly partial?: boolean;
      readonly places?: Places;
    } = {},
  ) {
    const { partial = false, places = PLACES } = options;
    this.#auditor = new Auditor({ ...BOUNDS, ...options.bounds }, { places, partial });
  }

  /** Time passes. */
  wait(ns: number): this {
    this.at += ns;
    return this;
  }

  /** Something happens at a node, a microsecond after what was before. */
  tell(node: string, ...events: Happening[]): this {
    for (const event of events) {
      this.at += 1000;
      this.#auditor.observe({ at: this.at, node, event });
    }
    return this;
  }

  /** Several things are told of one instant. */
  together(node: string, ...events: Happening[]): this {
    this.at += 1000;
    for (const event of events) this.#auditor.observe({ at: this.at, node, event });
    return this;
  }

  /** A tap sees frames, into the switch or out of it. */
  see(tap: string, direction: TapDirection, ...frames: Uint8Array[]): this {
    for (const bytes of frames) {
      this.at += 1000;
      const fabric = direction === 'unknown' ? '' : FABRIC;
      this.#auditor.see({ at: this.at, number: ++this.frames, tap, fabric, direction, bytes });
    }
    return this;
  }

  /** Frames that cross the switch: each is seen where it comes in and where it goes out. */
  cross(from: string, to: string, ...frames: Uint8Array[]): this {
    for (const bytes of frames) this.see(from, 'in', bytes).see(to, 'out', bytes);
    return this;
  }

  /** All verdicts. The auditor takes nothing more. */
  conclude(): Verdict[] {
    return this.#auditor.conclude();
  }

  /** What is said of one invariant. */
  verdict(invariant: string): Verdict {
    return this.conclude().find((one) => one.invariant === invariant)!;
  }
}

// Happenings, with what does not matter filled in.

export const NEXUS: NexusName = { initiator: GUEST, target: TARGET, epoch: 1, address: ADDRESS };

export function submit(io: number, change: Partial<IoSubmitted> = {}): IoSubmitted {
  const op: GuestOp = change.op ?? 'write';
  return {
    type: 'io-submit',
    vm: 'vm1',
    io,
    op,
    fua: false,
    luName: LU_NAME,
    lba: 0,
    blocks: 1,
    version: op === 'read' ? 0 : io,
    writerId: 1,
    ...change,
  };
}

export function sent(io: number, change: Partial<IoSent> = {}): IoSent {
  return {
    type: 'io-sent',
    vm: 'vm1',
    io,
    attempt: 1,
    port: 0,
    initiator: GUEST,
    target: TARGET,
    address: ADDRESS,
    targetAddress: TARGET_ADDRESS,
    tag: io,
    command: 'WRITE(10)',
    ...change,
  };
}

/** The last attempt of an I/O was answered with a status. */
export function attemptEnd(io: number, status: number): Happening {
  const end = status === ScsiStatus.GOOD ? 'good' : 'check';
  return { type: 'io-attempt-end', vm: 'vm1', io, attempt: 1, end, status };
}

export function complete(io: number, change: Partial<IoCompleted> = {}): IoCompleted {
  return { type: 'io-complete', vm: 'vm1', io, result: 'good', ...change };
}

/** A block with the stamp of a version of writer 1. */
export function stamped(version: number, lba = 0): Uint8Array {
  const data = new Uint8Array(STAMP_BYTES);
  putStamp(data, 0, { writerId: 1, version, lba, luId: LU_ID });
  return data;
}

/** A write of the version with the same number as its command. */
export function apply(tag: number, change: Partial<BlocksApplied> = {}): BlocksApplied {
  const lba = change.lba ?? 0;
  return {
    type: 'apply',
    change: 'write',
    luName: LU_NAME,
    lba,
    blocks: 1,
    data: stamped(tag, lba),
    durable: true,
    nexus: NEXUS,
    lun: 0n,
    tag,
    heldWhenEnabled: undefined,
    held: undefined,
    ...change,
  };
}

/** What the medium holds of its first block. */
export function medium(data: Uint8Array): Happening {
  return { type: 'medium', luName: LU_NAME, lba: 0, blocks: data.length / STAMP_BYTES, data };
}

export function done(tag: number, change: Partial<CommandDone> = {}): CommandDone {
  return {
    type: 'command-done',
    command: 'WRITE(10)',
    nexus: NEXUS,
    lun: 0n,
    tag,
    luName: LU_NAME,
    status: ScsiStatus.GOOD,
    sense: undefined,
    ...change,
  };
}

export function nexus(state: 'began' | 'ended', change: Partial<NexusName> = {}): Happening {
  return { type: 'nexus', state, nexus: { ...NEXUS, ...change } };
}

export function login(change: Partial<FabricLogin> = {}): FabricLogin {
  return {
    type: 'login',
    nPortId: ADDRESS,
    wwpn: GUEST_WWPN,
    wwnn: GUEST_WWPN,
    port: SWITCH_PORTS[H1_LINK],
    mac: '0e:fc:00:01:01:01',
    by: 'FDISC',
    enodeMac: '00:25:b5:00:01:00',
    clean: false,
    ...change,
  };
}

export function logout(change: Partial<FabricLogout> = {}): FabricLogout {
  return {
    type: 'logout',
    nPortId: ADDRESS,
    wwpn: GUEST_WWPN,
    port: SWITCH_PORTS[H1_LINK],
    reason: 'LOGO',
    ...change,
  };
}

export function reservation(change: Partial<ReservationChanged> = {}): ReservationChanged {
  return {
    type: 'reservation',
    luName: LU_NAME,
    cause: 'reserve',
    by: NEXUS,
    generation: 1,
    aptpl: false,
    reservationType: 1,
    holder: { initiator: GUEST, target: TARGET },
    registrations: [{ initiator: GUEST, target: TARGET, key: 1n }],
    spc2Holder: undefined,
    ...change,
  };
}

export function step(phase: Phase): MoveEvent {
  return { type: 'move-step', vm: 'vm1', from: H1, to: H2, phase, detail: '' };
}

export function moveEnd(outcome: MoveOutcome): MoveEvent {
  return { type: 'move-end', vm: 'vm1', from: H1, to: H2, outcome, reason: '' };
}

export const UNIT: UnitView = {
  luName: LU_NAME,
  lunNumber: 0,
  blocks: 2048,
  vendor: 'SANMOTN',
  product: 'VIRTUAL DISK',
  paths: 1,
  ports: [0],
  targetPorts: [1],
};

export function runs(...view: UnitView[]): Happening {
  return { type: 'guest', vm: 'vm1', state: 'running', view };
}

export const STUNNED: Happening = { type: 'guest', vm: 'vm1', state: 'stunned' };
export const LOST: Happening = { type: 'guest', vm: 'vm1', state: 'lost' };
export const IDENTITIES: Happening = { type: 'identities', vm: 'vm1', initiators: [GUEST] };
export const CRASHED: Disturbance = { type: 'node-crashed' };
export const STARTED: Disturbance = { type: 'node-started' };
