/** What is wrong with bytes that do not form a message, or with a value that fits none. */
export type Fault = 'truncated' | 'bad-length' | 'bad-value' | 'out-of-range';

/**
 * Bytes do not form the message, or a value does not fit its field.
 *
 * `offset` counts bytes from the start of the array that is read or written; `field` is the path of the field within the layer, such as `descriptors[2].mac`.
 */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly fault: Fault;
  readonly layer: string;
  readonly field: string;
  readonly offset: number;
  /** Bytes that the field must or says it does have, where fewer are there: the message may be cut. */
  readonly neededBytes: number | undefined;

  constructor(
    fault: Fault,
    layer: string,
    field: string,
    offset: number,
    what: string,
    neededBytes?: number,
  ) {
    super(`${layer}: ${field} at byte ${offset}: ${what}`);
    this.neededBytes = neededBytes;
    this.fault = fault;
    this.layer = layer;
    this.field = field;
    this.offset = offset;
  }
}
