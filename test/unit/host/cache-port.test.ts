/** The port of a host's caches: who is heard, and of what. */
import { describe, expect, it } from 'vitest';
import { type Mac, parseHex } from '../../../src/codecs/layout/index.ts';
import { CacheWord, cacheFrame, cacheMessageIn } from '../../../src/host/cache-message.ts';
import { CachePort } from '../../../src/host/cache-port.ts';
import { Timers } from '../../../src/machine/timers.ts';

const place = (n: number) => ({ mac: `00:25:b5:ca:00:0${n}` as Mac, address: `172.31.0.${n}` });
const luName = '602534d0000000004f9e14b634c6b026';

function port(own: number) {
  const timers = new Timers();
  const sent: Uint8Array[] = [];
  const made = new CachePort(
    { own: place(own), peers: [place(2)], units: [{ luName, leaseNs: 100, blocks: 8 }] },
    {
      now: 7,
      after: (delayNs, run) => timers.set(7 + delayNs, run),
      send: (one) => void sent.push(one),
    },
  );
  return { made, sent };
}

const invalidate = (from: number, to: number, luId = parseHex(luName)) =>
  cacheFrame(place(from), place(to), {
    ...{ word: CacheWord.INVALIDATE, luId, number: 9, lba: 3, blocks: 2 },
    ...{ openFrom: 9, leaseNs: 100 },
  });

describe('the port of caches', () => {
  it('answers a host that it knows, of a unit that it knows', () => {
    const { made, sent } = port(1);
    made.handleFrame(invalidate(2, 1));
    expect(sent.map((one) => cacheMessageIn(one)!.message)).toMatchObject([
      { word: CacheWord.INVALID, number: 9 },
    ]);
    expect(made.kept()).toEqual({ 'blocks of coherent caches': 0, 'writes of other hosts': 1 });
  });

  it('hears nobody else, and keeps nothing of what it does not know', () => {
    const { made, sent } = port(1);
    made.handleFrame(invalidate(3, 1));
    made.handleFrame(invalidate(2, 3));
    made.handleFrame(invalidate(2, 1, new Uint8Array(16)));
    made.handleFrame(new Uint8Array(60));
    expect(sent).toEqual([]);
    expect(made.copiesOf('00')).toBeUndefined();
    expect(made.copiesOf(luName)).toBe(made.copiesOf(luName));
  });
});
