/** An I_T nexus carried by iSCSI: one login of a session. */
import type { InitiatorPort, TargetPort } from '../../history/port-name.ts';
import type {
  InitiatorNexus,
  OpenCommand,
  ScsiCommand,
  TaskManagementRequest,
  TaskManagementResponse,
} from '../../scsi/transport.ts';

/** What carries out what a nexus is asked for. */
export interface SessionNexusOwner {
  /** The login that a nexus is of is the session's, and commands can be sent in it. */
  isCurrent(nexus: SessionNexus): boolean;
  execute(request: ScsiCommand): OpenCommand | undefined;
  manage(request: TaskManagementRequest, done: (response: TaskManagementResponse) => void): void;
  contradiction(what: string): void;
}

/** One login, from its last response to the end of its connection. */
export class SessionNexus implements InitiatorNexus {
  readonly initiatorPort: InitiatorPort;
  readonly targetPort: TargetPort;
  /** TSIH, and the tag of the portal group. */
  readonly address: number;
  readonly targetAddress: number;
  readonly #owner: SessionNexusOwner;

  constructor(
    owner: SessionNexusOwner,
    names: Pick<InitiatorNexus, 'initiatorPort' | 'targetPort' | 'address' | 'targetAddress'>,
  ) {
    this.#owner = owner;
    this.initiatorPort = names.initiatorPort;
    this.targetPort = names.targetPort;
    this.address = names.address;
    this.targetAddress = names.targetAddress;
  }

  get ready(): boolean {
    return this.#owner.isCurrent(this);
  }

  execute(request: ScsiCommand): OpenCommand | undefined {
    if (this.ready) return this.#owner.execute(request);
    request.onDone({ end: 'not-sent' });
    return undefined;
  }

  manage(request: TaskManagementRequest, done: (response: TaskManagementResponse) => void): void {
    if (this.ready) this.#owner.manage(request, done);
    else done('failed');
  }

  contradiction(what: string): void {
    this.#owner.contradiction(what);
  }
}
