/** An iSCSI connection of single PDUs past a tap, with the numbers that both ends would give them. */
import { encodeTextKeys, type IscsiPduInput } from '../../src/codecs/iscsi/index.ts';
import type { SessionTap, TapConnection } from './session-tap.ts';

/** What a login says, where that is not the usual. */
export interface ScriptLogin {
  readonly isid?: number;
  readonly initiator?: string;
  readonly keys?: Readonly<Record<string, string>>;
}

const text = (keys: Readonly<Record<string, string>>): Uint8Array =>
  encodeTextKeys(Object.entries(keys).map(([key, value]) => ({ key, value })));

/** Blocks that hold what nothing else does. */
export const blocksOf = (count: number, seed: number): Uint8Array =>
  Uint8Array.from({ length: count * 512 }, (_, i) => (i * 5 + (i >> 8) * 3 + seed * 37) & 0xff);

/** Says what a test has both ends say. */
export class IscsiScript {
  readonly connection: TapConnection;
  cmdSn = 1;
  statSn = 1;
  /** Commands that the target lets the initiator send. */
  window = 32;
  #tag = 0x100;

  constructor(tap: SessionTap) {
    this.connection = tap.connect();
  }

  /** A login in one request. */
  login({ isid = 1, initiator = 'iqn.2026-01.com.example:guest', keys = {} }: ScriptLogin = {}) {
    const stages = { transit: 1, currentStage: 1, nextStage: 3 } as const;
    const own = { isid: Uint8Array.of(0x80, 0, 0, 0, 0, isid), initiatorTaskTag: 1, ...stages };
    this.connection.asks({
      kind: 'Login Request',
      ...own,
      cmdSn: this.cmdSn,
      data: text({ InitiatorName: initiator, TargetName: 'iqn.2026-01.com.example:disk', ...keys }),
    });
    this.says({
      kind: 'Login Response',
      ...own,
      tsih: 7,
      data: text({ TargetPortalGroupTag: '1' }),
    });
    return this;
  }

  /** A PDU of the target with its numbers; those without a status take no StatSN. */
  says(pdu: IscsiPduInput): void {
    const { kind, hasStatus } = pdu as { kind: string; hasStatus?: number };
    const takes = kind !== 'R2T' && (kind !== 'SCSI Data-In' || hasStatus === 1);
    const numbers = {
      statSn: this.statSn,
      expCmdSn: this.cmdSn,
      maxCmdSn: this.cmdSn + this.window - 1,
    };
    this.connection.says({ ...numbers, ...pdu } as IscsiPduInput);
    if (takes) this.statSn++;
  }

  /** A command; its tag. */
  command(cdb: readonly number[], more: object = {}): number {
    const initiatorTaskTag = this.#tag++;
    this.connection.asks({
      kind: 'SCSI Command',
      lun: 0n,
      initiatorTaskTag,
      cmdSn: this.cmdSn,
      cdb: Uint8Array.from(cdb),
      ...more,
    } as IscsiPduInput);
    this.cmdSn++;
    return initiatorTaskTag;
  }

  testUnitReady(more: object = {}): number {
    return this.command([0, 0, 0, 0, 0, 0], more);
  }

  good(initiatorTaskTag: number, more: object = {}): void {
    this.says({ kind: 'SCSI Response', initiatorTaskTag, ...more });
  }

  /** A write that waits for its data. */
  announce(lba: number, blocks: number): number {
    const cdb = [0x2a, 0, 0, 0, 0, lba, 0, 0, blocks, 0];
    const tag = this.command(cdb, { write: 1, expectedDataTransferLengthBytes: blocks * 512 });
    this.says({
      kind: 'R2T',
      initiatorTaskTag: tag,
      targetTransferTag: tag,
      desiredDataTransferLengthBytes: blocks * 512,
    });
    return tag;
  }

  data(tag: number, data: Uint8Array, more: object = {}): void {
    const own = { lun: 0n, initiatorTaskTag: tag, targetTransferTag: tag, final: 1, data };
    this.connection.asks({ kind: 'SCSI Data-Out', ...own, ...more } as IscsiPduInput);
  }

  write(lba: number, data: Uint8Array): number {
    const tag = this.announce(lba, data.length / 512);
    this.data(tag, data);
    this.good(tag);
    return tag;
  }

  read(lba: number, data: Uint8Array, more: object = {}): number {
    const cdb = [0x28, 0, 0, 0, 0, lba, 0, 0, data.length / 512, 0];
    const tag = this.command(cdb, { read: 1, expectedDataTransferLengthBytes: data.length });
    this.says({
      kind: 'SCSI Data-In',
      initiatorTaskTag: tag,
      final: 1,
      hasStatus: 1,
      data,
      ...more,
    } as IscsiPduInput);
    return tag;
  }

  /** ABORT TASK, confirmed. */
  abort(tag: number): void {
    const initiatorTaskTag = this.#tag++;
    this.connection.asks({
      kind: 'Task Management Function Request',
      immediate: 1,
      function: 1,
      initiatorTaskTag,
      referencedTaskTag: tag,
      cmdSn: this.cmdSn,
    });
    this.says({ kind: 'Task Management Function Response', initiatorTaskTag, response: 0 });
  }

  /** A function of task management on LUN 0, confirmed. */
  manage(code: number): void {
    const initiatorTaskTag = this.#tag++;
    const own = { immediate: 1, function: code, initiatorTaskTag, cmdSn: this.cmdSn } as const;
    this.connection.asks({ kind: 'Task Management Function Request', ...own });
    this.says({ kind: 'Task Management Function Response', initiatorTaskTag, response: 0 });
  }

  logout(): void {
    const initiatorTaskTag = this.#tag++;
    const own = { immediate: 1, reason: 0, initiatorTaskTag, cmdSn: this.cmdSn } as const;
    this.connection.asks({ kind: 'Logout Request', ...own });
    this.says({ kind: 'Logout Response', initiatorTaskTag, response: 0 });
  }
}
