/** One witness for a file: two of one file would each let another array go on. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { fileFault } from '../../capture/file-fault.ts';
import { ListenError } from '../listen-address.ts';

/** Fields of `/proc/PID/stat` behind the name, which may hold blanks; the 22nd of all is when the process began. Source: proc(5). */
const STARTED = 22 - 3;

/** Names a process among all that there were on this machine; `undefined` where there is none of that number. */
function lifeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[STARTED]} ${boot}`;
  } catch {
    // Not Linux, or nobody: where it cannot be told from another of its number, it is that.
    return isThere(pid) ? `${pid}` : undefined;
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Keeps a file for this process, by another one beside it. Returns what gives it up. Errors: `ListenError`. */
export function keepFile(path: string): () => void {
  const lock = `${path}.lock`;
  for (let isLast = false; ; isLast = true) {
    try {
      const file = openSync(lock, 'wx');
      writeSync(file, `${lifeOf(process.pid)}\n`);
      closeSync(file);
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        const { advice, what } = fileFault(path, error, 'write');
        throw new ListenError(`cannot write ${path}: ${what}; ${advice}`);
      }
      const keeper = readFileSync(lock, 'utf8').trim();
      const pid = Number.parseInt(keeper, 10);
      const isKept = pid > 0 && lifeOf(pid) === keeper;
      if (isLast || isKept)
        throw new ListenError(
          `${path}: another witness keeps it (process ${pid}); stop that one, or name another file`,
        );
      // Who kept it ended without a word.
      rmSync(lock, { force: true });
    }
  }
}
