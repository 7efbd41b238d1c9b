/** Tunnel endpoints: the contract of machines, and what they do with frames that are none of theirs. */
import { describe, expect, it } from 'vitest';
import { ArpOperation } from '../../../../src/codecs/ethernet/index.ts';
import type { Mac } from '../../../../src/codecs/layout/index.ts';
import { Vtep, type VtepOptions } from '../../../../src/fabric/lan/vtep.ts';
import type { LanEvent } from '../../../../src/history/lan.ts';
import { streams } from '../../../../src/machine/random.ts';
import { arpFrame, datagramFrame, rarpFrame } from '../../../../src/net/lan-frame.ts';
import { describeMachine } from '../../../../src/testing/machine-contract.ts';

const GUEST = { mac: '02:00:00:00:00:01' as Mac, address: '192.0.2.1' };
const STATION = { mac: '02:00:00:00:00:fe' as Mac, address: '192.0.2.254' };
const TAG = { vid: 100, priority: 3 };
const EVPN = { as: 65_000, reflectors: ['198.51.100.251'], suppressesArp: true };

const make = (number: number, options: Partial<VtepOptions> = {}): Vtep =>
  new Vtep(
    {
      name: `vtep-${number}`,
      accessPorts: 2,
      vid: 100,
      vni: 10_100,
      mac: `02:00:00:00:0a:0${number}` as Mac,
      address: `198.51.100.${number}`,
      underlayMtu: 1600,
      peers: [`198.51.100.${3 - number}`],
      ...options,
    },
    streams(1).stream('vtep'),
  );

interface Put {
  readonly sent: { readonly port: number; readonly frame: Uint8Array }[];
  readonly events: LanEvent[];
}

function outputs(vtep: Vtep): Put {
  const put: Put = { sent: [], events: [] };
  for (let one = vtep.poll(); one !== undefined; one = vtep.poll()) {
    if ('send' in one) put.sent.push({ port: one.port, frame: one.send });
    else put.events.push(one.event);
  }
  return put;
}

/** Two endpoints whose last ports are joined; what comes out of the second's access ports, and events. */
function joined(options: Partial<VtepOptions> = {}) {
  const [a, b] = [make(1, options), make(2, options)];
  const out: number[] = [];
  const events: LanEvent[] = [];
  const settle = (): void => {
    for (let isBusy = true; isBusy; ) {
      isBusy = false;
      for (const [own, other] of [
        [a, b],
        [b, a],
      ] as const) {
        const put = outputs(own);
        events.push(...put.events);
        for (const { port, frame } of put.sent) {
          isBusy = true;
          if (port === 2) other.handleFrame(2, frame, true, 0);
          else if (own === b) out.push(port);
        }
      }
    }
  };
  return { a, b, events, out, settle };
}

const datagram = (packetBytes: number): Uint8Array =>
  datagramFrame(STATION, GUEST, TAG, {
    guest: 0,
    way: 'to-guest',
    number: 1,
    sentNs: 0,
    packetBytes,
  });

function tunneled(): Uint8Array {
  const { a, settle } = joined();
  a.handleFrame(0, rarpFrame(STATION.mac, TAG), true, 0);
  settle();
  a.handleFrame(0, datagram(64), true, 0);
  return outputs(a).sent.find(({ port }) => port === 2)!.frame;
}

for (const [name, options] of [
  ['a VTEP that floods and learns', {}],
  ['a VTEP with BGP', { evpn: EVPN }],
] as const)
  describeMachine(
    { describe, it },
    name,
    () => {
      const vtep = make(2, options);
      vtep.start(0);
      return vtep;
    },
    { ports: [0, 1, 2], frames: [rarpFrame(GUEST.mac, TAG), datagram(64), tunneled()] },
  );

describe('tunnel endpoints', () => {
  it('flood and learn: what is announced at one is known at the other', () => {
    const { a, events, out, settle } = joined();
    a.handleFrame(0, rarpFrame(STATION.mac, TAG), true, 0);
    settle();
    expect(out, 'both access ports').toEqual([0, 1]);
    expect(events).toContainEqual({
      type: 'mac-table',
      vid: 100,
      mac: STATION.mac,
      port: 2,
      vtep: '198.51.100.1',
      cause: 'learned',
    });
  });

  it('say that there is no room for a tunnel', () => {
    const { a, events, out, settle } = joined({ underlayMtu: 1500 });
    a.handleFrame(0, datagram(1500), true, 0);
    settle();
    expect(out).toEqual([]);
    expect(events).toContainEqual({
      type: 'lan-dropped',
      port: 0,
      reason: 'mtu',
      mac: STATION.mac,
    });
  });

  it('answer ARP for a guest that they know, and for nobody else', () => {
    const vtep = make(1, { evpn: EVPN });
    const ask = (target: typeof GUEST) =>
      vtep.handleFrame(
        0,
        arpFrame(ArpOperation['ARP request'], STATION, target, 'ff:ff:ff:ff:ff:ff' as Mac, TAG),
        true,
        0,
      );
    ask(GUEST);
    expect(
      outputs(vtep).sent.map(({ port }) => port),
      'flooded',
    ).toEqual([1]);
    const none = '00:00:00:00:00:00' as Mac;
    vtep.handleFrame(
      1,
      arpFrame(
        ArpOperation['ARP request'],
        GUEST,
        { mac: none, address: GUEST.address },
        'ff:ff:ff:ff:ff:ff' as Mac,
        TAG,
      ),
      true,
      0,
    );
    outputs(vtep);
    ask(GUEST);
    const { events, sent } = outputs(vtep);
    expect(sent.map(({ port }) => port)).toEqual([0]);
    expect(events).toContainEqual({
      type: 'neighbour-answer',
      address: GUEST.address,
      mac: GUEST.mac,
    });
  });

  it('drop frames of another VLAN', () => {
    const vtep = make(1);
    vtep.handleFrame(0, rarpFrame(GUEST.mac, { vid: 7, priority: 0 }), true, 0);
    expect(outputs(vtep)).toMatchObject({ sent: [], events: [{ reason: 'vlan' }] });
  });
});
