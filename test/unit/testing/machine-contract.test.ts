/** A machine that keeps the contract, and one for each rule that breaks it. */
import { describe, expect, it } from 'vitest';
import { type Machine, MILLISECOND, type Output } from '../../../src/machine/machine.ts';
import { describeMachine, machineContract } from '../../../src/testing/index.ts';

type Event = { readonly heard: number };

/** Answers a frame of at least 4 bytes after 5 ms with its first bytes reversed, while its link is up. */
class Echo implements Machine<Event> {
  readonly outputs: Output<Event>[] = [];
  readonly waiting: { frame: Uint8Array; due: number }[] = [];

  up = true;

  handleFrame(_port: number, frame: Uint8Array, _given: boolean, now: number): void {
    if (frame.length < 4) return;
    this.outputs.push({ event: { heard: frame.length } });
    if (this.waiting.length < 8) this.waiting.push({ frame, due: now + 5 * MILLISECOND });
  }

  handleLink(_port: number, up: boolean, _now: number): void {
    if (up === this.up) return;
    this.up = up;
    this.waiting.length = 0;
    this.outputs.push({ event: { heard: up ? 1 : 0 } });
  }

  handleTimeout(now: number): void {
    while (this.waiting.length > 0 && this.waiting[0]!.due <= now) {
      const { frame } = this.waiting.shift()!;
      this.outputs.push({ port: 0, send: frame.slice(0, 4).reverse(), given: true });
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
      override handleFrame(port: number, frame: Uint8Array, given: boolean, now: number): void {
        if (frame.length === 3) throw new RangeError('too short');
        super.handleFrame(port, frame, given, now);
      }
    }
    expect(broken(() => new Trusting())).toContain(
      'echo takes garbage, cut and changed frames without an exception',
    );
  });

  it('throws at a bit that is changed', () => {
    class Exact extends Echo {
      override handleFrame(port: number, frame: Uint8Array, given: boolean, now: number): void {
        if (frame.length === 5 && frame[4] === 4) throw new RangeError('never seen');
        super.handleFrame(port, frame, given, now);
      }
    }
    expect(broken(() => new Exact())).toContain(
      'echo takes garbage, cut and changed frames without an exception',
    );
  });

  it('tells of a link what it told before', () => {
    class Nervous extends Echo {
      override handleLink(port: number, up: boolean, now: number): void {
        super.handleLink(port, up, now);
        this.outputs.push({ event: { heard: 2 } });
      }
    }
    expect(broken(() => new Nervous())).toEqual([
      'echo does nothing when told again what a link is',
    ]);
  });

  it('waits longer when it is told of a link again', () => {
    class Restarting extends Echo {
      override handleLink(port: number, up: boolean, now: number): void {
        super.handleLink(port, up, now);
        for (const one of this.waiting) one.due = now + 5 * MILLISECOND;
      }
    }
    expect(broken(() => new Restarting())).toEqual([
      'echo does nothing when told again what a link is',
    ]);
  });

  it('gives a frame away and looks at it again', () => {
    class Hoarding extends Echo {
      #last: Uint8Array = Uint8Array.of(0, 0, 0, 0);
      override handleTimeout(now: number): void {
        super.handleTimeout(now);
        for (const output of this.outputs) {
          if (!('send' in output)) continue;
          output.send[0]! += this.#last[0]! & 1;
          this.#last = output.send;
        }
      }
    }
    expect(broken(() => new Hoarding())).toEqual([
      'echo keeps nothing of frames that it gives away',
    ]);
  });

  it('gives a frame away twice', () => {
    class Doubling extends Echo {
      override handleTimeout(now: number): void {
        super.handleTimeout(now);
        const [output] = this.outputs;
        if (output !== undefined) this.outputs.push(output);
      }
    }
    expect(broken(() => new Doubling())).toEqual([
      'echo keeps nothing of frames that it gives away',
    ]);
  });

  it('answers otherwise to a frame that is given to it', () => {
    class Greedy extends Echo {
      override handleFrame(port: number, frame: Uint8Array, given: boolean, now: number): void {
        super.handleFrame(port, frame, given, now);
        if (given && frame.length > 0) frame[0]! ^= 1;
      }
    }
    expect(broken(() => new Greedy())).toEqual([
      'echo does the same with frames that are given to it',
    ]);
  });

  it('changes a frame that it received', () => {
    class Scribbling extends Echo {
      override handleFrame(port: number, frame: Uint8Array, given: boolean, now: number): void {
        super.handleFrame(port, frame, given, now);
        if (!given && frame.length > 0) frame[0]! ^= 1;
      }
    }
    expect(broken(() => new Scribbling())).toContain(
      'echo leaves frames alone that it has lent or was lent',
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
          this.outputs[i] = { port: 0, send: this.#buffer, given: false };
        });
      }
    }
    expect(broken(() => new Reusing())).toEqual([
      'echo leaves frames alone that it has lent or was lent',
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
    // The rules that compare two machines cannot but see it too.
    expect(broken(() => new Moody())).toEqual([
      'echo keeps nothing of frames that it gives away',
      'echo does the same with frames that are given to it',
      'echo gives the same outputs for the same inputs',
    ]);
  });

  it('never stops talking', () => {
    class Endless extends Echo {
      override poll(): Output<Event> | undefined {
        return { event: { heard: 0 } };
      }
    }
    expect(broken(() => new Endless())).toHaveLength(8);
  });
});

describe('the script', () => {
  it('is the same for the same seed and another for another', () => {
    const heard = (seed: number): string => {
      const seen: string[] = [];
      class Watched extends Echo {
        override handleFrame(port: number, frame: Uint8Array, given: boolean, now: number): void {
          seen.push(`${now} ${port} ${frame.join(' ')}`);
          super.handleFrame(port, frame, given, now);
        }
      }
      for (const { run } of machineContract('echo', () => new Watched(), { frames, seed })) run();
      return seen.join('\n');
    };
    expect(heard(1)).toBe(heard(1));
    expect(heard(1)).not.toBe(heard(2));
  });
});
