import { describe, expect, it } from 'vitest';
import { StreamCore } from '../../../src/machine/stream-core.ts';

describe('the core of a machine that speaks byte streams', () => {
  it('hands out what was put in, oldest first', () => {
    const core = new StreamCore<string>();
    core.send(1, Uint8Array.of(7));
    core.emit('said');
    core.close(1, 'end');
    core.connect({ id: 4, address: '10.0.0.1', port: 3260 });
    expect(core.waiting).toBe(4);
    expect([core.poll(), core.poll()]).toEqual([
      { conn: 1, send: Uint8Array.of(7) },
      { event: 'said' },
    ]);
    core.emit('more');
    expect([core.poll(), core.poll(), core.poll(), core.poll()]).toEqual([
      { conn: 1, close: 'end' },
      { connect: { id: 4, address: '10.0.0.1', port: 3260 } },
      { event: 'more' },
      undefined,
    ]);
    expect(core.waiting).toBe(0);
  });

  it('runs what is due, and says when it is', () => {
    const core = new StreamCore<string>();
    core.now = 5;
    core.after(10, () => core.emit('late'));
    expect(core.deadline).toBe(15);
    core.handleTimeout(14);
    expect(core.poll()).toBeUndefined();
    core.handleTimeout(15);
    expect(core.poll()).toEqual({ event: 'late' });
    expect(core.deadline).toBeUndefined();
  });
});
