/** Our iSCSI initiator on sockets, for tests against targets that nobody here wrote. */
import { StreamHost } from '../../../src/live/stream-host.ts';
import { SECOND } from '../../../src/machine/machine.ts';
import { streams } from '../../../src/machine/random.ts';
import { IscsiInitiator, type IscsiInitiatorEvent } from '../../../src/port/iscsi/initiator.ts';
import type { Discovery } from '../../../src/port/iscsi/initiator-discovery.ts';
import type { IscsiInitiatorOptions } from '../../../src/port/iscsi/initiator-options.ts';
import type { InitiatorSession } from '../../../src/port/iscsi/initiator-session.ts';
import { countedIsids } from '../../../src/port/iscsi/isid.ts';
import { scanLuns } from '../../../src/scsi/initiator/lun-scan.ts';
import type {
  Answered,
  CommandOutcome,
  InitiatorNexus,
  ScsiCommand,
} from '../../../src/scsi/transport.ts';
import { nodeHash } from '../../helpers/iscsi-rig.ts';
import { until } from '../../live/support/wait.ts';

const LIMIT_MS = 30_000;
const INITIATOR = 'iqn.2026-01.com.example:initiator';

/** The target, and the unit that is read and written there. */
export interface RigTarget {
  readonly name: string;
  readonly port: number;
  readonly lun: bigint;
  readonly diskBytes: number;
}

/** Initiators of a test: all of them end with it. */
export class InitiatorRig {
  readonly #target: () => RigTarget;
  readonly #hosts: StreamHost<IscsiInitiatorEvent>[] = [];

  constructor(target: () => RigTarget) {
    this.#target = target;
  }

  /** Ends every initiator that was started. */
  async close(): Promise<void> {
    await Promise.all(this.#hosts.splice(0).map((host) => host.close()));
  }

  /** An initiator on sockets, and what it was told. */
  started(options: Partial<IscsiInitiatorOptions> = {}): StartedInitiator {
    const one = new StartedInitiator(this.#target(), options);
    this.#hosts.push(one.host);
    return one;
  }
}

/** One initiator, with one session at most. */
export class StartedInitiator {
  readonly machine: IscsiInitiator;
  readonly host: StreamHost<IscsiInitiatorEvent>;
  /** What came against the standard. */
  readonly complaints: string[] = [];
  /** What became of the session. */
  readonly told: string[] = [];
  readonly #target: RigTarget;
  #nexus: InitiatorNexus | undefined;

  constructor(target: RigTarget, options: Partial<IscsiInitiatorOptions>) {
    this.#target = target;
    this.machine = new IscsiInitiator({
      name: INITIATOR,
      isids: countedIsids,
      hash: nodeHash,
      challenge: (bytes) => Uint8Array.from({ length: bytes }, (_, i) => i + 1),
      ...options,
    });
    this.host = new StreamHost<IscsiInitiatorEvent>({
      clock: () => this.clock(),
      onEvent: ({ what }) => this.complaints.push(what),
      onDefect: (error) => this.complaints.push(String(error)),
    });
    this.host.run(this.machine);
  }

  clock(): number {
    return Math.round(performance.now() * 1e6);
  }

  /** Asks something of the machine now, and lets what it says go out. */
  drive<T>(work: () => T): T {
    this.machine.setTime(this.clock());
    const value = work();
    this.host.drain();
    return value;
  }

  get nexus(): InitiatorNexus {
    if (this.#nexus === undefined) throw new Error('no session');
    return this.#nexus;
  }

  /** Logs in, or hears why not. */
  async login(name = this.#target.name): Promise<InitiatorSession> {
    const { told } = this;
    const at = { name, address: '127.0.0.1', port: this.#target.port };
    const session = this.drive(() =>
      this.machine.login(
        at,
        {
          sessionBegan: (_, begun) => {
            this.#nexus = begun;
            told.push('began');
          },
          sessionLost: (_, __, why) => told.push(`lost: ${why}`),
          sessionEnded: (_, why) => told.push(`ended: ${why}`),
        },
        this.clock(),
      ),
    );
    await until(() => told.length > 0, LIMIT_MS, 'a login');
    return session;
  }

  /** What the target says it has. */
  async discover(): Promise<Discovery> {
    const found: Discovery[] = [];
    const at = { address: '127.0.0.1', port: this.#target.port };
    this.drive(() => this.machine.discover(at, this.clock(), (result) => found.push(result)));
    await until(() => found.length > 0, LIMIT_MS, 'targets');
    return found[0]!;
  }

  /** Runs a command; unit attentions that the target owes are taken before it. Errors: `Error` when it has no answer. */
  async run(command: Partial<ScsiCommand> & Pick<ScsiCommand, 'cdb'>): Promise<Answered> {
    const { lun } = this.#target;
    for (;;) {
      const outcome = await new Promise<CommandOutcome>((resolve) =>
        this.drive(() =>
          this.nexus.execute({ lun, timeoutNs: 30 * SECOND, onDone: resolve, ...command }),
        ),
      );
      if (outcome.end !== 'answered') throw new Error(`a command ends as ${outcome.end}`);
      if (outcome.status !== 2 || outcome.sense[2] !== 6) return outcome;
    }
  }

  /** A reset of the unit. */
  resetUnit(): Promise<string> {
    const { lun } = this.#target;
    const asked = { function: 'logical-unit-reset', lun, timeoutNs: 10 * SECOND } as const;
    return new Promise((resolve) => this.drive(() => this.nexus.manage(asked, resolve)));
  }

  /** Logs out; whether the target has confirmed it. */
  logout(session: InitiatorSession): Promise<boolean> {
    return new Promise((resolve) => this.drive(() => session.logout(resolve)));
  }

  /** LUN numbers and sizes in blocks, as any target is scanned. */
  scan(): Promise<readonly { readonly lunNumber?: number; readonly blocks?: number }[]> {
    return new Promise((resolve, reject) =>
      this.drive(() =>
        scanLuns(this.nexus, (result) =>
          result.ok
            ? resolve(
                result.luns.map(({ lunNumber, blocks }) => ({
                  ...(lunNumber === undefined ? {} : { lunNumber }),
                  ...(blocks === undefined ? {} : { blocks }),
                })),
              )
            : reject(new Error(JSON.stringify(result))),
        ),
      ),
    );
  }

  /** Writes of many lengths with bytes of their own, read back and compared. */
  async verified(seed: number): Promise<{ written: number; wrong: number }> {
    const random = streams(seed).stream('blocks');
    let written = 0;
    let wrong = 0;
    for (const blocks of [1, 8, 16, 17, 128, 500, 512, 1024, 2048]) {
      const lba = random.below(this.#target.diskBytes / 512 - blocks);
      const dataOut = Uint8Array.from({ length: 512 * blocks }, () => random.below(256));
      const { status } = await this.run({ cdb: cdb10(0x2a, lba, blocks), dataOut });
      const read = await this.run({ cdb: cdb10(0x28, lba, blocks), dataInBytes: dataOut.length });
      if (status !== 0 || Buffer.compare(read.data, dataOut) !== 0) wrong++;
      written += dataOut.length;
    }
    return { written, wrong };
  }
}

/** A CDB of 10 bytes: READ(10) is 28h, WRITE(10) 2Ah. */
export const cdb10 = (code: number, lba: number, blocks: number): Uint8Array =>
  Uint8Array.of(code, 0, 0, 0, lba >> 8, lba & 0xff, 0, blocks >> 8, blocks & 0xff, 0);

/** Proposals with which a target is tried: each must come to a session that reads what it wrote. */
export const PROPOSALS: readonly (readonly [string, Partial<IscsiInitiatorOptions>])[] = [
  ['as open-iscsi proposes', {}],
  ['from the security stage', { stage: 'security' }],
  ['with digests', { offers: { HeaderDigest: 'CRC32C', DataDigest: 'CRC32C' } }],
  ['with data that are asked for only', { offers: { InitialR2T: 'Yes', ImmediateData: 'No' } }],
  ['in short bursts', { offers: { MaxBurstLength: '8192', FirstBurstLength: '4096' } }],
];
