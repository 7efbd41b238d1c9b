/** I21: which logical units commands are for. */
import { lunNumber } from '../../codecs/scsi/index.ts';
import {
  type BlocksApplied,
  type CommandDone,
  deviceOf,
  type HistoryEntry,
  type InitiatorDevice,
  type MaskChanged,
  type NexusName,
} from '../../history/index.ts';
import type { RuleContext } from '../context.ts';
import type { Evidence } from '../evidence.ts';
import { Findings } from '../findings.ts';
import type { Rule } from '../rule.ts';

/** I21: every command that ran was for a logical unit that its WWPN may see, under that LUN. */
export class MasksAreKept implements Rule {
  readonly invariant = 'I21';
  readonly sentence =
    'Every command that runs is for a logical unit that its WWPN may see, under the number it has there';
  readonly needs: readonly Evidence[] = ['mask', 'apply'];
  readonly hears: readonly Evidence[] = ['mask', 'apply', 'command-done'];
  readonly #context: RuleContext;
  readonly #findings = new Findings();
  readonly #masks = new Map<InitiatorDevice | undefined, ReadonlyMap<number, string>>();
  /** Masks that were replaced: a command that was enabled before may still end. */
  readonly #former = new Map<InitiatorDevice | undefined, ReadonlyMap<number, string>>();
  #count = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  observe({ event }: HistoryEntry): void {
    if (event.type === 'mask') this.#mask(event);
    else if (event.type === 'apply') this.#check(event, event.luName);
    else if (event.type === 'command-done' && event.luName !== undefined) {
      this.#check(event, event.luName);
    }
  }

  #mask({ device, luns }: MaskChanged): void {
    const before = this.#masks.get(device);
    if (before !== undefined) this.#former.set(device, before);
    this.#masks.set(device, new Map(luns.map(({ lunNumber: lun, luName }) => [lun, luName])));
  }

  #check(event: BlocksApplied | CommandDone, luName: string): void {
    this.#count++;
    const { nexus, lun } = event;
    const allowed = this.#viewOf(nexus, this.#masks);
    // A change of blocks has to be allowed now; a response may belong to what was allowed before.
    const before = event.type === 'apply' ? undefined : this.#viewOf(nexus, this.#former);
    const number = lunNumber(lun);
    const fits = (view: ReadonlyMap<number, string> | undefined): boolean =>
      view !== undefined &&
      (number === undefined ? [...view.values()].includes(luName) : view.get(number) === luName);
    if (fits(allowed) || fits(before)) return;
    this.#findings.add(
      `${nexus.initiator} reached ${this.#context.places.unit(luName)} as LUN ${number ?? '?'}, which its mask does not show it`,
      this.#context.framesOf(event),
    );
  }

  #viewOf(
    { initiator }: NexusName,
    masks: ReadonlyMap<InitiatorDevice | undefined, ReadonlyMap<number, string>>,
  ): ReadonlyMap<number, string> | undefined {
    return masks.get(deviceOf(initiator)) ?? masks.get(undefined);
  }

  conclude() {
    return this.#findings.conclude(`${this.#count} commands and writes, all within their masks`);
  }
}
