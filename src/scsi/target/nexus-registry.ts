/** The pairs of ports that a target device knows. */
import {
  deviceOf,
  type InitiatorDevice,
  type InitiatorPort,
  type TargetPort,
} from '../../history/port-name.ts';
import { ItNexus } from './nexus.ts';

/** Pairs of ports a target device remembers. */
export const NEXUSES_MAX = 1_000_000;

/** A target port. */
interface KnownPort {
  readonly name: TargetPort;
  readonly isElsewhere?: boolean;
}

const NONE: readonly ItNexus[] = [];

/** Pairs by initiator device: a Fibre Channel port is one by itself, an iSCSI initiator may have several ports. */
export class NexusRegistry {
  readonly #targetPorts: readonly KnownPort[];
  readonly #byDevice = new Map<InitiatorDevice, ItNexus[]>();
  #size = 0;

  /** `targetPorts` by their indices. */
  constructor(targetPorts: readonly KnownPort[]) {
    this.#targetPorts = targetPorts;
  }

  get size(): number {
    return this.#size;
  }

  find(initiatorPort: InitiatorPort, targetPortIndex: number): ItNexus | undefined {
    return this.ofDevice(deviceOf(initiatorPort)).find(
      (pair) => pair.targetPortIndex === targetPortIndex && pair.initiatorPort === initiatorPort,
    );
  }

  /**
   * The pair, remembered from now on; `undefined` when no more can be remembered.
   * Errors: `RangeError` for a target port that does not exist.
   */
  obtain(initiatorPort: InitiatorPort, targetPortIndex: number): ItNexus | undefined {
    const found = this.find(initiatorPort, targetPortIndex);
    if (found !== undefined) return found;
    const targetPort = this.#targetPorts[targetPortIndex];
    if (targetPort === undefined)
      throw new RangeError(`there is no target port ${targetPortIndex}`);
    if (this.#size >= NEXUSES_MAX) return undefined;
    const { isElsewhere, name } = targetPort;
    const pair = new ItNexus(initiatorPort, name, targetPortIndex, isElsewhere);
    const pairs = this.#byDevice.get(pair.device);
    if (pairs === undefined) this.#byDevice.set(pair.device, [pair]);
    else pairs.push(pair);
    this.#size++;
    return pair;
  }

  /** All pairs of an initiator device. */
  ofDevice(device: InitiatorDevice): readonly ItNexus[] {
    return this.#byDevice.get(device) ?? NONE;
  }

  *[Symbol.iterator](): IterableIterator<ItNexus> {
    for (const pairs of this.#byDevice.values()) yield* pairs;
  }
}
