/**
 * The servers' side of an N_Port virtualizer but for logins: it advertises itself as an FCF of the
 * core's fabric while an uplink is ready, answers who looks for one, and watches over virtual links.
 * Source: FC-BB-5, FIP; FC-BB-6, VLAN discovery.
 */
import { FCOE_MTU_BYTES, WellKnownMac } from '../../codecs/fcoe/index.ts';
import {
  checkFip,
  FipControl,
  FipDiscovery,
  FipFlags,
  FipLinkService,
  type FipMessage,
  FipOperation,
  FipVlan,
  fipDescriptorOf,
  fipMessage,
} from '../../codecs/fip/index.ts';
import { CodecError, type Mac, macAt } from '../../codecs/layout/index.ts';
import { MILLISECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { ClearVirtualLinks } from '../fcoe/clear-virtual-links.ts';
import { advertisement, vlanNotification } from '../fcoe/fip-messages.ts';
import type { Transmitter } from '../fcoe/transmitter.ts';
import type { VnPortName } from '../fcoe/vn-port-name.ts';
import type { NpvContext } from './context.ts';
import type { LoginRelay } from './relay.ts';
import type { Server, ServerLogin } from './servers.ts';
import type { NpvUplink } from './uplink.ts';

/** Jitter of advertisements, 0 to this. Source: FC-BB-5; Linux scsi/fc/fc_fip.h. */
const ADVERTISEMENT_JITTER_MS = 100;
const PERIODS_WITHOUT_KEEP_ALIVE = 2.5;

/** What the servers' side works with besides the context. */
export interface DownlinkParts {
  readonly uplinks: readonly NpvUplink[];
  readonly transmitter: Transmitter;
  readonly clearVirtualLinks: ClearVirtualLinks;
  readonly relay: LoginRelay;
  /** Servers' ports whose links are up. */
  ports(): Iterable<number>;
}

/** Speaks FIP with the ENodes of servers. */
export class Downlinks {
  readonly #context: NpvContext;
  readonly #parts: DownlinkParts;
  #advertisement: Timer | undefined;

  constructor(context: NpvContext, parts: DownlinkParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** An uplink is ready: whoever waits is told at once, and then each period. */
  start(): void {
    this.#advertisement?.cancel();
    this.#advertise();
  }

  stop(): void {
    this.#advertisement?.cancel();
    this.#advertisement = undefined;
  }

  /** A FIP frame whose FIP header begins at `at`; `vid` is 0 for a frame without a tag. */
  handle(port: number, frame: Uint8Array, at: number, vid: number): void {
    const { fcfMac, vlan } = this.#context.config;
    const to = macAt(frame, 0);
    if (to !== fcfMac && to !== WellKnownMac['All-FCF-MACs']) return;
    try {
      const message = fipMessage.decode(frame, at);
      const fault = checkFip(message);
      const { operation, subcode } = message;
      const asksForVlan = operation === FipOperation['FIP VLAN'] && subcode === FipVlan.Request;
      if (fault !== undefined) this.#context.drop('malformed', port, fault);
      else if (asksForVlan) this.#nameVlan(port, message, vid !== 0);
      else if (vid !== vlan) this.#context.drop('wrong-vlan', port, `VLAN ${vid}`);
      else this.#dispatch(port, macAt(frame, 6), message);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#context.drop('malformed', port, error.message);
    }
  }

  #dispatch(port: number, from: Mac, message: FipMessage): void {
    const { operation, subcode } = message;
    const is = (code: number, sub: number) => operation === code && subcode === sub;
    if (is(FipOperation.Discovery, FipDiscovery.Solicitation)) this.#answer(port, message);
    else if (is(FipOperation['Virtual Link Instantiation'], FipLinkService.Request))
      this.#parts.relay.handleRequest(port, from, message);
    else if (is(FipOperation['FIP Control'], FipControl['Keep Alive']))
      this.#keepAlive(port, message);
  }

  #nameVlan(port: number, message: FipMessage, tagged: boolean): void {
    const { fcfMac, vlan } = this.#context.config;
    const { mac } = fipDescriptorOf(message, 'mac')!;
    this.#parts.transmitter.fip(port, mac, vlanNotification(fcfMac, [vlan]), tagged);
  }

  #answer(port: number, message: FipMessage): void {
    if ((message.flags & FipFlags.FCF) !== 0) return;
    const { mac } = fipDescriptorOf(message, 'mac')!;
    const { maxFcoeSizeBytes } = fipDescriptorOf(message, 'maxFcoeSize')!;
    this.#context.endedLogins.noteSolicitation(port, mac);
    const frame = this.#frame(mac, FipFlags.S, Math.min(maxFcoeSizeBytes, FCOE_MTU_BYTES));
    if (frame !== undefined) this.#context.core.send(port, frame, true);
  }

  /** A login began: its adapter is watched from the first one on. */
  watch({ adapter }: ServerLogin): void {
    if (adapter.supervision !== undefined) return;
    const { config, core } = this.#context;
    const limitNs = PERIODS_WITHOUT_KEEP_ALIVE * config.fkaAdvPeriodMs * MILLISECOND;
    const look = (): void => {
      const due = adapter.lastKeepAlive + limitNs;
      if (core.now >= due) this.#silent(adapter);
      else adapter.supervision = core.timers.set(due, look);
    };
    adapter.supervision = core.timers.set(adapter.lastKeepAlive + limitNs, look);
  }

  /** Tells adapters that these logins of them are over, which neither of them has asked for. */
  clear(logins: Iterable<ServerLogin>): void {
    const { core, endedLogins, recentLogins } = this.#context;
    const ofAdapter = new Map<Server, ServerLogin[]>();
    for (const login of logins) {
      const { adapter, port, saidWwpn } = login;
      ofAdapter.set(adapter, [...(ofAdapter.get(adapter) ?? []), login]);
      endedLogins.note(login, core.now);
      // It logs in anew at once, and Linux counts OX_IDs from 1 again: that is no copy of the old request.
      recentLogins.forget(`${port} ${adapter.address} ${saidWwpn} `);
    }
    for (const [adapter, ended] of ofAdapter) this.#parts.clearVirtualLinks.send(adapter, ended);
  }

  /** Tells an ENode once more that a login of it is over. */
  remind(port: number, enodeMac: Mac, vnPort: VnPortName): void {
    this.#parts.clearVirtualLinks.sendTo(port, enodeMac, [vnPort]);
  }

  #silent(adapter: Server): void {
    const logins = [...adapter.logins];
    this.clear(logins);
    this.#parts.relay.leave(logins);
  }

  /** A keep-alive of an ENode, or of a VN_Port when it identifies one. */
  #keepAlive(port: number, message: FipMessage): void {
    const { core, endedLogins, servers } = this.#context;
    const { clearVirtualLinks } = this.#parts;
    const { mac } = fipDescriptorOf(message, 'mac')!;
    const vnPort = fipDescriptorOf(message, 'vxPort');
    const server = servers.server(port, mac);
    if (vnPort !== undefined) {
      const login = servers.byId(vnPort.nPortId);
      if (login?.adapter === server && login?.saidWwpn === vnPort.portName) return;
      // It believes in a login that is gone; untold, it would hang until its commands time out.
      clearVirtualLinks.sendTo(port, mac, [vnPort]);
    } else if (server !== undefined) server.lastKeepAlive = core.now;
    else if (endedLogins.isFromBefore(port, mac)) {
      endedLogins.noteSolicitation(port, mac);
      clearVirtualLinks.sendBare(port, mac);
    }
  }

  #advertise(): void {
    const { config, core } = this.#context;
    const frame = this.#frame(WellKnownMac['All-ENode-MACs'], 0, 0);
    if (frame !== undefined) for (const port of this.#parts.ports()) core.send(port, frame, false);
    const jitterNs = config.random.below(ADVERTISEMENT_JITTER_MS * MILLISECOND + 1);
    const periodNs = config.fkaAdvPeriodMs * MILLISECOND + jitterNs;
    this.#advertisement = core.after(periodNs, () => this.#advertise());
  }

  /** What it says of the fabric is what the core says; nothing without an uplink. */
  #frame(destination: Mac, flags: number, payloadBytesMin: number): Uint8Array | undefined {
    const core = this.#parts.uplinks.find((one) => one.isReady)?.fcf;
    if (core === undefined) return undefined;
    const { fabricName, fcMap, vfId } = core;
    const told = { ...this.#context.config, fabricName, fcMap, vfId, dBit: false };
    return this.#parts.transmitter.fipFrame(
      destination,
      advertisement(told, flags),
      true,
      payloadBytesMin,
    );
  }
}
