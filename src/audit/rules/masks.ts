/** I21: which logical units commands are for. */
import { lunNumber, ScsiStatus } from '../../codecs/scsi/index.ts';
import {
  type BlocksApplied,
  type CommandDone,
  deviceOf,
  type HistoryEntry,
  type InitiatorDevice,
  type MaskChanged,
  type NexusName,
  protocolOf,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import { nameOfIo } from '../ledger/io-ledger.ts';
import type { Rule } from '../rule.ts';

type MaskLine = MaskChanged['luns'][number];
/** What a device may see, by LUN. */
type Mask = ReadonlyMap<number, MaskLine>;

/** Commands that went to another unit than their guest meant. */
interface WrongUnit {
  count: number;
  readonly first: string;
  readonly frames: readonly number[];
}

/** I21: every command that ran was for a logical unit that its WWPN may see, under that LUN, and for the one that was meant. */
export class MasksAreKept implements Rule {
  readonly invariant = 'I21';
  readonly sentence =
    'Every command that runs is for the logical unit that its host means, which its WWPN may see under that number';
  readonly needs: readonly Evidence[] = ['mask', 'apply'];
  readonly hears: readonly Evidence[] = ['mask', 'apply', 'command-done'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  readonly #masks = new Map<InitiatorDevice | undefined, Mask>();
  /** Masks that were replaced: a command that was enabled before may still end. */
  readonly #former = new Map<InitiatorDevice | undefined, Mask>();
  /** Commands that went to another unit than was meant, by what went wrong. */
  readonly #wrong = new Map<string, WrongUnit>();
  #count = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ event }: HistoryEntry): void {
    if (event.type === 'mask') this.#mask(event);
    else if (event.type === 'apply') {
      this.#check(event, event.luName);
      this.#compare(event, event.luName);
    } else if (event.type === 'command-done' && event.luName !== undefined) {
      this.#check(event, event.luName);
      if (event.status === ScsiStatus.GOOD) this.#compare(event, event.luName);
    }
  }

  /** The unit that the guest's I/O is for, and the one that it reached: a LUN may have been given to another. */
  #compare(event: BlocksApplied | CommandDone, luName: string): void {
    const { nexus, lun } = event;
    const { bounds, disturbances, fabricOf, framesOf, ios, places } = this.#context;
    const fabric = fabricOf(nexus);
    const record = ios.carriedBy(fabric, event)?.record;
    if (record === undefined) return;
    // What went out under this tag before may have come late.
    if (ios.attemptOf(fabric, event, (one) => one.io.luName === luName) !== undefined) return;
    const { at, io } = record;
    // Of a read nothing else tells the two apart, so that one is judged where nothing made frames late.
    if (event.type !== 'apply' && disturbances.since(at - bounds.rATovNs)) return;
    const verb = event.type === 'apply' ? 'changed blocks of' : 'was answered by';
    const key = `${io.vm} meant ${places.unit(io.luName)} and ${verb} ${places.unit(luName)}, which is LUN ${lunNumber(lun) ?? '?'} now`;
    const known = this.#wrong.get(key);
    if (known !== undefined) known.count++;
    else this.#wrong.set(key, { count: 1, first: nameOfIo(io), frames: framesOf(event) });
  }

  #mask({ device, luns }: MaskChanged): void {
    const before = this.#masks.get(device);
    if (before !== undefined) this.#former.set(device, before);
    this.#masks.set(device, new Map(luns.map((line) => [line.lunNumber, line])));
  }

  #check(event: BlocksApplied | CommandDone, luName: string): void {
    // Files are exported, not masked.
    if (protocolOf(event.nexus.target) === 'other') return;
    this.#count++;
    const { nexus, lun } = event;
    const allowed = this.#viewOf(nexus, this.#masks);
    // A change of blocks has to be allowed now; a response may belong to what was allowed before.
    const before = event.type === 'apply' ? undefined : this.#viewOf(nexus, this.#former);
    const number = lunNumber(lun);
    const port = (this.#context.places.placeOf(nexus.target)?.port ?? -1) + 1;
    const isShown = (line: MaskLine | undefined): boolean =>
      line?.luName === luName && line.targetPorts?.includes(port) !== false;
    const fits = (view: Mask | undefined): boolean =>
      view !== undefined &&
      (number === undefined ? [...view.values()].some(isShown) : isShown(view.get(number)));
    if (fits(allowed) || fits(before)) return;
    this.#findings.add(
      `${nexus.initiator} reached ${this.#context.places.unit(luName)} as LUN ${number ?? '?'}, which its mask does not show it`,
      this.#context.framesOf(event),
    );
  }

  #viewOf(
    { initiator }: NexusName,
    masks: ReadonlyMap<InitiatorDevice | undefined, Mask>,
  ): Mask | undefined {
    return masks.get(deviceOf(initiator)) ?? masks.get(undefined);
  }

  fromFrames() {
    return this.#context.identities.conclude();
  }

  conclude() {
    const findings = this.#findings.copy();
    for (const [text, { count, first, frames }] of this.#wrong) {
      const more = count === 1 ? '' : ` and ${count - 1} more`;
      findings.add(`${text}: ${first}${more}`, frames);
    }
    return findings.conclude(`${this.#count} commands and writes, all within their masks`);
  }
}
