/** The disks behind layouts of blocks, in the bodies of operations on them. Source: RFC 5663, 2.2.1 and 2.3. */
import { blockDeviceAddr4, blockLayout4 } from '../../../codecs/index.ts';
import { CodecError, formatHex } from '../../../codecs/layout/index.ts';

/** By what bytes a disk is known, in hex; `undefined` where it is by several, or made of others. */
export function signatureIn(body: unknown): string | undefined {
  const volumes = decoded(blockDeviceAddr4, body)?.volumes;
  const parts = volumes?.length === 1 ? volumes[0]!.simple?.signature : undefined;
  return parts?.length === 1 ? formatHex(parts[0]!.contents) : undefined;
}

/** The devices of a layout, in hex. */
export function devicesIn(body: unknown): string[] {
  const extents = decoded(blockLayout4, body)?.extents ?? [];
  return [...new Set(extents.map(({ deviceId }) => formatHex(deviceId)))];
}

/** What a body holds; `undefined` where it is cut or holds something else. */
function decoded<T>(codec: { decode(bytes: Uint8Array): T }, body: unknown): T | undefined {
  if (!(body instanceof Uint8Array)) return undefined;
  try {
    return codec.decode(body);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
