/** The slow and obvious checker: tries every order of the operations on one block. */

/** An operation on one block; an `end` of Infinity: its outcome is not known. */
export interface BlockOp {
  readonly kind: 'read' | 'write';
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/**
 * True when there is an order of the operations that respects their times and in which every read
 * sees the write before it. A write whose outcome is not known may be left out.
 */
export function isLinearizable(ops: readonly BlockOp[], initial: number): boolean {
  return search(ops, initial);
}

function search(left: readonly BlockOp[], value: number): boolean {
  if (left.every((op) => op.end === Infinity)) return true;
  // Next comes an operation that began before every other one left had ended.
  const firstEnd = Math.min(...left.map((op) => op.end));
  for (const op of left) {
    if (op.start > firstEnd) continue;
    if (op.kind === 'read' && op.value !== value) continue;
    const rest = left.filter((one) => one !== op);
    if (search(rest, op.kind === 'write' ? op.value : value)) return true;
  }
  return false;
}
