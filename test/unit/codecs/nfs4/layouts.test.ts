import { expect, test } from 'vitest';
import { nfsArgOp4, nfsResOp4, parseHex } from '../../../../src/codecs/index.ts';

const hex = (text: string) => parseHex(text.replaceAll(' ', ''));
const STATEID = `00000001 ${'0b'.repeat(12)}`;

/** The bytes are written down from RFC 5662, field by field. */
test('LAYOUTCOMMIT has what is new, where something is', () => {
  const bytes = hex(
    `00000031 0000000000000000 0000000000001000 00000000 ${STATEID}` +
      '00000001 0000000000000fff 00000000 00000003 00000000',
  );
  const value = nfsArgOp4.decode(bytes);
  expect(value).toMatchObject({ lastWriteOffset: 4095n, timeModify: undefined, type: 3 });
  expect(nfsArgOp4.encode(value)).toEqual(bytes);
});

test('LAYOUTGET that has to wait says whether it will be told', () => {
  expect(nfsResOp4.decode(hex('00000032 0000274a 00000001'))).toMatchObject({
    kind: 'LAYOUTGET',
    status: 10_058,
    willSignal: 1,
  });
});

test('LAYOUTRETURN of all names no file', () => {
  const bytes = hex('00000033 00000000 00000003 00000003 00000003');
  expect(nfsArgOp4.decode(bytes)).toMatchObject({ returnType: 3, file: undefined });
});
