import { describe, expect, it } from 'vitest';
import { Host, Rig } from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';
const H2 = '52:54:00:aa:00:02';
const PAYLOAD = Uint8Array.from({ length: 2112 }, (_, i) => (i * 7) & 0xff);

function make(options = {}) {
  const rig = new Rig(options);
  const [one, two] = [new Host(rig, 0, H1), new Host(rig, 1, H2)];
  const a = one.flogi(1n).nPortId;
  const b = two.flogi(2n).nPortId;
  rig.take();
  return { rig, one, two, a, b };
}

describe('forwarding', () => {
  it('changes the MAC addresses and nothing else, in a copy', () => {
    const { rig, one, a, b } = make();
    const frame = one.frame(a, b, PAYLOAD);
    const before = frame.slice();
    rig.feed(0, frame);
    expect(frame).toEqual(before);
    const [sent] = rig.takeFc();
    expect(sent).toMatchObject({
      port: 1,
      destination: '0e:fc:00:01:00:02',
      source: '02:fc:f0:00:00:01',
      crcGood: true,
    });
    expect(sent!.bytes.subarray(12)).toEqual(before.subarray(12));
    expect(rig.fcf.counters.forwarded).toBe(1);
  });

  it('copies nothing where the frame is given to it', () => {
    const { rig, one, a, b } = make();
    const frame = one.frame(a, b, PAYLOAD);
    rig.feed(0, frame.slice());
    const [copied] = rig.takeFc();
    rig.fcf.handleFrame(0, frame, true, rig.now);
    const left = rig.fcf.poll();
    expect(left).toEqual({ port: 1, send: copied!.bytes, given: true });
    expect(left !== undefined && 'send' in left && left.send).toBe(frame);
  });

  it('goes back by the port it came in between two ports of one host', () => {
    const { rig, one, a } = make();
    const vport = one.fdisc(3n).nPortId;
    rig.take();
    rig.feed(0, one.frame(vport, a, PAYLOAD));
    expect(rig.takeFc()).toMatchObject([{ port: 0, destination: '0e:fc:00:01:00:01' }]);
  });

  it('keeps the VLAN tag and its priority', () => {
    const rig = new Rig({ vlan: 1002 });
    const host = new Host(rig, 0, H1);
    const tci = (3 << 13) | 1002;
    const a = host.flogi(1n, { tci }).nPortId;
    const b = host.fdisc(2n, { tci }).nPortId;
    rig.take();
    rig.feed(0, host.frame(a, b, PAYLOAD, {}, { vid: 1002 }));
    expect(rig.takeFc()).toMatchObject([{ tci }]);
    rig.feed(0, host.frame(a, b, PAYLOAD));
    rig.feed(0, host.frame(a, b, PAYLOAD, {}, { vid: 1003 }));
    expect(rig.take()).toEqual([]);
    expect(rig.dropped()).toEqual(['wrong-vlan', 'wrong-vlan']);
  });

  it('refuses frames of ports that are not logged in there, with that address', () => {
    const { rig, one, two, a, b } = make();
    rig.feed(1, one.frame(a, b, PAYLOAD));
    rig.feed(0, one.frame(a, b, PAYLOAD, {}, { source: H1 }));
    rig.feed(0, one.frame(a, b, PAYLOAD, {}, { source: '0e:fc:00:01:00:02' }));
    rig.feed(0, one.frame(a, b, PAYLOAD, {}, { source: '0e:fc:01:01:00:01' }));
    rig.feed(0, one.frame(0x010009, b, PAYLOAD));
    rig.feed(1, two.frame(0x020002, a, PAYLOAD));
    one.logo(a, 1n);
    rig.feed(0, one.frame(a, b, PAYLOAD));
    expect(rig.take()).toEqual([]);
    expect(rig.dropped()).toEqual(Array(7).fill('no-login'));
    expect(rig.fcf.counters.dropped['no-login']).toBe(7);
  });

  it('drops what nobody holds and what says it is to be discarded', () => {
    const { rig, one, a, b } = make();
    rig.feed(0, one.frame(a, 0x010009, PAYLOAD));
    rig.feed(0, one.frame(a, 0x020001, PAYLOAD));
    rig.feed(0, one.frame(a, b, PAYLOAD, {}, { eof: 0x50 }));
    rig.feed(0, one.frame(a, b, PAYLOAD, {}, { eof: 0x49 }));
    rig.feed(0, one.frame(a, b, PAYLOAD).subarray(0, 59));
    const version = one.frame(a, b, PAYLOAD);
    version[14] = 0x10;
    rig.feed(0, version);
    expect(rig.take()).toEqual([]);
    expect(rig.eventsOf('dropped').map(({ reason, dId }) => [reason, dId])).toEqual([
      ['unknown-d-id', 0x010009],
      ['unknown-d-id', 0x020001],
      ['discard-eof', b],
      ['discard-eof', b],
      ['malformed', undefined],
      ['malformed', undefined],
    ]);
  });

  it('leaves alone what is for somebody else', () => {
    const { rig, one, a, b } = make();
    const frame = one.frame(a, b, PAYLOAD);
    frame[0] = 0x0e;
    rig.feed(0, frame);
    const other = frame.slice();
    other.set([0x08, 0x00], 12);
    rig.feed(0, other);
    expect(rig.take()).toEqual([]);
    expect(rig.dropped()).toEqual([]);
    expect(rig.fcf.counters.ignored).toBe(2);
  });
});

describe('options', () => {
  it.each([
    [{ domain: 0 }, 'domain'],
    [{ domain: 240 }, 'domain'],
    [{ ports: 0 }, 'ports'],
    [{ fcMap: 0x0efd00 }, 'fcMap'],
    [{ vlan: 4095 }, 'vlan'],
    [{ fcfMac: '01:00:00:00:00:01' }, 'fcfMac'],
    [{ receiveDataBytes: 2113 }, 'receiveDataBytes'],
  ])('are checked: %o', (options, name) => {
    expect(() => new Rig(options)).toThrow(new RegExp(name));
  });

  it('name no port the FCF has not', () => {
    const rig = new Rig();
    expect(() => rig.fcf.handleFrame(4, new Uint8Array(60), false, 0)).toThrow(RangeError);
    expect(() => rig.fcf.linkUp(-1, 0)).toThrow(RangeError);
  });
});

describe('forwarding to another switch', () => {
  const NEIGHBOUR = '02:fc:f0:00:00:02';
  const routes = [{ domainId: 2, port: 3, neighbour: NEIGHBOUR }];
  /** A frame of a port elsewhere as its switch sends it to us. */
  const arriving = (one: Host, sId: number, dId: number): Uint8Array => {
    const frame = one.frame(sId, dId, PAYLOAD);
    frame.set([0x02, 0xfc, 0xf0, 0, 0, 2], 6);
    return frame;
  };

  it('sends a frame for its domain to the port that leads there', () => {
    const { rig, one, a } = make({ routes });
    rig.feed(0, one.frame(a, 0x02_0007, PAYLOAD));
    expect(rig.takeFc()).toMatchObject([
      { port: 3, destination: NEIGHBOUR, source: '02:fc:f0:00:00:01', crcGood: true },
    ]);
  });

  it('takes frames of its domain from that switch alone, on that port alone', () => {
    const { rig, one, a } = make({ routes });
    rig.feed(3, arriving(one, 0x02_0007, a));
    expect(rig.takeFc()).toMatchObject([{ port: 0, destination: '0e:fc:00:01:00:01' }]);
    rig.feed(2, arriving(one, 0x02_0007, a));
    rig.feed(3, one.frame(0x02_0007, a, PAYLOAD));
    rig.feed(3, arriving(one, 0x03_0007, a));
    expect(rig.takeFc()).toEqual([]);
    expect(rig.fcf.counters.dropped['no-login']).toBe(3);
  });

  it('knows no way to other domains, and sends nothing back where it came from', () => {
    const { rig, one, a } = make({ routes });
    rig.feed(0, one.frame(a, 0x03_0007, PAYLOAD));
    rig.feed(3, arriving(one, 0x02_0007, 0x02_0008));
    rig.feed(3, arriving(one, 0x02_0007, 0x01_0999));
    expect(rig.takeFc()).toEqual([]);
    expect(rig.fcf.counters.dropped['unknown-d-id']).toBe(3);
  });

  it('lets nothing pass either way where zones are hard, for it does not know those of ports elsewhere', () => {
    const zoning = { enforced: 'hard', zones: [], defaultZone: 'permit' } as const;
    const { rig, one, a } = make({ routes, zoning });
    rig.feed(0, one.frame(a, 0x02_0007, PAYLOAD));
    rig.feed(3, arriving(one, 0x02_0007, a));
    expect(rig.takeFc()).toEqual([]);
    expect(rig.fcf.counters.dropped.zoning).toBe(2);
  });
});
