import { describe, expect, it } from 'vitest';
import { StreamCore } from '../../../src/machine/stream-core.ts';
import type { StreamMachine } from '../../../src/machine/stream-machine.ts';
import { Broken } from '../../../src/testing/check.ts';
import { StreamRun } from '../../../src/testing/stream-run.ts';

/** A machine whose answer to bytes is a test's. */
function machineOf(
  answer: (core: StreamCore<string>, conn: number) => void,
): StreamMachine<string> {
  const core = new StreamCore<string>();
  return {
    handleOpened() {},
    handleBytes: (conn) => answer(core, conn),
    handleClosed() {},
    handleTimeout: (now) => core.handleTimeout(now),
    poll: () => core.poll(),
    get deadline() {
      return core.deadline;
    },
  };
}

const one = Uint8Array.of(1);

describe('a run of a machine that speaks byte streams', () => {
  it('keeps what was said on each connection, and what was told', () => {
    const run = new StreamRun(
      machineOf((core, conn) => {
        core.send(conn, Uint8Array.of(7, 8));
        core.emit('told');
        core.close(conn, 'end');
      }),
    );
    run.bytes(run.open(), one);
    expect(run.said.text()).toBe('1: 7 8 end\n"told"');
    expect([run.said.bytesOut, run.bytesIn]).toEqual([2, 1]);
  });

  it('finds a machine that speaks behind the end, says nothing at all, or wakes too early', () => {
    const behind = new StreamRun(
      machineOf((core, conn) => {
        core.close(conn, 'end');
        core.send(conn, one);
      }),
    );
    expect(() => behind.bytes(behind.open(), one)).toThrow(Broken);
    const nothing = new StreamRun(machineOf((core, conn) => core.send(conn, new Uint8Array())));
    expect(() => nothing.bytes(nothing.open(), one)).toThrow('sends no bytes at all');
    const never = new StreamRun({
      ...machineOf(() => {}),
      handleTimeout() {},
      deadline: 5,
    });
    expect(() => never.wait()).toThrow('still due at 5');
  });
});
