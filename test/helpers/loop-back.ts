/**
 * A carrier without a wire: commands reach a target device by a call, some virtual time later.
 *
 * It has no word of any protocol. Tags are larger than 16 bits, names are whatever the test gives.
 */
import type { InitiatorPort, TargetPort } from '../../src/history/port-name.ts';
import type { Timer } from '../../src/machine/timers.ts';
import type {
  CommandOutcome,
  InitiatorNexus,
  OpenCommand,
  Reply,
  ScsiCommand,
  TargetDevice,
  TargetNexus,
  TargetTask,
  TaskManagementRequest,
  TaskManagementResponse,
  TaskSink,
} from '../../src/scsi/transport.ts';

const LATENCY_NS = 1000;
const TAG_FIRST = 0x1_0000_0000 - 4;
const TAGS = 0x1_0000_0000;
const NO_BYTES = new Uint8Array(0);
/** Functions that end tasks of the nexus that asks. */
const ENDS_TASKS = /abort-task-set|clear-task-set|reset/;

/** Virtual time: what is due runs in order. */
export class Clock {
  now = 0;
  #due: { at: number; run: () => void }[] = [];

  readonly after = (delayNs: number, run: () => void): Timer => {
    const one = { at: this.now + delayNs, run };
    this.#due.push(one);
    return {
      at: one.at,
      cancel: () => {
        this.#due = this.#due.filter((other) => other !== one);
      },
    };
  };

  /** Runs everything that is due within so much time. */
  run(forNs: number): void {
    const end = this.now + forNs;
    for (;;) {
      const next = Math.min(...this.#due.map(({ at }) => at));
      if (next > end) break;
      const index = this.#due.findIndex(({ at }) => at === next);
      const [one] = this.#due.splice(index, 1);
      this.now = next;
      one!.run();
    }
    this.now = end;
  }
}

/** A command between its two ends. */
class LoopBackCommand implements OpenCommand, TaskSink {
  readonly tag: number;
  readonly request: ScsiCommand;
  readonly #nexus: LoopBackNexus;
  done = false;

  constructor(nexus: LoopBackNexus, tag: number, request: ScsiCommand) {
    this.#nexus = nexus;
    this.tag = tag;
    this.request = request;
  }

  enabled(task: TargetTask): void {
    const { clock, target } = this.#nexus;
    clock.after(LATENCY_NS, () => {
      if (this.#nexus.holdsData || task.state !== 'enabled' || !target.live) return;
      this.answered(task, task.run(this.request.dataOut));
    });
  }

  answered(_task: TargetTask, { status, sense = NO_BYTES, dataIn = NO_BYTES }: Reply): void {
    const data = dataIn.slice(0, this.request.dataInBytes ?? 0);
    const residual = (this.request.dataInBytes ?? 0) - data.length;
    this.#nexus.clock.after(LATENCY_NS, () =>
      this.finish({ end: 'answered', status, sense, data, residual }),
    );
  }

  cleared(): void {}

  abort(): void {
    this.#nexus.clock.after(LATENCY_NS, () => {
      this.#nexus.target.abortTask(this.tag);
      this.finish({ end: 'aborted' });
    });
  }

  forget(): void {
    this.finish({ end: 'forgotten' });
  }

  finish(outcome: CommandOutcome): void {
    if (this.done) return;
    this.done = true;
    this.#nexus.open.delete(this);
    this.request.onDone(outcome);
  }
}

/** A login of an initiator port at a port of a target device. */
export class LoopBackNexus implements InitiatorNexus {
  readonly initiatorPort: InitiatorPort;
  readonly targetPort: TargetPort;
  readonly address = 1;
  readonly targetAddress = 2;
  readonly target: TargetNexus;
  readonly clock: Clock;
  readonly open = new Set<LoopBackCommand>();
  readonly contradictions: string[] = [];
  ready = true;
  /** Tasks that are enabled get no data while this is true. */
  holdsData = false;
  #tag = TAG_FIRST;

  constructor(clock: Clock, device: TargetDevice, initiatorPort: InitiatorPort, port = 0) {
    this.clock = clock;
    this.initiatorPort = initiatorPort;
    this.target = device.nexusBegan(initiatorPort, port, this.address)!;
    this.targetPort = this.target.targetPort;
  }

  execute(request: ScsiCommand): OpenCommand | undefined {
    if (!this.ready) {
      request.onDone({ end: 'not-sent' });
      return undefined;
    }
    const tag = this.#tag;
    this.#tag = (tag + 1) % TAGS;
    const command = new LoopBackCommand(this, tag, request);
    this.open.add(command);
    const { lun, cdb, attribute = 0, dataOut } = request;
    this.clock.after(LATENCY_NS, () => {
      if (command.done || !this.target.live) return;
      this.target.submit({ lun, tag, attribute, cdb, dataOutBytes: dataOut?.length ?? 0 }, command);
    });
    this.clock.after(request.timeoutNs, () => command.abort());
    return command;
  }

  manage(request: TaskManagementRequest, done: (response: TaskManagementResponse) => void): void {
    this.clock.after(LATENCY_NS, () => {
      const response = this.target.manage(request.function, request.lun, request.tag);
      if (ENDS_TASKS.test(request.function)) {
        for (const command of [...this.open]) {
          if (command.request.lun === request.lun) command.finish({ end: 'aborted' });
        }
      }
      done(response);
    });
  }

  contradiction(what: string): void {
    this.contradictions.push(what);
  }

  /** The login ends; `confirmed`: the target knows. */
  lose(confirmed = true): void {
    this.ready = false;
    if (confirmed) this.target.lost();
    for (const command of [...this.open]) command.finish({ end: 'nexus-lost', confirmed });
  }
}
