/** A task of an iSCSI session while it is followed: what of its data has come, and what for it was asked. */
import { type Frame, type IscsiPduOf, layerOf } from '../../../codecs/index.ts';
import { Opcode } from '../../../codecs/scsi/index.ts';
import { scsiTask } from '../scsi-blocks.ts';
import type { SeenMoment, SeenSession, SeenTask } from '../session.ts';

/** A range of write data that the target has asked for. */
export interface Wanted {
  readonly from: number;
  readonly to: number;
  /** DataSN and offset of the Data-Out that is next. */
  dataSn: number;
  next: number;
}

/** Write data for a request that was not seen yet. */
export interface Unasked {
  readonly ttt: number;
  readonly from: number;
  readonly to: number;
  readonly moment: SeenMoment;
}

/** A task, and what of it only its connection cares about. */
export interface OpenTask {
  readonly task: SeenTask;
  readonly cmdSn: number;
  readonly expStatSn: number;
  readonly expectedBytes: number;
  readonly reads: boolean;
  readonly writes: boolean;
  /** DataSN and offset of the Data-In that is next, and its bytes since the last sequence ended. */
  dataInSn: number;
  dataInBytes: number;
  sequenceBytes: number;
  r2tSn: number;
  /** By Target Transfer Tag. */
  readonly wanted: Map<number, Wanted>;
  unasked: Unasked[];
  /** What comes without being asked for. */
  readonly unsolicited: Wanted;
  /** Unsolicited data follow the command. */
  readonly announcesData: boolean;
  /** It asks for all units that its initiator may see. */
  readonly listsUnits: boolean;
}

/** A SCSI Command of which at least the head is there. */
export type CommandPart = Pick<
  IscsiPduOf<'SCSI Command'>,
  'lun' | 'initiatorTaskTag' | 'cmdSn' | 'expStatSn' | 'expectedDataTransferLengthBytes' | 'cdb'
> &
  Partial<IscsiPduOf<'SCSI Command'>>;

/** SELECT REPORT: all but well known units, and all. Source: SPC-5, REPORT LUNS. */
const ALL_UNITS: ReadonlySet<number> = new Set([0, 2]);

/** The task that a command begins. */
export function openTask(
  session: SeenSession,
  part: CommandPart,
  frame: Frame,
  moment: SeenMoment,
  unitOf: (lun: bigint) => string,
): OpenTask {
  const { lun, cdb, expectedDataTransferLengthBytes: expectedBytes } = part;
  const asked = layerOf(frame, 'scsi')?.value as { lba?: number | bigint } | undefined;
  const tag = part.initiatorTaskTag;
  const begun = { session, tag, lun, unit: unitOf(lun), cdb, asked, expectedBytes };
  const immediate = part.data?.length ?? 0;
  return {
    task: scsiTask(begun, moment),
    cmdSn: part.cmdSn,
    expStatSn: part.expStatSn,
    expectedBytes,
    reads: part.read === 1,
    writes: part.write === 1,
    dataInSn: 0,
    dataInBytes: 0,
    sequenceBytes: 0,
    r2tSn: 0,
    wanted: new Map(),
    unasked: [],
    unsolicited: { from: 0, to: expectedBytes, dataSn: 0, next: immediate },
    announcesData: part.final === 0,
    listsUnits: cdb[0] === Opcode['REPORT LUNS'] && ALL_UNITS.has(cdb[2]!),
  };
}
