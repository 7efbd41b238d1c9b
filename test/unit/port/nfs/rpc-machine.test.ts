/** Clients of both versions as machines: connections, bytes and time go to their calls. */
import { expect, test } from 'vitest';
import { RpcMachine } from '../../../../src/port/nfs/rpc-machine.ts';
import { serverOf } from '../../../helpers/nfs.ts';
import { NfsPair } from '../../../helpers/nfs-pair.ts';
import { client4 } from '../../../helpers/nfs4-pair.ts';

test.each([
  ['version 3', () => new NfsPair(serverOf()).client],
  ['version 4.1', () => client4()],
])('%s: connects again after a time when nobody is there, and says when', (_name, make) => {
  const client: RpcMachine = make();
  expect(client).toBeInstanceOf(RpcMachine);
  if ('mount' in client) (client as { mount: (...all: unknown[]) => void }).mount('/', 5, () => {});
  else (client as unknown as { find: (...all: unknown[]) => void }).find(['a'], 5, () => {});
  expect(client.now).toBe(5);
  const first = client.poll();
  expect(first).toMatchObject({ connect: { port: 2049 } });
  client.handleUnreachable(1, 7);
  expect(client.now).toBe(7);
  const { deadline } = client;
  expect(deadline).toBeGreaterThan(7);
  client.handleTimeout(deadline!);
  expect(client.poll()).toMatchObject({ connect: { port: 2049 } });
});
