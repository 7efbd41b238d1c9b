/** What is done to links, nodes and frames, told as happenings. */
import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../../src/history/index.ts';
import { disturbances } from '../../../src/run/disturbances.ts';

function told(frames: boolean) {
  const entries: HistoryEntry[] = [];
  return { entries, observer: disturbances((entry) => entries.push(entry), { frames }) };
}

describe('what a simulation does to its world', () => {
  it('is told of links and nodes', () => {
    const { entries, observer } = told(false);
    observer.link?.({ what: 'down', timeNs: 1, link: 'l' });
    observer.link?.({ what: 'clogged', timeNs: 2, link: 'l' });
    observer.node?.({ what: 'crashed', timeNs: 3, node: 'n' });
    observer.node?.({ what: 'resumed', timeNs: 4, node: 'n' });
    expect(entries).toEqual([
      { at: 1, node: '', event: { type: 'link-down', link: 'l' } },
      { at: 2, node: '', event: { type: 'link-slow', link: 'l' } },
      { at: 3, node: 'n', event: { type: 'node-crashed' } },
      { at: 4, node: 'n', event: { type: 'node-started' } },
    ]);
    expect(observer.frame).toBeUndefined();
  });

  it('is told of frames that a fault hit or that were lost, and what they had been', () => {
    const { entries, observer } = told(true);
    const was = Uint8Array.of(1);
    const is = Uint8Array.of(2);
    const of = { timeNs: 5, link: 'l', direction: 'a-to-b', ordinal: 1 } as const;
    observer.frame?.({ ...of, what: 'sent', frame: was });
    observer.frame?.({ ...of, what: 'faulted', frame: is, fault: { name: 'x', kind: 'corrupt' } });
    observer.frame?.({ ...of, what: 'faulted', frame: is, fault: { name: 'x', kind: 'cut' } });
    observer.frame?.({ ...of, what: 'dropped', frame: was, reason: 'fault' });
    observer.frame?.({ ...of, what: 'dropped', frame: was, reason: 'link' });
    observer.frame?.({ ...of, what: 'delivered', frame: was });
    expect(entries.map(({ event }) => event)).toEqual([
      { type: 'frame-hit', link: 'l', fault: 'corrupt', bytes: is, sent: was },
      { type: 'frame-hit', link: 'l', fault: 'drop', bytes: was },
    ]);
  });
});
