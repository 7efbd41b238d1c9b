/** I4: what must not be done twice is not repeated blindly. */
import { formatFcId, nameOf } from '../../codecs/layout/index.ts';
import { Opcode, ScsiStatus, SenseKey } from '../../codecs/scsi/index.ts';
import type { HistoryEntry, IoCompleted, IoSubmitted } from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { type SentIo, stampValue } from '../ledger/io-ledger.ts';
import { OpenIos } from '../ledger/open-ios.ts';
import { remember } from '../ledger/remember.ts';
import type { Rule } from '../rule.ts';
import type { SeenExchange } from '../seen/exchange.ts';
import type { FcFrame, FrameRole, SeenFrame } from '../seen/frame.ts';
import { runsOnce } from '../seen/once.ts';

/** Commands remembered; the oldest are forgotten first. */
const REMEMBERED_MAX = 10_000;

/** How a host tells of a miscompare: in words, or by its sense data. */
const MISCOMPARE = /miscompare|^sense e\//;

interface GuestCompare {
  readonly io: IoSubmitted;
  readonly sent: SentIo[];
  /** Its data has reached the medium. */
  applied: boolean;
}

/** A second answer that nobody has looked into yet. */
interface Suspicion {
  readonly text: string;
  readonly frames: readonly number[];
  readonly exchange: SeenExchange;
}

/**
 * A COMPARE AND WRITE that was executed and lost its answer miscompares when it is sent again; a
 * PREEMPT conflicts. Whoever repeats one has to look (read the block, read the keys) before it
 * believes the second answer.
 */
export class RetrySafety implements Rule {
  readonly invariant = 'I4';
  readonly sentence =
    'A command that must not run twice is not repeated, or the second answer is not believed unseen';
  readonly needs: readonly Evidence[] = ['frame'];
  readonly hears: readonly Evidence[] = ['frame', 'io-submit', 'io-sent', 'apply', 'io-complete'];
  readonly roles: readonly FrameRole[] = ['command', 'response'];
  readonly #findings = new Findings();
  /** The last command of its kind that got no answer, by initiator and content. */
  readonly #unanswered = new Map<string, SeenExchange>();
  readonly #retries = new WeakMap<SeenExchange, SeenExchange>();
  #suspicions: Suspicion[] = [];
  /** COMPARE AND WRITE commands of guests under way. */
  readonly #guest = new OpenIos<GuestCompare>();
  readonly #byValue = new Map<number, GuestCompare>();
  readonly #context: RuleContext;
  #count = 0;
  #compared = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ at, node, event }: HistoryEntry): void {
    switch (event.type) {
      case 'io-submit':
        this.#submit(event);
        return;
      case 'io-sent': {
        const fabric = this.#context.places.linkAt(node, event.port)?.fabric ?? '';
        this.#guest.get(event)?.sent.push({ at, event, fabric });
        return;
      }
      case 'apply':
        for (const reading of this.#byValue.size === 0 ? [] : this.#context.readings.of(event)) {
          const compare = reading.found === 'stamp' && this.#byValue.get(stampValue(reading));
          if (compare) compare.applied = true;
        }
        return;
      case 'io-complete':
        this.#complete(event);
    }
  }

  see(frame: SeenFrame): void {
    if (frame.protocol !== 'fc' || frame.exchange === undefined) return;
    if (frame.role === 'command') this.#command(frame, frame.exchange);
    else this.#response(frame, frame.exchange);
  }

  #submit(io: IoSubmitted): void {
    if (io.op !== 'compare-and-write') return;
    const compare = { io, sent: [], applied: false };
    this.#guest.begin(io, compare);
    this.#byValue.set(stampValue(io), compare);
  }

  /** What the guest is told says whether its host has looked. */
  #complete(event: IoCompleted): void {
    const compare = this.#guest.end(event);
    if (compare === undefined) return;
    const { vm, io, result, reason } = event;
    this.#byValue.delete(stampValue(compare.io));
    this.#compared++;
    const { sent, applied } = compare;
    this.#suspicions = this.#suspicions.filter(
      ({ exchange }) =>
        !sent.some(
          ({ at, event: { address, tag }, fabric }) =>
            exchange.fabric === fabric &&
            exchange.originator === address &&
            exchange.oxId === tag &&
            exchange.at >= at,
        ),
    );
    if (result === 'good' || !applied || !MISCOMPARE.test(reason ?? '')) return;
    this.#findings.add(
      `COMPARE AND WRITE ${io} of ${vm} was carried out, sent again, and its guest was told of a miscompare`,
      sent.flatMap(({ fabric, event: { address, tag } }) => [
        ...this.#context.exchanges.framesOf(fabric, address, tag),
      ]),
    );
  }

  #command(fc: FcFrame, exchange: SeenExchange): void {
    if (exchange.frame !== fc.number || fc.disturbed === 'duplicate') return;
    if (fc.direction === 'out' && fc.tapped.direction !== 'unknown') return;
    if (this.#suspicions.length > 0) {
      // It looks before it believes.
      this.#suspicions = this.#suspicions.filter((one) => !looksInto(exchange, one.exchange));
    }
    if (!runsOnce(exchange.cdb)) return;
    this.#count++;
    const key = `${exchange.link} ${exchange.originator} ${exchange.responder} ${exchange.lun} ${exchange.cdb.join(' ')}`;
    const before = this.#unanswered.get(key);
    if (before !== undefined && before.state !== 'answered') this.#retries.set(exchange, before);
    remember(this.#unanswered, key, exchange, REMEMBERED_MAX);
  }

  #response(fc: FcFrame, exchange: SeenExchange): void {
    const first = this.#retries.get(exchange);
    if (first === undefined || first.state === 'answered') return;
    this.#retries.delete(exchange);
    const miscompare =
      exchange.status === ScsiStatus.CHECK_CONDITION &&
      (exchange.sense ?? 0) >>> 16 === SenseKey.MISCOMPARE;
    const conflict = exchange.status === ScsiStatus.RESERVATION_CONFLICT;
    if (!miscompare && !conflict) return;
    const command = nameOf(Opcode, exchange.cdb[0]!) ?? 'command';
    const answer = miscompare ? 'MISCOMPARE' : 'RESERVATION CONFLICT';
    this.#suspicions.push({
      text: `${command} of ${formatFcId(exchange.originator)} was repeated without knowing what became of the first, and the ${answer} that came was believed`,
      frames: [first.frame, exchange.frame, fc.number],
      exchange,
    });
  }

  conclude() {
    const findings = this.#findings.copy();
    for (const { text, frames } of this.#suspicions) findings.add(text, frames);
    return findings.concludeOf(
      this.#count + this.#compared,
      `${this.#count} commands that must not run twice, none repeated blindly`,
      'no command was sent that must not run twice',
    );
  }
}

/** True for a command that reads what a doubtful one was about. */
function looksInto(command: SeenExchange, doubtful: SeenExchange): boolean {
  if (command.originator !== doubtful.originator || command.lun !== doubtful.lun) return false;
  if (doubtful.cdb[0] !== Opcode['COMPARE AND WRITE']) {
    return command.cdb[0] === Opcode['PERSISTENT RESERVE IN'];
  }
  const read = blocksRead(command.cdb);
  const lba = u64(doubtful.cdb, 2);
  return read !== undefined && read.lba <= lba && lba < read.lba + read.blocks;
}

/** The blocks of a READ(10) or READ(16). */
function blocksRead(cdb: Uint8Array): { lba: number; blocks: number } | undefined {
  if (cdb[0] === Opcode['READ(10)']) return { lba: u32(cdb, 2), blocks: (cdb[7]! << 8) | cdb[8]! };
  if (cdb[0] === Opcode['READ(16)']) return { lba: u64(cdb, 2), blocks: u32(cdb, 10) };
  return undefined;
}

const u32 = (bytes: Uint8Array, at: number): number =>
  bytes[at]! * 2 ** 24 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
const u64 = (bytes: Uint8Array, at: number): number =>
  u32(bytes, at) * 2 ** 32 + u32(bytes, at + 4);
