/** Sense data in the data segment of a SCSI Response. Source: RFC 7143, 11.4.7. */
import { expect, test } from 'vitest';
import { senseSegment } from '../../../../src/codecs/iscsi/index.ts';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import { expectEncoded } from '../../../helpers/vector.ts';

test('its length stands in front, response data behind', () => {
  const senseData = Uint8Array.of(0x70, 0);
  expectEncoded(senseSegment, { senseData }, '0002 7000');
  expectEncoded(senseSegment, { senseData, responseData: Uint8Array.of(9) }, '0002 7000 09');
  expect(senseSegment.decode(parseHex('0000abcd'))).toMatchObject({
    senseLengthBytes: 0,
    responseData: Uint8Array.of(0xab, 0xcd),
  });
});

test('more sense data than there is are refused', () => {
  expect(() => senseSegment.decode(parseHex('00040102'))).toThrow(CodecError);
});
