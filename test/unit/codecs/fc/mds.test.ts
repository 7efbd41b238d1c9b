/** The frame of a Cisco MDS analyser, bit by bit as Wireshark's packet-mdshdr.c reads it. */
import { expect, it } from 'vitest';
import { isMdsInitiate, MdsSof, mdsHeader, mdsTrailer } from '../../../../src/codecs/fc/mds.ts';

it('has version, SOF, length, indexes and VSAN in 16 bytes', () => {
  // Length 1236, destination index 3, source index 5, VSAN 1002.
  const bytes = Uint8Array.of(0, 6, 0x04, 0xd4, 0, 0x00, 0x0c, 0x05, 0, 0, 0, 0, 0, 0x03, 0xea, 0);
  const header = mdsHeader.decode(bytes);
  expect(header).toMatchObject({
    sof: MdsSof.SOFi3,
    lengthBytes: 1236,
    destinationIndex: 3,
    sourceIndex: 5,
    vsan: 1002,
  });
  expect(mdsHeader.encode(header)).toEqual(bytes);
});

it('ends with EOF and a CRC whose least significant byte is first', () => {
  const bytes = Uint8Array.of(0x42, 0, 0x78, 0x56, 0x34, 0x12);
  expect(mdsTrailer.decode(bytes)).toMatchObject({ eof: 0x42, crc: 0x1234_5678 });
});

it('tells from its SOF whether a sequence begins', () => {
  const initiate = Object.entries(MdsSof).filter(([, code]) => isMdsInitiate(code));
  expect(initiate.map(([name]) => name)).toEqual(['SOFc1', 'SOFi1', 'SOFi2', 'SOFi3', 'SOFf']);
});
