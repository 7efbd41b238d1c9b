/**
 * Data center bridging exchange at one port: tells the peer by LLDP what is wanted here, hears what it wants, and says
 * what is in force.
 *
 * A port begins with the standard's exchange. A peer that speaks only CEE's takes the link there until the link is
 * reset; one that speaks both is taken at what the link speaks. Several neighbours on one link agree on nothing.
 *
 * Ownership: a switch owns one for each port, an ENode has one. It owns what peers have said, and CEE's end.
 * Source: IEEE 802.1Q-2014, clause 38; IEEE 802.1AB-2009, transmission; open-lldp, lldp_8021qaz.c and lldp_dcbx.c.
 */
import { EtherType, ethernet } from '../../codecs/ethernet/index.ts';
import { formatHex, type Mac, macAt, parseMac } from '../../codecs/layout/index.ts';
import {
  CeeSubtype,
  ChassisIdSubtype,
  LLDP_NEAREST_BRIDGE,
  type LldpCee,
  type Lldpdu,
  type LldpTlv,
  lldpdu,
  PortIdSubtype,
} from '../../codecs/lldp/index.ts';
import type { DcbAgreement, DcbSettings, DcbxDialect } from '../../history/dcb.ts';
import { type Instant, SECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { CeeEnd } from './cee.ts';
import {
  agreeIeee,
  IEEE_KINDS,
  type IeeeSaid,
  ieeeProblem,
  ieeeSaidIn,
  ieeeTlvs,
  type TieBreak,
  yields,
} from './ieee.ts';
import { sameSettings } from './settings.ts';

/** What an exchange is told when it is made. */
export interface DcbxOptions {
  /** What it speaks at first. Default `ieee`. */
  readonly dialect?: DcbxDialect;
  /** It takes what its peer wants. */
  readonly willing: boolean;
  /** What it wants itself. */
  readonly settings: DcbSettings;
  /** Whose flow control holds where both ends are willing. Default `higher`, as `lldpad` has it. */
  readonly tieBreak?: TieBreak;
}

/** What it asks of the machine that it is a part of. */
export interface DcbxOwner {
  readonly mac: Mac;
  /** Which port it is, where several have one MAC address. */
  readonly portName?: string;
  readonly now: Instant;
  after(delayNs: number, run: () => void): Timer;
  send(frame: Uint8Array): void;
  /** Other settings are in force, or the peer has come to agree, or no longer does. */
  agreed(agreement: DcbAgreement): void;
  /** The peer does what it must not; each kind is told once a link. */
  contradiction(what: string): void;
}

/** Source: IEEE 802.1AB-2009, 9.2.5: msgTxInterval, msgFastTx, txFastInit, txCreditMax; `lldpad` gives 120 s to live. */
const INTERVAL_NS = 30 * SECOND;
const FAST_NS = SECOND;
const FAST_FRAMES = 4;
const CREDITS_MAX = 5;
const TIME_TO_LIVE_SECONDS = 120;
/** Neighbours that are told apart; more are not taken note of, as there are too many already. */
const PEERS_MAX = 4;
const ETHERNET_BYTES = 14;
const FRAME_BYTES_MIN = 60;

interface Peer {
  readonly until: Instant;
  readonly mac: Mac;
  readonly said: IeeeSaid | undefined;
}

/** The exchange of one port. */
export class DcbxPort {
  readonly #owner: DcbxOwner;
  readonly #options: Required<DcbxOptions>;
  /** By chassis and port. */
  readonly #peers = new Map<string, Peer>();
  readonly #complaints = new Set<string>();
  #dialect: DcbxDialect;
  #cee: CeeEnd;
  #last: DcbAgreement | undefined;
  #isUp = false;
  #credits = CREDITS_MAX;
  #creditedAt: Instant = 0;
  #fast = 0;
  #isWaiting = false;
  #sending: Timer | undefined;
  #expiry: Timer | undefined;

  constructor(options: DcbxOptions, owner: DcbxOwner) {
    this.#options = { dialect: 'ieee', tieBreak: 'higher', ...options };
    this.#owner = owner;
    this.#dialect = this.#options.dialect;
    this.#cee = new CeeEnd(options.settings, options.willing);
  }

  /** What is in force, and whether the peer agrees. */
  get agreement(): DcbAgreement {
    return this.#last ?? this.#judge();
  }

  /** Neighbours that are remembered. */
  get peers(): number {
    return this.#peers.size;
  }

  linkUp(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    this.#creditedAt = this.#owner.now;
    this.#tell();
    this.#sendFast();
  }

  linkDown(): void {
    this.#isUp = false;
    this.#sending?.cancel();
    this.#expiry?.cancel();
    this.#peers.clear();
    this.#complaints.clear();
    this.#isWaiting = false;
    this.#credits = CREDITS_MAX;
    this.#dialect = this.#options.dialect;
    this.#cee = new CeeEnd(this.#options.settings, this.#options.willing);
    this.#last = undefined;
  }

  /** An LLDP frame came. Errors: `CodecError` for one that does not decode. */
  handleFrame(frame: Uint8Array): void {
    if (!this.#isUp || macAt(frame, 0) !== LLDP_NEAREST_BRIDGE) return;
    const source = macAt(frame, 6);
    if (source === this.#owner.mac) {
      this.#complain('its own LLDP comes back');
      return;
    }
    const { tlvs } = lldpdu.decode(frame.subarray(ETHERNET_BYTES));
    const [chassis, port, life] = tlvs;
    if (chassis?.kind !== 'chassisId' || port?.kind !== 'portId' || life?.kind !== 'timeToLive') {
      this.#complain('LLDP that does not begin with chassis, port and time to live');
      return;
    }
    const id = `${chassis.subtype} ${formatHex(chassis.chassisId)} ${port.subtype} ${formatHex(port.portId)}`;
    if (life.timeToLiveSeconds === 0) this.#gone(id);
    else this.#heard(id, source, life.timeToLiveSeconds, tlvs);
  }

  #heard(id: string, mac: Mac, lifeSeconds: number, tlvs: Lldpdu['tlvs']): void {
    const said = ieeeSaidIn(tlvs);
    const cees = tlvs.filter((one): one is LldpCee => one.kind === 'cee');
    const ofThisVersion = cees.filter(({ subtype }) => subtype === CeeSubtype.CEE);
    if (isRepeated(tlvs) || ofThisVersion.length > 1) {
      this.#complain('a TLV of DCBX twice in one frame, which is void');
      return;
    }
    const [cee] = ofThisVersion;
    if (said === undefined && cee === undefined) {
      if (cees.length > 0) this.#complain('DCBX of before CEE, which is not spoken here');
      return;
    }
    if (said !== undefined && cee !== undefined)
      this.#complain(`both dialects of DCBX; that of ${this.#dialect.toUpperCase()} is taken`);
    const isNew = !this.#peers.has(id);
    if (isNew && this.#peers.size >= PEERS_MAX) return;
    if (said === undefined && this.#dialect === 'ieee') this.#enterCee();
    this.#peers.set(id, { until: this.#owner.now + lifeSeconds * SECOND, mac, said });
    this.#watchExpiry();
    const answers = this.#hearCee(cee);
    const changes = this.#tell();
    if (isNew) this.#sendFast();
    else if (answers || changes) this.#send();
  }

  /** There is no way back before the link is reset. */
  #enterCee(): void {
    this.#dialect = 'cee';
    for (const [id, peer] of this.#peers) this.#peers.set(id, { ...peer, said: undefined });
  }

  /** True where the peer is to be answered. */
  #hearCee(cee: LldpCee | undefined): boolean {
    if (this.#dialect !== 'cee' || cee === undefined) return false;
    if (this.#peers.size === 1) return this.#cee.heard(cee);
    this.#cee.expired();
    return false;
  }

  #gone(id: string): void {
    if (!this.#peers.delete(id)) return;
    if (this.#peers.size === 0) this.#cee.expired();
    this.#watchExpiry();
    if (this.#tell()) this.#send();
  }

  #watchExpiry(): void {
    this.#expiry?.cancel();
    this.#expiry = undefined;
    const first = [...this.#peers].sort(([, a], [, b]) => a.until - b.until)[0];
    if (first === undefined) return;
    const [id, { until }] = first;
    this.#expiry = this.#owner.after(until - this.#owner.now, () => this.#gone(id));
  }

  #complain(what: string): void {
    if (this.#complaints.has(what)) return;
    this.#complaints.add(what);
    this.#owner.contradiction(what);
  }

  // What is in force.

  #judge(): DcbAgreement {
    const { settings, willing, tieBreak } = this.#options;
    const dialect = this.#dialect;
    const [peer, other] = this.#peers.values();
    if (other !== undefined) return this.#alone('several neighbours are on one link');
    if (peer === undefined) return this.#alone('no peer has been heard');
    if (dialect === 'cee') {
      const { inForce, problem } = this.#cee;
      return { dialect, isAgreed: problem === '', problem, ...inForce };
    }
    const said = peer.said!;
    const inForce = agreeIeee(settings, willing, said, yields(this.#owner.mac, peer.mac, tieBreak));
    const problem = ieeeProblem(inForce, said);
    return { dialect, isAgreed: problem === '', problem, ...inForce };
  }

  /** IEEE's settings need no peer; CEE's do. */
  #alone(problem: string): DcbAgreement {
    const dialect = this.#dialect;
    const inForce = dialect === 'cee' ? this.#cee.inForce : this.#options.settings;
    return { dialect, isAgreed: false, problem, ...inForce };
  }

  /** True where the peer is to hear of a change: IEEE's exchange tells what is in force. */
  #tell(): boolean {
    const agreement = this.#judge();
    if (sameSettings(agreement, this.#last)) return false;
    this.#last = agreement;
    this.#owner.agreed(agreement);
    return agreement.dialect === 'ieee';
  }

  // What is sent.

  #sendFast(): void {
    this.#fast = FAST_FRAMES;
    this.#send();
  }

  /** At once while there is credit, a credit each second; then as soon as there is. */
  #send(): void {
    const { now } = this.#owner;
    const earned = Math.floor((now - this.#creditedAt) / FAST_NS);
    this.#credits = Math.min(CREDITS_MAX, this.#credits + earned);
    this.#creditedAt += earned * FAST_NS;
    this.#isWaiting = this.#credits === 0;
    if (!this.#isWaiting) {
      this.#credits--;
      this.#owner.send(this.#frame());
    }
    this.#sendLater();
  }

  #sendLater(): void {
    this.#sending?.cancel();
    const isSoon = this.#fast > 0 || this.#isWaiting;
    this.#sending = this.#owner.after(isSoon ? FAST_NS : INTERVAL_NS, () => {
      if (this.#fast > 0) this.#fast--;
      this.#send();
    });
  }

  #frame(): Uint8Array {
    const { mac, portName } = this.#owner;
    const { settings, willing } = this.#options;
    const address = Uint8Array.from(mac.split(':'), (one) => Number.parseInt(one, 16));
    const body = lldpdu.encode({
      tlvs: [
        { kind: 'chassisId', subtype: ChassisIdSubtype['MAC address'], chassisId: address },
        portName === undefined
          ? { kind: 'portId', subtype: PortIdSubtype['MAC address'], portId: address }
          : {
              kind: 'portId',
              subtype: PortIdSubtype['Locally assigned'],
              portId: asciiOf(portName),
            },
        { kind: 'timeToLive', timeToLiveSeconds: TIME_TO_LIVE_SECONDS },
        ...(this.#dialect === 'cee'
          ? [this.#cee.tlv]
          : ieeeTlvs(settings, this.agreement, willing)),
        { kind: 'end' },
      ],
    });
    const frame = new Uint8Array(Math.max(FRAME_BYTES_MIN, ETHERNET_BYTES + body.length));
    const destination = parseMac(LLDP_NEAREST_BRIDGE);
    ethernet.write(frame, 0, { destination, source: mac, etherType: EtherType.LLDP });
    frame.set(body, ETHERNET_BYTES);
    return frame;
  }
}

const asciiOf = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));

function isRepeated(tlvs: readonly LldpTlv[]): boolean {
  return IEEE_KINDS.some((kind) => tlvs.filter((one) => one.kind === kind).length > 1);
}
