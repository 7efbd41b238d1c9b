/** Requests and replies as QEMU 7.2 and libnbd 1.14 write them: bytes of fixtures/nbd/qemu.pcapng. */
import { describe, expect, it } from 'vitest';
import { CodecError, parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  NbdCommand,
  NbdError,
  nbdChunk,
  nbdRequest,
  nbdSimpleReply,
} from '../../../../src/codecs/nbd/index.ts';
import { bareHex, checkVector } from '../../../helpers/vector.ts';

describe('a request', () => {
  it.each([
    [
      '25609513 0000 0007 0000000000000001 0000000000000000 00100000',
      { command: NbdCommand.BLOCK_STATUS, cookie: 1n, lengthBytes: 1_048_576 },
    ],
    [
      '25609513 0003 0006 000056520d589020 0000000000040000 00001000',
      { command: NbdCommand.WRITE_ZEROES, flags: 3, offset: 0x4_0000n, lengthBytes: 4096 },
    ],
    [
      '25609513 0000 0000 000056520d589020 0000000000080000 00000200',
      { command: NbdCommand.READ, cookie: 0x5652_0d58_9020n, data: undefined },
    ],
  ])('%s', (hex, value) => {
    checkVector(nbdRequest, hex, value, nbdRequest.decode(parseHex(bareHex(hex))));
  });

  it('a write has its data, whose length is told by them', () => {
    checkVector(
      nbdRequest,
      '25609513 0001 0001 000056520d589020 0000000000001000 00000004 03030303',
      { command: NbdCommand.WRITE, flags: 1, lengthBytes: 4, data: parseHex('03030303') },
      {
        command: NbdCommand.WRITE,
        flags: 1,
        cookie: 0x5652_0d58_9020n,
        offset: 0x1000n,
        data: parseHex('03030303'),
      },
    );
  });

  it('a write that says it has more than is there is refused', () => {
    const hex = '25609513 0001 0001 000056520d589020 0000000000001000 ffffffff 03030303';
    expect(() => nbdRequest.decode(parseHex(bareHex(hex)))).toThrow(CodecError);
  });
});

describe('a reply', () => {
  it('is simple', () => {
    checkVector(
      nbdSimpleReply,
      '67446698 00000000 000056520d589020',
      { error: 0 },
      {
        cookie: 0x5652_0d58_9020n,
      },
    );
    checkVector(
      nbdSimpleReply,
      '67446698 0000001c 0000000000000007',
      { error: NbdError.ENOSPC },
      { error: NbdError.ENOSPC, cookie: 7n },
    );
  });

  it.each([
    [
      '668e33ef 0001 0002 000056520d589020 0000000c 00000000000ff000 00001000',
      { kind: 'OFFSET_HOLE', flags: 1, data: { offset: 0xf_f000n, holeBytes: 4096 } },
    ],
    [
      '668e33ef 0001 0001 000056520d589020 0000000a 0000000000080000 0909',
      { kind: 'OFFSET_DATA', data: { offset: 0x8_0000n, content: Uint8Array.of(9, 9) } },
    ],
    [
      `668e33ef 0001 0005 0000000000000001 00000014 00000002
       00020000 00000000 00010000 00000001`,
      {
        kind: 'BLOCK_STATUS',
        data: {
          contextId: 2,
          extents: [
            { lengthBytes: 131_072, flags: 0 },
            { lengthBytes: 65_536, flags: 1 },
          ],
        },
      },
    ],
    [
      '668e33ef 0001 8001 0000000000000001 00000009 00000016 0003 626164',
      { kind: 'ERROR', data: { error: NbdError.EINVAL, message: 'bad' } },
    ],
    ['668e33ef 0001 0000 0000000000000001 00000000', { kind: 'NONE' }],
  ])('%s', (hex, value) => {
    checkVector(nbdChunk, hex, value, nbdChunk.decode(parseHex(bareHex(hex))));
  });

  it('the place of an error is kept behind its text', () => {
    const hex = '668e33ef 0001 8002 0000000000000001 00000010 00000005 0002 6f68 0000000000001000';
    const bytes = parseHex(bareHex(hex));
    const chunk = nbdChunk.decode(bytes);
    expect(chunk).toMatchObject({ kind: 'ERROR', data: { error: 5, message: 'oh' } });
    expect(nbdChunk.encode(chunk)).toEqual(bytes);
  });
});
