/** Opcodes tell who sends: those of targets have bit 5. Source: RFC 7143, 11.2.1.2. */
import { expect, test } from 'vitest';
import { IscsiOpcode } from '../../../../src/codecs/iscsi/index.ts';

test('what targets send has bit 5', () => {
  const isOfTarget = (name: string): boolean => /-In|Response|^R2T|Asynchronous|^Reject/.test(name);
  for (const [name, opcode] of Object.entries(IscsiOpcode))
    expect((opcode & 0x20) !== 0, name).toBe(isOfTarget(name));
});
