/** A machine that keeps the contract, and one for each rule that breaks it. */
import { describe, expect, it } from 'vitest';
import { type Machine, MILLISECOND, type Output } from '../../../src/machine/machine.ts';
import { describeMachine, machineContract } from '../../../src/testing/index.ts';

type Event = { readonly heard: number };

/** Answers a frame of at least 4 bytes after 5 ms with its first bytes reversed. */
class Echo implements Machine<Event> {
  readonly outputs: Output<Event>[] = [];
  readonly waiting: { frame: Uint8Array; due: number }[] = [];

  handleFrame(_port: number, frame: Uint8Array, now: number): void {
    if (frame.length < 4) return;
    this.outputs.push({ event: { heard: frame.length } });
    if (this.waiting.length < 8) this.waiting.push({ frame, due: now + 5 * MILLISECOND });
  }

  handleTimeout(now: number): void {
    while (this.waiting.length > 0 && this.waiting[0]!.due <= now) {
      const { frame } = this.waiting.shift()!;
      this.outputs.push({ port: 0, send: frame.slice(0, 4).reverse() });
    }
  }

  poll(): Output<Event> | undefined {
    return this.outputs.shift();
  }

  get deadline(): number | undefined {
    return this.waiting[0]?.due;
  }
}

const frames = [Uint8Array.of(1, 2, 3, 4, 5), new Uint8Array(64).fill(7)];

/** Titles of the rules that a machine breaks. */
const broken = (make: () => Machine<Event>): string[] =>
  machineContract('echo', make, { frames })
    .filter(({ run }) => run() !== undefined)
    .map(({ title }) => title);

describeMachine({ describe, it }, 'echo', () => new Echo(), { frames });

describe('a broken machine is caught when it', () => {
  it('answers before its time', () => {
    class Hasty extends Echo {
      override handleTimeout(now: number): void {
        super.handleTimeout(now + MILLISECOND);
      }
    }
    expect(broken(() => new Hasty())).toEqual(['echo does nothing at early and spurious timeouts']);
  });

  it('moves its deadline when it is woken early', () => {
    class Sleepy extends Echo {
      override handleTimeout(now: number): void {
        super.handleTimeout(now);
        for (const one of this.waiting) one.due += 1;
      }
    }
    expect(broken(() => new Sleepy())).toContain(
      'echo does nothing at early and spurious timeouts',
    );
  });

  it('stays due for ever', () => {
    class Stuck extends Echo {
      #due: number | undefined;
      override handleTimeout(now: number): void {
        this.#due = this.deadline;
        super.handleTimeout(now);
      }
      override get deadline(): number | undefined {
        return this.#due ?? super.deadline;
      }
    }
    expect(broken(() => new Stuck())).toContain(
      'echo is due later than now once a deadline is handled',
    );
  });

  it('is due at a part of a nanosecond', () => {
    class Fine extends Echo {
      override get deadline(): number | undefined {
        const due = super.deadline;
        return due === undefined ? undefined : due + 0.5;
      }
    }
    expect(broken(() => new Fine())).toContain(
      'echo is due later than now once a deadline is handled',
    );
  });

  it('throws at a frame that is cut', () => {
    class Trusting extends Echo {
      override handleFrame(port: number, frame: Uint8Array, now: number): void {
        if (frame.length === 3) throw new RangeError('too short');
        super.handleFrame(port, frame, now);
      }
    }
    expect(broken(() => new Trusting())).toContain(
      'echo takes garbage, cut and changed frames without an exception',
    );
  });

  it('throws at a bit that is changed', () => {
    class Exact extends Echo {
      override handleFrame(port: number, frame: Uint8Array, now: number): void {
        if (frame.length === 5 && frame[4] === 4) throw new RangeError('never seen');
        super.handleFrame(port, frame, now);
      }
    }
    expect(broken(() => new Exact())).toContain(
      'echo takes garbage, cut and changed frames without an exception',
    );
  });

  it('changes a frame that it received', () => {
    class Scribbling extends Echo {
      override handleFrame(port: number, frame: Uint8Array, now: number): void {
        super.handleFrame(port, frame, now);
        if (frame.length > 0) frame[0]! ^= 1;
      }
    }
    expect(broken(() => new Scribbling())).toContain(
      'echo leaves frames alone that were received or sent',
    );
  });

  it('changes a frame that it sent', () => {
    class Reusing extends Echo {
      readonly #buffer = new Uint8Array(4);
      override handleTimeout(now: number): void {
        super.handleTimeout(now);
        this.outputs.forEach((output, i) => {
          if (!('send' in output)) return;
          this.#buffer.set(output.send);
          this.outputs[i] = { port: 0, send: this.#buffer };
        });
      }
    }
    expect(broken(() => new Reusing())).toEqual([
      'echo leaves frames alone that were received or sent',
    ]);
  });

  it('answers otherwise the second time', () => {
    let made = 0;
    class Moody extends Echo {
      readonly #mood = made++;
      override poll(): Output<Event> | undefined {
        const output = super.poll();
        return output !== undefined && 'event' in output
          ? { event: { heard: output.event.heard + this.#mood } }
          : output;
      }
    }
    expect(broken(() => new Moody())).toEqual(['echo gives the same outputs for the same inputs']);
  });

  it('never stops talking', () => {
    class Endless extends Echo {
      override poll(): Output<Event> | undefined {
        return { event: { heard: 0 } };
      }
    }
    expect(broken(() => new Endless())).toHaveLength(5);
  });
});

describe('the script', () => {
  it('is the same for the same seed and another for another', () => {
    const heard = (seed: number): string => {
      const seen: string[] = [];
      class Watched extends Echo {
        override handleFrame(port: number, frame: Uint8Array, now: number): void {
          seen.push(`${now} ${port} ${frame.join(' ')}`);
          super.handleFrame(port, frame, now);
        }
      }
      for (const { run } of machineContract('echo', () => new Watched(), { frames, seed })) run();
      return seen.join('\n');
    };
    expect(heard(1)).toBe(heard(1));
    expect(heard(1)).not.toBe(heard(2));
  });
});
