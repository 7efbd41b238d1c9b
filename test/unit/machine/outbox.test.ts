import { describe, expect, it } from 'vitest';
import { Outbox } from '../../../src/machine/outbox.ts';

describe('Outbox', () => {
  it('gives what it was given, in that order, again and again', () => {
    const outbox = new Outbox<string>();
    for (let round = 0; round < 3; round++) {
      const frame = Uint8Array.of(round);
      outbox.send(4, frame, round === 1);
      outbox.emit('told');
      expect(outbox.waiting).toBe(2);
      expect(outbox.poll()).toEqual({ port: 4, send: frame, given: round === 1 });
      outbox.emit('told meanwhile');
      expect(outbox.poll()).toEqual({ event: 'told' });
      expect(outbox.poll()).toEqual({ event: 'told meanwhile' });
      expect(outbox.poll()).toBeUndefined();
      expect(outbox.poll()).toBeUndefined();
      expect(outbox.waiting).toBe(0);
    }
  });
});
