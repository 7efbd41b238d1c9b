/** I13 and I14: who is logged in to the fabric, and whose frames are taken. */
import { ElsCommand } from '../../codecs/els/index.ts';
import { isLinkFrame } from '../../codecs/fc/index.ts';
import { FipControl, FipOperation, fipDescriptorsOf } from '../../codecs/fip/index.ts';
import { formatFcId, formatWwn } from '../../codecs/layout/index.ts';
import {
  type FabricLogin,
  type FabricLogout,
  fcInitiatorPort,
  type HistoryEntry,
  type InitiatorPort,
  inMs,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings, notObservable, onFabric } from '../findings.ts';
import { fabricForgotten } from '../ledger/disturbances.ts';
import { type PastLogin, sameHolder } from '../ledger/fabric-logins.ts';
import type { Rule } from '../rule.ts';
import { WELL_KNOWN_FIRST } from '../seen/exchange.ts';
import {
  type FcFrame,
  type FipFrame,
  FRAME_ROLES,
  type FrameRole,
  farEndOf,
  type SeenFrame,
} from '../seen/frame.ts';
import type { TimeNs } from '../verdict.ts';

/** In the place of an ENode. */
const SEVERAL = 'several';

/** A loser is told of its logout within this long. */
const TOLD_WITHIN_NS = 1e9;

/** I13: no frame is forwarded for an S_ID whose login has ended; an S_ID rests before it is used again. */
export class NoFrameWithoutLogin implements Rule {
  readonly invariant = 'I13';
  readonly sentence =
    'No frame passes with an S_ID whose login has ended, and no S_ID is used again too soon';
  readonly needs: readonly Evidence[] = ['login', 'frame'];
  readonly hears: readonly Evidence[] = ['login', 'logout', 'frame', 'disturbance'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  /** S_IDs that were given again before they had rested, and until when they should rest. */
  readonly #resting = new Map<string, { readonly until: TimeNs; readonly text: string }>();
  /** ENodes that logged in behind each tap of a capture; `several` where it mirrors the links of more than one. */
  readonly #enodes = new Map<string, string>();
  #frames = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe(entry: HistoryEntry): void {
    const { at, node, event } = entry;
    if (event.type === 'login') this.#login(at, node, event);
    else if (event.type === 'logout') {
      const { fabric } = this.#context.logins.placeOf(node, event.port);
      this.#resting.delete(`${fabric} ${event.nPortId}`);
    } else this.#forget(fabricForgotten(entry, this.#context.places));
  }

  see(frame: SeenFrame): void {
    if (frame.protocol === 'fc') this.#frame(frame);
  }

  #login(at: TimeNs, node: string, event: FabricLogin): void {
    const { enodeMac, nPortId, wwpn } = event;
    const { logins, bounds, partial } = this.#context;
    const { fabric, link } = logins.placeOf(node, event.port);
    if (partial) {
      const known = this.#enodes.get(link) ?? enodeMac;
      this.#enodes.set(link, known === enodeMac ? enodeMac : SEVERAL);
    }
    const [live, past] = [logins.live(fabric, nPortId), logins.past(fabric, nPortId)];
    if (live === undefined || past === undefined || sameHolder(live, past)) return;
    // Frames do not show when a link went: only that its login was over when the next one was made.
    if (partial && past.reason === 'relogin') return;
    const until = past.endedAt + bounds.rATovNs;
    if (at >= until) return;
    const after = `${inMs(at - past.endedAt, 1)} after ${formatWwn(past.wwpn)} had given it up elsewhere`;
    if (event.clean === true) {
      this.#findings.add(
        `N_Port_ID ${formatFcId(nPortId)} was given to ${formatWwn(wwpn)} as a clean address ${after}`,
      );
    } else this.#resting.set(`${fabric} ${nPortId}`, { until, text: after });
  }

  #frame(fc: FcFrame): void {
    const { sId, dId } = fc.header;
    if (sId >= WELL_KNOWN_FIRST || sId === 0 || fc.disturbed !== undefined) return;
    const { direction, fabric } = fc;
    if (this.#resting.size > 0 && direction === 'in' && dId < WELL_KNOWN_FIRST) {
      this.#checkRest(fc);
    }
    if (direction !== 'out' || dId >= WELL_KNOWN_FIRST) return;
    this.#frames++;
    const { logins, partial } = this.#context;
    if (logins.live(fabric, sId) !== undefined) return;
    const past = logins.past(fabric, sId);
    // Logins before the first frame of a capture are not known.
    if (partial && (past === undefined || isRefusal(fc) || !this.#isOf(past, fc))) return;
    const who =
      past === undefined ? 'was never logged in' : `of ${formatWwn(past.wwpn)} had logged out`;
    this.#findings.add(`a frame from ${formatFcId(sId)} passed the switch, which ${who}`, [
      fc.number,
    ]);
  }

  /**
   * True for a frame of a capture that is known to be of the login that ended: its exchange was begun
   * before that, or there. Its address may be another's by now, whose link no tap sees.
   */
  #isOf({ endedAt, link, reason }: PastLogin, { header, originator }: FcFrame): boolean {
    const seenAt = originator === header.sId ? link : farEndOf(link);
    const exchange = this.#context.exchanges.find(seenAt, originator, header.oxId);
    if (exchange === undefined) return false;
    // A switch that hands a login over clears it at its old ENode; the new one may be behind the same tap.
    if (reason === 'CVL' && exchange.at > endedAt && this.#enodes.get(link) === SEVERAL)
      return false;
    return exchange.at <= endedAt || (exchange.direction === 'in' && originator === header.sId);
  }

  #checkRest(fc: FcFrame): void {
    const { sId } = fc.header;
    const key = `${fc.fabric} ${sId}`;
    const rest = this.#resting.get(key);
    if (rest === undefined) return;
    this.#resting.delete(key);
    if (fc.at >= rest.until) return;
    this.#findings.add(`${formatFcId(sId)} was used ${rest.text}, before R_A_TOV was over`, [
      fc.number,
    ]);
  }

  #forget(fabric: string | undefined): void {
    if (fabric === undefined) return;
    for (const key of this.#resting.keys()) {
      if (key.startsWith(`${fabric} `)) this.#resting.delete(key);
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

/** A switch may refuse in the name of a port that is gone. */
const isRefusal = ({ payload, role }: FcFrame): boolean =>
  role === 'els-reply' && payload[0] === ElsCommand.LS_RJT;

/** A login that was replaced, until its port is told. */
interface Untold {
  readonly at: TimeNs;
  readonly event: FabricLogout;
  readonly link: string;
  readonly fabric: string;
}

/** A login of a capture whose name has logged in elsewhere since, and its link. */
interface OlderLogin {
  readonly text: string;
  readonly link: string;
}

/** I14: at most one N_Port with a WWPN per fabric, and who gives way is told. */
export class OneLoginPerWwpn implements Rule {
  readonly invariant = 'I14';
  readonly sentence =
    'A WWPN is logged in at most once per fabric, and who has to give way is told';
  readonly needs: readonly Evidence[] = ['login'];
  readonly hears: readonly Evidence[] = ['login', 'logout', 'identities', 'frame', 'disturbance'];
  readonly roles: readonly FrameRole[];
  readonly #context: Pick<RuleContext, 'logins' | 'names' | 'partial' | 'places'>;
  /**
   * Logins of a capture, by fabric and address, whose name has logged in elsewhere since: a link that
   * went ends a login without a frame, so that only one that is still used is there twice.
   */
  readonly #older = new Map<string, OlderLogin>();
  /** Logins that went from one of several guests with a name to another, by fabric and name. */
  readonly #fought = new Map<string, { readonly name: InitiatorPort; count: number }>();
  readonly #findings = new Findings();
  #untold: Untold[] = [];
  /** Clear Virtual Links of late, by link. */
  readonly #cleared = new Map<string, TimeNs>();
  #logins = 0;

  constructor(context: Pick<RuleContext, 'logins' | 'names' | 'partial' | 'places'>) {
    this.#context = context;
    this.roles = context.partial ? FRAME_ROLES : ['fip'];
  }

  observe(entry: HistoryEntry): void {
    const { at, node, event } = entry;
    switch (event.type) {
      case 'login':
        this.#login(node, event);
        return;
      case 'logout':
        this.#older.delete(
          `${this.#context.logins.placeOf(node, event.port).fabric} ${event.nPortId}`,
        );
        this.#logout(at, node, event);
        return;
      case 'link-down':
        // Nobody can be told over a link that is down, and the port knows anyway.
        this.#untold = this.#untold.filter(({ link }) => link !== event.link);
        this.#cleared.set(event.link, Number.POSITIVE_INFINITY);
        return;
      case 'link-up':
        this.#cleared.delete(event.link);
        return;
      default: {
        const forgotten = fabricForgotten(entry, this.#context.places);
        if (forgotten === undefined) return;
        this.#untold = this.#untold.filter(({ fabric }) => fabric !== forgotten);
      }
    }
  }

  see(frame: SeenFrame): void {
    if (frame.protocol === 'fc' && this.#older.size > 0) this.#checkOlder(frame);
    const message = frame.protocol === 'fip' ? frame.message : undefined;
    if (frame.protocol !== 'fip' || message === undefined) return;
    const isClear =
      message.operation === FipOperation['FIP Control'] &&
      message.subcode === FipControl['Clear Virtual Links'];
    if (isClear) this.#told(frame, fipDescriptorsOf(message, 'vxPort'));
  }

  #login(node: string, { nPortId, port, wwpn }: FabricLogin): void {
    const { logins, partial } = this.#context;
    const { fabric } = logins.placeOf(node, port);
    this.#logins++;
    const ids = logins.addressesOf(fabric, wwpn);
    if (ids.size < 2) return;
    const text = `${formatWwn(wwpn)} is logged in ${onFabric(fabric)} as ${[...ids].map(formatFcId).join(' and ')}`;
    if (!partial) this.#findings.add(text);
    else
      for (const id of ids)
        if (id !== nPortId) {
          const link = logins.live(fabric, id)?.link ?? '';
          this.#older.set(`${fabric} ${id}`, { text, link });
        }
  }

  /** A frame of a login whose name is logged in elsewhere shows that it is there still. */
  #checkOlder(fc: FcFrame): void {
    const key = `${fc.fabric} ${fc.header.sId}`;
    const older = this.#older.get(key);
    if (older === undefined || isRefusal(fc)) return;
    // Nothing in a native frame tells its fabric: the same address on another link may be another's.
    if (fc.link !== older.link && isLinkFrame(fc.tapped.bytes)) return;
    this.#older.delete(key);
    this.#findings.add(older.text, [fc.number]);
  }

  #logout(at: TimeNs, node: string, event: FabricLogout): void {
    if (event.reason !== 'replaced') return;
    const { logins } = this.#context;
    const { fabric } = logins.placeOf(node, event.port);
    const link = logins.linkOfPast(node, event);
    const name = fcInitiatorPort(event.wwpn);
    if (this.#context.names.guestsOf(name).size > 1) {
      const fought = this.#fought.get(`${fabric} ${name}`) ?? { name, count: 0 };
      fought.count++;
      this.#fought.set(`${fabric} ${name}`, fought);
    }
    const cleared = this.#cleared.get(link);
    if (cleared !== undefined && at - cleared <= TOLD_WITHIN_NS) return;
    this.#untold.push({ at, event, link, fabric });
  }

  #told({ at, fabric, link }: FipFrame, listed: readonly { readonly nPortId: number }[]): void {
    this.#cleared.set(link, at);
    // Without a list every port behind the link is meant; a port that is named may be behind a virtualizer.
    const isMeant = ({ event, fabric: its, link: there }: Untold): boolean =>
      listed.length === 0
        ? there === link
        : its === fabric && listed.some(({ nPortId }) => nPortId === event.nPortId);
    this.#untold = this.#untold.filter(
      (waiting) => !isMeant(waiting) || at - waiting.at > TOLD_WITHIN_NS,
    );
  }

  conclude() {
    const findings = this.#findings.copy();
    for (const { event } of this.#untold) {
      findings.add(
        `${formatWwn(event.wwpn)} lost its login as ${formatFcId(event.nPortId)} to another port and was never told`,
      );
    }
    for (const [key, { name, count }] of this.#fought) {
      const guests = [...this.#context.names.guestsOf(name)].join(' and ');
      const fabric = key.slice(0, key.indexOf(' '));
      const times = count === 1 ? 'once' : `${count} times`;
      findings.add(
        `${name} is the name of ${guests}: ${onFabric(fabric)} one put the other's login out ${times}`,
      );
    }
    const [older] = this.#older.values();
    if (older !== undefined && findings.count === 0) {
      return notObservable(
        `${older.text}, unless the link of one was cut: nothing comes from there since`,
      );
    }
    return findings.conclude(`${this.#logins} logins, never two of one name at a time`);
  }
}
