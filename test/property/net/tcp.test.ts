/** Whatever the link does to frames, a connection gives the bytes that were said, in their order and once. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FaultRule } from '../../../src/link/faults.ts';
import { MILLISECOND, SECOND } from '../../../src/machine/machine.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import { addressOf, marked, station, Talker } from '../../helpers/tcp-machines.ts';

const duration = fc.integer({ min: 1_000, max: 40 * MILLISECOND });
const action = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const) }),
  fc.record({ kind: fc.constant('delay' as const), delayNs: duration }),
  fc.record({ kind: fc.constant('duplicate' as const), afterNs: duration }),
  fc.record({ kind: fc.constant('reorder' as const), withinNs: duration }),
  // Two bits may make up for one another in the checksum; ARP has none.
  fc.record({ kind: fc.constant('corrupt' as const), bits: fc.constant(1) }),
  fc.record({ kind: fc.constant('clog' as const), forNs: duration }),
  fc.record({ kind: fc.constant('cut' as const), forNs: duration }),
);
const isIp = (frame: Uint8Array): boolean => frame[12] === 0x08 && frame[13] === 0x00;
const rule: fc.Arbitrary<FaultRule> = fc.record({
  chance: fc.constantFrom(0.02, 0.1, 0.3),
  untilNs: fc.constant(3 * SECOND),
  matches: fc.constant(isIp),
  action,
});
const length = fc.integer({ min: 0, max: 60_000 });

it('the bytes that come are the bytes that were said, under any schedule of faults', () => {
  const run = fc.property(
    fc.array(rule, { maxLength: 4 }),
    length,
    length,
    fc.integer({ min: 1, max: 20_000 }),
    fc.constantFrom(2_000, 20_000, 262_144),
    fc.constantFrom(200, 536, 1460),
    fc.integer({ min: 1, max: 1_000 }),
    (rules, asked, answered, piece, receiveWindowBytes, mss, seed) => {
      const client = new Talker();
      const server = new Talker();
      const say = (talker: Talker, bytes: Uint8Array) => (conn: number) => {
        for (let at = 0; at < bytes.length; at += piece)
          talker.core.send(conn, bytes.subarray(at, at + piece));
        talker.core.close(conn, 'end');
      };
      client.onOpened = say(client, marked(asked));
      // The server answers once it has heard all.
      server.onEnd = say(server, marked(answered));
      client.connect(addressOf(2), 3260);
      const tcp = { receiveWindowBytes, mss };
      const simulator = new Simulator({ seed });
      simulator.addNode('a', station(1, client, { tcp, seed }));
      simulator.addNode('b', station(2, server, { tcp, seed, listens: [3260] }));
      simulator.connect({ node: 'a', port: 0 }, { node: 'b', port: 0 });
      for (const each of rules) simulator.addFault(each);
      simulator.run({ untilNs: 400 * SECOND });
      expect(client.log).toEqual(['opened 1', 'end']);
      expect(server.log).toEqual(['accepted', 'end']);
      expect(Buffer.compare(server.bytes, marked(asked))).toBe(0);
      expect(Buffer.compare(client.bytes, marked(answered))).toBe(0);
    },
  );
  fc.assert(run, { numRuns: 80, seed: 14 });
});
