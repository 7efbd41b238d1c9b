/** I13 and I14: who is logged in to the fabric, and whose frames are taken. */
import { ElsCommand } from '../../codecs/els/index.ts';
import { FipControl, FipOperation, fipDescriptorsOf } from '../../codecs/fip/index.ts';
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import { Findings } from '../findings.ts';
import type {
  AuditBounds,
  Disturbance,
  LoginSeen,
  Observation,
  ObservationKind,
  TimeNs,
} from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import type { FcFrame, FrameRole } from '../seen/fc-frame.ts';
import { fipOf } from '../seen/fip-frame.ts';

/** Addresses from here on are services of the fabric, not ports. */
export const WELL_KNOWN_FIRST = 0xff_f000;
/** A loser is told of its logout within this long. */
const TOLD_WITHIN_NS = 1e9;

interface Past {
  readonly wwpn: bigint;
  readonly holder: string;
  readonly at: TimeNs;
}

/** Which port holds an N_Port_ID: two logins of one WWPN from two ENodes are two holders. */
const holderOf = (one: LoginSeen): string => `${one.wwpn} ${one.tap} ${one.enodeMac ?? ''}`;

/** What a switch that lost its memory does to what is known of its fabric. */
function fallenFabric(one: Disturbance): string | undefined {
  const fell = one.what === 'crashed' || one.what === 'started';
  return fell && one.role === 'switch' ? one.fabric : undefined;
}

/** I13: no frame is forwarded for an S_ID whose login has ended; an S_ID rests before it is used again. */
export class NoFrameWithoutLogin implements InvariantObserver {
  readonly invariant = 'I13';
  readonly sentence =
    'No frame passes with an S_ID whose login has ended, and no S_ID is used again too soon';
  readonly needs: readonly ObservationKind[] = ['login', 'frame'];
  readonly hears: readonly ObservationKind[] = ['login', 'logout', 'frame', 'disturbance'];
  readonly #bounds: AuditBounds;
  readonly #partial: boolean;
  readonly #findings = new Findings();
  readonly #live = new Map<string, { readonly wwpn: bigint; readonly holder: string }>();
  readonly #ended = new Map<string, Past>();
  /** S_IDs that were given again before they had rested, and until when they should rest. */
  readonly #resting = new Map<string, { readonly until: TimeNs; readonly text: string }>();
  #frames = 0;

  /** `partial`: logins before the first frame are not known. */
  constructor(bounds: AuditBounds, partial: boolean) {
    this.#bounds = bounds;
    this.#partial = partial;
  }

  observe(one: Observation, fc: FcFrame | undefined): void {
    if (one.kind === 'login') this.#login(one);
    else if (one.kind === 'logout') {
      const key = `${one.fabric} ${one.nPortId}`;
      const login = this.#live.get(key);
      this.#live.delete(key);
      this.#resting.delete(key);
      if (login !== undefined) this.#ended.set(key, { ...login, at: one.at });
    } else if (one.kind === 'disturbance') this.#forget(fallenFabric(one));
    else if (fc !== undefined) this.#frame(fc);
  }

  #login(one: LoginSeen): void {
    const key = `${one.fabric} ${one.nPortId}`;
    const past = this.#ended.get(key);
    const holder = holderOf(one);
    this.#live.set(key, { wwpn: one.wwpn, holder });
    if (past === undefined || past.holder === holder) return;
    const until = past.at + this.#bounds.rATovNs;
    if (one.at >= until) return;
    const after = `${((one.at - past.at) / 1e6).toFixed(1)} ms after ${formatWwn(past.wwpn)} had given it up elsewhere`;
    if (one.clean === true) {
      this.#findings.add(
        `N_Port_ID ${formatFcId(one.nPortId)} was given to ${formatWwn(one.wwpn)} as a clean address ${after}`,
      );
    } else this.#resting.set(key, { until, text: after });
  }

  #frame(fc: FcFrame): void {
    const { sId, dId } = fc.header;
    if (sId >= WELL_KNOWN_FIRST || sId === 0 || fc.disturbed !== undefined) return;
    const key = `${fc.seen.fabric} ${sId}`;
    const { direction } = fc;
    if (this.#resting.size > 0 && direction === 'to-fcf' && dId < WELL_KNOWN_FIRST) {
      this.#checkRest(fc, key);
    }
    if (direction !== 'from-fcf' || dId >= WELL_KNOWN_FIRST) return;
    this.#frames++;
    if (this.#live.has(key)) return;
    const ended = this.#ended.get(key);
    // A switch may refuse in the name of a port that is gone.
    const refusal = fc.role === 'els-reply' && fc.payload[0] === ElsCommand.LS_RJT;
    if (this.#partial && (ended === undefined || refusal)) return;
    const who =
      ended === undefined ? 'was never logged in' : `of ${formatWwn(ended.wwpn)} had logged out`;
    this.#findings.add(`a frame from ${formatFcId(sId)} passed the switch, which ${who}`, [
      fc.seen.frame,
    ]);
  }

  #checkRest(fc: FcFrame, key: string): void {
    const rest = this.#resting.get(key);
    if (rest === undefined) return;
    this.#resting.delete(key);
    if (fc.seen.at >= rest.until) return;
    this.#findings.add(
      `${formatFcId(fc.header.sId)} was used ${rest.text}, before R_A_TOV was over`,
      [fc.seen.frame],
    );
  }

  #forget(fabric: string | undefined): void {
    if (fabric === undefined) return;
    // With the switch the frames are gone that it had: what it gave away needs no rest.
    for (const map of [this.#live, this.#ended, this.#resting]) {
      for (const key of map.keys()) if (key.startsWith(`${fabric} `)) map.delete(key);
    }
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#frames,
      `${this.#frames} forwarded frames, all from ports that were logged in`,
      'no frame between ports passed a switch',
    );
  }
}

/** I14: at most one N_Port with a WWPN per fabric, and who gives way is told. */
export class OneLoginPerWwpn implements InvariantObserver {
  readonly invariant = 'I14';
  readonly sentence =
    'A WWPN is logged in at most once per fabric, and who has to give way is told';
  readonly needs: readonly ObservationKind[] = ['login'];
  readonly hears: readonly ObservationKind[] = ['login', 'logout', 'frame', 'disturbance'];
  readonly roles: readonly FrameRole[] = ['fip'];
  readonly #findings = new Findings();
  readonly #live = new Map<string, Set<number>>();
  /** Logins that were replaced, until their ports are told. */
  #untold: { readonly one: LoginSeen; readonly tap: string }[] = [];
  /** Clear Virtual Links of late, by tap. */
  readonly #cleared = new Map<string, TimeNs>();
  #logins = 0;

  observe(one: Observation): void {
    if (one.kind === 'login') this.#login(one);
    else if (one.kind === 'logout') this.#logout(one);
    else if (one.kind === 'disturbance') this.#disturb(one);
    else if (one.kind === 'frame') {
      const message = fipOf(one);
      if (message === undefined) return;
      const isClear =
        message.operation === FipOperation['FIP Control'] &&
        message.subcode === FipControl['Clear Virtual Links'];
      if (isClear) this.#told(one.tap, one.at, fipDescriptorsOf(message, 'vxPort'));
    }
  }

  #login(one: LoginSeen): void {
    const key = `${one.fabric} ${one.wwpn}`;
    const ids = this.#live.get(key) ?? new Set<number>();
    this.#live.set(key, ids);
    this.#logins++;
    ids.add(one.nPortId);
    if (ids.size > 1) {
      this.#findings.add(
        `${formatWwn(one.wwpn)} is logged in on fabric ${one.fabric} as ${[...ids].map(formatFcId).join(' and ')}`,
      );
    }
  }

  #logout(one: LoginSeen): void {
    this.#live.get(`${one.fabric} ${one.wwpn}`)?.delete(one.nPortId);
    if (one.reason !== 'replaced') return;
    const cleared = this.#cleared.get(one.tap);
    if (cleared !== undefined && one.at - cleared <= TOLD_WITHIN_NS) return;
    this.#untold.push({ one, tap: one.tap });
  }

  #told(tap: string, at: TimeNs, listed: readonly { readonly nPortId: number }[]): void {
    this.#cleared.set(tap, at);
    // Without a list every port behind the link is meant.
    this.#untold = this.#untold.filter(
      (waiting) =>
        waiting.tap !== tap ||
        at - waiting.one.at > TOLD_WITHIN_NS ||
        (listed.length > 0 && !listed.some(({ nPortId }) => nPortId === waiting.one.nPortId)),
    );
  }

  #disturb(one: Disturbance): void {
    if (one.what === 'link-down') {
      // Nobody can be told over a link that is down, and the port knows anyway.
      this.#untold = this.#untold.filter(({ tap }) => tap !== one.tap);
      this.#cleared.set(one.tap, Number.POSITIVE_INFINITY);
      return;
    }
    if (one.what === 'link-up') this.#cleared.delete(one.tap);
    const fabric = fallenFabric(one);
    if (fabric === undefined) return;
    this.#untold = this.#untold.filter(({ one: login }) => login.fabric !== fabric);
    for (const key of this.#live.keys()) {
      if (key.startsWith(`${fabric} `)) this.#live.delete(key);
    }
  }

  conclude() {
    for (const { one } of this.#untold) {
      this.#findings.add(
        `${formatWwn(one.wwpn)} lost its login as ${formatFcId(one.nPortId)} to another port and was never told`,
      );
    }
    return this.#findings.conclude(`${this.#logins} logins, never two of one name at a time`);
  }
}
