/**
 * A nexus of a machine inside another one: what is asked of it happens at that one's time, and what the machine then has
 * to say goes out at once.
 */
import type { InitiatorPort, TargetPort } from '../../history/port-name.ts';
import type {
  InitiatorNexus,
  OpenCommand,
  ScsiCommand,
  TaskManagementRequest,
  TaskManagementResponse,
} from '../../scsi/transport.ts';

/** Around everything that is asked of a machine. */
export type Drive = <T>(work: () => T) => T;

/** The nexus, driven. */
export class DrivenNexus implements InitiatorNexus {
  readonly initiatorPort: InitiatorPort;
  readonly targetPort: TargetPort;
  readonly address: number;
  readonly targetAddress: number;
  readonly #nexus: InitiatorNexus;
  readonly #drive: Drive;

  constructor(nexus: InitiatorNexus, drive: Drive) {
    this.#nexus = nexus;
    this.#drive = drive;
    this.initiatorPort = nexus.initiatorPort;
    this.targetPort = nexus.targetPort;
    this.address = nexus.address;
    this.targetAddress = nexus.targetAddress;
  }

  get ready(): boolean {
    return this.#nexus.ready;
  }

  execute(command: ScsiCommand): OpenCommand | undefined {
    const drive = this.#drive;
    const open = drive(() => this.#nexus.execute(command));
    if (open === undefined) return undefined;
    return {
      tag: open.tag,
      abort: () => drive(() => open.abort()),
      forget: () => drive(() => open.forget()),
    };
  }

  manage(request: TaskManagementRequest, done: (response: TaskManagementResponse) => void): void {
    this.#drive(() => this.#nexus.manage(request, done));
  }

  contradiction(what: string): void {
    this.#drive(() => this.#nexus.contradiction(what));
  }
}
