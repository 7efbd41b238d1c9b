/** Field groups of CDBs: where they stand in their bytes. Source: SAM-5, CONTROL byte; SPC-5, CDB formats. */
import { expect, test } from 'vitest';
import { codec } from '../../../../src/codecs/layout/index.ts';
import {
  Control,
  command,
  control,
  group,
  operationCode,
  option,
  optionByte,
  serviceAction,
} from '../../../../src/codecs/scsi/parts.ts';
import { checkFixedVector } from '../../../helpers/vector.ts';

test('a command has its operation code first and the CONTROL byte last', () => {
  const one = command('one', 'INQUIRY', 'none', { value: optionByte });
  checkFixedVector(
    one,
    '12 07 04',
    { kind: 'one', operationCode: 0x12, value: 7, control: Control.NACA },
    { value: 7, control: 4 },
  );
  checkFixedVector(one, '12 00 00', {}, {});
});

test('the service action is the low 5 bits, the group number the low 6', () => {
  const one = codec('one', 'none', {
    high: option(3),
    action: serviceAction({ ten: 10 }, 10),
    ...group,
    operationCode: operationCode('READ(10)'),
    control,
  });
  checkFixedVector(one, 'ea 3f 28 00', {
    high: 7,
    action: 10,
    groupNumber: 0x3f,
    operationCode: 0x28,
  });
  checkFixedVector(one, '0a 00 28 00', {}, {});
  expect(one.spans(one.encode({})).find(({ path }) => path === 'action')?.text).toContain('ten');
  expect(Control.NACA).toBe(4);
});
