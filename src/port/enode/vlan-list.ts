/**
 * The VLANs that FCFs named in answer to a VLAN request, and which of them an ENode uses.
 *
 * An answer lists every VLAN in which the FCF's switch offers FCoE; several may come from one segment.
 * Ownership: a FIP controller owns one. Source: FC-BB-6, FIP VLAN discovery.
 */

/** The VLANs of the answers in their order, each tried until an FCF answers there; or the last that was named, alone. */
export const VLAN_CHOICES = ['each', 'last'] as const;
/** One of `VLAN_CHOICES`. */
export type VlanChoice = (typeof VLAN_CHOICES)[number];
/** What an ENode does that is told nothing else. */
export const VLAN_CHOICE_DEFAULT: VlanChoice = 'each';

/** VLANs still to be tried. Each VID is there once, so that a list has 4096 at most. */
export class VlanList {
  readonly #choice: VlanChoice;
  #vids: number[] = [];
  #tried = 0;

  constructor(choice: VlanChoice) {
    this.#choice = choice;
  }

  /** Takes an answer in: what it names joins what others named. */
  note(vids: readonly number[]): void {
    if (this.#choice === 'last') this.#vids = vids.slice(-1);
    else this.#vids = [...new Set([...this.#vids, ...vids])];
  }

  /** The next one to try; `undefined` when there is none left. */
  next(): number | undefined {
    return this.#vids[this.#tried++];
  }

  clear(): void {
    this.#vids = [];
    this.#tried = 0;
  }
}
