/** How large a frame each port takes from each other, as their logins on a link say. */
import { ElsCommand, plogi, plogiAccept, receiveBytesOf } from '../../codecs/els/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import { IdMap } from '../ledger/id-map.ts';
import { Numbers } from '../ledger/numbers.ts';
import type { FcFrame } from './frame.ts';

/** Logins and requests under way that are remembered; the oldest are forgotten first. */
const PAIRS_MAX = 200_000;

/** Follows PLOGIs, their answers and LOGOs. Each link is followed by itself. */
export class ReceiveSizes {
  readonly #links = new Numbers();
  /** By link, receiver and sender: the largest payload, in bytes. */
  readonly #sizes = new IdMap<number>(PAIRS_MAX);
  /** What a PLOGI said that is not answered yet, by link, originator and OX_ID; 0: no size. */
  readonly #asked = new IdMap<number>(PAIRS_MAX);

  /** The largest payload that the receiver of a frame takes from its sender; `undefined`: not known. */
  of({ header, link }: FcFrame): number | undefined {
    return this.#sizes.get(this.#links.of(link), header.dId, header.sId);
  }

  /** A request or an answer of the extended link services. */
  see(fc: FcFrame): void {
    const { header, originator, payload, role } = fc;
    const link = this.#links.of(fc.link);
    const command = payload[0] ?? 0;
    if (role === 'els-request') {
      if (command === ElsCommand.LOGO) this.#forget(link, header.sId, header.dId);
      if (command === ElsCommand.PLOGI)
        this.#asked.set(link, originator, header.oxId, 0, sizeIn(fc, plogi) ?? 0);
      return;
    }
    const asked = this.#asked.get(link, originator, header.oxId);
    if (asked === undefined) return;
    this.#asked.delete(link, originator, header.oxId);
    if (command !== ElsCommand.LS_ACC) return;
    this.#forget(link, header.sId, header.dId);
    const accepted = sizeIn(fc, plogiAccept);
    if (accepted !== undefined) this.#sizes.set(link, header.sId, header.dId, 0, accepted);
    if (asked !== 0) this.#sizes.set(link, header.dId, header.sId, 0, asked);
  }

  #forget(link: number, one: number, other: number): void {
    this.#sizes.delete(link, one, other);
    this.#sizes.delete(link, other, one);
  }
}

/** `undefined` for what is no login, gives no size, or was changed on its way. */
function sizeIn(
  { disturbed, payload }: FcFrame,
  login: typeof plogi | typeof plogiAccept,
): number | undefined {
  if (disturbed !== undefined) return undefined;
  try {
    return receiveBytesOf(login.decode(payload));
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
