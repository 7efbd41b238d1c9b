/** Result functions of operational keys; the cases are those of RFC 7143, 6.2 and 13. */
import { describe, expect, it } from 'vitest';
import {
  answeredValue,
  formatKeyValue,
  KEY_RULES,
  type KeyValue,
  type OperationalValues,
  parseKeyValue,
  resultOf,
} from '../../../../src/port/iscsi/key-rules.ts';

type Key = keyof OperationalValues;

describe('a result', () => {
  it.each<[Key, string, KeyValue, KeyValue | undefined]>([
    ['InitialR2T', 'No', true, true],
    ['InitialR2T', 'No', false, false],
    ['ImmediateData', 'Yes', false, false],
    ['ImmediateData', 'Yes', true, true],
    ['DataPDUInOrder', 'No', true, true],
    ['MaxBurstLength', '262144', 8192, 8192],
    ['MaxBurstLength', '0x1000', 8192, 4096],
    ['DefaultTime2Wait', '2', 5, 5],
    ['DefaultTime2Retain', '20', 0, 0],
    ['ErrorRecoveryLevel', '2', 0, 0],
    ['HeaderDigest', 'CRC32C,None', 'None', 'CRC32C'],
    ['HeaderDigest', 'X-other,None', 'None', 'None'],
    ['HeaderDigest', 'X-other', 'None', undefined],
    ['MaxBurstLength', '511', 8192, undefined],
    ['MaxBurstLength', '16777216', 8192, undefined],
    ['MaxConnections', '99999999999999999999999', 1, undefined],
    ['ImmediateData', 'yes', true, undefined],
    ['ErrorRecoveryLevel', '3', 0, undefined],
  ])('of %s=%s', (key, proposed, own, result) => {
    expect(resultOf(KEY_RULES[key], proposed, own)).toBe(result);
  });
});

describe('an answer', () => {
  it.each<[Key, string, string, KeyValue | undefined]>([
    ['InitialR2T', 'Yes', 'No', true],
    ['InitialR2T', 'No', 'Yes', undefined],
    ['ImmediateData', 'Yes', 'No', undefined],
    ['ImmediateData', 'No', 'Yes', false],
    ['MaxBurstLength', '4096', '8192', 4096],
    ['MaxBurstLength', '16384', '8192', undefined],
    ['DefaultTime2Wait', '3', '2', 3],
    ['DefaultTime2Wait', '1', '2', undefined],
    ['DataDigest', 'CRC32C', 'None', undefined],
    ['DataDigest', 'None', 'CRC32C,None', 'None'],
    ['DataDigest', 'CRC32C,None', 'CRC32C,None', undefined],
  ])('%s=%s to %s', (key, answer, proposed, result) => {
    expect(answeredValue(KEY_RULES[key], answer, proposed)).toBe(result);
  });
});

it('values are written as they are read', () => {
  expect(formatKeyValue(parseKeyValue(KEY_RULES.InitialR2T, 'Yes')!)).toBe('Yes');
  expect(formatKeyValue(parseKeyValue(KEY_RULES.MaxBurstLength, '0x200')!)).toBe('512');
});
