/** The backups of a run: what each came to. */
import type { BackupStepped, Consistency, HistoryEntry } from '../history/index.ts';

/** A backup. */
export interface BackupMade {
  readonly vm: string;
  readonly snapshot: string;
  /** When it was cut; when it failed, where it never was. */
  readonly atNs: number;
  /** Left out of one that kept nothing. */
  readonly kind?: 'full' | 'incremental';
  readonly consistency?: Consistency;
  /** `identical`, which block was restored as another, or why there is none. */
  readonly outcome: string;
}

/** Follows backups. */
export class BackupLog {
  readonly #made: BackupMade[] = [];
  readonly #cutAt = new Map<string, number>();
  readonly #kept = new Map<string, Pick<BackupMade, 'kind' | 'consistency'>>();

  /** To be told of everything that happens. */
  observe({ at, event }: HistoryEntry): void {
    if (event.type !== 'backup') return;
    const { consistency, detail, snapshot, step } = event;
    if (step === 'cut') this.#cutAt.set(snapshot, at);
    else if (step === 'kept') {
      const kind = detail === 'full' ? 'full' : 'incremental';
      this.#kept.set(snapshot, { kind, ...(consistency === undefined ? {} : { consistency }) });
    } else if (step === 'compared' || step === 'failed') this.#end(at, event);
  }

  #end(at: number, { detail: outcome, snapshot, vm }: BackupStepped): void {
    const atNs = this.#cutAt.get(snapshot) ?? at;
    this.#made.push({ vm, snapshot, atNs, ...this.#kept.get(snapshot), outcome });
  }

  /** All that have ended, in their order. */
  get made(): readonly BackupMade[] {
    return this.#made;
  }
}
