/** PDUs out of pieces of any size. */
import { expect, test } from 'vitest';
import { encodeIscsiPdu } from '../../../../src/codecs/iscsi/index.ts';
import { PduSplitter } from '../../../../src/port/iscsi/pdu-splitter.ts';

const pdu = (data: number, digests = { header: false, data: false }): Uint8Array =>
  encodeIscsiPdu({ kind: 'NOP-Out', initiatorTaskTag: data, data: new Uint8Array(data) }, digests);

function lengthsOf(splitter: PduSplitter, pieces: readonly Uint8Array[]) {
  const lengths: number[] = [];
  const fits = pieces.map((piece) =>
    splitter.push(piece, (_bytes, at, end) => {
      lengths.push(end - at);
      return true;
    }),
  );
  return { lengths, fits };
}

test('however they are cut', () => {
  const all = Uint8Array.from([...pdu(0), ...pdu(5), ...pdu(100)]);
  for (let size = 1; size <= all.length; size++) {
    const pieces = [];
    for (let at = 0; at < all.length; at += size) pieces.push(all.slice(at, at + size));
    const splitter = new PduSplitter(1000);
    expect(lengthsOf(splitter, pieces).lengths, `pieces of ${size}`).toEqual([48, 56, 148]);
    expect(splitter.waiting).toBe(0);
  }
});

test('with digests from one PDU on', () => {
  const digests = { header: true, data: true };
  const splitter = new PduSplitter(1000);
  const bytes = Uint8Array.from([...pdu(0), ...pdu(8, digests), ...pdu(0, digests)]);
  const lengths: number[] = [];
  splitter.push(bytes, (_bytes, at, end) => {
    lengths.push(end - at);
    splitter.digests = digests;
    return true;
  });
  expect(lengths).toEqual([48, 64, 52]);
});

test('more data than may come are refused before they are kept', () => {
  const splitter = new PduSplitter(99);
  expect(lengthsOf(splitter, [pdu(100).subarray(0, 60)])).toEqual({ lengths: [], fits: [false] });
  const slow = new PduSplitter(99);
  expect(lengthsOf(slow, [pdu(100).subarray(0, 47), pdu(100).subarray(47)]).fits).toEqual([
    true,
    false,
  ]);
});

test('nothing is read behind the end', () => {
  const splitter = new PduSplitter(1000);
  let taken = 0;
  splitter.push(Uint8Array.from([...pdu(0), ...pdu(0)]), () => {
    taken++;
    return false;
  });
  expect(taken).toBe(1);
});
