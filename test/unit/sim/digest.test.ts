import { describe, expect, it } from 'vitest';
import { Digest } from '../../../src/sim/digest.ts';

const of = (feed: (digest: Digest) => void): string => {
  const digest = new Digest();
  feed(digest);
  return digest.hex();
};

describe('Digest', () => {
  it('is 16 hexadecimal digits and the same for the same pieces', () => {
    expect(of(() => {})).toMatch(/^[0-9a-f]{16}$/);
    expect(of((d) => d.text('fabric'))).toBe(of((d) => d.text('fabric')));
  });

  it.each([1, 7, 8, 9, 100, 255, 256, 300, 1514])('sees every bit of %i bytes', (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 37);
    const seen = new Set([of((d) => d.bytes(bytes))]);
    for (let bit = 0; bit < length * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      seen.add(of((d) => d.bytes(changed)));
    }
    expect(seen.size).toBe(length * 8 + 1);
  });

  it('sees any two bits, which never undo each other', () => {
    const bytes = Uint8Array.from({ length: 40 }, (_, i) => i * 37);
    const seen = new Set<string>();
    for (let one = 0; one < 320; one++) {
      for (let other = one + 1; other < 320; other++) {
        const changed = bytes.slice();
        for (const bit of [one, other]) changed[bit >> 3]! ^= 1 << (bit & 7);
        seen.add(of((d) => d.bytes(changed)));
      }
    }
    expect(seen.size).toBe((320 * 319) / 2);
  });

  it.each([513, 1514, 2172])('sees every byte of %i that no CRC vouches for', (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 37);
    const seen = new Set([of((d) => d.bytes(bytes))]);
    for (let at = 0; at < length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      seen.add(of((d) => d.bytes(changed)));
    }
    expect(seen.size).toBe(length + 1);
  });

  it('sees length, head and end where a CRC vouches for the rest', () => {
    const bytes = Uint8Array.from({ length: 1514 }, (_, i) => i * 37);
    const plain = of((d) => d.frame(bytes, 28));
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      const isSame = of((d) => d.frame(changed, 28)) === plain;
      expect(isSame, `byte ${at}`).toBe(at >= 32 && at < bytes.length - 8);
    }
    const cut = Uint8Array.of(...bytes.subarray(0, 100), ...bytes.subarray(104));
    expect(of((d) => d.frame(cut, 28))).not.toBe(plain);
    expect(of((d) => d.frame(bytes, bytes.length))).toBe(of((d) => d.bytes(bytes)));
    const short = bytes.subarray(0, 39);
    expect(of((d) => d.frame(short, 28))).toBe(of((d) => d.bytes(short)));
  });

  it('sees where a piece lies in its buffer as no difference', () => {
    const whole = Uint8Array.from({ length: 700 }, (_, i) => i);
    for (const [start, end] of [
      [3, 103],
      [5, 605],
    ] as const) {
      const part = whole.subarray(start, end);
      expect(of((d) => d.bytes(part))).toBe(of((d) => d.bytes(part.slice())));
    }
  });

  it('sees order and division', () => {
    const one = Uint8Array.of(1);
    const two = Uint8Array.of(2);
    const variants = [
      [one, two],
      [two, one],
      [Uint8Array.of(1, 2)],
      [new Uint8Array(0), Uint8Array.of(1, 2)],
    ].map((pieces) =>
      of((d) => {
        for (const piece of pieces) d.bytes(piece);
      }),
    );
    expect(new Set(variants).size).toBe(variants.length);
  });

  it('tells keys apart that begin, end and are as long alike', () => {
    const keys = ['wwpn', 'wwnn', 'wxxn', 'targetPortA', 'targetSortA', 'targetPortB', '', 'a'];
    const seen = keys.map((key) => of((d) => d.value({ [key]: 1 })));
    expect(new Set(seen).size).toBe(keys.length);
    const pairs = [
      { ab: 'c', d: 'e' },
      { a: 'bc', d: 'e' },
      { ab: 'cd', e: '' },
    ];
    expect(new Set(pairs.map((value) => of((d) => d.value(value)))).size).toBe(pairs.length);
  });

  it('is the same for keys among ever so many others, in whatever order they came', () => {
    const objects = Array.from({ length: 6_000 }, (_, i) => ({ type: 'io', [`key ${i}`]: 1 }));
    const first = objects.map((value) => of((d) => d.value(value)));
    expect(new Set(first).size).toBe(objects.length);
    const again = objects.toReversed().map((value) => of((d) => d.value(value)));
    expect(again.toReversed()).toEqual(first);
    expect(of((d) => d.value({ a: 1, b: 2 }))).not.toBe(of((d) => d.value({ b: 1, a: 2 })));
    expect(of((d) => d.value({ a: 1, b: 2 }))).not.toBe(of((d) => d.value({ ab: 1, '': 2 })));
  });

  it('is the same for a text that it has met before, among ever so many others', () => {
    const first = of((d) => d.text('port 1'));
    for (let i = 0; i < 20_000; i++) new Digest().text(`port ${i}`);
    expect(of((d) => d.text('port 1'))).toBe(first);
    expect(of((d) => d.text(['port', 1].join(' ')))).toBe(first);
    const texts = ['a'.repeat(64), 'a'.repeat(65), 'a'.repeat(66), `${'a'.repeat(65)}b`];
    expect(new Set(texts.map((text) => of((d) => d.text(text)))).size).toBe(texts.length);
  });

  it('tells values of every kind apart', () => {
    const values = [
      undefined,
      null,
      true,
      false,
      0,
      1,
      1.5,
      Number.NaN,
      2 ** 32,
      1n,
      2n ** 40n,
      -1n,
      2n ** 64n,
      '1',
      '',
      'NaN',
      '-1',
      [],
      {},
      [1, [2]],
      [[1], 2],
      { a: 1 },
      { b: 1 },
      { a: { b: 1 } },
      { a: {}, b: 1 },
      new Map([['a', 1]]),
      new Set(['a', 1]),
      Uint8Array.of(1),
    ];
    expect(new Set(values.map((value) => of((d) => d.value(value)))).size).toBe(values.length);
    expect(of((d) => d.value({ a: [1, 'x', 5n] }))).toBe(of((d) => d.value({ a: [1, 'x', 5n] })));
    expect(() => new Digest().value(() => {})).toThrow(TypeError);
    expect(() => new Digest().value({ a: Symbol('a') })).toThrow(TypeError);
  });
});
