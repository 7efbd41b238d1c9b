/** Whole frames of native links, against the field tables and a frame that another program has written. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../../src/codecs/crc32.ts';
import { logo } from '../../../../src/codecs/els/index.ts';
import {
  encodeLinkFrame,
  encodeLinkMessage,
  type FcHeader,
  fcTrailer,
  isLinkFrame,
  LinkFrameLocator,
  locateFcOnLink,
  sofDelimiter,
} from '../../../../src/codecs/fc/index.ts';
import { encodeFcoeFrame, fcCrcIsGood } from '../../../../src/codecs/fcoe/index.ts';
import {
  decodeFrame,
  encodeFrame,
  LinkType,
  linkTypeOf,
} from '../../../../src/codecs/frame/index.ts';
import { CodecError } from '../../../../src/codecs/layout/index.ts';

const HEADER: FcHeader = {
  rCtl: 1,
  dId: 0x01_0002,
  csCtl: 0,
  sId: 0x01_0001,
  type: 8,
  fCtl: 0,
  seqId: 3,
  dfCtl: 0,
  seqCnt: 0,
  oxId: 0x1234,
  rxId: 0xffff,
  parameter: 0,
};
const room = (bytes: number) => new Uint8Array(bytes);
const PAYLOAD = Uint8Array.of(1, 2, 3, 4, 5);
const made = (change: Partial<FcHeader> = {}, last = true): Uint8Array =>
  encodeLinkFrame({ ...HEADER, ...change }, PAYLOAD, last, room);

describe('a frame of a native link', () => {
  it('has the delimiters that tell where its sequence begins and ends', () => {
    // As tshark 4.0.17 names them: SOFi3, SOFn3, EOFt, EOFn.
    const words = (frame: Uint8Array) => [
      Buffer.from(frame.subarray(0, 4)).toString('hex'),
      Buffer.from(frame.subarray(-4)).toString('hex'),
    ];
    expect(words(made())).toEqual(['bcb55656', 'bc957575']);
    expect(words(made({ seqCnt: 1 }, false))).toEqual(['bcb53636', 'bc95d5d5']);
    expect(sofDelimiter.decode(made()).sof).toBe(0xbcb5_5656);
  });

  it('is what the field tables make of the same values', () => {
    const frame = made();
    expect(frame).toHaveLength(4 + 24 + 8 + 8);
    const decoded = decodeFrame(frame, { linkType: LinkType.FC_2_WITH_FRAME_DELIMS });
    expect([decoded.crc, decoded.malformed]).toEqual(['good', undefined]);
    expect(encodeFrame(decoded, { recompute: ['crc', 'lengths'] })).toEqual(frame);
    expect(fcTrailer.decode(frame, frame.length - 8).crc).toBe(crc32(frame, 4, frame.length - 8));
  });

  it('may have a message for a payload', () => {
    const message = { nPortId: 0x01_0001, portName: 9n };
    const whole = encodeLinkFrame(HEADER, logo.encode(message), true, room);
    expect(encodeLinkMessage(HEADER, logo, message, room)).toEqual(whole);
  });

  it('is found again, without its fill bytes', () => {
    const frame = made();
    const locator = new LinkFrameLocator();
    expect(locator.find(frame)).toBeUndefined();
    expect(frame.subarray(locator.payloadAt, locator.payloadEnd)).toEqual(PAYLOAD);
    expect([locator.fcAt, locator.crcAt, locator.eofAt, locator.isGood]).toEqual([4, 36, 40, true]);
    expect(fcCrcIsGood(frame, locator)).toBe(true);
    frame[30]! ^= 1;
    expect(fcCrcIsGood(frame, locator)).toBe(false);
  });

  it('that ends with EOFni is to be discarded', () => {
    const frame = made();
    frame.set([0xbc, 0x8a, 0xd5, 0xd5], frame.length - 4);
    const locator = new LinkFrameLocator();
    expect(locator.find(frame)).toBeUndefined();
    expect(locator.isGood).toBe(false);
  });

  it('is none at every shorter length, with another SOF, or with more fill than payload', () => {
    const frame = made();
    const locator = new LinkFrameLocator();
    for (let length = 0; length < 36; length++) {
      expect(locator.find(frame.subarray(0, length))).toBeInstanceOf(CodecError);
      expect(isLinkFrame(frame.subarray(0, length))).toBe(false);
    }
    const other = made();
    other[3] = 0;
    expect(locator.find(other)).toMatchObject({ fault: 'bad-value', field: 'sof' });
    const empty = encodeLinkFrame(HEADER, new Uint8Array(0), true, room);
    empty[4 + 11]! |= 3;
    expect(locator.find(empty)).toMatchObject({ fault: 'bad-length', field: 'fCtl' });
  });

  it('is told from FCoE on Ethernet', () => {
    const fcoe = encodeFcoeFrame({
      destination: '0e:fc:00:01:00:02',
      source: '0e:fc:00:01:00:01',
      sof: 0x2e,
      eof: 0x42,
      header: HEADER,
      payload: PAYLOAD,
    });
    expect([isLinkFrame(fcoe), isLinkFrame(made())]).toEqual([false, true]);
    expect([linkTypeOf(fcoe), linkTypeOf(made())]).toEqual([1, 225]);
    expect([locateFcOnLink(fcoe), locateFcOnLink(made())]).toMatchObject([
      { fcAt: 28 },
      { fcAt: 4 },
    ]);
  });

  it('that another program has written is found', () => {
    const capture = readFileSync('fixtures/native-read.pcap');
    const first = capture.subarray(40, 40 + capture.readUInt32LE(32));
    expect(isLinkFrame(first)).toBe(true);
    const location = locateFcOnLink(first);
    if (location instanceof CodecError) throw location;
    expect(fcCrcIsGood(first, location)).toBe(true);
  });
});
