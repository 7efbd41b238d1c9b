import { expect, test } from 'vitest';
import { decodeAttributes, fattr4, maskOf, namesIn } from '../../../../src/codecs/index.ts';
import { attributesFor, changeOf } from '../../../../src/port/nfs4/attributes.ts';
import { fileSystemOf } from '../../../helpers/nfs.ts';

const files = fileSystemOf();
const file = files.files[0]!;
const read = (mask: readonly number[]) =>
  decodeAttributes(
    fattr4.decode(fattr4.encode(attributesFor(files, file, mask, { transferBytesMax: 4096 }))),
  ).attributes;

test('what is not supported is left out of what is told', () => {
  // ACL is bit 12, SIZE bit 4.
  expect(read([(1 << 12) | (1 << 4)])).toEqual({ size: BigInt(file.size) });
});

test('all that is said to be supported is told, but what SETATTR alone takes', () => {
  const supported = read(maskOf(['supported_attrs'])).supported_attrs!;
  const told = Object.keys(read(supported));
  const setOnly = ['time_access_set', 'time_modify_set'];
  expect(namesIn(supported).filter((name) => !told.includes(name))).toEqual(setOnly);
});

test('the change attribute grows with every change', () => {
  const before = changeOf(file);
  files.touch(file, 0);
  expect(changeOf(file) > before).toBe(true);
});
