/**
 * A backup agent as a machine: ports of its own in the fabric, a script, and what it asks of others.
 *
 * Ownership: it owns an ENode per port, the storage behind them, and its backups. It asks the guest's host and
 * the array over a network that is none of its ports; whoever carries that answers by `handleAnswer`.
 */
import type { Wwn } from '../codecs/layout/index.ts';
import type { BackupStepped } from '../history/backup.ts';
import type { DcbAgreement, DcbxAgreed } from '../history/dcb.ts';
import type { PortChanged, ProtocolContradicted } from '../history/fabric.ts';
import type { Instant, Machine, Output } from '../machine/machine.ts';
import { SECOND } from '../machine/machine.ts';
import { MachineCore } from '../machine/machine-core.ts';
import type { Timer } from '../machine/timers.ts';
import type { AdapterOwner, NPortAdapter } from '../port/n-port/n-port-adapter.ts';
import type { ArrayAnswer, ArrayCommand } from '../scsi/management.ts';
import { BackupDisks, type DisksOwner } from './backup-disks.ts';
import { type BackupPlan, BackupScript, type Given, type Need } from './backup-script.ts';
import type { HostAnswer, HostCommand } from './control.ts';
import { PATH_DEFAULTS, type PathOptions } from './path-options.ts';
import { type HostPortOptions, physicalPorts } from './physical-port.ts';
import { Storage, type StorageOwner } from './storage.ts';

/** Backups that wait for the one under way. */
const JOBS_MAX = 16;
/** Who has not answered so long after the guest's own bound is silent. */
const SILENCE_NS = 10 * SECOND;

/** What a backup agent is made of. */
export interface BackupAgentOptions {
  readonly name: string;
  readonly nodeName: Wwn;
  readonly ports: readonly HostPortOptions[];
  readonly commandTimeoutNs: Instant;
  readonly plan: BackupPlan;
}

/** A question of an agent; its answer comes with the same number. */
export type BackupAsk =
  | {
      readonly type: 'backup-ask';
      readonly id: number;
      readonly to: 'guest';
      readonly vm: string;
      readonly command: HostCommand;
    }
  | {
      readonly type: 'backup-ask';
      readonly id: number;
      readonly to: 'array';
      readonly command: ArrayCommand;
    };

/** What an agent tells, and asks. */
export type BackupAgentEvent =
  | BackupStepped
  | PortChanged
  | ProtocolContradicted
  | DcbxAgreed
  | BackupAsk;

/** Makes backups when it is told to. */
export class BackupAgent
  implements Machine<BackupAgentEvent>, AdapterOwner, StorageOwner, DisksOwner
{
  readonly options: BackupAgentOptions;
  readonly paths: PathOptions = PATH_DEFAULTS;
  readonly script: BackupScript;
  readonly adapters: readonly NPortAdapter[];
  readonly storage: Storage;
  readonly #core = new MachineCore<BackupAgentEvent>();
  readonly #disks = new BackupDisks(this);
  #steps: ReturnType<BackupScript['run']> | undefined;
  /** Backups that were ordered and have not begun. */
  #jobs = 0;
  #nextId = 1;
  /** The answer that is waited for. */
  #asked: { readonly id: number; readonly silence: Timer } | undefined;

  constructor(options: BackupAgentOptions) {
    this.options = options;
    this.script = new BackupScript(options.plan);
    this.adapters = physicalPorts(
      options,
      this,
      (port, state, reason) => this.#core.emit({ type: 'port', port, state, reason }),
      true,
    );
    const identities = options.ports.map(({ wwpn }, port) => ({
      port,
      wwpn,
      wwnn: options.nodeName,
      physical: true,
    }));
    this.storage = new Storage(this.adapters, identities, options.name, this);
    this.storage.join();
  }

  /** A backup is to be made: at once, or when those before it are done. One too many is forgotten. */
  start(now: Instant): void {
    this.#core.now = now;
    if (this.#jobs < JOBS_MAX) this.#jobs++;
    this.#next();
  }

  /** Nothing is under way or waits. */
  get idle(): boolean {
    return this.#steps === undefined && this.#jobs === 0;
  }

  /** An answer to the question with this number; late and foreign ones are ignored. */
  handleAnswer(id: number, answer: HostAnswer | ArrayAnswer, now: Instant): void {
    this.#core.now = now;
    this.#answered(id, answer);
  }

  #next(): void {
    if (this.#steps !== undefined || this.#jobs === 0) return;
    this.#jobs--;
    this.#steps = this.script.run();
    this.#go(undefined);
  }

  /** Goes on until something has to be waited for. */
  #go(given: Given): void {
    let value = given;
    for (;;) {
      const next = this.#steps!.next(value);
      if (next.done === true) {
        this.#steps = undefined;
        this.#next();
        return;
      }
      if (this.#begin(next.value)) return;
      value = undefined;
    }
  }

  /** False where there is nothing to wait for. */
  #begin(need: Need): boolean {
    switch (need.need) {
      case 'tell':
        this.#core.emit(need.event);
        return false;
      case 'wait':
        this.after(need.delayNs, () => this.#go(undefined));
        return true;
      case 'read':
        this.#disks.read(need.luName, need.lba, need.blocks, (data) => this.#go(data));
        return true;
      case 'write':
        this.#disks.write(need.luName, need.lba, need.data, (data) => this.#go(data));
        return true;
      case 'ask-guest': {
        const { vm } = this.options.plan;
        const id = this.#ask();
        this.#core.emit({ type: 'backup-ask', id, to: 'guest', vm, command: need.command });
        return true;
      }
      case 'ask-array': {
        const id = this.#ask();
        this.#core.emit({ type: 'backup-ask', id, to: 'array', command: need.command });
        return true;
      }
    }
  }

  #ask(): number {
    const id = this.#nextId++;
    const { writersNs } = this.options.plan.bounds;
    const silence = this.after(writersNs + SILENCE_NS, () => this.#answered(id, undefined));
    this.#asked = { id, silence };
    return id;
  }

  #answered(id: number, answer: HostAnswer | ArrayAnswer | undefined): void {
    if (this.#asked?.id !== id) return;
    this.#asked.silence.cancel();
    this.#asked = undefined;
    this.#go(answer);
  }

  // The machine contract.

  handleFrame(port: number, frame: Uint8Array, _given: boolean, now: Instant): void {
    this.#core.now = now;
    this.adapters[port]?.handleFrame(frame);
  }

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  handleLink(port: number, up: boolean, now: Instant): void {
    this.#core.now = now;
    const adapter = this.adapters[port];
    if (up) adapter?.linkUp();
    else adapter?.linkDown();
  }

  poll(): Output<BackupAgentEvent> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }

  /** How much it keeps, by kind: what a peer could make grow shows here. */
  kept(): Readonly<Record<string, number>> {
    const adapters = this.adapters.map((adapter) => adapter.kept());
    const sum = (count: (one: (typeof adapters)[number]) => number) =>
      adapters.reduce((total, one) => total + count(one), 0);
    return {
      timers: this.#core.timers.pending,
      'remote ports': sum((one) => one.remotePorts),
      exchanges: sum((one) => one.exchanges),
      'fabric logins under way': sum((one) => one.logins),
      'backups of a chain': this.script.chain.length,
    };
  }

  // What ENodes, storage and disks ask for.

  get now(): Instant {
    return this.#core.now;
  }

  get commandTimeoutNs(): Instant {
    return this.options.commandTimeoutNs;
  }

  send(port: number, frame: Uint8Array): void {
    this.#core.send(port, frame, true);
  }

  after(delayNs: number, run: () => void): Timer {
    return this.#core.after(delayNs, run);
  }

  contradiction(port: number, what: string): void {
    this.#core.emit({ type: 'protocol', port, what });
  }

  dcbAgreed(port: number, agreement: DcbAgreement): void {
    this.#core.emit({ type: 'dcbx', port, ...agreement });
  }

  /** Its paths are its own matter: no guest's. */
  emit(): void {}

  storageChanged(): void {}
}
