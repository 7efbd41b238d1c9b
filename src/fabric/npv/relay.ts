/**
 * Logins of servers, carried to the core: FLOGI becomes FDISC, FDISC and LOGO stay what they are, and
 * each answer goes back as the answer to what the server asked. Everything a server offers and the
 * core grants passes as it is; the two commands have one layout.
 * Source: FC-LS-3, FLOGI and FDISC; FC-BB-5, FIP virtual link instantiation.
 */
import { ElsCommand, fdisc, flogi, logo } from '../../codecs/els/index.ts';
import {
  FCTL_LAST_REPLY,
  FCTL_REQUEST,
  FcType,
  RCtl,
  WellKnownAddress,
  XID_UNASSIGNED,
} from '../../codecs/fc/index.ts';
import { fpma } from '../../codecs/fcoe/index.ts';
import {
  type FipEncapsulated,
  FipFlags,
  FipLinkService,
  type FipMessage,
  FipOperation,
  fipDescriptorOf,
  fipElsOf,
  fipEncapsulate,
} from '../../codecs/fip/index.ts';
import type { FcId, Mac, Wwn } from '../../codecs/layout/index.ts';
import { SECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { Transmitter } from '../fcoe/transmitter.ts';
import type { NpvContext } from './context.ts';
import type { Server, ServerLogin } from './servers.ts';
import type { NpvUplink } from './uplink.ts';

/** A server has given up by then what the core has not answered. */
const WAIT_NS = 30 * SECOND;
/** Requests under way; of more, those that come are not carried on. */
const PENDING_MAX = 1024;
const NO_MAC: Mac = '00:00:00:00:00:00';

const CODECS = { flogi, fdisc, logo } as const;
const COMMANDS = {
  flogi: ElsCommand.FLOGI,
  fdisc: ElsCommand.FDISC,
  logo: ElsCommand.LOGO,
} as const;
type Kind = keyof typeof COMMANDS;

/** A request that the core has not answered. */
interface Pending {
  readonly uplink: number;
  readonly kind: Kind;
  /** As the server asked: its OX_ID, and its S_ID. */
  readonly oxId: number;
  readonly sId: FcId;
  readonly port: number;
  readonly enodeMac: Mac;
  readonly portName: Wwn;
  readonly timer: Timer;
  /** Nobody waits for the answer any more. */
  isGone: boolean;
}

/** What a relay works with besides the context. */
export interface RelayParts {
  readonly uplinks: readonly NpvUplink[];
  readonly transmitter: Transmitter;
  /** A login began: its adapter is watched from the first one on. */
  began(login: ServerLogin): void;
  /** Another server has taken the name of a login. */
  replaced(login: ServerLogin): void;
}

/** Carries logins of servers over the uplinks. */
export class LoginRelay {
  readonly #context: NpvContext;
  readonly #parts: RelayParts;
  /** By the OX_ID under which the core knows it. */
  readonly #pending = new Map<number, Pending>();
  #oxId = 0;

  constructor(context: NpvContext, parts: RelayParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** How many requests are under way. */
  get size(): number {
    return this.#pending.size;
  }

  /** An ELS request inside FIP from a server's ENode. Errors: `CodecError`. */
  handleRequest(port: number, enodeMac: Mac, message: FipMessage): void {
    const { recentLogins, core, servers } = this.#context;
    const els = fipElsOf(message)!;
    const { header, kind, payload } = els;
    if (kind === 'elp' || payload[0] !== COMMANDS[kind] || header.rCtl !== RCtl['ELS Request']) {
      this.#context.drop('unsupported', port, `${kind} of command ${payload[0]}`);
      return;
    }
    const { portName } = CODECS[kind].decode(payload);
    const key = `${port} ${enodeMac} ${portName} ${header.oxId}`;
    if (kind !== 'logo' && recentLogins.isRepeated(key, core.now)) {
      this.#context.protocol(port, `${kind} that came twice`);
      return;
    }
    const former = servers.server(port, enodeMac);
    // A new FLOGI says that the adapter knows nothing of its former logins.
    if (kind === 'flogi' && former !== undefined) this.leave([...former.logins]);
    // To the core all of them are ports of one adapter: it would let one log another out.
    if (kind === 'logo' && (servers.byId(header.sId)?.adapter ?? former) !== former) {
      this.#context.protocol(port, 'LOGO for a login of somebody else');
      return;
    }
    const uplink = servers.server(port, enodeMac)?.uplink ?? this.#leastLoaded();
    if (uplink === undefined || this.#pending.size >= PENDING_MAX || servers.isFull) return;
    this.#send(
      uplink,
      { kind, oxId: header.oxId, sId: header.sId, port, enodeMac, portName },
      message,
    );
  }

  /** Logs ports out of the core, and forgets them: whoever they were of is told by others, or knows. */
  leave(logins: Iterable<ServerLogin>): void {
    for (const login of logins) {
      this.#context.servers.remove(login);
      this.#logOut(login.adapter.uplink, login.nPortId, login.linkAddress, login.saidWwpn);
    }
  }

  /** An answer from the core; false for one to nothing that was carried there. */
  handleReply(uplink: number, source: Mac, message: FipMessage): boolean {
    const els = fipElsOf(message);
    if (els === undefined) return false;
    const pending = this.#pending.get(els.header.oxId);
    const expected = pending?.kind === 'flogi' ? 'fdisc' : pending?.kind;
    if (pending?.uplink !== uplink || expected !== els.kind) return false;
    if (source !== this.#parts.uplinks[uplink]!.fip.selected?.mac) return false;
    this.#end(els.header.oxId, pending);
    const granted = els.payload[0] === ElsCommand.LS_ACC;
    if (pending.kind === 'logo') {
      const login = this.#context.servers.byId(pending.sId);
      if (granted && login?.port === pending.port) this.#context.servers.remove(login);
    } else if (granted) {
      const { fcMap } = this.#parts.uplinks[uplink]!.fip.selected!;
      const nPortId = els.header.dId;
      const linkAddress = fipDescriptorOf(message, 'mac')?.mac ?? fpma(fcMap, nPortId);
      if (!this.#grant(pending, nPortId, linkAddress)) return true;
    }
    this.#answer(pending, els, message);
    return true;
  }

  /** The port of a server went: its requests are nobody's. */
  forgetPort(port: number): void {
    for (const pending of this.#pending.values()) if (pending.port === port) pending.isGone = true;
  }

  /** An uplink went, and with it what was asked over it. Left out: all. */
  forgetUplink(uplink?: number): void {
    for (const [oxId, pending] of this.#pending)
      if (uplink === undefined || pending.uplink === uplink) this.#end(oxId, pending);
  }

  /** False where nobody waits for it: then it is given back. */
  #grant(pending: Pending, nPortId: FcId, linkAddress: Mac): boolean {
    const { core, servers } = this.#context;
    const { enodeMac, port, portName, uplink } = pending;
    const known = servers.server(port, enodeMac);
    if (pending.isGone || (known !== undefined && known.uplink !== uplink)) {
      this.#logOut(uplink, nPortId, linkAddress, portName);
      return false;
    }
    // The core has ended what the name had before: of this adapter, which knows, or of another server.
    const former = servers.byName(portName);
    if (former !== undefined) {
      servers.remove(former);
      if (former.adapter !== known) this.#parts.replaced(former);
    }
    const adapter: Server = known ?? {
      port,
      address: enodeMac,
      uplink,
      logins: new Set(),
      lastKeepAlive: core.now,
      supervision: undefined,
    };
    const login = { nPortId, linkAddress, saidWwpn: portName, adapter, port };
    servers.add(login);
    this.#parts.began(login);
    return true;
  }

  #answer(
    { enodeMac, isGone, kind, oxId, port, sId }: Pending,
    els: FipEncapsulated,
    message: FipMessage,
  ): void {
    if (isGone) return;
    const { header, payload } = els;
    const mac = fipDescriptorOf(message, 'mac');
    // A refusal of a login has no address to go to but the one that asked.
    const dId = payload[0] === ElsCommand.LS_ACC ? header.dId : sId;
    const answer = fipEncapsulate(
      kind,
      {
        rCtl: RCtl['ELS Reply'],
        dId,
        sId: header.sId,
        type: FcType.ELS,
        fCtl: FCTL_LAST_REPLY,
        oxId,
      },
      payload,
    );
    this.#parts.transmitter.fip(port, enodeMac, {
      operation: FipOperation['Virtual Link Instantiation'],
      subcode: FipLinkService.Reply,
      flags: FipFlags.FP,
      descriptors: mac === undefined ? [answer] : [answer, { kind: 'mac', mac: mac.mac }],
    });
  }

  #logOut(uplink: number, nPortId: FcId, linkAddress: Mac, portName: Wwn): void {
    this.#request(
      uplink,
      'logo',
      nPortId,
      linkAddress,
      this.#nextOxId(),
      logo.encode({ nPortId, portName }),
    );
  }

  #send(
    uplink: number,
    asked: Omit<Pending, 'uplink' | 'timer' | 'isGone'>,
    message: FipMessage,
  ): void {
    const { kind, sId } = asked;
    const oxId = this.#nextOxId();
    const timer = this.#context.core.after(WAIT_NS, () => this.#pending.delete(oxId));
    this.#pending.set(oxId, { ...asked, uplink, timer, isGone: false });
    const { payload } = fipElsOf(message)!;
    const linkAddress = fipDescriptorOf(message, 'mac')?.mac ?? NO_MAC;
    if (kind === 'logo') this.#request(uplink, kind, sId, linkAddress, oxId, payload);
    else
      this.#request(uplink, 'fdisc', 0, linkAddress, oxId, withCommand(payload, ElsCommand.FDISC));
  }

  #request(
    uplink: number,
    kind: 'fdisc' | 'logo',
    sId: FcId,
    linkAddress: Mac,
    oxId: number,
    payload: Uint8Array,
  ): void {
    const enode = this.#parts.uplinks[uplink]!;
    if (enode.fcf === undefined) return;
    const header = {
      rCtl: RCtl['ELS Request'],
      dId: WellKnownAddress['F_Port Controller'],
      sId,
      type: FcType.ELS,
      fCtl: FCTL_REQUEST,
      oxId,
    };
    enode.sendFip(enode.fcf.mac, enode.mac, enode.vlan, {
      operation: FipOperation['Virtual Link Instantiation'],
      subcode: FipLinkService.Request,
      flags: FipFlags.FP,
      descriptors: [fipEncapsulate(kind, header, payload), { kind: 'mac', mac: linkAddress }],
    });
  }

  /** The uplink that is ready and has the fewest logins, those under way among them. */
  #leastLoaded(): number | undefined {
    const underWay = [...this.#pending.values()];
    let least: { readonly uplink: number; readonly count: number } | undefined;
    for (const [uplink, { isReady }] of this.#parts.uplinks.entries()) {
      if (!isReady) continue;
      const asked = underWay.filter((one) => one.uplink === uplink).length;
      const count = this.#context.servers.countBehind(uplink) + asked;
      if (least === undefined || count < least.count) least = { uplink, count };
    }
    return least?.uplink;
  }

  #end(oxId: number, pending: Pending): void {
    pending.timer.cancel();
    this.#pending.delete(oxId);
  }

  /** One row for all: far longer than what is under way. */
  #nextOxId(): number {
    this.#oxId = this.#oxId === XID_UNASSIGNED - 1 ? 1 : this.#oxId + 1;
    return this.#oxId;
  }
}

/** The same parameters under another command. */
function withCommand(payload: Uint8Array, command: number): Uint8Array {
  const copy = payload.slice();
  copy[0] = command;
  return copy;
}
