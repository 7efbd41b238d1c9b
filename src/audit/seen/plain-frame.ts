/** Plain FCP frames of a capture as the rules see them, without their layers. */
import {
  blocksOf,
  type Conversation,
  type FcHeader,
  hasLayout,
  type PlainCommand,
  plainCommand,
  plainHeader,
  u32,
} from '../../codecs/index.ts';
import type { TimeNs } from '../verdict.ts';
import type { RequestParts } from './exchange-row.ts';
import { FcFrame, type PlainResponse } from './frame.ts';
import type { HeldFrame } from './held-frames.ts';
import type { TapDirection, TappedFrame } from './tapped-frame.ts';

/** Where a response has its flags, its status and its residual count. Source: FCP-4, FCP_RSP IU. */
const FLAGS_AT = 10;
const STATUS_AT = 11;
const RESIDUAL_AT = 12;

/** In the place of a payload that nobody reads. */
const NOT_HELD = new Uint8Array(0);

/** A held frame at its tap; the array of its bytes is made when it is asked for. */
class HeldTapped implements TappedFrame {
  readonly at: TimeNs;
  readonly number: number;
  readonly tap: string;
  readonly #held: HeldFrame;
  #bytes: Uint8Array | undefined;

  constructor(held: HeldFrame, at: TimeNs, tap: string) {
    this.at = at;
    this.number = held.index;
    this.tap = tap;
    this.#held = held;
    this.#bytes = undefined;
  }

  get fabric(): string {
    return '';
  }

  get direction(): TapDirection {
    return 'unknown';
  }

  get bytes(): Uint8Array {
    const { bytes, at, end } = this.#held;
    this.#bytes ??= bytes.subarray(at, end);
    return this.#bytes;
  }
}

/** A plain frame, and what it asks for where it is a command. */
export interface SeenPlain {
  readonly fc: FcFrame;
  readonly request: RequestParts | undefined;
}

/** What a plain frame says; `undefined` for data that have a layout, which are not plain after all. */
export function seePlain(
  held: HeldFrame,
  at: TimeNs,
  tap: string,
  conversation: Conversation,
): SeenPlain | undefined {
  const { bytes, unit } = held;
  const header = plainHeader(bytes, held.at, held);
  if (unit === 'data' && hasLayout(held, header, conversation)) return undefined;
  if (unit !== 'command') return { fc: fcFrameOf(held, at, tap, header), request: undefined };
  const asked = plainCommand(bytes, held.at, held);
  // Nothing that answers it needs it to be read.
  conversation.forget(header.sId, header.dId, header.oxId);
  return { fc: fcFrameOf(held, at, tap, header, asked), request: requestOf(asked) };
}

function fcFrameOf(
  held: HeldFrame,
  at: TimeNs,
  tap: string,
  header: FcHeader,
  asked?: PlainCommand,
): FcFrame {
  const { bytes, payloadAt, payloadEnd, sof, eof, vlan, unit } = held;
  return new FcFrame(new HeldTapped(held, at, tap), header, {
    bytes,
    at: held.at,
    payloadAt: held.at + payloadAt,
    payloadEnd: held.at + payloadEnd,
    sof,
    eof,
    vlan,
    crcGood: true,
    payload: held.isBrief ? NOT_HELD : undefined,
    command: asked?.command,
    response: unit === 'response' ? responseOf(bytes, held.at + payloadAt) : undefined,
  });
}

const responseOf = (bytes: Uint8Array, at: number): PlainResponse => ({
  flags: bytes[at + FLAGS_AT]!,
  scsiStatus: bytes[at + STATUS_AT]!,
  residualCount: u32.read(bytes, at + RESIDUAL_AT, 0),
});

function requestOf({ command, cdb }: PlainCommand): RequestParts {
  const { lba } = cdb as { lba?: number | bigint };
  return {
    kind: 'fcp',
    command: cdb.kind,
    lun: command.lun,
    lba: lba === undefined ? undefined : BigInt(lba),
    blocks: blocksOf(cdb),
    expectedBytes: command.fcpDl,
  };
}
