import { describe, expect, test } from 'vitest';
import {
  compound4args,
  compound4res,
  NfsOp4,
  nfsArgOp4,
  nfsResOp4,
  parseHex,
} from '../../../../src/codecs/index.ts';

const SESSION = new Uint8Array(16).fill(7);

describe('COMPOUND', () => {
  test('has operations one behind the other, each ending by itself', () => {
    const bytes = compound4args.encode({
      tag: '',
      minorVersion: 1,
      operations: [
        {
          kind: 'SEQUENCE',
          sessionId: SESSION,
          sequenceId: 1,
          slotId: 0,
          highestSlotId: 0,
          cacheThis: 0,
        },
        { kind: 'PUTROOTFH' },
        { kind: 'LOOKUP', name: 'lun0.img' },
        { kind: 'GETFH' },
      ],
    });
    const { operations, minorVersion } = compound4args.decode(bytes);
    expect(minorVersion).toBe(1);
    expect(operations.map(({ kind }) => kind)).toEqual([
      'SEQUENCE',
      'PUTROOTFH',
      'LOOKUP',
      'GETFH',
    ]);
    expect(operations[2]).toMatchObject({ op: NfsOp4.LOOKUP, name: 'lun0.img' });
  });

  test('an operation that is not known takes the rest with it, and nothing is lost', () => {
    const bytes = parseHex(
      '00000000 00000001 00000003 00000018 0000ffff 01020304 0000000a'.replaceAll(' ', ''),
    );
    const decoded = compound4args.decode(bytes);
    expect(decoded.operations.map(({ kind }) => kind)).toEqual(['PUTROOTFH', 'unknown']);
    expect(compound4args.encode(decoded)).toEqual(bytes);
  });

  test('what is read of a length that runs over the end stays', () => {
    const bytes = parseHex(
      '00000000 00000001 00000002 00000018 0000000f 000000ff'.replaceAll(' ', ''),
    );
    expect(() => compound4args.decode(bytes)).toThrow('name');
  });

  test('a result that failed has its status and nothing behind it', () => {
    const bytes = compound4res.encode({
      status: 10052,
      tag: '',
      results: [{ kind: 'SEQUENCE', status: 10052 }],
    });
    expect(bytes.length).toBe(20);
    expect(compound4res.decode(bytes).results[0]).toMatchObject({
      kind: 'SEQUENCE',
      status: 10052,
    });
  });

  test('every operation has its number, and an answer', () => {
    for (const name of Object.keys(nfsArgOp4.members)) {
      expect(NfsOp4).toHaveProperty(name);
      expect(nfsResOp4.members).toHaveProperty(name);
    }
  });
});
