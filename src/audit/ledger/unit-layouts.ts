/** Layouts of NFS version 4.1, by logical unit: who may go to a disk by itself, and who had a layout before. */
import type { InitiatorPort, LayoutChanged } from '../../history/index.ts';

/** What a client has of a unit, or what became of it. */
export type LayoutHold = 'read' | 'read-write' | 'returned' | 'revoked';

/** All units that layouts were given of. */
export class UnitLayouts {
  readonly #units = new Map<string, Map<InitiatorPort, LayoutHold>>();

  /** Layouts were seen at all. */
  get any(): boolean {
    return this.#units.size > 0;
  }

  /** Notes a change; gives who else may write where somebody is let in who may not be beside that one. */
  take({ initiator, luName, mode, state }: LayoutChanged): InitiatorPort | undefined {
    const holds = this.#units.get(luName) ?? new Map<InitiatorPort, LayoutHold>();
    this.#units.set(luName, holds);
    if (state === 'recalled') return undefined;
    holds.set(initiator, state === 'granted' ? mode : state);
    if (state !== 'granted') return undefined;
    const clashes = (held: LayoutHold): boolean =>
      held === 'read-write' || (held === 'read' && mode === 'read-write');
    return [...holds].find(([other, held]) => other !== initiator && clashes(held))?.[0];
  }

  /** What an initiator has of a unit; `undefined` for one that never had a layout of it. */
  of(luName: string, initiator: InitiatorPort): LayoutHold | undefined {
    return this.#units.get(luName)?.get(initiator);
  }
}
