/**
 * Notifications of fabric performance: which a port wants (RDF), what it and the fabric can signal (EDC), and telling
 * those who asked that frames to a port wait (FPIN).
 *
 * Ownership: what a port wants is kept in its login and goes with it. FPIN has no reply: it is sent once.
 * Source: FC-LS-5, EDC, RDF and FPIN; Linux lpfc, which sends EDC to the F_Port and RDF to the fabric controller.
 */
import {
  CongestionEvent,
  CongestionSeverity,
  ElsCommand,
  edc,
  edcAccept,
  fpin,
  type LsDescriptor,
  LsDescriptorTag,
  rdf,
  rdfAccept,
  SignalCapability,
  SignalUnit,
} from '../../codecs/els/index.ts';
import { WellKnownAddress } from '../../codecs/fc/index.ts';
import type { Wwn } from '../../codecs/layout/index.ts';
import type { CongestionKind } from '../../history/entities.ts';
import type { FabricContext } from './context.ts';
import type { Login } from './logins.ts';
import type { ServiceSender } from './service-sender.ts';

const { PEER_CONGESTION_NOTIFICATION: PEER, CONGESTION_NOTIFICATION: OWN } = LsDescriptorTag;
/** What a switch tells of; who wants more hears which of it was accepted. */
const TOLD: readonly number[] = [PEER, OWN];
/** Names in one notification: it is one frame. */
const NAMES_MAX = 64;
const OX_IDS = 0xffff;

const EVENTS: Readonly<Record<CongestionKind, number>> = {
  clear: CongestionEvent.CLEAR,
  'lost-credit': CongestionEvent.LOST_CREDIT,
  'credit-stall': CongestionEvent.CREDIT_STALL,
  oversubscription: CongestionEvent.OVERSUBSCRIPTION,
};

/** Registers and tells. */
export class PerformanceNotices {
  readonly #context: FabricContext;
  readonly #sender: ServiceSender;
  /** What was said last of each port: the same is not said again. */
  readonly #said = new Map<number, CongestionKind>();
  #oxId = 0;

  constructor(context: FabricContext, sender: ServiceSender) {
    this.#context = context;
    this.#sender = sender;
  }

  /** RDF: answered with what of it will be told. Errors: `CodecError`. */
  register(login: Login, payload: Uint8Array): Uint8Array {
    const wanted = rdf
      .decode(payload)
      .descriptors.flatMap((one) => (one.kind === 'FPIN_REGISTRATION' ? one.tags : []));
    const tags = TOLD.filter((tag) => wanted.includes(tag));
    login.notices = new Set(tags);
    return rdfAccept.encode({
      descriptors: [requestOf(ElsCommand.RDF), { kind: 'FPIN_REGISTRATION', tags }],
    });
  }

  /** EDC: a virtual link has no signals, and no errors that it would count. Errors: `CodecError`. */
  capabilities(payload: Uint8Array): Uint8Array {
    const asked = new Set<LsDescriptor['kind']>(
      edc.decode(payload).descriptors.map(({ kind }) => kind),
    );
    const answers = [NO_FAULTS, NO_SIGNALS].filter(({ kind }) => asked.has(kind));
    return edcAccept.encode({ descriptors: [requestOf(ElsCommand.EDC), ...answers] });
  }

  /** Frames to a port wait, for so long and for this reason, or do so no more. */
  portWaits(port: number, kind: CongestionKind, periodMs: number): void {
    if ((this.#said.get(port) ?? 'clear') === kind) return;
    this.#said.set(port, kind);
    const behind = this.#context.logins.adaptersOn(port).flatMap(({ logins }) => [...logins]);
    const peers = new Map<Login, Login[]>();
    for (const login of behind) {
      this.#tellOwn(login, kind, periodMs);
      for (const peer of this.#context.zones.visibleTo(login)) {
        if (peer.port === port || !peer.notices.has(PEER)) continue;
        const waitedFor = peers.get(peer) ?? [];
        peers.set(peer, waitedFor);
        if (waitedFor.length < NAMES_MAX) waitedFor.push(login);
      }
    }
    for (const [peer, logins] of peers) this.#tellPeer(peer, port, logins, kind, periodMs);
  }

  /** A power cycle. */
  clear(): void {
    this.#said.clear();
  }

  #tellOwn(login: Login, kind: CongestionKind, eventPeriodMs: number): void {
    if (!login.notices.has(OWN)) return;
    this.#send(login, 'own', kind, [], {
      kind: 'CONGESTION_NOTIFICATION',
      eventType: EVENTS[kind],
      eventPeriodMs,
      severity: CongestionSeverity.WARNING,
    });
  }

  #tellPeer(
    peer: Login,
    port: number,
    logins: readonly Login[],
    kind: CongestionKind,
    eventPeriodMs: number,
  ): void {
    const portNames = logins.map(({ wwpn }) => wwpn);
    this.#send(peer, 'peer', kind, portNames, {
      kind: 'PEER_CONGESTION_NOTIFICATION',
      detectingPortName: this.#context.ports[port]!.portName,
      attachedPortName: logins[0]!.adapter.base?.wwpn ?? portNames[0]!,
      eventType: EVENTS[kind],
      eventPeriodMs,
      portNames,
    });
  }

  #send(
    to: Login,
    about: 'own' | 'peer',
    kind: CongestionKind,
    ports: readonly Wwn[],
    descriptor: Parameters<typeof fpin.encode>[0]['descriptors'][number],
  ): void {
    this.#oxId = (this.#oxId + 1) % OX_IDS;
    const from = WellKnownAddress['Fabric Controller'];
    this.#sender.elsNotice(to, from, this.#oxId, fpin.encode({ descriptors: [descriptor] }));
    this.#context.core.emit({ type: 'fpin', to: to.nPortId, about, kind, ports });
  }
}

const requestOf = (command: number) =>
  ({ kind: 'LINK_SERVICE_REQUEST_INFORMATION', command }) as const;

const NO_FAULTS = {
  kind: 'LINK_FAULT_CAPABILITY',
  degradeActivateThreshold: 0,
  degradeDeactivateThreshold: 0,
  fecDegradeInterval: 0,
} as const;
const NO_SIGNALS = {
  kind: 'CONGESTION_SIGNALING_CAPABILITY',
  transmitCapability: SignalCapability.NONE,
  transmitPeriod: 0,
  transmitUnit: SignalUnit.MILLISECONDS,
  receiveCapability: SignalCapability.NONE,
  receivePeriod: 0,
  receiveUnit: SignalUnit.MILLISECONDS,
} as const;
