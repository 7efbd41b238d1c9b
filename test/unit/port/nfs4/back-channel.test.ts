/** What a server calls its clients for, and connections that break meanwhile. */
import { expect, test } from 'vitest';
import { LayoutHosts } from '../../../helpers/nfs4-hosts.ts';

test('a recall whose connection broke comes on the next one that its client binds, once', () => {
  const hosts = new LayoutHosts();
  const h1 = hosts.host('h1');
  const h2 = hosts.host('h2');
  hosts.get(h1);
  const conn = h1.conn!;
  // The server does not notice, and its call is lost.
  hosts.lose(h1);
  hosts.get(h2);
  expect(h1.recalls).toHaveLength(0);
  hosts.cut(h1);
  hosts.reconnect(h1);
  expect(h1.conn).not.toBe(conn);
  expect(h1.recalls).toHaveLength(1);
  hosts.giveBack(h1);
  expect(hosts.get(h2)).toBeUndefined();
});

test('one that its client has no layout for is over with its answer', () => {
  const hosts = new LayoutHosts();
  const h1 = hosts.host('h1');
  const h2 = hosts.host('h2');
  hosts.get(h1);
  h1.client.layouts!.lose();
  hosts.get(h2);
  expect(h1.recalls).toHaveLength(0);
  expect(hosts.server.kept()).toMatchObject({ layouts: 1 });
});
