import { describe, expect, it } from 'vitest';
import { nfs3 } from '../../../../src/codecs/nfs/index.ts';
import type { Nfs3Name } from '../../../../src/port/nfs/nfs3-call.ts';
import { failuresOf } from '../../../../src/port/nfs/nfs3-failures.ts';
import { fileSystemOf } from '../../../helpers/nfs.ts';

describe('replies that say no', () => {
  const files = fileSystemOf();
  const attributes = files.attributesOf(files.root);
  const name = { dir: Uint8Array.of(1), name: 'x' };
  const handle = Uint8Array.of(1);
  const args = {
    ...{ object: handle, file: handle, dir: handle, what: name, where: name, link: name },
    ...{ from: name, to: name },
  };
  const bytesOf = (procedure: Nfs3Name, found: object) => {
    const object = procedure === 'REMOVE' || procedure === 'RMDIR' ? name : handle;
    const body = failuresOf(() => found)[procedure]({ ...args, object } as never);
    return nfs3[procedure].res.encode({ status: 70, ...body } as never).length;
  };

  it('have the attributes of each handle that names something, and nothing else', () => {
    const names = Object.keys(nfs3).filter(
      (one) => one !== 'NULL' && one !== 'GETATTR',
    ) as Nfs3Name[];
    for (const procedure of names) {
      const handles = procedure === 'RENAME' || procedure === 'LINK' ? 2 : 1;
      const more = bytesOf(procedure, { attributes }) - bytesOf(procedure, {});
      expect(more, procedure).toBe(84 * handles);
    }
    expect(bytesOf('GETATTR', { attributes })).toBe(4);
  });
});
