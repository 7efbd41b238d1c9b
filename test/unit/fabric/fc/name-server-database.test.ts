/** What the name server keeps of nodes, and how it lists ports. */
import { describe, expect, it } from 'vitest';
import type { Login } from '../../../../src/fabric/fc/logins.ts';
import { NameServerDatabase } from '../../../../src/fabric/fc/name-server-database.ts';
import { FabricRig } from '../../../helpers/f-port.ts';

function make(options = {}) {
  const rig = new FabricRig(options);
  const database = new NameServerDatabase(rig.context);
  const enter = (port: number, wwnn: bigint): Login => {
    const login = rig.login('FLOGI', BigInt(port + 1), { port, wwnn });
    database.enter(login);
    return login;
  };
  return { rig, database, enter };
}

describe('nodes', () => {
  it('are shared by their ports, and gone with the last one, name and all', () => {
    const { database, enter } = make();
    const [one, two] = [enter(0, 7n), enter(1, 7n)];
    expect(database.portsOf(7n)).toEqual([one, two]);
    database.setSymbolicNodeName(7n, 'node');
    database.forget(one);
    expect(database.symbolicNodeName(7n)).toBe('node');
    expect(database.portsOf(7n)).toEqual([two]);
    database.forget(two);
    expect(database.portsOf(7n)).toEqual([]);
    database.enter(one);
    expect(database.symbolicNodeName(7n)).toBe('');
  });

  it('have no name unless a port of theirs is there', () => {
    const { database } = make();
    database.setSymbolicNodeName(7n, 'node');
    expect(database.symbolicNodeName(7n)).toBe('');
  });

  it('follow a port that registers another node name', () => {
    const { database, enter } = make();
    const [one, two] = [enter(0, 7n), enter(1, 7n)];
    database.setNodeName(one, 8n);
    expect([database.portsOf(7n), database.portsOf(8n)]).toEqual([[two], [one]]);
    expect(one.object.nodeName).toBe(8n);
    database.setNodeName(one, 8n);
    expect(database.portsOf(8n)).toEqual([one]);
  });

  it('are gone with a power cycle', () => {
    const { database, enter } = make();
    enter(0, 7n);
    database.clear();
    expect(database.portsOf(7n)).toEqual([]);
  });
});

describe('lists', () => {
  it('are by ascending N_Port_ID, of ports that the asker sees', () => {
    const zones = [{ name: 'z', members: [1n, 2n, 3n] }];
    const { rig, database, enter } = make({
      zoning: { enforced: 'soft', defaultZone: 'deny', zones },
    });
    const [one, two, three, four] = [0, 1, 2, 3].map((port) => enter(port, 7n)) as [
      Login,
      Login,
      Login,
      Login,
    ];
    for (const login of [three, one, four]) login.object.fc4Types = [8];
    // Logged in anew, `one` is the last of its zone.
    rig.context.zones.leave(one);
    rig.context.zones.join(one);
    expect(database.withType(two, 8)).toEqual([one, three]);
    expect(database.withType(four, 8)).toEqual([four]);
    expect(database.withType(two, 0x28)).toEqual([]);
    three.object.portType = 0x81;
    expect(database.withPortType(two, (type) => type === 0x81)).toEqual([three]);
  });
});
