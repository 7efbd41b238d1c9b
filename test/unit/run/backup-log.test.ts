import { expect, it } from 'vitest';
import type { BackupStepped } from '../../../src/history/index.ts';
import { BackupLog } from '../../../src/run/backup-log.ts';

it('says of each backup what it kept, and what came of it', () => {
  const log = new BackupLog();
  let at = 0;
  const tell = (snapshot: string, step: BackupStepped['step'], detail = '') =>
    log.observe({
      at: ++at,
      node: 'backup',
      event: {
        type: 'backup',
        vm: 'vm1',
        snapshot,
        step,
        detail,
        ...(step === 'kept' ? { consistency: 'crash' } : {}),
      },
    });
  tell('b1', 'began');
  tell('b1', 'cut');
  tell('b1', 'kept', 'full');
  tell('b1', 'compared', 'identical');
  tell('b2', 'began');
  tell('b2', 'failed', 'vm1 could not be asked');
  tell('b3', 'cut');
  tell('b3', 'kept', 'incremental');
  tell('b3', 'compared', 'LBA 3 of u differs');
  tell('b4', 'began');
  expect(log.made).toEqual([
    {
      vm: 'vm1',
      snapshot: 'b1',
      atNs: 2,
      kind: 'full',
      consistency: 'crash',
      outcome: 'identical',
    },
    { vm: 'vm1', snapshot: 'b2', atNs: 6, outcome: 'vm1 could not be asked' },
    {
      vm: 'vm1',
      snapshot: 'b3',
      atNs: 7,
      kind: 'incremental',
      consistency: 'crash',
      outcome: 'LBA 3 of u differs',
    },
  ]);
});
