/** What a host answers to a mover that takes a guest's disk along. */
import { expect, it } from 'vitest';
import type { DiskCopyOptions } from '../../../src/host/disk-copy.ts';
import { San } from '../../helpers/san.ts';

const disk: DiskCopyOptions = {
  ...{ volume: 'disk', to: 'new', by: 'mirror', chunkBlocks: 8, windowBlocks: 8 },
  ...{ roundsMax: 3, restBlocks: 0 },
};

it('refuses where the guest has no volume', () => {
  const san = new San();
  san.start();
  for (const command of [
    { command: 'copy-disk', vm: 'vm', disk } as const,
    { command: 'finish-copy', vm: 'vm' } as const,
    { command: 'drop-copy', vm: 'vm' } as const,
  ])
    expect(san.ask('h1', command)).toEqual({
      ok: false,
      reason: 'vm has no volume that could be copied',
    });
});
