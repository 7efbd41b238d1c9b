import { describe, expect, it } from 'vitest';
import { receiveBytesOf } from '../../../../src/codecs/els/index.ts';

const sizes = (bbReceiveDataFieldSizeBytes: number, receiveDataFieldSizeBytes: number) => ({
  common: { bbReceiveDataFieldSizeBytes },
  class3: { receiveDataFieldSizeBytes },
});

describe('the receive size of a login', () => {
  it.each([
    [2112, 0, 2112],
    [2112, 2112, 2112],
    [2112, 1024, 1024],
    [512, 2112, 512],
    [256, 256, 256],
  ])('of %i and in class 3 %i is %i', (common, class3, bytes) => {
    expect(receiveBytesOf(sizes(common, class3))).toBe(bytes);
  });

  it.each([
    [0, 0],
    [252, 0],
    [2116, 0],
    [2110, 0],
    [2112, 2],
    [2112, 252],
    [2112, 2111],
    [2112, 4095],
    [0, 2112],
  ])('of %i and in class 3 %i is none', (common, class3) => {
    expect(receiveBytesOf(sizes(common, class3))).toBeUndefined();
  });
});
