/** A port's entry with the name server. */
import { describe, expect, it } from 'vitest';
import {
  fc4FeaturesMap,
  newNameServerObject,
} from '../../../../src/fabric/fc/name-server-object.ts';

/** Bytes that are not 0, by their place. */
const set = (map: Uint8Array) => [...map].flatMap((byte, at) => (byte === 0 ? [] : [[at, byte]]));

describe('an entry', () => {
  it('begins as an N_Port of class 3 that speaks nothing', () => {
    expect(newNameServerObject(5n)).toEqual({
      nodeName: 5n,
      portType: 1,
      classOfService: 8,
      symbolicPortName: '',
      fc4Types: [],
      fc4Features: new Map(),
    });
  });

  it.each([
    // Type 0 is the low nibble of the first word's last byte, type 7 the high nibble of its first.
    [0, [[3, 0x02]]],
    [1, [[3, 0x20]]],
    [2, [[2, 0x02]]],
    [7, [[0, 0x20]]],
    [8, [[7, 0x02]]],
    [0x28, [[23, 0x02]]],
    [0xff, [[124, 0x20]]],
  ])('has the features of type %i in a nibble of its own', (type, bytes) => {
    const map = fc4FeaturesMap(new Map([[type, 2]]));
    expect(map).toHaveLength(128);
    expect(set(map)).toEqual(bytes);
  });

  it('joins the features of two types in one byte, four bits of each', () => {
    const features = new Map([
      [8, 0xf1],
      [9, 0x12],
    ]);
    expect(set(fc4FeaturesMap(features))).toEqual([[7, 0x21]]);
  });
});
