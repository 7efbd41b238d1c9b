import { describe, expect, it } from 'vitest';
import { FipControl, FipOperation } from '../../../../src/codecs/fip/index.ts';
import type { FabricLogout } from '../../../../src/history/index.ts';
import {
  ADDRESS_2,
  ARRAY_LINK,
  AuditRig,
  CRASHED,
  GUEST,
  H1_LINK,
  H2_LINK,
  login,
  logout,
  MS,
  OTHER_WWPN,
  SECOND,
  STARTED,
  SWITCH,
  SWITCH_PORTS,
} from '../../../helpers/audit-rig.ts';
import { command, fip, SWITCH_MAC } from '../../../helpers/fc-frames.ts';

const elsewhere = { port: SWITCH_PORTS[H2_LINK], enodeMac: '00:25:b5:00:02:00' };

describe('I13, no frame without a login', () => {
  it('finds a frame that passes when its login has ended', () => {
    const rig = new AuditRig()
      .tell(SWITCH, login(), logout())
      .cross(H1_LINK, ARRAY_LINK, command(1));
    expect(rig.verdict('I13')).toMatchObject({
      result: 'violated',
      detail: expect.stringContaining('had logged out'),
      frames: [2],
    });
  });

  it('finds an address that is called clean though another had it just now', () => {
    const rig = new AuditRig().tell(SWITCH, login(), logout());
    rig.tell(SWITCH, login({ wwpn: OTHER_WWPN, clean: true, ...elsewhere }));
    expect(rig.cross(H2_LINK, ARRAY_LINK, command(1)).verdict('I13').detail).toContain(
      'as a clean address',
    );
  });

  it('finds an address that is used before it has rested', () => {
    const rig = new AuditRig().tell(SWITCH, login(), logout());
    rig.wait(5 * MS).tell(SWITCH, login({ wwpn: OTHER_WWPN, ...elsewhere }));
    expect(rig.cross(H2_LINK, ARRAY_LINK, command(1)).verdict('I13').detail).toContain(
      'before R_A_TOV was over',
    );
  });

  it('passes frames of ports that are logged in, and an address that has rested', () => {
    const rig = new AuditRig().tell(SWITCH, login(), logout()).wait(11 * SECOND);
    rig.tell(SWITCH, login({ wwpn: OTHER_WWPN, clean: true, ...elsewhere }));
    expect(rig.cross(H2_LINK, ARRAY_LINK, command(1)).verdict('I13').result).toBe('holds');
  });

  it('passes the same port that logs in again, and a login that was handed over', () => {
    const again = new AuditRig().tell(SWITCH, login(), logout(), login());
    expect(again.cross(H1_LINK, ARRAY_LINK, command(1)).verdict('I13').result).toBe('holds');
    const { nPortId, wwpn, port } = login();
    const handed = new AuditRig().tell(
      SWITCH,
      login(),
      { type: 'handed-over', nPortId, wwpn, port, toPort: SWITCH_PORTS[H2_LINK] },
      logout({ port: SWITCH_PORTS[H2_LINK] }),
      login({ port: SWITCH_PORTS[H2_LINK], clean: true }),
    );
    expect(handed.cross(H2_LINK, ARRAY_LINK, command(1)).verdict('I13').result).toBe('holds');
  });

  it('does not know of a capture when a login ended whose port has logged in anew', () => {
    const given = login({ wwpn: OTHER_WWPN, clean: true, ...elsewhere });
    const told = (partial: boolean, reason: FabricLogout['reason']) =>
      new AuditRig({ partial })
        .tell(SWITCH, login(), logout({ reason }), given)
        .see(ARRAY_LINK, 'out', command(1))
        .verdict('I13').result;
    expect(told(true, 'relogin')).toBe('holds');
    expect(told(true, 'LOGO')).toBe('violated');
    expect(told(false, 'relogin')).toBe('violated');
  });

  it('does not accuse the port of a capture whose login it has not seen', () => {
    const rig = new AuditRig({ partial: true }).tell(SWITCH, login({ nPortId: ADDRESS_2 }));
    expect(rig.see(ARRAY_LINK, 'out', command(1)).verdict('I13').result).toBe('holds');
  });
});

describe('I14, one login of a WWPN', () => {
  const clear = fip({
    operation: FipOperation['FIP Control'],
    subcode: FipControl['Clear Virtual Links'],
    descriptors: [{ kind: 'mac', mac: SWITCH_MAC }],
  });

  it('finds a name that is logged in twice', () => {
    const rig = new AuditRig().tell(SWITCH, login(), login({ nPortId: ADDRESS_2, ...elsewhere }));
    expect(rig.verdict('I14').detail).toContain('on fabric A as 010101 and 010201');
  });

  it('finds it in a capture where the first is still used: a link that was cut ends it unseen', () => {
    const twice = () =>
      new AuditRig({ partial: true }).tell(
        SWITCH,
        login(),
        login({ nPortId: ADDRESS_2, ...elsewhere }),
      );
    expect(twice().verdict('I14')).toMatchObject({
      result: 'not-observable',
      detail: expect.stringContaining('unless the link of one was cut'),
    });
    expect(twice().see(ARRAY_LINK, 'out', command(1)).verdict('I14')).toMatchObject({
      result: 'violated',
      detail: expect.stringContaining('on fabric A as 010101 and 010201'),
      frames: [1],
    });
    const ended = twice().tell(SWITCH, logout());
    expect(ended.see(ARRAY_LINK, 'out', command(1)).verdict('I14').result).toBe('holds');
  });

  it('finds a port that gives way and is never told', () => {
    const rig = new AuditRig().tell(SWITCH, login(), logout({ reason: 'replaced' }));
    expect(rig.verdict('I14').detail).toContain('and was never told');
  });

  it('passes one that is told, before or behind, and one whose link is down', () => {
    const replaced = logout({ reason: 'replaced' });
    const behind = new AuditRig().tell(SWITCH, login(), replaced).see(H1_LINK, 'out', clear);
    expect(behind.verdict('I14').result).toBe('holds');
    const before = new AuditRig().tell(SWITCH, login()).see(H1_LINK, 'out', clear);
    expect(before.tell(SWITCH, replaced).verdict('I14').result).toBe('holds');
    const cut = new AuditRig()
      .tell(SWITCH, login(), replaced)
      .tell('', { type: 'link-down', link: H1_LINK });
    expect(cut.verdict('I14').result).toBe('holds');
  });

  it('finds a name that two guests claim and one loses to the other', () => {
    const claims = (vm: string) => ({ type: 'identities', vm, initiators: [GUEST] }) as const;
    const rig = (...vms: string[]) =>
      new AuditRig()
        .tell('', ...vms.map(claims))
        .tell(SWITCH, login())
        .see(H1_LINK, 'out', clear)
        .tell(SWITCH, logout({ reason: 'replaced' }));
    expect(rig('vm1', 'vm2').verdict('I14').detail).toContain(
      "is the name of vm1 and vm2: on fabric A one put the other's login out once",
    );
    expect(rig('vm1').verdict('I14').result).toBe('holds');
  });

  it('forgets the logins of a switch that fell', () => {
    const rig = new AuditRig().tell(SWITCH, login(), CRASHED, STARTED);
    rig.tell(SWITCH, login({ nPortId: ADDRESS_2, ...elsewhere }));
    expect(rig.verdict('I14').result).toBe('holds');
  });
});
