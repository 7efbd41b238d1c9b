import { describe, expect, it } from 'vitest';
import type { StorageEvent } from '../../../../src/history/storage.ts';
import { StreamCore } from '../../../../src/machine/stream-core.ts';
import { NfsConnections } from '../../../../src/port/nfs/connections.ts';

const LIMITS = { connectionsMax: 2, idleNs: 100, recordBytesMax: 1000 };

function made() {
  const core = new StreamCore<StorageEvent>();
  const connections = new NfsConnections(core, 'array', LIMITS);
  const told = () => {
    const all: string[] = [];
    for (let out = core.poll(); out !== undefined; out = core.poll()) {
      if ('close' in out) all.push(`${out.conn} ${out.close}`);
      else if ('event' in out && out.event.type === 'nexus')
        all.push(`${out.event.nexus.initiator} ${out.event.nexus.epoch} ${out.event.state}`);
      else if ('event' in out) all.push(out.event.type);
    }
    return all;
  };
  return { core, connections, told };
}

describe('connections of a file server', () => {
  it('are nexuses of their client, counted by its address', () => {
    const { connections, told } = made();
    connections.open(1, { address: 'a', port: 1 });
    connections.open(2, { address: 'a', port: 2 });
    connections.closeWell(connections.get(1)!);
    connections.open(3, { address: 'b', port: 1 });
    expect(told()).toEqual(['a 1 began', 'a 2 began', '1 end', 'a 1 ended', 'b 1 began']);
    expect(connections.size).toBe(2);
  });

  it('are closed when they are too many, idle, or of no use any more, once each', () => {
    const { core, connections, told } = made();
    for (const conn of [1, 2, 3]) connections.open(conn, { address: `c${conn}`, port: 1 });
    const first = connections.get(1)!;
    connections.reset(first, 'noise');
    connections.reset(first, 'noise');
    core.handleTimeout(100);
    expect(told().filter((one) => /\d (end|reset)$/.test(one))).toEqual([
      '3 reset',
      '1 reset',
      '2 end',
    ]);
    expect(core.deadline).toBeUndefined();
  });

  it('with calls under way are not idle', () => {
    const { core, connections } = made();
    connections.open(1, { address: 'a', port: 1 });
    connections.get(1)!.calls = 1;
    core.handleTimeout(100);
    expect(connections.get(1)).toBeDefined();
    connections.get(1)!.calls = 0;
    core.handleTimeout(200);
    expect(connections.get(1)).toBeUndefined();
  });
});
