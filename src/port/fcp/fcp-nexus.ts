/** An I_T nexus carried by FCP: a login of our N_Port with a target port. */
import type { FcId } from '../../codecs/layout/index.ts';
import {
  fcInitiatorPort,
  fcTargetPort,
  type InitiatorPort,
  type TargetPort,
} from '../../history/port-name.ts';
import type {
  InitiatorNexus,
  OpenCommand,
  ScsiCommand,
  TaskManagementRequest,
  TaskManagementResponse,
} from '../../scsi/transport.ts';
import type { Lport } from '../n-port/lport.ts';
import type { Rport } from '../n-port/rport.ts';

/** What carries out what a nexus is asked for. */
export interface FcpNexusOwner {
  execute(nexus: FcpNexus, request: ScsiCommand): OpenCommand | undefined;
  manage(
    nexus: FcpNexus,
    request: TaskManagementRequest,
    done: (response: TaskManagementResponse) => void,
  ): void;
}

/** One login with a remote port, from PRLI to its end. */
export class FcpNexus implements InitiatorNexus {
  // What every command needs stands together: with many nexuses it is not in the cache.
  readonly rport: Rport;
  /** The login of the remote port that it is. */
  readonly #login: number;
  readonly #owner: FcpNexusOwner;
  readonly #lport: Lport;
  readonly initiatorPort: InitiatorPort;
  readonly targetPort: TargetPort;

  constructor(owner: FcpNexusOwner, lport: Lport, rport: Rport) {
    this.#owner = owner;
    this.#lport = lport;
    this.rport = rport;
    this.#login = rport.logins;
    this.initiatorPort = fcInitiatorPort(lport.options.portName);
    this.targetPort = fcTargetPort(rport.portName);
  }

  /** False also while ADISC asks whether the remote port is still the same. */
  get ready(): boolean {
    return this.rport.state === 'ready' && this.rport.logins === this.#login;
  }

  get address(): FcId {
    return this.#lport.nPortId;
  }

  get targetAddress(): FcId {
    return this.rport.portId;
  }

  execute(request: ScsiCommand): OpenCommand | undefined {
    return this.#owner.execute(this, request);
  }

  manage(request: TaskManagementRequest, done: (response: TaskManagementResponse) => void): void {
    this.#owner.manage(this, request, done);
  }

  contradiction(what: string): void {
    this.#lport.contradiction(what);
  }
}
