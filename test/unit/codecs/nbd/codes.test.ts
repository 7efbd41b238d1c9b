/** Numbers of NBD beside those that Linux's header has. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as nbd from '../../../../src/codecs/nbd/index.ts';

const HEADER = '/usr/include/linux/nbd.h';

/** `NAME = value`, `#define NAME value` and `(1 << n)` of the header. */
function numbersOf(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, name, value] of text.matchAll(
    /(NBD_\w+)(?:\s*=\s*|\s+)(0x[0-9a-f]+|\d+|\(1 << \d+\))/g,
  )) {
    const shift = /1 << (\d+)/.exec(value!);
    found.set(name!, shift === null ? Number(value) : 2 ** Number(shift[1]));
  }
  return found;
}

describe.skipIf(!existsSync(HEADER))('linux/nbd.h', () => {
  const linux = numbersOf(existsSync(HEADER) ? readFileSync(HEADER, 'utf8') : '');

  it('magic numbers, commands and flags are the same', () => {
    expect(linux.get('NBD_REQUEST_MAGIC')).toBe(nbd.NBD_REQUEST_MAGIC);
    expect(linux.get('NBD_REPLY_MAGIC')).toBe(nbd.NBD_SIMPLE_REPLY_MAGIC);
    for (const name of ['READ', 'WRITE', 'DISC', 'FLUSH', 'TRIM'] as const)
      expect(linux.get(`NBD_CMD_${name}`), name).toBe(nbd.NbdCommand[name]);
    // There they stand in the upper half of a word with the command.
    expect(linux.get('NBD_CMD_FLAG_FUA')! / 2 ** 16).toBe(nbd.NbdCommandFlags.FUA);
    const F = nbd.NbdTransmissionFlags;
    for (const name of ['HAS_FLAGS', 'READ_ONLY', 'SEND_FLUSH', 'SEND_FUA', 'SEND_TRIM'] as const)
      expect(linux.get(`NBD_FLAG_${name}`), name).toBe(F[name]);
    expect(linux.get('NBD_FLAG_CAN_MULTI_CONN')).toBe(F.CAN_MULTI_CONN);
  });
});

describe('magic numbers', () => {
  it('are the texts that they spell', () => {
    const text = (value: bigint) => Buffer.from(value.toString(16), 'hex').toString();
    expect(text(nbd.NBD_MAGIC)).toBe('NBDMAGIC');
    expect(text(nbd.NBD_OPTION_MAGIC)).toBe('IHAVEOPT');
  });

  it('a request that is not known has a number', () => {
    expect(nbd.nameOfNbdCommand(7)).toBe('BLOCK_STATUS');
    expect(nbd.nameOfNbdCommand(99)).toBe('command 99');
  });
});
