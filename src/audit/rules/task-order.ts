/** I10: ORDERED and HEAD OF QUEUE are kept, and what was to be stable survives a loss of power. */
import { TaskAttribute } from '../../codecs/fcp/index.ts';
import { formatFcId, nameOf } from '../../codecs/layout/index.ts';
import { Opcode } from '../../codecs/scsi/index.ts';
import { Findings } from '../findings.ts';
import { describeValue, stampValue } from '../ledger/io-ledger.ts';
import type {
  Applied,
  CacheLost,
  FinalBlock,
  Observation,
  ObservationKind,
} from '../observation.ts';
import type { InvariantObserver } from '../observer.ts';
import type { FcFrame, FrameRole } from '../seen/fc-frame.ts';
import type { WireExchange } from '../seen/fcp-exchanges.ts';

/** Commands of one nexus and logical unit that are watched at once. */
const OPEN_MAX = 4096;

/** Commands that any task set runs at once, whatever is before them (SPC-5). */
const UNORDERED: ReadonlySet<number> = new Set([
  Opcode.INQUIRY,
  Opcode['REQUEST SENSE'],
  Opcode['REPORT LUNS'],
]);

interface Queue {
  /** Commands under way, in the order in which the target got them. */
  open: WireExchange[];
}

export class OrderIsKept implements InvariantObserver {
  readonly invariant = 'I10';
  readonly sentence =
    'Commands run in the order that their attributes ask for, and what a cut point covers stays written';
  readonly needs: readonly ObservationKind[] = ['frame'];
  readonly hears: readonly ObservationKind[] = [
    'frame',
    'apply',
    'flushed',
    'cache-lost',
    'final',
    'nexus',
    'disturbance',
  ];
  readonly roles: readonly FrameRole[] = ['command', 'data-in', 'response', 'abts', 'ba'];
  readonly #findings = new Findings();
  readonly #queues = new Map<string, Queue>();
  /** Last value of each block that survives a loss of power, and what came behind it. */
  readonly #stable = new Map<string, Map<number, StableBlock>>();
  readonly #lost = new Set<string>();
  #ordered = 0;
  #cutPoints = 0;

  observe(one: Observation, fc: FcFrame | undefined): void {
    switch (one.kind) {
      case 'frame':
        if (fc !== undefined) this.#frame(fc);
        return;
      case 'apply':
        this.#apply(one);
        return;
      case 'flushed':
        this.#cutPoints++;
        this.#flush(one.lu);
        return;
      case 'cache-lost':
        this.#loseCache(one);
        return;
      case 'final':
        this.#readMedium(one);
        return;
      default:
        // Logins and machines that went took their tasks along.
        this.#queues.clear();
    }
  }

  /** Only the target's side of the wire tells what came first. */
  #frame(fc: FcFrame): void {
    const { exchange, role, direction } = fc;
    if (exchange === undefined) return;
    const key = `${exchange.tap} ${exchange.originator} ${exchange.responder} ${exchange.lun}`;
    if (role === 'command') {
      if (direction === 'to-fcf' || exchange.frame !== fc.seen.frame) return;
      this.#arrive(key, exchange);
      return;
    }
    const queue = this.#queues.get(key);
    if (queue === undefined) return;
    if (role === 'abts' || exchange.disturbed || fc.disturbed !== undefined) {
      queue.open = queue.open.filter((one) => one !== exchange);
      return;
    }
    if (direction === 'from-fcf') return;
    // XFER_RDY shows a command that may run, data and response one that has run.
    if (role === 'response' || role === 'data-in') this.#run(queue, exchange, fc.seen.frame);
    if (role === 'response' || role === 'ba') {
      queue.open = queue.open.filter((one) => one !== exchange);
    }
  }

  #arrive(key: string, exchange: WireExchange): void {
    if (exchange.taskManagement !== 0) {
      this.#queues.delete(key);
      return;
    }
    if (UNORDERED.has(exchange.cdb[0]!)) return;
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = { open: [] };
      this.#queues.set(key, queue);
    }
    if (exchange.attribute === TaskAttribute.ORDERED) this.#ordered++;
    if (exchange.attribute === TaskAttribute.HEAD_OF_QUEUE) {
      this.#ordered++;
      queue.open.unshift(exchange);
    } else queue.open.push(exchange);
    if (queue.open.length > OPEN_MAX) queue.open.shift();
  }

  /** A command shows that it runs: nothing may be under way that it had to wait for. */
  #run(queue: Queue, exchange: WireExchange, frame: number): void {
    const at = queue.open.indexOf(exchange);
    if (at < 0 || exchange.attribute === TaskAttribute.HEAD_OF_QUEUE) return;
    const isOrdered = exchange.attribute === TaskAttribute.ORDERED;
    const before = queue.open
      .slice(0, at)
      .find((one) => !one.disturbed && (isOrdered || one.attribute === TaskAttribute.ORDERED));
    if (before === undefined || before.attribute === TaskAttribute.HEAD_OF_QUEUE) return;
    const attribute = (one: WireExchange) => nameOf(TaskAttribute, one.attribute) ?? 'unknown';
    this.#findings.add(
      `${formatFcId(exchange.responder)} ran an ${attribute(exchange)} command of ${formatFcId(exchange.originator)} before an ${attribute(before)} one that had come earlier`,
      [before.frame, exchange.frame, frame],
    );
    queue.open = queue.open.filter((one) => one !== exchange);
  }

  #apply(one: Applied): void {
    if (one.durable === undefined) return;
    let blocks = this.#stable.get(one.lu);
    if (blocks === undefined) {
      blocks = new Map();
      this.#stable.set(one.lu, blocks);
    }
    for (const [i, reading] of one.readings.entries()) {
      if (reading.found !== 'stamp') continue;
      const value = stampValue(reading);
      const known = blocks.get(one.lba + i);
      if (one.durable || known === undefined) {
        blocks.set(one.lba + i, { stable: one.durable ? value : undefined, later: new Set() });
        if (!one.durable) blocks.get(one.lba + i)!.later.add(value);
      } else known.later.add(value);
    }
  }

  #flush(lu: string): void {
    for (const block of this.#stable.get(lu)?.values() ?? []) {
      for (const value of block.later) block.stable = value;
      block.later.clear();
    }
  }

  #loseCache({ lu }: CacheLost): void {
    this.#lost.add(lu);
  }

  /** After a loss of power a block holds what was stable, or something that came later. */
  #readMedium({ lu, lba, reading }: FinalBlock): void {
    if (!this.#lost.has(lu)) return;
    const block = this.#stable.get(lu)?.get(lba);
    if (block?.stable === undefined || reading.found === 'wrong') return;
    const value = reading.found === 'stamp' ? stampValue(reading) : 0;
    if (value === block.stable || block.later.has(value)) return;
    this.#findings.add(
      `LBA ${lba} of ${lu.slice(-8)} holds ${describeValue(value)} after a loss of power, ${describeValue(block.stable)} was stable`,
    );
  }

  conclude() {
    return this.#findings.concludeOf(
      this.#ordered + this.#cutPoints,
      `${this.#ordered} commands that asked for an order, ${this.#cutPoints} cut points`,
      'no command asked for an order or a cut point',
    );
  }
}

interface StableBlock {
  stable: number | undefined;
  readonly later: Set<number>;
}
