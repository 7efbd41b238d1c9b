/** One witness for a file: two of one file would each let another array go on. */
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { fileFault } from '../../capture/file-fault.ts';
import { ListenError } from '../listen-address.ts';

/** Fields of `/proc/PID/stat` behind the name, which may hold blanks; the 22nd of all is when the process began. Source: proc(5). */
const STARTED = 22 - 3;
const LINE_BYTES_MAX = 256;

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

/** What the lock says of who keeps it, of which no more than a line is read. */
function keeperIn(lock: string): string {
  const file = openSync(lock, 'r');
  try {
    const bytes = new Uint8Array(LINE_BYTES_MAX);
    return Buffer.from(bytes.subarray(0, readSync(file, bytes)))
      .toString()
      .trim();
  } finally {
    closeSync(file);
  }
}

/** Keeps a file for this process, by another one beside it. Returns what gives it up. Errors: `ListenError`. */
export function keepFile(path: string): () => void {
  const lock = `${path}.lock`;
  const own = `${lock}.${process.pid}`;
  try {
    // Whole before it has the name that others look for.
    writeFileSync(own, `${lifeOf(process.pid)}\n`);
    for (let isLast = false; !isLinked(own, lock); isLast = true) {
      const keeper = keeperIn(lock);
      const pid = Number.parseInt(keeper, 10);
      if (isLast || (pid > 0 && lifeOf(pid) === keeper))
        throw new ListenError(
          `${path}: another witness keeps it (process ${pid}); stop that one, or name another file`,
        );
      // Who kept it ended without a word.
      rmSync(lock, { force: true });
    }
    return () => rmSync(lock, { force: true });
  } catch (error) {
    if (error instanceof ListenError) throw error;
    const { advice, what } = fileFault(lock, error, 'write');
    throw new ListenError(`cannot write ${lock}: ${what}; ${advice}`);
  } finally {
    rmSync(own, { force: true });
  }
}

/** Gives a file a name that nobody has; false where somebody has it. */
function isLinked(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
