/** A server with its control socket, and a way to ask it. */
import { join } from 'node:path';
import { askControl } from '../../src/live/control/client.ts';
import { CONTROL_COMMANDS } from '../../src/live/control/commands.ts';
import { ControlSocket } from '../../src/live/control/socket.ts';
import type { LiveServer } from '../../src/live/server.ts';
import { Bench } from './live-bench.ts';

/** What a test has of the server: `bench.end` ends it all. */
export interface ControlRig {
  readonly bench: Bench;
  readonly server: LiveServer;
  /** Of the control socket. */
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON of many shapes
  readonly ask: (request: object) => Promise<any>;
}

/** Serves one fabric with a logical unit or more, and its control socket. */
export async function controlRig(units = 1): Promise<ControlRig> {
  const bench = new Bench();
  const luns = Array.from({ length: units }, () => ({ kind: 'memory', bytes: 1 << 20 }) as const);
  const server = await bench.serve({ plan: bench.plan(luns) });
  const path = join(bench.dir, 'ctl');
  const control = await ControlSocket.open(path, server, CONTROL_COMMANDS);
  bench.atEnd(() => control.close());
  return {
    bench,
    server,
    path,
    ask: async (request) => JSON.parse(await askControl(path, JSON.stringify(request))),
  };
}
