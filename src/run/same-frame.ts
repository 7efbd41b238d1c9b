/** One frame at several places of its way. */
import { locateFcOnLink } from '../codecs/fc/index.ts';
import { CodecError } from '../codecs/layout/index.ts';

/** The same frame; of Fibre Channel whatever the Ethernet addresses of its hop. */
export function isSameFrame(a: Uint8Array, b: Uint8Array): boolean {
  const [x, y] = [carried(a), carried(b)];
  return x.length === y.length && x.every((byte, i) => byte === y[i]);
}

function carried(bytes: Uint8Array): Uint8Array {
  const place = locateFcOnLink(bytes);
  return place instanceof CodecError ? bytes : bytes.subarray(place.fcAt);
}
