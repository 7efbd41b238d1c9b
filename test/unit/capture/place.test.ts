/** A frame where it lies in the read window. */
import { expect, it } from 'vitest';
import { FramePlace } from '../../../src/capture/place.ts';

it('makes its time stamp of two parts, each time anew when they change', () => {
  const place = new FramePlace();
  expect(place.timeNs).toBe(0n);
  place.setTime(1_700_000_000, 5);
  expect(place.timeNs).toBe(1_700_000_000_000_000_005n);
  expect(place.timeNs).toBe(1_700_000_000_000_000_005n);
  place.setTime(1, 0);
  expect(place.timeNs).toBe(1_000_000_000n);
});

it('moves to a frame of its own, and back into a window', () => {
  const place = new FramePlace();
  place.at = 40;
  place.end = 50;
  const bytes = Uint8Array.of(1, 2, 3);
  place.moveTo({
    index: 7,
    timeNs: 9n,
    interfaceId: 2,
    interfaceName: 'a',
    linkType: 1,
    bytes,
    originalLength: 60,
  });
  expect(place).toMatchObject({ index: 7, interfaceId: 2, linkType: 1, at: 0, end: 3 });
  expect([place.bytes, place.timeNs, place.originalLength]).toEqual([bytes, 9n, 60]);
  place.setTime(0, 8);
  expect(place.timeNs).toBe(8n);
});
