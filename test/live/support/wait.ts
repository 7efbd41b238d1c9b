/** Waiting for processes and conditions outside, always with a limit. */
import type { ChildProcess } from 'node:child_process';

const POLL_MS = 50;

export const delay = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** The time on `performance.now` when the limit is over. */
export const deadlineAt = (limitMs: number): number => performance.now() + limitMs;

/** Polls a condition. Errors: `Error` that says what did not come. */
export async function until<T>(
  condition: () => T | Promise<T>,
  limitMs: number,
  what: string,
): Promise<NonNullable<T>> {
  for (const limit = deadlineAt(limitMs); ; ) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > limit) throw new Error(`${what}: not within ${limitMs / 1000} s`);
    await delay(POLL_MS);
  }
}

/** Ends a process by its id, with SIGKILL when the signal does not do it in time. Its exit status. */
export async function endOf(
  child: ChildProcess,
  signal: NodeJS.Signals,
  limitMs: number,
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  child.kill(signal);
  const killer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  await exited;
  clearTimeout(killer);
  return child.exitCode;
}
