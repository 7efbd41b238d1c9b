/** Identifiers of virtual machines: given, kept wherever a machine goes, listed, refused. */
import { describe, expect, it } from 'vitest';
import {
  ApplicationExplanation,
  ctReject,
  dallappId,
  dappIdent,
  dappIdentAccept,
  gallappia,
  gallappiaAccept,
  gallappiaId,
  gappiaEnt,
  rappIdent,
  rappIdentAccept,
} from '../../../../src/codecs/ct/index.ts';
import { Host, Rig } from '../../../helpers/fcf.ts';

const MANAGEMENT_SERVER = 0xff_fffa;
const WWPNS = [0x2000_5254_00aa_0001n, 0x2000_5254_00aa_0002n] as const;

function make(options = {}) {
  const rig = new Rig(options);
  const hosts = WWPNS.map((wwpn, port) => {
    const host = new Host(rig, port, `52:54:00:aa:00:0${port + 1}`);
    const portId = host.flogi(wwpn).nPortId;
    host.plogi(portId, MANAGEMENT_SERVER, wwpn);
    const ask = (payload: Uint8Array) => host.ct(portId, payload, MANAGEMENT_SERVER);
    const register = (...names: string[]) => {
      const entities = names.map((identifier) => ({ identifier }));
      return rappIdentAccept
        .decode(ask(rappIdent.encode({ portId, entities })))
        .applications.map(({ applicationId }) => applicationId);
    };
    return { host, portId, ask, register, wwpn };
  });
  return { rig, a: hosts[0]!, b: hosts[1]! };
}

describe('the application server', () => {
  it('gives a machine an identifier, and the same one again behind another port', () => {
    const { rig, a, b } = make();
    expect(a.register('vm-1', 'vm-2')).toEqual([1, 2]);
    expect(a.register('vm-1')).toEqual([1]);
    expect(b.register('vm-3', 'vm-2')).toEqual([3, 2]);
    a.host.logo(a.portId, a.wwpn);
    expect(b.register('vm-1'), 'the port that had it is gone').toEqual([1]);
    const told = rig.eventsOf('virtual-entity');
    expect(told.map(({ entity, tag, state, wwpn }) => [entity, tag, state, wwpn])).toEqual([
      ['vm-1', 1, 'here', WWPNS[0]],
      ['vm-2', 2, 'here', WWPNS[0]],
      ['vm-3', 3, 'here', WWPNS[1]],
      ['vm-2', 2, 'here', WWPNS[1]],
      ['vm-1', 1, 'here', WWPNS[1]],
    ]);
  });

  it('takes machines back, one by one or all of a port', () => {
    const { rig, a } = make();
    a.register('vm-1', 'vm-2', 'vm-3');
    const entities = [{ identifier: 'vm-1' }, { identifier: 'unknown' }];
    const gone = dappIdentAccept.decode(a.ask(dappIdent.encode({ portId: a.portId, entities })));
    expect(gone.applications).toMatchObject([{ applicationId: 1, portId: a.portId }]);
    a.ask(dallappId.encode({ portId: a.portId }));
    expect(rig.eventsOf('virtual-entity').filter(({ state }) => state === 'gone')).toHaveLength(3);
    expect(ctReject.decode(a.ask(gallappia.encode({}))).preamble.explanation).toBe(
      ApplicationExplanation.APPLICATION_ID_NOT_AVAILABLE,
    );
  });

  it('lists what the asker may see, and marks the last', () => {
    const zoning = {
      enforced: 'hard',
      defaultZone: 'deny',
      zones: WWPNS.map((wwpn, index) => ({ name: `z${index}`, members: [wwpn] })),
    } as const;
    for (const [seen, options] of [
      [3, {}],
      [2, { zoning }],
    ] as const) {
      const { a, b } = make(options);
      a.register('vm-1', 'vm-2');
      b.register('vm-3');
      const { applications } = gallappiaAccept.decode(a.ask(gallappia.encode({})));
      expect(applications).toHaveLength(seen);
      expect(applications.map(({ control }) => control)).toEqual([
        ...new Array<number>(seen - 1).fill(0),
        0x80,
      ]);
      const ofB = a.ask(gallappiaId.encode({ portId: b.portId }));
      expect((ofB[8]! << 8) | ofB[9]!).toBe(seen === 3 ? 0x8002 : 0x8001);
    }
  });

  it("refuses another port's machines, nameless ones, too many, and what has no layout", () => {
    const { a, b } = make();
    const one = [{ identifier: 'vm' }];
    const refusals = [
      rappIdent.encode({ portId: b.portId, entities: one }),
      dappIdent.encode({ portId: b.portId, entities: one }),
      dallappId.encode({ portId: b.portId }),
      rappIdent.encode({ portId: a.portId, entities: [{ identifier: '' }] }),
      gappiaEnt.encode({ payload: new Uint8Array(0) }),
    ];
    for (const [index, payload] of refusals.entries())
      expect([...a.ask(payload).subarray(8, 10)], `${index}`).toEqual([0x80, 0x01]);
    for (let i = 0; i < 256; i += 4) a.register(...[0, 1, 2, 3].map((n) => `vm-${i + n}`));
    const more = rappIdent.encode({ portId: a.portId, entities: one });
    expect(ctReject.decode(a.ask(more)).preamble.explanation).toBe(
      ApplicationExplanation.APPLICATION_ID_NOT_AVAILABLE,
    );
  });
});
