/** A switch of a LAN: what it learns and forgets, what follows a guest, and the contract of machines. */
import { describe, expect, it } from 'vitest';
import { type Mac, parseHex } from '../../../../src/codecs/layout/index.ts';
import { FLOODS_MAX } from '../../../../src/fabric/lan/storm-guard.ts';
import { VlanBridge, type VlanBridgeOptions } from '../../../../src/fabric/lan/vlan-bridge.ts';
import type { LanEvent } from '../../../../src/history/lan.ts';
import { MILLISECOND, SECOND } from '../../../../src/machine/machine.ts';
import { EcpEnd } from '../../../../src/net/ecp.ts';
import { datagramFrame, rarpFrame } from '../../../../src/net/lan-frame.ts';
import { VdpStation } from '../../../../src/net/vdp-station.ts';
import { describeMachine } from '../../../../src/testing/machine-contract.ts';

const GUEST = { mac: '02:00:00:00:00:01' as Mac, address: '192.0.2.1' };
const STATION = { mac: '02:00:00:00:00:fe' as Mac, address: '192.0.2.254' };
const TAG = { vid: 100, priority: 3 };
const datagram = (from: typeof GUEST, to: typeof GUEST, tag = TAG): Uint8Array =>
  datagramFrame(from, to, tag, {
    guest: 0,
    way: 'to-guest',
    number: 1,
    sentNs: 0,
    packetBytes: 64,
  });

const make = (options: Partial<VlanBridgeOptions> = {}): VlanBridge =>
  new VlanBridge({
    name: 'bridge',
    mac: '02:00:00:00:00:b0' as Mac,
    ports: [{}, {}, {}],
    ...options,
  });

/** What a bridge has put out: ports of frames, and events. */
function outputs(bridge: VlanBridge): { ports: number[]; events: LanEvent[] } {
  const ports: number[] = [];
  const events: LanEvent[] = [];
  for (let one = bridge.poll(); one !== undefined; one = bridge.poll()) {
    if ('send' in one) ports.push(one.port);
    else events.push(one.event);
  }
  return { ports, events };
}

describeMachine({ describe, it }, 'a VLAN bridge', () => make({ profileWay: 'vdp' }), {
  ports: [0, 1, 2],
  frames: [
    datagram(STATION, GUEST),
    datagram(GUEST, STATION),
    rarpFrame(GUEST.mac, TAG),
    // An ECP request with a pre-associate of lldpad: fixtures/lan/lldpad-vdp.pcap.
    parseHex(
      '0180c200000052540000000189401001000105106d31000000000000000000000000000006211000000701051111111122223333444455555555555502000152540 0aa00110064'.replaceAll(
        ' ',
        '',
      ),
    ),
  ],
});

describe('a VLAN bridge', () => {
  it('learns by VLAN, follows an announcement, and tells so', () => {
    const bridge = make();
    bridge.handleFrame(1, rarpFrame(GUEST.mac, TAG), true, 0);
    expect(outputs(bridge)).toEqual({
      ports: [0, 2],
      events: [{ type: 'mac-table', vid: 100, mac: GUEST.mac, port: 1, cause: 'learned' }],
    });
    bridge.handleFrame(0, datagram(STATION, GUEST), true, 1);
    expect(outputs(bridge).ports).toEqual([1]);
    bridge.handleFrame(0, datagram(STATION, GUEST, { vid: 101, priority: 0 }), true, 1);
    expect(outputs(bridge).ports, 'another VLAN').toEqual([1, 2]);
    bridge.handleFrame(2, rarpFrame(GUEST.mac, TAG), true, 2);
    expect(outputs(bridge).events).toMatchObject([{ port: 2, cause: 'moved' }]);
    bridge.handleFrame(0, datagram(STATION, GUEST), true, 3);
    expect(outputs(bridge).ports).toEqual([2]);
  });

  it('forgets what grows old, and what is behind a port that goes down', () => {
    const bridge = make({ ageingNs: SECOND });
    bridge.handleFrame(1, rarpFrame(GUEST.mac, TAG), true, 0);
    bridge.handleFrame(2, rarpFrame(STATION.mac, TAG), true, SECOND / 2);
    outputs(bridge);
    expect(bridge.deadline).toBe(SECOND);
    bridge.handleTimeout(SECOND);
    expect(outputs(bridge).events).toMatchObject([
      { mac: GUEST.mac, port: undefined, cause: 'aged' },
    ]);
    bridge.handleLink(2, false, SECOND);
    expect(outputs(bridge).events).toMatchObject([{ mac: STATION.mac, cause: 'flushed' }]);
    expect(bridge.kept()).toMatchObject({ 'learned addresses': 0 });
  });

  it('drops what a port has no VLAN for, both ways', () => {
    const bridge = make({ ports: [{}, { vlans: [7] }, {}] });
    bridge.handleFrame(1, rarpFrame(GUEST.mac, TAG), true, 0);
    expect(outputs(bridge)).toMatchObject({
      ports: [],
      events: [{ type: 'lan-dropped', reason: 'vlan' }],
    });
    bridge.handleFrame(0, rarpFrame(GUEST.mac, TAG), true, 0);
    expect(outputs(bridge).ports).toEqual([2]);
  });

  it('floods no more than it may in a millisecond, says so once, and goes on in the next', () => {
    const bridge = make();
    for (let i = 0; i < 3 * FLOODS_MAX; i++)
      bridge.handleFrame(0, rarpFrame(GUEST.mac, TAG), true, 5);
    const { ports, events } = outputs(bridge);
    expect(ports).toHaveLength(2 * FLOODS_MAX);
    expect(events.filter((one) => one.type === 'lan-dropped')).toMatchObject([{ reason: 'storm' }]);
    bridge.handleFrame(0, rarpFrame(GUEST.mac, TAG), true, MILLISECOND);
    expect(outputs(bridge).ports).toEqual([1, 2]);
  });

  it('has a profile follow the address where it is learned', () => {
    const bridge = make({
      profileWay: 'learning',
      profiles: [{ mac: GUEST.mac, vid: 100, priority: 3 }],
    });
    bridge.handleFrame(1, rarpFrame(GUEST.mac, TAG), true, 0);
    bridge.handleFrame(2, rarpFrame(GUEST.mac, TAG), true, 0);
    const profiles = outputs(bridge).events.filter((one) => one.type === 'port-profile');
    expect(profiles).toMatchObject([
      { port: 1, state: 'in-force', priority: 3 },
      { port: 2, state: 'in-force' },
      { port: 1, state: 'gone' },
    ]);
    bridge.handleFrame(1, rarpFrame(GUEST.mac, { vid: 7, priority: 0 }), true, 0);
    expect(outputs(bridge).events, 'another VLAN').toMatchObject([{ reason: 'profile' }]);
  });

  describe('with VSI discovery', () => {
    /** A station at port 1 with the bridge at the other end. */
    function plugged(refuses?: 'associate') {
      const bridge = make({
        profileWay: 'vdp',
        profiles: [{ mac: GUEST.mac, vid: 100, priority: 3 }],
        ports: [{}, refuses === undefined ? {} : { refuses }, {}],
      });
      const events: LanEvent[] = [];
      const after = () => ({ at: 0, cancel: () => {} });
      const answers: string[] = [];
      const ecp = new EcpEnd({
        mac: GUEST.mac,
        after,
        send: (frame) => bridge.handleFrame(1, frame, true, 0),
        heard: (pdu) => station.heard(pdu),
      });
      const station = new VdpStation({ after, send: (pdu) => ecp.send(pdu) });
      const settle = (): void => {
        for (let one = bridge.poll(); one !== undefined; one = bridge.poll()) {
          if ('event' in one) events.push(one.event);
          else if (one.port === 1) ecp.handleFrame(one.send);
        }
      };
      const ask = (step: 'pre-associate' | 'associate' | 'de-associate'): void => {
        station.ask(step, { mac: GUEST.mac, ...TAG }, true, (refusal) =>
          answers.push(`${step} ${refusal}`),
        );
        settle();
      };
      return { answers, ask, bridge, events };
    }

    it('lets a guest in that was associated, and nobody before', () => {
      const { answers, ask, bridge, events } = plugged();
      bridge.handleFrame(1, rarpFrame(GUEST.mac, TAG), true, 0);
      expect(outputs(bridge)).toMatchObject({ ports: [], events: [{ reason: 'profile' }] });
      ask('pre-associate');
      ask('associate');
      expect(answers).toEqual(['pre-associate ', 'associate ']);
      expect(events.filter((one) => one.type === 'port-profile')).toMatchObject([
        { state: 'in-force' },
      ]);
      bridge.handleFrame(1, rarpFrame(GUEST.mac, TAG), true, 0);
      expect(outputs(bridge).ports).toEqual([0, 2]);
      ask('de-associate');
      expect(events.at(-1)).toMatchObject({ type: 'port-profile', state: 'gone' });
      bridge.handleFrame(1, rarpFrame(GUEST.mac, TAG), true, 0);
      expect(outputs(bridge).ports).toEqual([]);
    });

    it('refuses in words of the standard', () => {
      const { answers, ask } = plugged('associate');
      ask('pre-associate');
      ask('associate');
      expect(answers).toEqual(['pre-associate ', 'associate insufficient resources']);
    });
  });
});
