import { describe, expect, it } from 'vitest';
import { FipControl, FipDiscovery, FipOperation } from '../../../../src/codecs/fip/index.ts';
import {
  ADDRESS,
  AuditRig,
  CRASHED,
  H1_LINK,
  H2_LINK,
  login,
  logout,
  SECOND,
  SWITCH,
  SWITCH_PORTS,
} from '../../../helpers/audit-rig.ts';
import { command, ENODE_MAC, fip, SWITCH_MAC } from '../../../helpers/fc-frames.ts';

const advertisement = fip({
  operation: FipOperation.Discovery,
  subcode: FipDiscovery.Advertisement,
  descriptors: [{ kind: 'fkaAdvPeriod', flags: 0, fkaAdvPeriodMs: 8000 }],
});
const keepAlive = fip(
  {
    operation: FipOperation['FIP Control'],
    subcode: FipControl['Keep Alive'],
    descriptors: [{ kind: 'mac', mac: ENODE_MAC }],
  },
  { source: ENODE_MAC, destination: SWITCH_MAC },
);
const linked = () =>
  new AuditRig().tell(SWITCH, login({ by: 'FLOGI' })).see(H1_LINK, 'in', keepAlive);

describe('I18, virtual links live', () => {
  it('finds an ENode that speaks long after the last advertisement', () => {
    const rig = linked()
      .wait(22 * SECOND)
      .see(H1_LINK, 'in', keepAlive);
    expect(rig.verdict('I18').detail).toContain(`an ENode at ${H1_LINK} sends 22.0 s after`);
  });

  it('finds a switch that keeps the logins of a silent ENode', () => {
    const rig = linked()
      .wait(22 * SECOND)
      .see(H1_LINK, 'out', advertisement);
    expect(rig.verdict('I18').detail).toContain('the switch keeps the logins');
  });

  it('finds a logout for silence that comes too early', () => {
    const rig = linked()
      .wait(3 * SECOND)
      .tell(SWITCH, logout({ reason: 'keep-alive' }));
    expect(rig.verdict('I18').detail).toContain('was logged out for its silence 3.0 s after');
  });

  it('passes links that are kept, and logins that end in time', () => {
    const rig = linked();
    for (let i = 0; i < 4; i++) {
      rig
        .wait(8 * SECOND)
        .see(H1_LINK, 'out', advertisement)
        .see(H1_LINK, 'in', keepAlive);
    }
    rig.wait(20.5 * SECOND).tell(SWITCH, logout({ reason: 'keep-alive' }));
    expect(rig.verdict('I18').result).toBe('holds');
  });

  it('knows nothing more of links when a machine fell', () => {
    const rig = linked()
      .tell(SWITCH, CRASHED)
      .wait(22 * SECOND)
      .see(H1_LINK, 'in', command(1));
    expect(rig.verdict('I18').result).toBe('holds');
  });

  it('follows a login that is handed over to another link', () => {
    const { wwpn, port } = login();
    const rig = linked().tell(
      SWITCH,
      login({ by: 'FLOGI', port: SWITCH_PORTS[H2_LINK], nPortId: 7 }),
    );
    const toPort = SWITCH_PORTS[H2_LINK];
    rig.tell(SWITCH, { type: 'handed-over', nPortId: ADDRESS, wwpn, port, toPort });
    // The old link holds no login any more: its silence is nobody's fault.
    rig.wait(22 * SECOND).see(H1_LINK, 'out', advertisement);
    expect(rig.verdict('I18').result).toBe('holds');
  });
});
