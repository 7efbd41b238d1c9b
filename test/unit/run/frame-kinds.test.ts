/** Frames that an event may lose: told by a few bytes as they are told by decoding them whole. */
import { expect, it } from 'vitest';
import { openCapture } from '../../../src/capture/index.ts';
import { decodeFrame, summarize } from '../../../src/codecs/index.ts';
import { isOfKind } from '../../../src/run/frame-kinds.ts';

/** How the summary of a decoded frame begins. */
const SUMMARIES = {
  'keep-alives': /^FIP .*Keep Alive/,
  'clear-links': /^FIP Clear Virtual Links/,
  advertisements: /^FIP .*Advertisement/,
  rscns: /^RSCN /,
} as const;

it('in captures of real hosts and switches', async () => {
  const found = new Map<string, number>();
  for (const name of ['fabric-cvl', 'fabric-npiv', 'fabric-move-same', 'fabric-login']) {
    const { frames } = await openCapture(`fixtures/${name}.pcap`);
    for await (const batch of frames) {
      for (const { bytes } of batch) {
        const summary = summarize(decodeFrame(bytes));
        for (const [kind, begins] of Object.entries(SUMMARIES)) {
          const is = isOfKind(bytes, kind as keyof typeof SUMMARIES);
          expect(is, `${kind}: ${summary}`).toBe(begins.test(summary));
          if (is) found.set(kind, (found.get(kind) ?? 0) + 1);
        }
        expect(isOfKind(bytes, 'everything')).toBe(true);
      }
    }
  }
  expect([...found.keys()].sort()).toEqual(Object.keys(SUMMARIES).sort());
});

it('bytes that are no frame are of no kind', () => {
  for (const kind of Object.keys(SUMMARIES)) {
    expect(isOfKind(new Uint8Array(3), kind as keyof typeof SUMMARIES)).toBe(false);
  }
});
