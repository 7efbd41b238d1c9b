/** Names of the taps of a capture: the interfaces it was taken at. */
import type { FramePlace } from '../../capture/index.ts';

type Captured = Pick<FramePlace, 'interfaceId' | 'interfaceName'>;

/** Interfaces are told by their number: captures of two machines, merged, both call theirs eth0. */
export class Taps {
  readonly #names = new Map<number, string>();
  readonly #used = new Set<string>();

  /** The name of the tap that a frame was taken at, no other tap's. */
  nameOf({ interfaceId, interfaceName }: Captured): string {
    let name = this.#names.get(interfaceId);
    if (name === undefined) {
      const number = `interface ${interfaceId}`;
      if (interfaceName === undefined) name = number;
      else name = this.#used.has(interfaceName) ? `${interfaceName} (${number})` : interfaceName;
      this.#names.set(interfaceId, name);
      this.#used.add(name);
    }
    return name;
  }
}
