/** What is wrong with bytes that do not form a message, or with a value that fits none. */
export type Fault = 'truncated' | 'bad-length' | 'bad-value' | 'out-of-range';

/**
 * Bytes do not form the message, or a value does not fit its field.
 *
 * `offset` counts bytes from the start of the array given to `decode` (or of the message, when
 * encoding); `field` is the path of the field within the layer, such as `descriptors[2].mac`.
 */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly fault: Fault;
  readonly layer: string;
  readonly field: string;
  readonly offset: number;

  constructor(fault: Fault, layer: string, field: string, offset: number, what: string) {
    super(`${layer}: ${field} at byte ${offset}: ${what}`);
    this.fault = fault;
    this.layer = layer;
    this.field = field;
    this.offset = offset;
  }
}
