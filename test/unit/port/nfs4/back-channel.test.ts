/** What a server calls its clients for, and connections that break meanwhile. */
import { expect, test } from 'vitest';
import { AuthFlavor, type AuthSysInput, rpcMessage } from '../../../../src/codecs/rpc/index.ts';
import { BackChannels } from '../../../../src/port/nfs4/back-channel.ts';
import { CompoundCall } from '../../../../src/port/nfs4/compound-call.ts';
import { sessionHandlers } from '../../../../src/port/nfs4/session-handlers.ts';
import { Sessions4 } from '../../../../src/port/nfs4/sessions.ts';
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

test('one that its client has no layout for is over with its answer, and the layout with it', () => {
  const hosts = new LayoutHosts();
  const h1 = hosts.host('h1');
  const h2 = hosts.host('h2');
  hosts.get(h1);
  // It has read what it was granted, and forgets it, as Linux does with what it does not use.
  hosts.ask((done) => h1.client.commit(h1.file, hosts.now, done));
  h1.client.layouts!.lose();
  hosts.get(h2);
  expect(h1.recalls).toHaveLength(0);
  expect(hosts.layouts.at(-1)).toBe('returned h1');
  expect(hosts.get(h2)).toBeUndefined();
});

test('a client that may not have read yet what it was granted is called again', () => {
  const hosts = new LayoutHosts();
  const h1 = hosts.host('h1');
  const h2 = hosts.host('h2');
  hosts.get(h1);
  h1.client.layouts!.lose();
  hosts.get(h2);
  expect(hosts.server.kept()).toMatchObject({ layouts: 1 });
  hosts.ask((done) => h1.client.commit(h1.file, hosts.now, done));
  hosts.wait(1.5e9);
  expect(hosts.layouts.at(-1)).toBe('returned h1');
});

interface CallbackSecurity {
  readonly flavor: number;
  readonly sys?: AuthSysInput;
}

/** Who calls: the flavor of each CB_COMPOUND's credential. */
function calledAs(security: readonly CallbackSecurity[]): (number | undefined)[] {
  const sent: Uint8Array[] = [];
  const back = new BackChannels((_, message) => sent.push(message));
  const sessions = new Sessions4(new Uint8Array(8), () => {});
  const { CREATE_SESSION } = sessionHandlers(sessions, { back, name: 's', transferBytesMax: 4096 });
  const { id } = sessions.exchangeId(new Uint8Array(8), Uint8Array.of(1), 0, 0);
  const channel = {
    headerPadBytes: 0,
    maxRequestBytes: 4096,
    maxResponseBytes: 4096,
    maxResponseCachedBytes: 0,
    maxOperations: 8,
    maxRequests: 1,
    rdmaIrd: [],
  };
  const asked = { clientId: id, sequence: 1, flags: 2, fore: channel, back: channel };
  const call = new CompoundCall({ access: 'read-write', now: 0, conn: 1 });
  CREATE_SESSION({ ...asked, callbackProgram: 7, security } as never, call);
  const [session] = sessions.sessionsOf(
    sessions.exchangeId(new Uint8Array(8), Uint8Array.of(1), 0, 0),
  );
  back.call(session!, { kind: 'CB_RECALL_SLOT', targetHighestSlotId: 0 }, () => {});
  return sent.map((message) => {
    const decoded = rpcMessage.decode(message);
    return decoded.kind === 'call' ? decoded.credential.flavor : undefined;
  });
}

test('calls are made as the client asked for them: Linux denies those of nobody', () => {
  const sys = { stamp: 0, machineName: 'h1', uid: 0, gid: 0, gids: [] };
  expect(calledAs([{ flavor: AuthFlavor.AUTH_SYS, sys }])).toEqual([AuthFlavor.AUTH_SYS]);
  expect(calledAs([{ flavor: AuthFlavor.AUTH_NONE }])).toEqual([AuthFlavor.AUTH_NONE]);
  expect(calledAs([])).toEqual([AuthFlavor.AUTH_NONE]);
});
