/**
 * A switch in N_Port virtualizer mode (Cisco NPV, Brocade Access Gateway): to its servers an FCF, to the
 * core an adapter with many ports. It has no domain, no name server and no zones of its own.
 *
 * Each server's adapter is behind one uplink, the one with the fewest logins when it logged in, and stays
 * there: so an exchange always takes one way. When an uplink fails, all logins behind it are cleared, and
 * their ports log in again over another one, under other N_Port_IDs; when it comes back nobody moves.
 *
 * Ownership: the switch makes its parts and hands each frame to one of them; an uplink is an ENode.
 * Source: FC-BB-5, FCFs and ENodes; the vendors' guides for what they do when an uplink fails.
 */
import { ETHERTYPE_FCOE, ETHERTYPE_FIP, ETHERTYPE_VLAN } from '../../codecs/ethernet/index.ts';
import { FC_HEADER_BYTES } from '../../codecs/fc/index.ts';
import { FipLinkService, FipOperation, fipMessage } from '../../codecs/fip/index.ts';
import { CodecError, type FcId, macAt, putMac, uint24At } from '../../codecs/layout/index.ts';
import type { DcbAgreement } from '../../history/dcb.ts';
import type { FabricEvent } from '../../history/fabric.ts';
import type { Instant, Machine, Output } from '../../machine/machine.ts';
import { roomFor } from '../../machine/slab.ts';
import type { Timer } from '../../machine/timers.ts';
import type { VnPortName } from '../../port/enode/fip-input.ts';
import type { LportState } from '../../port/n-port/fabric-login.ts';
import { ClearVirtualLinks } from '../fcoe/clear-virtual-links.ts';
import { Transmitter } from '../fcoe/transmitter.ts';
import { NpvContext } from './context.ts';
import { Downlinks } from './downlinks.ts';
import { type NpvConfig, type NpvOptions, resolveNpvOptions } from './options.ts';
import { LoginRelay } from './relay.ts';
import type { ServerLogin } from './servers.ts';
import { NpvUplink, type NpvUplinkOwner } from './uplink.ts';

/** Shortest frame that has an EtherType behind a VLAN tag. */
const HEADERS_BYTES = 18;
const FCOE_HEADER_BYTES = 14;
const TRAILER_BYTES = 8;

/** The virtualizer as a machine: its uplinks are its first ports, its servers' ports follow. */
export class Npv implements Machine<FabricEvent>, NpvUplinkOwner {
  readonly #context: NpvContext;
  readonly #uplinks: readonly NpvUplink[];
  readonly #downlinks: Downlinks;
  readonly #relay: LoginRelay;
  /** Which links are up: at first the servers', as a switch's ports are. */
  readonly #up: boolean[];

  constructor(options: NpvOptions) {
    const context = new NpvContext(resolveNpvOptions(options));
    const { downlinks, name, switchName: nodeName, uplinks } = context.config;
    this.#context = context;
    this.#uplinks = uplinks.map(
      (one, uplink) => new NpvUplink(uplink, one, { nodeName, symbolicName: name }, this),
    );
    this.#up = [...uplinks.map(() => false), ...new Array<boolean>(downlinks).fill(true)];
    const transmitter = new Transmitter(context);
    const clearVirtualLinks = new ClearVirtualLinks(context, transmitter);
    this.#relay = new LoginRelay(context, {
      uplinks: this.#uplinks,
      transmitter,
      began: (login) => this.#downlinks.watch(login),
      replaced: (login) => this.#downlinks.clear([login]),
    });
    this.#downlinks = new Downlinks(context, {
      uplinks: this.#uplinks,
      transmitter,
      clearVirtualLinks,
      relay: this.#relay,
      ports: () => this.#serverPortsUp(),
    });
  }

  get config(): NpvConfig {
    return this.#context.config;
  }

  // The machine contract.

  get deadline(): Instant | undefined {
    return this.#context.core.deadline;
  }

  poll(): Output<FabricEvent> | undefined {
    return this.#context.core.poll();
  }

  handleTimeout(now: Instant): void {
    this.#context.core.handleTimeout(now);
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    this.#context.core.now = now;
    if (this.#up[port] === up || this.#up[port] === undefined) return;
    this.#up[port] = up;
    const uplink = this.#uplinks[port];
    if (uplink === undefined) {
      if (!up) this.#serverGone(port);
    } else if (up) uplink.linkUp();
    else uplink.linkDown();
  }

  handleFrame(port: number, frame: Uint8Array, given: boolean, now: Instant): void {
    this.#context.core.now = now;
    if (this.#up[port] !== true || frame.length < HEADERS_BYTES) return;
    let at = 14;
    let etherType = (frame[12]! << 8) | frame[13]!;
    let vid = 0;
    if (etherType === ETHERTYPE_VLAN) {
      vid = ((frame[14]! & 0x0f) << 8) | frame[15]!;
      etherType = (frame[16]! << 8) | frame[17]!;
      at = 18;
    }
    const uplink = this.#uplinks[port];
    if (etherType === ETHERTYPE_FIP) {
      if (uplink === undefined) this.#downlinks.handle(port, frame, at, vid);
      else if (!this.#isAnswer(port, frame, at)) uplink.handleFrame(frame);
    } else if (etherType !== ETHERTYPE_FCOE) return;
    else if (vid !== this.config.vlan) this.#context.drop('wrong-vlan', port, `VLAN ${vid}`);
    else if (uplink === undefined) this.#toCore(port, frame, at, given);
    else this.#toServer(port, frame, at, given);
  }

  /** A power cycle: all it knew is gone, and nobody is told; its links come up again one by one. */
  restart(now: Instant): void {
    const { core, endedLogins, servers } = this.#context;
    core.now = now;
    servers.clear();
    this.#relay.forgetUplink();
    endedLogins.clear();
    for (const uplink of this.#uplinks) uplink.linkDown();
    this.#downlinks.stop();
    this.#up.fill(false);
    core.emit({ type: 'restarted' });
  }

  /** How much it keeps, by kind: what a peer could make grow shows here. */
  kept(): Readonly<Record<string, number>> {
    const { core, endedLogins, recentLogins, servers } = this.#context;
    return {
      timers: core.timers.pending,
      logins: servers.size,
      'fabric logins under way': this.#relay.size,
      'requests that came lately': recentLogins.size,
      'logins that ended': endedLogins.size,
    };
  }

  /** Logins of servers behind an uplink. */
  loginsBehind(uplink: number): number {
    return this.#context.servers.countBehind(uplink);
  }

  // What uplinks ask for.

  get now(): Instant {
    return this.#context.core.now;
  }

  send(port: number, frame: Uint8Array): void {
    this.#context.core.send(port, frame, true);
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#context.core.after(delayNs, run);
  }

  contradiction(port: number, what: string): void {
    this.#context.protocol(port, what);
  }

  dcbAgreed(port: number, agreement: DcbAgreement): void {
    this.#context.core.emit({ type: 'dcbx', port, ...agreement });
  }

  *serverPorts(uplink: number): Iterable<VnPortName> {
    for (const { linkAddress: mac, nPortId, saidWwpn } of this.#context.servers.behind(uplink))
      yield { mac, nPortId, portName: saidWwpn };
  }

  uplinkChanged(port: number, state: LportState, reason: string): void {
    this.#context.core.emit({ type: 'port', port, state, reason });
    if (state === 'ready') this.#downlinks.start();
  }

  /** They log in again, over another uplink where this one is gone. */
  serversCleared(uplink: number, nPortIds: readonly FcId[] | undefined): void {
    const { servers } = this.#context;
    const ended = [...servers.behind(uplink)].filter(
      ({ nPortId }) => nPortIds?.includes(nPortId) ?? true,
    );
    for (const login of ended) servers.remove(login);
    if (nPortIds === undefined) this.#relay.forgetUplink(uplink);
    this.#downlinks.clear(ended);
  }

  #isAnswer(port: number, frame: Uint8Array, at: number): boolean {
    try {
      const message = fipMessage.decode(frame, at);
      return (
        message.operation === FipOperation['Virtual Link Instantiation'] &&
        message.subcode === FipLinkService.Reply &&
        this.#relay.handleReply(port, macAt(frame, 6), message)
      );
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      // The uplink says what is wrong with it.
      return false;
    }
  }

  #serverGone(port: number): void {
    const { endedLogins, servers } = this.#context;
    this.#relay.forgetPort(port);
    endedLogins.forgetPort(port);
    for (const server of servers.all())
      if (server.port === port) this.#relay.leave([...server.logins]);
  }

  *#serverPortsUp(): Iterable<number> {
    for (const [port, up] of this.#up.entries()) if (up && port >= this.#uplinks.length) yield port;
  }

  /** From a server to the core: its address is its own, the core's stands in for ours. */
  #toCore(port: number, frame: Uint8Array, at: number, given: boolean): void {
    const fcAt = at + FCOE_HEADER_BYTES;
    if (macAt(frame, 0) !== this.config.fcfMac) return;
    if (!isWhole(frame, fcAt)) {
      this.#context.drop('malformed', port, 'FCoE header');
      return;
    }
    const sId = uint24At(frame, fcAt + 5);
    const login = this.#context.servers.byId(sId);
    if (login?.port !== port || macAt(frame, 6) !== login.linkAddress) {
      this.#context.drop('no-login', port, `S_ID ${sId.toString(16)}`);
      this.#remind(port, sId);
      return;
    }
    const { uplink } = login.adapter;
    const { fcf } = this.#uplinks[uplink]!;
    if (fcf === undefined) return;
    const leaving = given ? frame : copyOf(frame);
    putMac(leaving, 0, fcf.mac);
    this.#context.core.send(uplink, leaving, true);
  }

  /** From the core to a server, from us. What is for the uplink's own port goes to it. */
  #toServer(port: number, frame: Uint8Array, at: number, given: boolean): void {
    const fcAt = at + FCOE_HEADER_BYTES;
    const uplink = this.#uplinks[port]!;
    const login = isWhole(frame, fcAt)
      ? this.#context.servers.byId(uint24At(frame, fcAt + 1))
      : undefined;
    if (!isFor(login, port, frame) || macAt(frame, 6) !== uplink.fcf?.mac) {
      uplink.handleFrame(frame);
      return;
    }
    const leaving = given ? frame : copyOf(frame);
    putMac(leaving, 6, this.config.fcfMac);
    this.#context.core.send(login.port, leaving, true);
  }

  /** A port that goes on as if it were logged in is told again that it is not. */
  #remind(port: number, sId: FcId): void {
    const ended = this.#context.endedLogins.reminderFor(port, sId, this.now);
    if (ended !== undefined) this.#downlinks.remind(port, ended.enodeMac, ended.vnPort);
  }
}

function isFor(
  login: ServerLogin | undefined,
  uplink: number,
  frame: Uint8Array,
): login is ServerLogin {
  return login?.adapter.uplink === uplink && macAt(frame, 0) === login.linkAddress;
}

/** Long enough for a header of FC and the trailer of FCoE. */
const isWhole = (frame: Uint8Array, fcAt: number): boolean =>
  frame.length >= fcAt + FC_HEADER_BYTES + TRAILER_BYTES;

/** A frame that is lent must not be changed: another one. */
function copyOf(frame: Uint8Array): Uint8Array {
  const copy = roomFor(frame.length);
  copy.set(frame);
  return copy;
}
