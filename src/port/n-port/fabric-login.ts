/**
 * The way of an N_Port into its fabric: FLOGI or FDISC, PLOGI with the name server, its registrations,
 * SCR. Each step waits for the one before; one that fails is tried again after E_D_TOV.
 *
 * Ownership: an lport owns one; the lport's state says which step is under way.
 * Source: FC-LS-3, FLOGI, FDISC and SCR; FC-GS-7, registration; the order of steps is libfc's.
 */
import {
  FlogiAcceptFeatures,
  flogiAccept,
  LsDescriptorTag,
  rdf,
  ScrFunction,
  scr,
} from '../../codecs/els/index.ts';
import { WellKnownAddress } from '../../codecs/fc/index.ts';
import type { FcId } from '../../codecs/layout/index.ts';
import { MILLISECOND } from '../../machine/machine.ts';
import type { Timer } from '../../machine/timers.ts';
import { type ElsReply, formatElsReply } from './els-reply.ts';
import {
  fabricLoginPayload,
  fabricTimesOf,
  type PortIdentity,
  plogiPayload,
} from './login-parameters.ts';
import type { FabricLoginReply } from './n-port-link.ts';
import { type CtSender, registrations, sendCt } from './name-server-client.ts';
import { decodeOrNone } from './rport.ts';

/** How far an N_Port is. */
export type LportState =
  | 'disabled'
  | 'flogi'
  | 'name-server-login'
  | 'register'
  | 'scr'
  | 'ready'
  | 'logo'
  | 'failed';

/** What the login needs of its N_Port. */
export interface FabricLoginOwner extends CtSender {
  readonly options: PortIdentity & {
    readonly physical: boolean;
    readonly symbolicName: string;
    readonly loginTriesMax: number;
    readonly honoursCleanAddress?: boolean;
    readonly setupNs?: number;
    readonly notices?: boolean;
  };
  readonly state: LportState;
  readonly epoch: number;
  readonly nPortId: FcId;
  fabricFeatures: number;
  eDTovNs: number;
  rATovNs: number;
  after(delayNs: number, run: () => void): Timer;
  enter(state: LportState, reason: string): void;
  contradiction(what: string): void;
  sendFabricLogin(
    kind: 'flogi' | 'fdisc',
    payload: Uint8Array,
    done: (reply: FabricLoginReply) => void,
  ): void;
  sendEls(dId: FcId, payload: Uint8Array, onReply: (reply: ElsReply) => void): void;
  /** The fabric gave these addresses. */
  enterAttached(nPortId: FcId, linkAddress: string): void;
  enterReset(reason: string, cleared: boolean): void;
  /** Every step is done. */
  enterReady(): void;
}

const NAME_SERVER = WellKnownAddress['Directory Server'];
const FABRIC_CONTROLLER = WellKnownAddress['Fabric Controller'];
const { PEER_CONGESTION_NOTIFICATION, CONGESTION_NOTIFICATION } = LsDescriptorTag;
/** What a port wants to be told of. */
const NOTICES = rdf.encode({
  descriptors: [
    {
      kind: 'FPIN_REGISTRATION',
      tags: [PEER_CONGESTION_NOTIFICATION, CONGESTION_NOTIFICATION],
    },
  ],
});

/** The steps of one N_Port from FLOGI to `ready`; too many failures leave it `failed`. */
export class FabricLogin {
  readonly #port: FabricLoginOwner;
  #tries = 0;
  #retry: Timer | undefined;

  constructor(port: FabricLoginOwner) {
    this.#port = port;
  }

  /** The fabric can be reached: log in. */
  start(): void {
    this.#tries = 0;
    this.enterFlogi();
  }

  /** No step is tried again. */
  stop(): void {
    this.#retry?.cancel();
  }

  enterFlogi(): void {
    const port = this.#port;
    port.enter('flogi', '');
    const { physical } = port.options;
    const payload = fabricLoginPayload(port.options, physical ? 'FLOGI' : 'FDISC');
    const { epoch } = port;
    port.sendFabricLogin(physical ? 'flogi' : 'fdisc', payload, (reply) => {
      if (port.state !== 'flogi' || port.epoch !== epoch) return;
      if (reply.result === 'granted') this.#granted(reply);
      else this.#loginFailed(reply);
    });
  }

  #granted({
    nPortId,
    linkAddress,
    payload,
  }: Extract<FabricLoginReply, { result: 'granted' }>): void {
    const port = this.#port;
    const accept = decodeOrNone(() => flogiAccept.decode(payload));
    if (accept === undefined) {
      port.contradiction('an accept of the fabric login does not decode');
      this.#loginFailed({ result: 'reject', reason: 0, explanation: 0 });
      return;
    }
    port.fabricFeatures = accept.common.features;
    const times = fabricTimesOf(accept.common);
    port.eDTovNs = times.eDTovNs;
    port.rATovNs = times.rATovNs;
    this.#tries = 0;
    port.enterAttached(nPortId, linkAddress);
    const isClean = (port.fabricFeatures & FlogiAcceptFeatures.CLEAN_ADDRESS) !== 0;
    if (port.options.honoursCleanAddress === true && !isClean) {
      this.#retry = port.after(port.rATovNs, () => this.enterNameServerLogin());
    } else if (port.options.setupNs !== undefined) {
      port.enter('name-server-login', '');
      this.#retry = port.after(port.options.setupNs, () => this.enterNameServerLogin());
    } else this.enterNameServerLogin();
  }

  #loginFailed(reply: ElsReply): void {
    const port = this.#port;
    this.#tries++;
    if (this.#tries >= port.options.loginTriesMax) {
      port.enter('failed', `fabric login: ${formatElsReply(reply)}`);
      return;
    }
    const wait = reply.result === 'timeout' ? 0 : port.eDTovNs;
    this.#retry = port.after(wait, () => this.enterFlogi());
  }

  enterNameServerLogin(): void {
    const port = this.#port;
    port.enter('name-server-login', '');
    port.sendEls(NAME_SERVER, plogiPayload(port.options, port.eDTovNs / MILLISECOND), (reply) => {
      if (port.state !== 'name-server-login') return;
      if (reply.result === 'accept') this.enterRegister(0);
      else this.#stepFailed('name server login', reply, () => this.enterNameServerLogin());
    });
  }

  /** RNN_ID, RSNN_NN, RSPN_ID, RFT_ID, RFF_ID, each after the one before was accepted. */
  enterRegister(step: number): void {
    const port = this.#port;
    if (port.state !== 'register') port.enter('register', '');
    const registration = registrations(port.options, port.nPortId)[step];
    if (registration === undefined) {
      this.enterScr();
      return;
    }
    sendCt(port, registration.request, (reply) => {
      if (port.state !== 'register') return;
      if (reply.result === 'accept') this.enterRegister(step + 1);
      else this.#stepFailed(registration.name, reply, () => this.enterRegister(step));
    });
  }

  enterScr(): void {
    const port = this.#port;
    port.enter('scr', '');
    const payload = scr.encode({ registrationFunction: ScrFunction.FULL });
    port.sendEls(FABRIC_CONTROLLER, payload, (reply) => {
      if (port.state !== 'scr') return;
      if (reply.result === 'accept') {
        if (port.options.notices === true) port.sendEls(FABRIC_CONTROLLER, NOTICES, () => {});
        this.#done();
      } else this.#stepFailed('SCR', reply, () => this.enterScr());
    });
  }

  #done(): void {
    this.#tries = 0;
    this.#port.enterReady();
  }

  /** A step towards `ready` failed: again after E_D_TOV, and after too many, `failed`. */
  #stepFailed(step: string, reply: { result: string }, again: () => void): void {
    const port = this.#port;
    this.#tries++;
    if (this.#tries >= port.options.loginTriesMax) {
      port.enterReset(`${step}: ${reply.result}`, false);
      port.enter('failed', `${step}: ${reply.result}`);
      return;
    }
    const { epoch } = port;
    this.#retry = port.after(reply.result === 'timeout' ? 0 : port.eDTovNs, () => {
      if (port.epoch === epoch) again();
    });
  }
}
