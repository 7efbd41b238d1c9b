/** I26 and I27 by hand. */
import { describe, expect, it } from 'vitest';
import { Auditor } from '../../../../src/audit/auditor.ts';
import type { Places, QosEvent, QueueConfiguration } from '../../../../src/history/index.ts';

const MS = 1e6;
const FCOE = 0x8906;
const FIP = 0x8914;
const QUEUES: QueueConfiguration = {
  groups: [0, 0, 0, 1, 0, 0, 0, 0],
  bandwidth: [50, 50, 0, 0, 0, 0, 0, 0],
  pfcEnabled: 8,
  fcoePriority: 3,
};
const BOUNDS = {
  guestTimeoutNs: 1e9,
  blackoutBudgetNs: 1e9,
  rATovNs: 1e10,
  qos: { pauseNs: 100 * MS, responseNs: 4000, largestBytes: 9216, quantumBytes: 10_000 },
};
const PLACES: Places = {
  nodes: [
    { name: 'h1', kind: 'host' },
    { name: 'h2', kind: 'host' },
    { name: 'sw', kind: 'switch', fabric: 'A' },
  ],
  ports: ['h1', 'h2'].flatMap((node, port) => [
    { node, port: 0, link: node, fabric: 'A' },
    { node: 'sw', port, link: node, fabric: 'A' },
  ]),
};

/** An auditor that has been told of two links. */
class Rig {
  readonly auditor = new Auditor(BOUNDS, { places: PLACES });
  at = 0;

  constructor(queues: Partial<Record<number, QueueConfiguration>> = {}) {
    for (const link of ['h1', 'h2'])
      for (const end of [0, 1])
        this.tell({
          type: 'queues',
          link,
          end,
          by: 'configuration',
          queues: (link === 'h2' ? queues[end] : undefined) ?? QUEUES,
        });
  }

  tell(event: QosEvent, afterNs = 0): this {
    this.at += afterNs;
    this.auditor.observe({ at: this.at, node: '', event });
    return this;
  }

  uses(link: string, more: Partial<Extract<QosEvent, { type: 'priority-used' }>> = {}): this {
    const direction = 'a-to-b';
    return this.tell({
      type: 'priority-used',
      link,
      direction,
      etherType: FCOE,
      priority: 3,
      ...more,
    });
  }

  pause(link: string, state: 'paused' | 'resumed', afterNs = 0, waitsFor: string[] = []): this {
    const way = { link, direction: 'a-to-b' } as const;
    return this.tell({ type: 'priority-pause', ...way, priority: 3, state, waitsFor }, afterNs);
  }

  served(bytes: number, bandwidth: number | 'strict' = 50): this {
    const way = { link: 'h1', direction: 'a-to-b' } as const;
    const capacityBytes = 1_250_000;
    return this.tell({
      type: 'group-served',
      ...way,
      group: 1,
      fromNs: 0,
      bytes,
      capacityBytes,
      bandwidth,
    });
  }

  login(port: number, nPortId: number, wwpn = 1n): this {
    this.auditor.observe({
      at: this.at,
      node: 'sw',
      event: {
        type: 'login',
        port,
        nPortId,
        wwpn,
        enodeMac: '02:00:00:00:00:01',
        isBase: false,
      } as never,
    });
    return this;
  }

  verdict(invariant: string) {
    return this.auditor.conclude().find((one) => one.invariant === invariant)!;
  }
}

describe('I26, nothing of storage is dropped and no pause lasts', () => {
  it('passes FCoE with PFC at both ends, and short pauses', () => {
    const rig = new Rig().uses('h1').uses('h1', { etherType: FIP });
    rig.pause('h1', 'paused').pause('h1', 'resumed', 99 * MS);
    expect(rig.verdict('I26')).toMatchObject({
      result: 'holds',
      detail:
        'FCoE has priority 3, with PFC, on 1 links; no drop, 1 pauses, the longest 99.000 ms, bound 100.000 ms',
    });
  });

  it.each([
    [{ pfcEnabled: 0 }, 'FCoE has priority 3 on h2 a-to-b, for which PFC is off at end b'],
    [
      { fcoePriority: 4 },
      'FCoE has priority 3 on h2 a-to-b, and the application table at end b names 4',
    ],
    [
      { fcoePriority: undefined },
      'FCoE has priority 3 on h2 a-to-b, and the application table at end b names none',
    ],
  ])('finds a hop where an end has %o', (change, detail) => {
    const rig = new Rig({ 1: { ...QUEUES, ...change } as QueueConfiguration })
      .uses('h1')
      .uses('h2');
    expect(rig.verdict('I26')).toMatchObject({ result: 'violated', detail, subject: 'h2' });
  });

  it('finds a priority without PFC; FIP that looks for its VLAN has no tag, and other frames may have any', () => {
    const untagged = { etherType: FIP, priority: 0, untagged: true } as const;
    const rig = new Rig()
      .uses('h1')
      .uses('h1', untagged)
      .uses('h1', { etherType: 0x800, priority: 0 });
    expect(rig.verdict('I26').result).toBe('holds');
    expect(rig.uses('h1', { priority: 0 }).verdict('I26').detail).toContain('FCoE has priority 0');
  });

  it('finds drops of a priority that must lose none, and no other', () => {
    const way = { link: 'h1', direction: 'a-to-b' } as const;
    const drop = { type: 'queue-drop', ...way, bytes: 2112 } as const;
    const rig = new Rig().uses('h1').tell({ ...drop, priority: 0, where: 'queue' });
    expect(rig.verdict('I26').result).toBe('holds');
    rig
      .tell({ ...drop, priority: 3, where: 'buffer' })
      .tell({ ...drop, priority: 3, where: 'held' });
    expect(rig.verdict('I26').detail).toBe(
      'a frame of 2112 bytes, priority 3, was dropped: it found no room in the buffer behind h1 a-to-b; a frame of 2112 bytes, priority 3, was dropped on h1 a-to-b: it had waited for too long',
    );
  });

  it('accuses nobody where a fault has taken PFC frames', () => {
    const bytes = new Uint8Array(60);
    bytes.set([0x88, 0x08], 12);
    const rig = new Rig().uses('h1');
    rig.auditor.observe({
      at: 0,
      node: '',
      event: { type: 'frame-hit', link: 'h1', fault: 'drop', bytes },
    });
    const way = { link: 'h1', direction: 'a-to-b' } as const;
    rig.tell({ type: 'queue-drop', ...way, bytes: 2112, priority: 3, where: 'buffer' });
    rig.tell({ type: 'started-paused', ...way, priority: 3, afterNs: 9999 });
    expect(rig.verdict('I26').result).toBe('holds');
  });

  it('finds a frame that begins later than the response time', () => {
    const late = { type: 'started-paused', link: 'h1', direction: 'a-to-b', priority: 3 } as const;
    const rig = new Rig().uses('h1').tell({ ...late, afterNs: 4000 });
    expect(rig.verdict('I26').result).toBe('holds');
    expect(rig.tell({ ...late, afterNs: 4001 }).verdict('I26').detail).toBe(
      'h1 a-to-b began a frame of priority 3 4001 ns after it was told to pause that, and had 4000 ns to obey',
    );
  });

  it('finds a pause that lasts, over or not, once', () => {
    const over = new Rig()
      .uses('h1')
      .pause('h1', 'paused')
      .pause('h1', 'resumed', 101 * MS);
    expect(over.verdict('I26').detail).toBe(
      'priority 3 of h1 a-to-b was paused for more than 100.000 ms',
    );
    const storm = new Rig()
      .uses('h1')
      .pause('h1', 'paused')
      .uses('h2')
      .pause('h2', 'paused', 150 * MS);
    expect(storm.verdict('I26').detail).toBe(
      'priority 3 of h1 a-to-b was paused for more than 100.000 ms',
    );
  });

  it('finds a circle of pauses', () => {
    const rig = new Rig().uses('h1');
    rig.pause('h1', 'paused', 0, ['h2 a-to-b']).pause('h2', 'paused', MS, ['h3 a-to-b']);
    rig.pause('h3', 'paused', MS, ['h1 a-to-b', 'h9 a-to-b']).uses('h2');
    rig.pause('h4', 'paused', 200 * MS, ['h1 a-to-b']);
    expect(rig.verdict('I26').detail).toMatch(
      /^priority 3 of h1 a-to-b was paused .*: a circle of pauses, h1 a-to-b waits for h2 a-to-b waits for h3 a-to-b waits for h1 a-to-b; /,
    );
  });

  it('says nothing where nothing of FCoE passes, or where there are no queues', () => {
    expect(new Rig().uses('h1', { etherType: 0x800 }).verdict('I26').result).toBe('not-observable');
    expect(
      new Auditor(BOUNDS).conclude().find(({ invariant }) => invariant === 'I26'),
    ).toMatchObject({
      result: 'not-observable',
      detail: expect.stringContaining('nothing here shows the queues at the ends of links'),
    });
  });
});

describe('I27, shares', () => {
  it('passes a group with its share, less ten percent, a frame and a quantum', () => {
    const rig = new Rig().uses('h1').served(625_000).served(480_784);
    expect(rig.verdict('I27').result).toBe('holds');
    expect(rig.served(480_783).verdict('I27').detail).toBe(
      'group 1 got 38.5 % of h1 a-to-b from 0.000 ms on, and was to get 50 %',
    );
  });

  it('has nothing to hold a strict group to', () => {
    expect(new Rig().uses('h1').served(10, 'strict').verdict('I27').result).toBe('not-observable');
  });

  it('finds a guest that has another priority after its move', () => {
    const rig = (after: number, csCtl = 0) => {
      const one = new Rig();
      const initiators = ['20:00:00:00:00:00:00:01'] as never;
      one.auditor.observe({
        at: 0,
        node: '',
        event: { type: 'identities', vm: 'vm1', initiators },
      });
      one.login(0, 0x01_0001, 0x2000_0000_0000_0001n).uses('h1', { sId: 0x01_0001, csCtl: 0 });
      one.login(1, 0x01_0002, 0x2000_0000_0000_0001n);
      return one.uses('h2', { sId: 0x01_0002, priority: after, csCtl }).verdict('I27');
    };
    expect(rig(3)).toMatchObject({ result: 'holds' });
    expect(rig(0).detail).toBe('frames of vm1 have priority 3 at h1 and 0 at h2');
    expect(rig(3, 9).detail).toBe('frames of vm1 have CS_CTL 0 at h1 and 9 at h2');
  });
});
