import { describe, expect, it } from 'vitest';
import { ALL_FCFS, Host, Rig } from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';

describe('FIP frames that void themselves', () => {
  it('are dropped: truncated, unknown critical or doubled descriptors', () => {
    const rig = new Rig();
    const host = new Host(rig, 0, H1);
    const frame = host.fipFrame(H1, ALL_FCFS, {
      operation: 4,
      subcode: 1,
      descriptors: [
        { kind: 'mac', mac: H1 },
        { kind: 'mac', mac: H1 },
      ],
    });
    rig.feed(0, frame);
    rig.feed(0, frame.subarray(0, 30));
    const unknown = frame.slice();
    unknown[14 + 10 + 8] = 99;
    rig.feed(0, unknown);
    const skipped = frame.slice();
    skipped[14 + 10 + 8] = 200;
    expect(rig.take()).toEqual([]);
    expect(rig.dropped()).toEqual(['malformed', 'malformed', 'malformed']);
    rig.feed(0, skipped);
    expect(rig.take()).toHaveLength(1);
  });
});

describe('FIP frames of other switches', () => {
  it('ignore what other FCFs solicit and advertise', () => {
    const rig = new Rig();
    const host = new Host(rig, 0, H1);
    host.fip(
      {
        operation: 1,
        subcode: 1,
        flags: 0x8020,
        descriptors: [
          { kind: 'mac', mac: H1 },
          { kind: 'nameIdentifier', name: 1n },
          { kind: 'maxFcoeSize', maxFcoeSizeBytes: 2158 },
        ],
      },
      { destination: ALL_FCFS },
    );
    expect(rig.take()).toEqual([]);
    expect(rig.events).toEqual([]);
    expect(rig.fcf.counters.ignored).toBe(1);
  });
});
