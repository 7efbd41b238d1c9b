/** Ranges and numbers of data, without a connection around them. */
import { expect, test } from 'vitest';
import type { OpenTask } from '../../../../../src/audit/seen/iscsi/open-task.ts';
import {
  checkResidual,
  type DataPart,
  takeDataIn,
  takeDataOut,
  takeR2t,
} from '../../../../../src/audit/seen/iscsi/transfer.ts';
import type { IscsiPduOf } from '../../../../../src/codecs/index.ts';

const AGREED = {
  maxBurstBytes: 1024,
  firstBurstBytes: 512,
  needsR2t: false,
  allowsImmediateData: true,
  isInOrder: true,
  initiatorTakesBytes: 8192,
  targetTakesBytes: 8192,
};
const moment = { at: 0, frame: 1 };

const task = (): OpenTask =>
  ({
    task: { kind: 'other' },
    expectedBytes: 4096,
    reads: false,
    writes: true,
    dataInSn: 0,
    dataInBytes: 0,
    sequenceBytes: 0,
    r2tSn: 0,
    wanted: new Map(),
    unasked: [],
    unsolicited: { from: 0, to: 4096, dataSn: 0, next: 0 },
    announcesData: true,
  }) as unknown as OpenTask;
const out = (ttt: number, bufferOffset: number, bytes: number, dataSn = 0) =>
  ({
    targetTransferTag: ttt,
    bufferOffset,
    dataSegmentLengthBytes: bytes,
    dataSn,
  }) as DataPart<'SCSI Data-Out'>;
const r2t = (ttt: number, bufferOffset: number, length: number, r2tSn = 0) =>
  ({
    targetTransferTag: ttt,
    bufferOffset,
    desiredDataTransferLengthBytes: length,
    r2tSn,
  }) as IscsiPduOf<'R2T'>;
const NO_TAG = 0xffff_ffff;

function complaints(run: (open: OpenTask, complain: (what: string) => void) => void): string[] {
  const all: string[] = [];
  run(task(), (what) => all.push(what));
  return all;
}

test('data that are seen in front of their R2T are held against it when it comes', () => {
  const sound = complaints((open, complain) => {
    takeDataOut(open, out(5, 0, 512), moment, AGREED, complain);
    takeR2t(open, r2t(5, 0, 1024), AGREED, complain);
    takeDataOut(open, out(5, 512, 512, 1), moment, AGREED, complain);
  });
  expect(sound).toEqual([]);
  const broken = complaints((open, complain) => {
    takeDataOut(open, out(5, 0, 2048), moment, AGREED, complain);
    takeR2t(open, r2t(5, 0, 1024), AGREED, complain);
  });
  expect(broken).toEqual(['write data 0 to 2048, R2T asked for 0 to 1024']);
});

test.each<[string, OpenTask['announcesData'], object, string[]]>([
  [
    'the first burst and no more',
    true,
    {},
    ['unsolicited data up to 1024, FirstBurstLength is 512'],
  ],
  [
    'none with InitialR2T',
    true,
    { needsR2t: true },
    Array(2).fill('write data that no R2T asked for, InitialR2T is Yes'),
  ],
  [
    'none behind F',
    false,
    {},
    Array(2).fill('write data that no R2T asked for, behind a command with F'),
  ],
])('unsolicited data: %s', (_name, announcesData, agreed, expected) => {
  const found = complaints((open, complain) => {
    const one = { ...open, announcesData };
    takeDataOut(one, out(NO_TAG, 0, 512), moment, { ...AGREED, ...agreed }, complain);
    takeDataOut(one, out(NO_TAG, 512, 512, 1), moment, { ...AGREED, ...agreed }, complain);
  });
  expect(found).toEqual(expected);
});

test('an R2T asks for something, within its command, in its turn', () => {
  const found = complaints((open, complain) => {
    takeR2t(open, r2t(5, 0, 0), AGREED, complain);
    takeR2t(open, r2t(6, 4000, 512, 2), AGREED, complain);
  });
  expect(found).toEqual([
    'R2T for no data',
    'R2T with R2TSN 2, 1 was next',
    'R2T for bytes up to 4512, the command has 4096',
  ]);
});

test('without a login nothing is held against what was agreed', () => {
  const found = complaints((open, complain) => {
    takeR2t(open, r2t(5, 0, 4096), undefined, complain);
    takeDataOut(open, out(NO_TAG, 0, 4096), moment, undefined, complain);
  });
  expect(found).toEqual([]);
});

test('sequences of data end before MaxBurstLength, and residuals make up what is missing', () => {
  const found = complaints((open, complain) => {
    const data = { dataSegmentLengthBytes: 1000, final: 0 } as DataPart<'SCSI Data-In'>;
    takeDataIn(open, { ...data, dataSn: 0, bufferOffset: 0 }, AGREED, complain);
    takeDataIn(open, { ...data, dataSn: 1, bufferOffset: 1000 }, AGREED, complain);
    checkResidual(open, { overflow: 0, underflow: 1, residualCount: 2096 }, complain);
    checkResidual(open, { overflow: 0, underflow: 1, residualCount: 96 }, complain);
  });
  expect(found).toEqual([
    '2000 bytes in one sequence, MaxBurstLength is 1024',
    '2000 bytes came of 4096, the response tells of 96 missing',
  ]);
});
