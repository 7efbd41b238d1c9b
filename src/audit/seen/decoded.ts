/** What bytes from outside say. */
import { type Codec, CodecError } from '../../codecs/layout/index.ts';

/** The message in bytes, from `at` on; `undefined` where they form none. */
export function decoded<T, I>(codec: Codec<T, I>, bytes: Uint8Array, at = 0): T | undefined {
  try {
    return codec.decode(bytes, at);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
