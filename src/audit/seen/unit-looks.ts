/** What hosts of a capture learn of logical units: names from INQUIRY, sizes from READ CAPACITY. */
import { type FcHeader, fcHeader } from '../../codecs/fc/index.ts';
import { type Frame, layerOf, layerValue } from '../../codecs/frame/index.ts';
import { formatHex, isCutValue } from '../../codecs/layout/index.ts';
import { Association, DesignatorType, formatNaa, VpdPage } from '../../codecs/scsi/index.ts';
import { remember } from '../ledger/remember.ts';
import { exchangeIdOf } from './exchange.ts';
import type { ExchangeRow } from './exchange-row.ts';

/** Requests under way that are remembered. */
const OPEN_MAX = 1_000;
/** READ CAPACITY(10) says FFFFFFFFh where the size needs the 16-byte command. Source: SBC-4. */
const ASK_16_BYTES = 0xffff_ffffn;

/** What one answer told of a logical unit. */
export interface UnitLook {
  /**
   * It was asked for its names (INQUIRY, VPD page 83h): those of the best kind that were told, as
   * systems print them; none where the capture does not show them.
   */
  names?: readonly string[];
  /** Its blocks, as READ CAPACITY told. */
  blocks?: bigint;
  /** The units that its initiator may see, as REPORT LUNS listed them. */
  luns?: readonly bigint[];
}

type Designator = {
  readonly association?: number;
  readonly designatorType?: number;
  readonly identifier?: Uint8Array;
};

/** Kinds of names that no other unit has, the best first, and how they are written. */
const NAMES: readonly (readonly [type: number, (identifier: Uint8Array) => string])[] = [
  [DesignatorType.NAA, formatNaa],
  [DesignatorType.EUI_64, (identifier) => `eui.${formatHex(identifier)}`],
];

/** Follows what is asked about units, by exchange. */
export class UnitLooks {
  readonly #open = new Map<string, UnitLook>();

  /** Takes a frame of any kind: all but INQUIRY and READ CAPACITY pass. */
  take(frame: Frame, fabric: string): void {
    const name = frame.exchange?.command?.name;
    if (name !== 'INQUIRY' && name?.startsWith('READ CAPACITY') !== true) return;
    const header = layerValue(frame, fcHeader);
    const value = layerOf(frame, 'scsi')?.value as Record<string, unknown> | undefined;
    if (header === undefined || value === undefined) return;
    const key = keyOf(fabric, header);
    if (value.kind === 'INQUIRY') {
      const { evpd, pageCode } = value as { evpd?: number; pageCode?: number };
      if (evpd === 1 && pageCode === VpdPage.DEVICE_IDENTIFICATION)
        remember(this.#open, key, { names: [] }, OPEN_MAX);
      return;
    }
    const look = lookIn(name, value);
    if (look?.blocks !== undefined) remember(this.#open, key, look, OPEN_MAX);
    const asked = this.#open.get(key);
    if (look?.names !== undefined && asked !== undefined) asked.names = look.names;
  }

  /** What an exchange that has ended well told; `undefined` where it was about something else. */
  of(row: ExchangeRow): UnitLook | undefined {
    const { fabric, originator, responder, oxId, command, status } = row;
    if (command !== 'INQUIRY' && !command.startsWith('READ CAPACITY')) return undefined;
    const key = `${fabric} ${originator} ${responder} ${oxId}`;
    const look = this.#open.get(key);
    this.#open.delete(key);
    return status === 'GOOD' ? look : undefined;
  }
}

/** What the data of INQUIRY or READ CAPACITY tell; `undefined` for anything else. */
export function lookIn(
  command: string,
  value: Readonly<Record<string, unknown>>,
): UnitLook | undefined {
  if (value.lastLba !== undefined && !isCutValue(value.lastLba)) {
    const blocks = BigInt(value.lastLba as number | bigint) + 1n;
    return command === 'READ CAPACITY(10)' && blocks > ASK_16_BYTES ? undefined : { blocks };
  }
  return Array.isArray(value.designators) ? { names: namesIn(value.designators) } : undefined;
}

const keyOf = (fabric: string, header: FcHeader): string => {
  const { originator, responder, oxId } = exchangeIdOf(header);
  return `${fabric} ${originator} ${responder} ${oxId}`;
};

/** The unit's own names, of the best kind there is. */
function namesIn(designators: readonly unknown[]): readonly string[] {
  const whole = designators.filter((one) => !isCutValue(one)) as Designator[];
  const ofUnit = whole.filter(({ association }) => association === Association.LOGICAL_UNIT);
  for (const [type, format] of NAMES) {
    const names = ofUnit
      .filter((one) => one.designatorType === type && (one.identifier?.length ?? 0) >= 8)
      .map(({ identifier }) => format(identifier!));
    if (names.length > 0) return names;
  }
  return [];
}
