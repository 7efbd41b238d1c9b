/** I10: ORDERED and HEAD OF QUEUE are kept, and what was to be stable survives a loss of power. */
import { formatFcId, nameOf } from '../../codecs/layout/index.ts';
import { Opcode, TaskAttribute } from '../../codecs/scsi/index.ts';
import type { BlocksApplied, HistoryEntry, MediumRead } from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { IdMap } from '../ledger/id-map.ts';
import { describeValue, stampValue } from '../ledger/io-ledger.ts';
import { Numbers } from '../ledger/numbers.ts';
import type { Rule } from '../rule.ts';
import type { SeenExchange } from '../seen/exchange.ts';
import type { FcFrame, FrameRole, SeenFrame } from '../seen/frame.ts';

/** Commands of one nexus and logical unit that are watched at once. */
const OPEN_MAX = 4096;
/** Nexuses and logical units that are watched; the one that was the first to be seen is forgotten first. */
const QUEUES_MAX = 100_000;

/** Commands that any task set runs at once, whatever is before them (SPC-5). */
const UNORDERED: ReadonlySet<number> = new Set([
  Opcode.INQUIRY,
  Opcode['REQUEST SENSE'],
  Opcode['REPORT LUNS'],
]);

interface Queue {
  /** Commands under way, in the order in which the target got them. */
  open: SeenExchange[];
}

/** I10. Needs the order in which the array applied tasks, and losses of power. */
export class OrderIsKept implements Rule {
  readonly invariant = 'I10';
  readonly sentence =
    'Commands run in the order that their attributes ask for, and what a cut point covers stays written';
  readonly needs: readonly Evidence[] = ['frame'];
  readonly hears: readonly Evidence[] = [
    'frame',
    'apply',
    'flushed',
    'cache-lost',
    'medium',
    'nexus',
    'disturbance',
  ];
  readonly roles: readonly FrameRole[] = ['command', 'data-in', 'response', 'abts', 'ba'];
  readonly #context: Pick<RuleContext, 'places' | 'readings'>;
  readonly #findings = new Findings();
  readonly #links = new Numbers();
  readonly #units = new Numbers<bigint>();
  /** By link, initiator, target and logical unit. */
  readonly #queues = new IdMap<Queue>(QUEUES_MAX);
  /** Last value of each block that survives a loss of power, and what came behind it. */
  readonly #stable = new Map<string, Map<number, StableBlock>>();
  readonly #lost = new Set<string>();
  #ordered = 0;
  #cutPoints = 0;

  constructor(context: Pick<RuleContext, 'places' | 'readings'>) {
    this.#context = context;
  }

  see(frame: SeenFrame): void {
    if (frame.protocol === 'fc') this.#frame(frame);
  }

  observe({ event }: HistoryEntry): void {
    switch (event.type) {
      case 'apply':
        this.#apply(event);
        return;
      case 'flushed':
        this.#cutPoints++;
        this.#flush(event.luName);
        return;
      case 'cache-lost':
        this.#lose(event.luName);
        return;
      case 'medium':
        this.#readMedium(event);
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
    if (role === 'command') {
      if (direction === 'in' || exchange.frame !== fc.number) return;
      this.#arrive(exchange);
      return;
    }
    if (this.#queues.size === 0) return;
    const queue = this.#queueOf(exchange);
    if (queue === undefined) return;
    if (role === 'abts' || exchange.disturbed || fc.disturbed !== undefined) {
      queue.open = queue.open.filter((one) => one !== exchange);
      return;
    }
    if (direction === 'out') return;
    // XFER_RDY shows a command that may run, data and response one that has run.
    if (role === 'response' || role === 'data-in') this.#run(queue, exchange, fc.number);
    if (role === 'response' || role === 'ba') {
      queue.open = queue.open.filter((one) => one !== exchange);
    }
  }

  #queueOf({ link, originator, responder, lun }: SeenExchange): Queue | undefined {
    return this.#queues.get(this.#links.of(link), originator, responder, this.#units.of(lun));
  }

  #arrive(exchange: SeenExchange): void {
    const { link, originator, responder, lun } = exchange;
    const [linkNumber, unit] = [this.#links.of(link), this.#units.of(lun)];
    if (exchange.taskManagement !== 0) {
      this.#queues.delete(linkNumber, originator, responder, unit);
      return;
    }
    if (UNORDERED.has(exchange.cdb[0]!)) return;
    let queue = this.#queues.get(linkNumber, originator, responder, unit);
    if (queue === undefined) {
      queue = { open: [] };
      this.#queues.set(linkNumber, originator, responder, unit, queue);
    }
    if (exchange.attribute === TaskAttribute.ORDERED) this.#ordered++;
    if (exchange.attribute === TaskAttribute.HEAD_OF_QUEUE) {
      this.#ordered++;
      queue.open.unshift(exchange);
    } else queue.open.push(exchange);
    if (queue.open.length > OPEN_MAX) queue.open.shift();
  }

  /** A command shows that it runs: nothing may be under way that it had to wait for. */
  #run(queue: Queue, exchange: SeenExchange, frame: number): void {
    const at = queue.open.indexOf(exchange);
    if (at < 0 || exchange.attribute === TaskAttribute.HEAD_OF_QUEUE) return;
    const isOrdered = exchange.attribute === TaskAttribute.ORDERED;
    const before = queue.open
      .slice(0, at)
      .find((one) => !one.disturbed && (isOrdered || one.attribute === TaskAttribute.ORDERED));
    if (before === undefined || before.attribute === TaskAttribute.HEAD_OF_QUEUE) return;
    const attribute = (one: SeenExchange) => nameOf(TaskAttribute, one.attribute) ?? 'unknown';
    this.#findings.add(
      `${formatFcId(exchange.responder)} ran an ${attribute(exchange)} command of ${formatFcId(exchange.originator)} before an ${attribute(before)} one that had come earlier`,
      [before.frame, exchange.frame, frame],
    );
    queue.open = queue.open.filter((one) => one !== exchange);
  }

  #apply(one: BlocksApplied): void {
    let blocks = this.#stable.get(one.luName);
    if (blocks === undefined) {
      blocks = new Map();
      this.#stable.set(one.luName, blocks);
    }
    for (const [i, reading] of this.#context.readings.of(one).entries()) {
      if (reading.found !== 'stamp') continue;
      const value = stampValue(reading);
      const known = blocks.get(one.lba + i);
      if (one.durable || known === undefined) {
        const stable = one.durable ? value : undefined;
        const later = new Set(one.durable ? [] : [value]);
        blocks.set(one.lba + i, { stable, later, doubtful: NO_VALUES });
      } else known.later.add(value);
    }
  }

  #flush(luName: string): void {
    for (const block of this.#stable.get(luName)?.values() ?? []) {
      if (block.later.size > 0) block.doubtful = NO_VALUES;
      for (const value of block.later) block.stable = value;
      block.later.clear();
    }
  }

  /** What was not stable may be gone: no flush makes it stable any more. */
  #lose(luName: string): void {
    this.#lost.add(luName);
    for (const block of this.#stable.get(luName)?.values() ?? []) {
      block.doubtful = new Set([...block.doubtful, ...block.later]);
      block.later.clear();
    }
  }

  /** After a loss of power a block holds what was stable, or something that came later. */
  #readMedium(event: MediumRead): void {
    const { luName, lba } = event;
    if (!this.#lost.has(luName)) return;
    const blocks = this.#stable.get(luName);
    for (const [i, reading] of this.#context.readings.of(event).entries()) {
      const block = blocks?.get(lba + i);
      if (block?.stable === undefined || reading.found === 'wrong') continue;
      const value = reading.found === 'stamp' ? stampValue(reading) : 0;
      if (value === block.stable || block.later.has(value) || block.doubtful.has(value)) continue;
      this.#findings.add(
        `LBA ${lba + i} of ${this.#context.places.unit(luName)} holds ${describeValue(value)} after a loss of power, ${describeValue(block.stable)} was stable`,
      );
    }
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
  /** What came later and was not stable when power was lost. */
  doubtful: ReadonlySet<number>;
}

const NO_VALUES: ReadonlySet<number> = new Set();
