import { expect, test } from 'vitest';
import { partsOf } from '../../../../src/audit/seen/exchange-row.ts';
import { Conversation, decodeFrame } from '../../../../src/codecs/index.ts';
import { command } from '../../../helpers/fc-frames.ts';

test('a command asks for blocks of a unit, and for bytes', () => {
  const cdb = new Uint8Array(16);
  cdb.set([0x28, 0, 0, 0, 0, 7, 0, 0, 3]);
  const bytes = command(0x12, { lun: 1n << 48n, cdb, fcpDl: 1536 });
  const frame = decodeFrame(bytes, { conversation: new Conversation() });
  expect(partsOf('fcp', frame)).toMatchObject({
    kind: 'fcp',
    command: 'READ(10)',
    lun: 1n << 48n,
    lba: 7n,
    blocks: 3,
    expectedBytes: 1536,
  });
});

test('what is no command has the name of its protocol', () => {
  const frame = decodeFrame(new Uint8Array(60));
  expect(partsOf('ct', frame)).toEqual({
    kind: 'ct',
    command: 'CT',
    lun: undefined,
    lba: undefined,
    blocks: undefined,
    expectedBytes: undefined,
    expectedReadBytes: undefined,
  });
});
