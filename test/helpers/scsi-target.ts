/** A small target device for tests: two ports in two groups, a few logical units, and short ways to ask. */

import { fcInitiatorPort, fcTargetPort, type InitiatorPort } from '../../src/history/port-name.ts';
import { type Medium, MemoryMedium } from '../../src/scsi/medium/medium.ts';
import type { LogicalUnit } from '../../src/scsi/target/logical-unit.ts';
import type { Nexus, Task } from '../../src/scsi/target/nexus.ts';
import type { Applied, ReadDone } from '../../src/scsi/target/observer.ts';
import { ScsiTarget, type ScsiTargetOptions } from '../../src/scsi/target/scsi-target.ts';
import type { ClearCause, Reply, TargetTask, TaskSink } from '../../src/scsi/transport.ts';

export const UNIT_BLOCKS = 10_000;
const PORT_WWPN = 0x5000_0000_0000_00a0n;
export const INITIATOR_A = fcInitiatorPort(0x2100_0000_0000_000an);
export const INITIATOR_B = fcInitiatorPort(0x2100_0000_0000_000bn);
export const INITIATOR_C = fcInitiatorPort(0x2100_0000_0000_000cn);

/** Hex digits as bytes, spaces anywhere. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
}

export function toHex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? new Uint8Array(0)).toString('hex');
}

/** A number as `bytes` bytes in hex. */
export function be(value: number | bigint, bytes: number): string {
  return BigInt(value)
    .toString(16)
    .padStart(2 * bytes, '0');
}

/** `blocks` blocks that all hold one byte value. */
export function filled(blocks: number, value: number): Uint8Array {
  return new Uint8Array(512 * blocks).fill(value);
}

/** Status and, with sense data, key/ASC/ASCQ: `02 6/29/07`. Read from the bytes, not by a codec. */
export function outcome(reply: Reply): string {
  const code = (n: number | undefined) => (n ?? 0).toString(16).padStart(2, '0');
  const { status, sense } = reply;
  if (sense === undefined) return code(status);
  return `${code(status)} ${(sense[2]! & 0x0f).toString(16)}/${code(sense[12])}/${code(sense[13])}`;
}

export const GOOD = '00';
export const CONFLICT = '18';

/** A sink that runs each task at once with given data, or writes down what it hears. */
export class Recorder implements TaskSink {
  readonly heard: string[] = [];
  reply: Reply | undefined;

  enabled(task: TargetTask, dataOutBytes: number): void {
    this.heard.push(`enabled ${task.tag} ${dataOutBytes}`);
  }

  answered(task: TargetTask, reply: Reply): void {
    this.reply = reply;
    this.heard.push(`answered ${task.tag} ${outcome(reply)}`);
  }

  cleared(task: TargetTask, cause: ClearCause): void {
    this.heard.push(`cleared ${task.tag} ${cause}`);
  }
}

export class Rig {
  readonly target: ScsiTarget;
  readonly applied: Applied[] = [];
  readonly reads: ReadDone[] = [];
  readonly cleared: string[] = [];
  #tag = 0x100;

  constructor(options: Partial<ScsiTargetOptions> = {}) {
    this.target = new ScsiTarget({
      name: 'rig',
      ports: [
        { name: fcTargetPort(PORT_WWPN), relativeId: 1 },
        { name: fcTargetPort(PORT_WWPN + 1n), relativeId: 2 },
      ],
      groups: [
        { id: 10, relativePortIds: [1] },
        { id: 20, relativePortIds: [2] },
      ],
      powerOnAttention: false,
      ...options,
      observer: {
        onApply: (one) => this.applied.push({ ...one, data: one.data.slice() }),
        onRead: (one) => this.reads.push({ ...one, data: one.data.slice() }),
        onCleared: (task, cause) => this.cleared.push(`${task.tag} ${cause}`),
      },
    });
  }

  /** Adds a logical unit and maps it for everybody at the next LUN. */
  unit(
    medium: Medium = new MemoryMedium(UNIT_BLOCKS),
    options: { tasksMax?: number; writeCacheEnabled?: boolean } = {},
  ): LogicalUnit {
    const lu = this.target.addUnit({ medium, ...options });
    this.target.setDefaultMask(this.target.units.map((one, lun) => ({ lun, lu: one })));
    for (const pair of this.target.nexuses) lu.attentions.drop(pair, 0x3f0e);
    return lu;
  }

  login(port: InitiatorPort = INITIATOR_A, targetPortIndex = 0, sId = 0x010100): Nexus {
    return this.target.nexusBegan(port, targetPortIndex, sId)!;
  }

  /** Sends a command given in hex and runs it to its end. */
  send(nexus: Nexus, cdb: string, dataOut?: Uint8Array, lun = 0n): Reply {
    const padded = new Uint8Array(16);
    padded.set(hex(cdb));
    let reply: Reply | undefined;
    nexus.submit(
      {
        lun,
        tag: this.#tag++,
        attribute: 0,
        cdb: padded,
        ...(dataOut === undefined ? {} : { dataOutBytes: dataOut.length }),
      },
      {
        enabled: (task) => {
          reply = task.run(dataOut);
        },
        answered: (_task, early) => {
          reply = early;
        },
        cleared: () => {
          throw new Error('cleared while it ran');
        },
      },
    );
    return reply!;
  }

  /** `send`, told as status and sense. */
  ask(nexus: Nexus, cdb: string, dataOut?: Uint8Array, lun = 0n): string {
    return outcome(this.send(nexus, cdb, dataOut, lun));
  }

  /** Hands a command in and lets it wait. */
  submit(
    nexus: Nexus,
    tag: number,
    cdb: string,
    sink: TaskSink,
    options: { attribute?: number; lun?: bigint } = {},
  ): Task {
    const padded = new Uint8Array(16);
    padded.set(hex(cdb));
    const { attribute = 0, lun = 0n } = options;
    return this.target.submit(nexus, { lun, tag, attribute, cdb: padded }, sink);
  }
}

export const TUR = '00 00 00 00 00 00';
export const read10 = (lba: number, blocks: number): string =>
  `28 00 ${be(lba, 4)} 00 ${be(blocks, 2)} 00`;
export const write10 = (lba: number, blocks: number): string =>
  `2a 00 ${be(lba, 4)} 00 ${be(blocks, 2)} 00`;
