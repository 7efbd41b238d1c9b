/** Debian's tgt with one unit. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../live/support/free-port.ts';
import { until } from '../../live/support/wait.ts';

const LIMIT_MS = 60_000;
const UNIT_BYTES = 8 << 20;

/** What the target is called; its unit is LUN 1. */
export const TGT_NAME = 'iqn.2026-01.com.example:tgt';

/** Starts it, its unit in a folder: its TCP port, and what ends it. */
export async function startTgt(
  folder: string,
): Promise<{ readonly port: number; readonly child: ChildProcess }> {
  const port = await freePort();
  const control = `${1000 + (port % 30_000)}`;
  const words = ['-f', '-C', control, '--iscsi', `portal=127.0.0.1:${port}`];
  const child = spawn('/usr/sbin/tgtd', words, { stdio: 'ignore' });
  const adm = (...more: string[]): number | null =>
    spawnSync('/usr/sbin/tgtadm', ['-C', control, '--lld', 'iscsi', ...more]).status;
  const unit = join(folder, 'unit.img');
  writeFileSync(unit, '');
  truncateSync(unit, UNIT_BYTES);
  const made = () => adm('--op', 'new', '--mode', 'target', '--tid', '1', '-T', TGT_NAME) === 0;
  await until(made, LIMIT_MS, 'tgtd answers');
  adm('--op', 'new', '--mode', 'logicalunit', '--tid', '1', '--lun', '1', '-b', unit);
  adm('--op', 'bind', '--mode', 'target', '--tid', '1', '-I', 'ALL');
  return { port, child };
}
