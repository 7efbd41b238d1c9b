/** The PDUs of a capture in fixtures/iscsi, as the readers of streams find them. */
import { openCapture } from '../../src/capture/index.ts';
import {
  decodeFrame,
  type Frame,
  type IscsiPdu,
  iscsiPdu,
  type StreamGap,
  type StreamPdu,
  TcpStreams,
} from '../../src/codecs/index.ts';

/** PDUs in the order in which they ended; those that the capture cut are left out of `all`. */
export interface Pdus {
  readonly all: readonly Exclude<IscsiPdu, { kind: 'unknown' }>[];
  of<K extends IscsiPdu['kind']>(kind: K): Extract<IscsiPdu, { kind: K }>[];
}

/** Every unit and gap that the frames of a capture show. */
export async function streamsOf(
  path: string,
  listener: { pdu(pdu: StreamPdu): void; gap?(gap: StreamGap): void },
): Promise<void> {
  const streams = new TcpStreams({ gap: () => {}, ...listener });
  const capture = await openCapture(path);
  for await (const batch of capture.frames)
    for (const { bytes, index, linkType, originalLength } of batch)
      streams.take(decodeFrame(bytes, { linkType, originalLength }), index);
  streams.finish();
}

/** The PDUs of a capture by its name. */
export async function pdusOf(name: string): Promise<Pdus> {
  const all: Pdus['all'][number][] = [];
  const take = (frame: Frame): void => {
    if (frame.cut || frame.malformed !== undefined) return;
    const pdu = iscsiPdu.decode(frame.bytes.slice());
    if (pdu.kind !== 'unknown') all.push(pdu);
  };
  await streamsOf(`fixtures/iscsi/${name}.pcap`, { pdu: ({ frame }) => take(frame) });
  return {
    all,
    of: <K extends IscsiPdu['kind']>(kind: K) =>
      all.filter((one) => one.kind === kind) as Extract<IscsiPdu, { kind: K }>[],
  };
}
