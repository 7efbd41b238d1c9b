/** F_Ports whose links are FIP's virtual links. */
import { describe, expect, it } from 'vitest';
import { Adapter, Login } from '../../../../src/fabric/fc/logins.ts';
import { newNameServerObject } from '../../../../src/fabric/fc/name-server-object.ts';
import { FcfContext } from '../../../../src/fabric/fcoe/context.ts';
import { FcoeLinks } from '../../../../src/fabric/fcoe/fcoe-links.ts';
import { resolveFcfOptions } from '../../../../src/fabric/fcoe/options.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { drawnBy } from '../../../helpers/random.ts';

const ID = 0x01_0001;

function make() {
  const context = new FcfContext(
    resolveFcfOptions({
      name: 'fcf',
      fcfMac: '02:fc:f0:00:00:01',
      fabricName: 1n,
      switchName: 1n,
      domain: 1,
      ports: 2,
      fcMap: 0x0e_fc05,
      accessLists: 'lazy',
      random: drawnBy(() => 0),
    }),
  );
  const log: string[] = [];
  const links = new FcoeLinks(context, {
    transmitter: { frame: (...[, , , last]: unknown[]) => log.push(`frame ${last}`) } as never,
    clearVirtualLinks: {
      send: (_adapter: Adapter, logins: Iterable<Login>) => log.push(`send ${[...logins].length}`),
      sendBare: (port: number, mac: string) => log.push(`bare ${port} ${mac}`),
    } as never,
    supervise: ({ nPortId }) => log.push(`supervise ${nPortId.toString(16)}`),
  });
  const adapter = new Adapter(0, 'mac', 0);
  const login = new Login({
    nPortId: ID,
    wwpn: 5n,
    saidWwpn: 6n,
    wwnn: 1n,
    linkAddress: links.linkAddressOf(ID),
    by: 'FLOGI',
    adapter,
    since: 0,
    receiveBytes: 2112,
    object: newNameServerObject(1n),
  });
  return { context, links, adapter, login, log };
}

describe('virtual links', () => {
  it('have addresses made of the FC-MAP and the N_Port_ID', () => {
    expect(make().login.linkAddress).toBe('0e:fc:05:01:00:01');
  });

  it('carry frames by the transmitter and clears with or without a list', () => {
    const { links, adapter, login, log } = make();
    links.send(login, {} as never, new Uint8Array(0), true);
    links.clear(adapter, [login]);
    links.clear(adapter, 'all');
    expect(log).toEqual(['frame true', 'send 1', 'bare 0 mac']);
  });

  it('leave an entry when a login ends, until one begins there, the link or the name goes', () => {
    const { context, links, login, log } = make();
    const admits = () => context.access.admits(0, ID);
    const ends = () => {
      links.loginEnded(login, true);
      expect(admits()).toBe(true);
    };
    ends();
    links.loginBegan(login);
    expect([admits(), log]).toEqual([false, ['supervise 10001']]);
    ends();
    links.linkLost(1);
    expect(admits()).toBe(true);
    links.linkLost(0);
    expect(admits()).toBe(false);
    ends();
    // The name that the switch calls it by, not the one it says.
    links.forgetName(6n);
    expect(admits()).toBe(true);
    links.forgetName(5n);
    expect(admits()).toBe(false);
  });

  it('remember ends that nobody asked for, by the name that the port says', () => {
    const { context, links, login } = make();
    const reminder = () => context.endedLogins.reminderFor(0, ID, 9 * SECOND);
    links.loginEnded(login, true);
    expect(reminder()).toBeUndefined();
    links.loginEnded(login, false);
    expect(reminder()).toMatchObject({ enodeMac: 'mac', vnPort: { nPortId: ID, portName: 6n } });
    links.loginEnded(login, false);
    links.linkLost(0);
    expect(reminder()).toBeUndefined();
  });
});
