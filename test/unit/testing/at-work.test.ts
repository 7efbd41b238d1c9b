/** The fuzz of machines at work, on two small ones: what it does, and what it finds. */
import { describe, expect, it } from 'vitest';
import { MILLISECOND } from '../../../src/machine/machine.ts';
import { type FrameKind, fuzzAtWork, type MachinesAtWork } from '../../../src/testing/index.ts';
import { Recorder } from '../../helpers/sim-machines.ts';

/** Asks every millisecond, and counts the answers. */
class Asker extends Recorder {
  answers = 0;
  override deadline: number | undefined = 0;

  override handleFrame(_port: number, frame: Uint8Array): void {
    if (frame[0] === 2) this.answers++;
  }

  override handleTimeout(now: number): void {
    if (this.deadline === undefined || now < this.deadline) return;
    this.deadline = now + MILLISECOND;
    this.outputs.push({ port: 0, send: Uint8Array.of(1, 2, 3, 4), given: true });
  }
}

/** Answers, for every frame of four bytes. */
class Answerer extends Recorder {
  override handleFrame(port: number, frame: Uint8Array, _given: boolean, _now: number): void {
    if (frame.length !== 4) return;
    this.outputs.push({ port, send: Uint8Array.of(2, frame[1]!, 0, 0), given: true });
  }
}

const bytes: FrameKind = {
  kindOf: (frame) => `${frame[0]}`,
  fieldsOf: (frame) => Array.from(frame, (_, offset) => ({ offset, length: 1 })),
  mend() {},
};

function fuzz(make: () => Answerer, kept = (_answerer: Answerer) => 0) {
  return fuzzAtWork({
    make(): MachinesAtWork {
      const asker = new Asker();
      const answerer = make();
      return {
        machines: new Map([
          ['asker', asker],
          ['answerer', answerer],
        ]),
        cables: [
          [
            { node: 'asker', port: 0 },
            { node: 'answerer', port: 1 },
          ],
        ],
        handleEvent() {},
        done: () => asker.answers,
        *kept() {
          yield { node: 'answerer', what: 'things', count: kept(answerer), most: 100 };
        },
      };
    },
    frames: bytes,
    seed: 1,
    framesMax: 3_000,
    nodes: ['answerer'],
    outputsMax: 2,
    framesOfOneMakingMax: 2_000,
  });
}

describe('the fuzz of machines at work', () => {
  it('tries the machines that it is told to, while they work', () => {
    const result = fuzz(() => new Answerer());
    expect(result.finds).toEqual([]);
    expect(result.frames).toBeGreaterThanOrEqual(3_000);
    expect(result.makings).toBeGreaterThanOrEqual(2);
    expect(result.done).toBeGreaterThan(1_000);
    expect(result).toMatchObject({ kinds: 1, outputsMost: 1 });
    expect(result.keptMost).toEqual([{ node: 'answerer', what: 'things', count: 0, most: 100 }]);
  });

  it('finds what throws, once, with the frame and the place', () => {
    class Exact extends Answerer {
      override handleFrame(port: number, frame: Uint8Array, given: boolean, now: number): void {
        if (frame[2] === 0x80) throw new RangeError('never seen');
        super.handleFrame(port, frame, given, now);
      }
    }
    const { finds } = fuzz(() => new Exact());
    expect(finds).toHaveLength(1);
    expect(finds[0]!.what).toMatch(/^throws RangeError: never seen \(at .*at-work\.test/);
    expect(finds[0]!.to).toEqual({ node: 'answerer', port: 1 });
    expect(finds[0]!.frame[2]).toBe(0x80);
  });

  it('finds what answers too much, is due at no instant, or keeps too much', () => {
    class Loud extends Answerer {
      override handleFrame(port: number, frame: Uint8Array, given: boolean, now: number): void {
        for (let i = 0; i < Math.min(frame[1] ?? 0, 50); i++)
          super.handleFrame(port, frame, given, now);
      }
    }
    expect(fuzz(() => new Loud()).finds[0]!.what).toMatch(/brings about \d+ outputs/);
    class Late extends Answerer {
      override handleFrame(port: number, frame: Uint8Array, given: boolean, now: number): void {
        super.handleFrame(port, frame, given, now);
        if (frame[3] === 0xff) this.deadline = now + 0.5;
      }
    }
    expect(fuzz(() => new Late()).finds[0]!.what).toMatch(/answerer is due at .* no whole/);
    const keeping = fuzz(
      () => new Answerer(),
      (answerer) => answerer.outputs.length + 101,
    );
    expect(keeping.finds[0]!.what).toBe('answerer keeps 101 things, 100 at most');
  });

  it('finds machines that are busy for ever at one instant', () => {
    class Restless extends Answerer {
      override handleFrame(port: number, frame: Uint8Array, given: boolean, now: number): void {
        super.handleFrame(port, frame, given, now);
        if (frame[3] === 0xff) this.deadline = now;
      }
      override handleTimeout(): void {}
    }
    expect(fuzz(() => new Restless()).finds[0]!.what).toMatch(/steps at one instant/);
  });

  it('says so when the machines never get to work', () => {
    class Silent extends Answerer {
      override handleFrame(): void {}
    }
    expect(() => fuzz(() => new Silent())).toThrow(/have done 0 of 10/);
  });
});
