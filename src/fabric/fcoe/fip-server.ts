/**
 * The FCF's side of FIP but for logins: VLAN discovery, advertisements, keep-alives and what
 * happens without them.
 *
 * A virtual link without a keep-alive for 2.5 periods is cleared: an ENode's with all its logins,
 * or that of one VN_Port. Supervision sets one timer a link and looks, when it fires, whether a
 * keep-alive came meanwhile.
 * Source: FC-BB-5, FIP; FC-BB-6, VLAN discovery.
 */
import { FCOE_MTU_BYTES, WellKnownMac } from '../../codecs/fcoe/index.ts';
import { FipFlags, type FipMessage, fipDescriptorOf } from '../../codecs/fip/index.ts';
import type { Mac } from '../../codecs/layout/index.ts';
import { type Instant, MILLISECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import type { Login } from '../fc/logins.ts';
import type { Logouts } from '../fc/logouts.ts';
import type { ClearVirtualLinks } from './clear-virtual-links.ts';
import type { FcfContext } from './context.ts';
import { advertisement, vlanNotification } from './fip-messages.ts';
import type { Transmitter } from './transmitter.ts';

/** Jitter of advertisements, 0 to this. Source: FC-BB-5; Linux scsi/fc/fc_fip.h. */
const ADVERTISEMENT_JITTER_MS = 100;
/** Period of VN_Port keep-alives. Source: FC-BB-5; Linux scsi/fc/fc_fip.h. */
const VN_PORT_KEEP_ALIVE_MS = 90_000;
const PERIODS_WITHOUT_KEEP_ALIVE = 2.5;

/** What answering FIP works with besides the context. */
export interface FipServerParts {
  readonly transmitter: Transmitter;
  readonly clearVirtualLinks: ClearVirtualLinks;
  readonly logouts: Logouts;
}

/** Advertises, answers solicitations and VLAN requests, and watches over virtual links. */
export class FipServer {
  readonly #context: FcfContext;
  readonly #parts: FipServerParts;
  #advertisement: Timer | undefined;
  /** VLANs that it names to ENodes that ask. */
  vlans: readonly number[];

  constructor(context: FcfContext, parts: FipServerParts) {
    this.#context = context;
    this.#parts = parts;
    this.vlans = context.config.vlans;
  }

  /** Begins to advertise, after the jitter. */
  start(): void {
    this.#advertisement?.cancel();
    this.#advertisement = this.#context.core.after(this.#jitterNs(), () => this.#advertise());
  }

  /** Answers a solicitation: unicast, padded to the size the ENode says it can take. */
  handleSolicitation(port: number, message: FipMessage): void {
    if ((message.flags & FipFlags.FCF) !== 0) {
      this.ignore();
      return;
    }
    const { mac } = fipDescriptorOf(message, 'mac')!;
    const { maxFcoeSizeBytes } = fipDescriptorOf(message, 'maxFcoeSize')!;
    this.#context.endedLogins.noteSolicitation(port, mac);
    const size = Math.min(maxFcoeSizeBytes, FCOE_MTU_BYTES);
    const { core } = this.#context;
    core.send(port, this.#advertisementFrame(mac, FipFlags.S, size), true);
  }

  /** Answers a VLAN request, in or outside the VLAN as it came. VID 0: frames without a tag. */
  handleVlanRequest(port: number, message: FipMessage, tagged: boolean): void {
    if (this.vlans.length === 0) {
      this.ignore();
      return;
    }
    const { mac } = fipDescriptorOf(message, 'mac')!;
    const answer = vlanNotification(this.#context.config.fcfMac, this.vlans);
    this.#parts.transmitter.fip(port, mac, answer, tagged);
  }

  /** A keep-alive of an ENode, or of a VN_Port when it identifies one. */
  handleKeepAlive(port: number, message: FipMessage): void {
    const { core, logins } = this.#context;
    const { mac } = fipDescriptorOf(message, 'mac')!;
    const vnPort = fipDescriptorOf(message, 'vxPort');
    if (vnPort === undefined) {
      const enode = logins.adapter(port, mac);
      if (enode === undefined) {
        this.#handleUnknownENode(port, mac);
        return;
      }
      enode.lastKeepAlive = core.now;
      return;
    }
    const login = logins.byId(vnPort.nPortId);
    const known =
      login !== undefined &&
      login.port === port &&
      login.adapter.address === mac &&
      login.saidWwpn === vnPort.portName;
    if (known) {
      login.lastKeepAlive = core.now;
      return;
    }
    // It believes in a login that is gone; untold, it would hang until its commands time out.
    this.#context.protocol(port, 'keep-alive of a VN_Port that is not logged in', vnPort.nPortId);
    this.#parts.clearVirtualLinks.sendTo(port, mac, [vnPort]);
  }

  /** One that has yet to log in may send keep-alives; one that never looked for us was logged in. */
  #handleUnknownENode(port: number, mac: Mac): void {
    if (!this.#context.endedLogins.isFromBefore(port, mac)) {
      this.ignore();
      return;
    }
    this.#context.protocol(port, 'keep-alive of an ENode from before the last power cycle');
    this.#context.endedLogins.noteSolicitation(port, mac);
    this.#parts.clearVirtualLinks.sendBare(port, mac);
  }

  /** Nothing for this FCF, and nobody's fault. */
  ignore(): void {
    this.#context.counters.ignored++;
  }

  /** Begins to supervise a login, and its ENode with the first one. */
  supervise(login: Login): void {
    const { config } = this.#context;
    if (config.dBit) return;
    this.#watch(login, VN_PORT_KEEP_ALIVE_MS, () => this.#parts.logouts.clear(login, 'keep-alive'));
    const { adapter: enode } = login;
    if (enode.supervision !== undefined) return;
    this.#watch(enode, config.fkaAdvPeriodMs, () =>
      this.#parts.logouts.clearAdapter(enode, 'keep-alive'),
    );
  }

  #watch(link: Supervised, periodMs: number, silent: () => void): void {
    const limitNs = PERIODS_WITHOUT_KEEP_ALIVE * periodMs * MILLISECOND;
    const { core } = this.#context;
    const look = () => {
      const due = link.lastKeepAlive + limitNs;
      if (core.now >= due) silent();
      else link.supervision = core.timers.set(due, look);
    };
    link.supervision = core.timers.set(link.lastKeepAlive + limitNs, look);
  }

  #advertise(): void {
    const { core, ports, config } = this.#context;
    const frame = this.#advertisementFrame(WellKnownMac['All-ENode-MACs'], 0, 0);
    for (const port of ports) if (port.up && !port.disabled) core.send(port.index, frame, false);
    const periodNs = config.fkaAdvPeriodMs * MILLISECOND + this.#jitterNs();
    this.#advertisement = core.after(periodNs, () => this.#advertise());
  }

  #advertisementFrame(destination: Mac, flags: number, payloadBytesMin: number): Uint8Array {
    const message = advertisement(this.#context.config, flags);
    return this.#parts.transmitter.fipFrame(destination, message, true, payloadBytesMin);
  }

  #jitterNs(): Instant {
    return this.#context.config.random.below(ADVERTISEMENT_JITTER_MS * MILLISECOND + 1);
  }
}

interface Supervised {
  lastKeepAlive: Instant;
  supervision: Timer | undefined;
}
