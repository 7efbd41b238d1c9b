import { describe, expect, it } from 'vitest';
import type { ZoneEnforcement } from '../../../../src/history/index.ts';
import {
  ARRAY_LINK,
  AuditRig,
  GUEST_WWPN,
  login,
  OTHER_WWPN,
  SWITCH,
  SWITCH_PORTS,
  TARGET_ADDRESS,
} from '../../../helpers/audit-rig.ts';
import { command } from '../../../helpers/fc-frames.ts';

const TARGET_WWPN = 0x5006_0160_0000_0001n;

/** Guest and target are logged in, these zones are in force, and a frame passes. */
function passed(members: readonly bigint[], enforced: ZoneEnforcement = 'hard'): AuditRig {
  const rig = new AuditRig().tell(
    SWITCH,
    {
      type: 'zone-change',
      enforced,
      zones: [{ name: 'z', members }],
      defaultZone: 'deny',
      affected: 0,
    },
    login(),
    login({ nPortId: TARGET_ADDRESS, wwpn: TARGET_WWPN, port: SWITCH_PORTS[ARRAY_LINK] }),
  );
  return rig.see(ARRAY_LINK, 'out', command(1));
}

describe('I22, zones are kept', () => {
  it('finds a frame between ports that no zone has both of', () => {
    expect(passed([OTHER_WWPN, TARGET_WWPN]).verdict('I22')).toMatchObject({
      result: 'violated',
      detail: expect.stringContaining('no zone has both'),
      frames: [1],
    });
  });

  it('passes a frame within a zone', () => {
    expect(passed([GUEST_WWPN, TARGET_WWPN]).verdict('I22').result).toBe('holds');
  });

  it('says nothing where zones do not filter frames', () => {
    expect(passed([OTHER_WWPN, TARGET_WWPN], 'soft').verdict('I22').result).toBe('not-observable');
  });
});
