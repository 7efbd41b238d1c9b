/** Text keys, as libiscsi sends them (fixtures/iscsi/iscsi-test-cu-tgt.pcap, frame 4). */
import { expect, test } from 'vitest';
import {
  encodeTextKeys,
  iscsiText,
  keyOf,
  textKeysOf,
} from '../../../../src/codecs/iscsi/index.ts';
import { CodecError, formatHex } from '../../../../src/codecs/layout/index.ts';
import { expectVector } from '../../../helpers/vector.ts';

test('pairs end in a zero each, the last one too', () => {
  const hex = formatHex(new TextEncoder().encode('SessionType=Normal\0HeaderDigest=None,CRC32C\0'));
  const pairs = [{ pair: 'SessionType=Normal' }, { pair: 'HeaderDigest=None,CRC32C' }];
  // Cut behind a pair it is a text, and so is nothing.
  expectVector(iscsiText, hex, { pairs }, 3);
});

test('a key ends at the first equals sign', () => {
  expect(keyOf('CHAP_R=0x=1')).toEqual({ key: 'CHAP_R', value: '0x=1' });
  expect(keyOf('nothing')).toEqual({ key: 'nothing', value: '' });
});

test('keys come back as they went', () => {
  const keys = [
    { key: 'TargetName', value: 'iqn.2026-01.example:t' },
    { key: 'X-other', value: '' },
  ];
  expect(textKeysOf(encodeTextKeys(keys))).toEqual(keys);
  expect(() => textKeysOf(Uint8Array.of(0x61))).toThrow(CodecError);
});
