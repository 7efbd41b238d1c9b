import { describe, expect, it } from 'vitest';
import { memorySink, PcapngWriter } from '../../../src/capture/index.ts';
import { concat, pattern, pcapng, readAll } from '../../helpers/capture.ts';

async function written(use: (writer: PcapngWriter) => void): Promise<Uint8Array> {
  const sink = memorySink();
  const writer = new PcapngWriter(sink);
  use(writer);
  await writer.close();
  return sink.bytes();
}

describe('PcapngWriter', () => {
  it('writes the blocks of the draft, byte for byte', async () => {
    const bytes = await written((writer) => {
      writer.addInterface({ name: 'h1.a', description: 'vHBA' });
      writer.writeFrame(0, 5, pattern(5));
      writer.addInterface({ name: 'tap', linkType: 224 });
      writer.writeFrame(1, 0x1_0000_0002n, pattern(8), { comment: 'LOGO', originalLength: 99 });
    });
    const ng = pcapng(true);
    const tsresol = ng.option(9, Uint8Array.of(9));
    expect(bytes).toEqual(
      concat([
        ng.section(ng.option(2, 'sanmotion'), ng.option(3, 'sanmotion'), ng.option(4, 'sanmotion')),
        ng.interface(1, 262_144, ng.option(2, 'h1.a'), ng.option(3, 'vHBA'), tsresol),
        ng.enhanced(0, 5n, pattern(5)),
        ng.interface(224, 262_144, ng.option(2, 'tap'), tsresol),
        ng.enhanced(1, 0x1_0000_0002n, pattern(8), 99, ng.option(1, 'LOGO')),
      ]),
    );
  });

  it('tells the queue that brought a frame, which is read back', async () => {
    const bytes = await written((writer) => {
      writer.addInterface({ name: 'a' });
      writer.writeFrame(0, 5, pattern(5), { comment: 'one', queue: 0 });
      writer.writeFrame(0, 6, pattern(5), { queue: 0xffff_fffe });
      writer.writeFrame(0, 7, pattern(5));
    });
    const { frames } = await readAll(bytes);
    expect(frames.map(({ queue }) => queue)).toEqual([0, 0xffff_fffe, undefined]);
    expect(frames[0]?.comment).toBe('one');
    // Little-endian; of another byte order it is read as that.
    const ng = pcapng(false);
    const parts = [
      ng.section(),
      ng.interface(1, 0),
      ng.enhanced(0, 5n, pattern(5), 5, ng.option(6, Uint8Array.of(0, 0, 1, 2))),
    ];
    expect((await readAll(concat(parts))).frames[0]?.queue).toBe(0x102);
    await expect(
      written((writer) => {
        writer.addInterface({ name: 'a' });
        writer.writeFrame(0, 5, pattern(5), { queue: -1 });
      }),
    ).rejects.toThrow(/queue is -1/);
  });

  it('writes numbers and bigints alike, up to the last that is exact', async () => {
    for (const time of [0, 0xffff_ffff, 0x1_0000_0000, Number.MAX_SAFE_INTEGER]) {
      const asNumber = await written((w) =>
        w.writeFrame(w.addInterface({ name: 'a' }), time, pattern(1)),
      );
      const asBigint = await written((w) =>
        w.writeFrame(w.addInterface({ name: 'a' }), BigInt(time), pattern(1)),
      );
      expect(asNumber).toEqual(asBigint);
      expect((await readAll(asNumber)).frames[0]!.timeNs).toBe(BigInt(time));
    }
  });

  it('copies a frame, whose memory may be used again', async () => {
    const frame = pattern(60);
    const bytes = await written((writer) => {
      writer.writeFrame(writer.addInterface({ name: 'a' }), 0, frame);
      frame.fill(0);
    });
    expect((await readAll(bytes)).frames[0]!.bytes).toEqual(pattern(60));
  });

  it('refuses what does not fit, and writes nothing of it', async () => {
    const bytes = await written((writer) => {
      const refuse = (call: () => unknown, rule: RegExp) => {
        expect(call).toThrow(RangeError);
        expect(call).toThrow(rule);
      };
      refuse(() => writer.writeFrame(0, 0, pattern(1)), /interface 0 of 0 was not added/);
      const id = writer.addInterface({ name: 'a' });
      refuse(() => writer.writeFrame(-1, 0, pattern(1)), /interface -1 of 1/);
      refuse(() => writer.writeFrame(0.5, 0, pattern(1)), /interface 0.5 of 1/);
      refuse(() => writer.writeFrame(id, -1, pattern(1)), /time stamp is -1 ns/);
      refuse(() => writer.writeFrame(id, -1n, pattern(1)), /time stamp is -1 ns/);
      refuse(() => writer.writeFrame(id, 2 ** 53, pattern(1)), /time stamp/);
      refuse(() => writer.writeFrame(id, 1n << 64n, pattern(1)), /time stamp/);
      refuse(() => writer.writeFrame(id, 0.5, pattern(1)), /time stamp/);
      refuse(() => writer.writeFrame(id, 0, new Uint8Array(262_145)), /frame length/);
      refuse(() => writer.writeFrame(id, 0, pattern(1), { originalLength: -1 }), /original length/);
      refuse(() => writer.writeFrame(id, 0, pattern(1), { comment: 'x'.repeat(65_536) }), /text/);
      refuse(() => writer.addInterface({ name: 'b', linkType: 65_536 }), /link type/);
    });
    const alone = await written((writer) => writer.addInterface({ name: 'a' }));
    expect(bytes).toEqual(alone);
  });

  it('refuses frames after close', async () => {
    const writer = new PcapngWriter(memorySink());
    const id = writer.addInterface({ name: 'a' });
    await writer.close();
    await writer.close();
    expect(() => writer.writeFrame(id, 0, pattern(1))).toThrow(TypeError);
  });

  it('carries a comment on the capture and other origins', async () => {
    const sink = memorySink();
    const options = { hardware: 'x86', os: 'Linux', application: 'test', comment: 'seed 7' };
    await new PcapngWriter(sink, options).close();
    const ng = pcapng(true);
    expect(sink.bytes()).toEqual(
      ng.section(
        ng.option(1, 'seed 7'),
        ng.option(2, 'x86'),
        ng.option(3, 'Linux'),
        ng.option(4, 'test'),
      ),
    );
  });
});
