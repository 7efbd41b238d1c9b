/** Which logical unit each login of a capture found behind each LUN, as rows. */
import { formatLun } from '../../codecs/scsi/index.ts';
import type { SeenUnit, UnitIdentities, UnseenTime } from '../ledger/unit-identities.ts';
import type { NexusRow } from './answers.ts';
import { namedPort, type PortHolder } from './port-names.ts';

/** What was done to a unit behind a warning, without a look. */
export interface UnseenRow {
  /** `3F/0E` or `3F/03`, and the frame that told it last. */
  readonly warning: string;
  readonly warningFrame: number;
  /** Reads and writes that went well since. */
  readonly commands: number;
  /** The first frame of the first, and the last of the last; `undefined` without any. */
  readonly firstFrame: number | undefined;
  readonly lastFrame: number | undefined;
}

/** A look behind a warning. */
export interface HeededRow extends UnseenRow {
  readonly lookFrame: number;
  /** As they were known before, and as the look told. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** A logical unit as one login saw it. */
export interface IdentityRow extends NexusRow {
  /** `naa.…` as it was told last, or `eui.…`; `undefined` where nobody asked for it. */
  readonly identity: string | undefined;
  /** Its blocks, in digits. */
  readonly blocks: string | undefined;
  /** First frames of the requests for its names, 64 at most. */
  readonly looks: readonly number[];
  /** Warnings that a look has followed. */
  readonly heeded: readonly HeededRow[];
  /** A warning that none has. */
  readonly unseen: UnseenRow | undefined;
}

/** The ports of a login, as they were named when it used a unit first. */
export interface UnitEnds {
  readonly initiator: PortHolder;
  readonly target: PortHolder;
}

/** Rows of all units, in the order of the capture; `ends` are those of each unit. */
export function identityRows({ units }: UnitIdentities, ends: readonly UnitEnds[]): IdentityRow[] {
  return units.map((unit, i) => rowOf(unit, ends[i]!));
}

function rowOf(unit: SeenUnit, { initiator, target }: UnitEnds): IdentityRow {
  const { fabric, lun, blocks, looks, ended, unseen } = unit;
  return {
    fabric,
    initiator: namedPort(initiator),
    target: namedPort(target),
    lun: formatLun(lun),
    identity: unit.names[0],
    blocks: blocks?.toString(),
    looks,
    heeded: ended.map((time) => ({
      ...unseenRow(time),
      lookFrame: time.look!.frame,
      from: time.look!.from[0],
      to: time.look!.to[0],
    })),
    unseen: unseen && unseenRow(unseen),
  };
}

function unseenRow({ sense, frame, commands, firstFrame, lastFrame }: UnseenTime): UnseenRow {
  const none = commands === 0;
  return {
    warning: sense,
    warningFrame: frame,
    commands,
    firstFrame: none ? undefined : firstFrame,
    lastFrame: none ? undefined : lastFrame,
  };
}
