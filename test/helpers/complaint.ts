/** What a `CodecError` says, in parts. */
import { expect } from 'vitest';
import { CodecError } from '../../src/codecs/layout/index.ts';

export type Complaint = {
  fault: CodecError['fault'];
  field: string;
  offset: number;
  what: string;
  neededBytes?: number;
};

/** The error of a call, which must be a `CodecError` of a layer. */
export function complaintOf(call: () => unknown, layer: string): Complaint {
  try {
    call();
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const { fault, field, offset, neededBytes, message } = error;
    expect(error.layer).toBe(layer);
    const head = `${layer}: ${field} at byte ${offset}: `;
    expect(message.startsWith(head)).toBe(true);
    const what = message.slice(head.length);
    return { fault, field, offset, what, ...(neededBytes !== undefined && { neededBytes }) };
  }
  throw new Error('nothing was wrong');
}
