/** The result functions of keys. Source: RFC 7143, clause 13; obsolete keys 13.25. */
import { expect, test } from 'vitest';
import { Negotiation } from '../../../../src/port/iscsi/negotiation.ts';

const answerTo = (key: string, value: string, discovery = false): string | undefined =>
  new Negotiation(() => discovery).answer({ key, value })?.value;

test.each([
  ['HeaderDigest', 'CRC32C,None', 'CRC32C'],
  ['HeaderDigest', 'None,CRC32C', 'None'],
  ['HeaderDigest', 'X-own', 'Reject'],
  ['InitialR2T', 'No', 'No'],
  ['InitialR2T', 'Yes', 'Yes'],
  ['ImmediateData', 'No', 'No'],
  ['ImmediateData', 'maybe', 'Reject'],
  ['DataPDUInOrder', 'No', 'Yes'],
  ['MaxConnections', '8', '1'],
  ['ErrorRecoveryLevel', '2', '0'],
  ['MaxOutstandingR2T', '16', '1'],
  ['MaxBurstLength', '16776192', '1048576'],
  ['MaxBurstLength', '512', '512'],
  ['MaxBurstLength', '511', 'Reject'],
  ['FirstBurstLength', '0x10000', '65536'],
  ['DefaultTime2Wait', '2', '2'],
  ['DefaultTime2Retain', '20', '0'],
  ['TaskReporting', 'FastAbort,RFC3720', 'RFC3720'],
  ['IFMarker', 'No', 'No'],
  ['OFMarkInt', '2048~65535', 'Reject'],
  ['X-com.example.key', '1', 'NotUnderstood'],
  ['SendTargets', 'All', 'Reject'],
])('%s=%s is answered by %s', (key, value, expected) => {
  expect(answerTo(key, value)).toBe(expected);
});

test('what moves no data is irrelevant to a discovery', () => {
  expect(answerTo('InitialR2T', 'No', true)).toBe('Irrelevant');
  expect(answerTo('HeaderDigest', 'None', true)).toBe('None');
});

test('a length is declared, not answered, and holds', () => {
  const negotiation = new Negotiation(() => false);
  expect(negotiation.answer({ key: 'MaxRecvDataSegmentLength', value: '65536' })).toBeUndefined();
  expect(negotiation.parameters.initiatorMaxRecvDataSegmentLength).toBe(65_536);
  expect(negotiation.declarations()).toHaveLength(1);
  expect(negotiation.declarations()).toHaveLength(0);
});

test('nobody says anything: the defaults, and no first burst above a burst', () => {
  const { parameters } = new Negotiation(() => false);
  expect(parameters).toMatchObject({
    digests: { header: false, data: false },
    initialR2T: true,
    immediateData: true,
    firstBurstLength: 65_536,
    maxBurstLength: 262_144,
    initiatorMaxRecvDataSegmentLength: 8192,
  });
  const small = new Negotiation(() => false);
  small.answer({ key: 'MaxBurstLength', value: '1024' });
  expect(small.parameters.firstBurstLength).toBe(1024);
});
