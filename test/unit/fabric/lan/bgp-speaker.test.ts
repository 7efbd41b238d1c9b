/** Speakers and reflectors among each other, and the contract of machines that speak byte streams. */
import { describe, expect, it } from 'vitest';
import { bgpMessage, type EvpnRouteInput } from '../../../../src/codecs/bgp/index.ts';
import { type BgpEvent, BgpSpeaker } from '../../../../src/fabric/lan/bgp-speaker.ts';
import { describeStreamMachine } from '../../../../src/testing/index.ts';

const AS = 65_000;
const speaker = (identifier: string, isReflector = false, as = AS): BgpSpeaker =>
  new BgpSpeaker({ as, identifier, isReflector, peers: isReflector ? [] : ['10.0.0.9'] });
const MAC_IP: EvpnRouteInput = {
  kind: 'macIp',
  routeDistinguisher: Uint8Array.of(0, 1, 10, 0, 0, 1, 0, 2),
  mac: '02:00:00:00:00:01',
  ip: new Uint8Array(0),
  label: 100,
};
const said = (nextHop: string, sequence: number) => ({
  nextHop,
  vni: 100,
  sequence,
  sticky: false,
});

const open = bgpMessage.encode({
  kind: 'OPEN',
  myAs: AS,
  holdTimeSeconds: 180,
  bgpIdentifier: Uint8Array.of(10, 0, 0, 2),
  parameters: [{ kind: 'capabilities', capabilities: [{ kind: 'fourOctetAs', as: AS }] }],
});
const keepalive = bgpMessage.encode({ kind: 'KEEPALIVE' });
const update = bgpMessage.encode({
  kind: 'UPDATE',
  attributes: [
    { kind: 'mpReach', afi: 25, safi: 70, nextHop: Uint8Array.of(10, 0, 0, 2), routes: [MAC_IP] },
    {
      kind: 'extendedCommunities',
      communities: [{ kind: 'macMobility', sequenceNumber: 3 }],
    },
  ],
});
const conversation = Uint8Array.from([...open, ...keepalive, ...update]);

for (const isReflector of [false, true])
  describeStreamMachine(
    { describe, it },
    `a BGP ${isReflector ? 'reflector' : 'speaker'}`,
    () => speaker('10.0.0.9', isReflector),
    {
      conversations: [conversation, update, Uint8Array.from([...open, ...open])],
    },
  );

/** Machines joined by streams that lose nothing: what is said on one end is heard on the other. */
class Streams {
  readonly events = new Map<BgpSpeaker, BgpEvent[]>();
  readonly #ends = new Map<BgpSpeaker, Map<number, { to: BgpSpeaker; conn: number }>>();
  #conns = 0;

  join(from: BgpSpeaker, to: BgpSpeaker): void {
    from.start(0);
    const request = from.poll();
    if (request === undefined || !('connect' in request)) throw new Error('it does not connect');
    const [a, b] = [++this.#conns, ++this.#conns];
    this.#of(from).set(a, { to, conn: b });
    this.#of(to).set(b, { to: from, conn: a });
    to.handleOpened(b, 0);
    from.handleOpened(a, 0, request.connect.id);
    this.settle();
  }

  #of(one: BgpSpeaker) {
    const known = this.#ends.get(one) ?? new Map();
    this.#ends.set(one, known);
    return known;
  }

  settle(): void {
    for (let isBusy = true; isBusy; ) {
      isBusy = false;
      for (const [machine, ends] of this.#ends)
        for (let out = machine.poll(); out !== undefined; out = machine.poll()) {
          isBusy = true;
          if ('event' in out)
            this.events.set(machine, [...(this.events.get(machine) ?? []), out.event]);
          else if ('send' in out) {
            const { to, conn } = ends.get(out.conn)!;
            to.handleBytes(conn, out.send, 0);
          } else if ('close' in out) {
            const { to, conn } = ends.get(out.conn)!;
            to.handleClosed(conn, out.close, 0);
          }
        }
    }
  }

  routesOf(machine: BgpSpeaker) {
    return (this.events.get(machine) ?? []).filter((one) => one.type === 'bgp-route');
  }
}

describe('speakers and a reflector', () => {
  const [a, b, reflector] = [speaker('10.0.0.1'), speaker('10.0.0.2'), speaker('10.0.0.9', true)];
  const streams = new Streams();
  streams.join(a, reflector);
  a.advertise(MAC_IP, said('10.0.0.1', 0), 0);
  streams.settle();

  it('a speaker that comes later hears what was told before', () => {
    streams.join(b, reflector);
    expect(streams.events.get(b)).toMatchObject([
      { type: 'bgp-session', state: 'established', peer: '10.0.0.9' },
      { type: 'bgp-route', step: 'reach', nextHop: '10.0.0.1', sequence: 0 },
    ]);
    expect(streams.routesOf(a), 'not what it has told itself').toEqual([]);
  });

  it('a route that moves comes with its number, and one that was taken back goes', () => {
    const moved = { ...MAC_IP, routeDistinguisher: Uint8Array.of(0, 1, 10, 0, 0, 2, 0, 2) };
    b.advertise(moved, said('10.0.0.2', 1), 0);
    streams.settle();
    expect(streams.routesOf(a)).toMatchObject([
      { step: 'reach', nextHop: '10.0.0.2', sequence: 1 },
    ]);
    a.withdraw(MAC_IP, 0);
    streams.settle();
    expect(streams.routesOf(b).at(-1)).toMatchObject({ step: 'unreach' });
  });

  it('refuses a speaker of another AS, and says why', () => {
    const stranger = speaker('10.0.0.3', false, 7);
    streams.join(stranger, reflector);
    expect(streams.events.get(reflector)!.at(-1)).toMatchObject({
      type: 'bgp-session',
      state: 'closed',
      reason: 'its AS is 7',
    });
  });
});

describe('a speaker that begins anew', () => {
  const [a, again, b, reflector] = [
    speaker('10.0.0.1'),
    speaker('10.0.0.1'),
    speaker('10.0.0.2'),
    speaker('10.0.0.9', true),
  ];
  const streams = new Streams();
  streams.join(a, reflector);
  streams.join(b, reflector);
  a.advertise(MAC_IP, said('10.0.0.1', 1), 0);
  streams.settle();

  it('has what it tells now stand, whatever its number, when its old session is found to be over', () => {
    streams.join(again, reflector);
    again.advertise(MAC_IP, said('10.0.0.1', 0), 0);
    streams.settle();
    // The connection of the one that was there before.
    reflector.handleClosed(2, 'reset', 0);
    streams.settle();
    expect(streams.routesOf(b).map((one) => 'step' in one && [one.step, one.sequence])).toEqual([
      ['reach', 1],
      ['reach', 0],
    ]);
    again.withdraw(MAC_IP, 0);
    streams.settle();
    expect(streams.routesOf(b).at(-1)).toMatchObject({ step: 'unreach' });
  });
});

describe('an UPDATE whose lengths are forged', () => {
  /** Places of 16 bit: of withdrawn routes, of path attributes, and of the first attribute with an extended length. */
  it.each([19, 21, 25])('at byte %i makes no more of it than it holds, and others go on', (at) => {
    const [a, b, reflector] = [speaker('10.0.0.1'), speaker('10.0.0.2'), speaker('10.0.0.9', true)];
    const streams = new Streams();
    streams.join(a, reflector);
    streams.join(b, reflector);
    const forged = update.slice();
    forged[at] = 0xff;
    reflector.handleBytes(2, forged, 0);
    streams.settle();
    const closed = streams.events
      .get(reflector)!
      .filter((one) => one.type === 'bgp-session' && one.state === 'closed');
    const told = streams.routesOf(b).length;
    // Either it does not hold together, or what does is carried out: never more than it has.
    expect(closed.length + told).toBeLessThanOrEqual(1);
    b.advertise(MAC_IP, said('10.0.0.2', 0), 0);
    streams.settle();
    expect(reflector.kept()).toMatchObject({ sessions: 2 - closed.length });
    expect(streams.routesOf(reflector).length).toBeGreaterThan(0);
  });
});
