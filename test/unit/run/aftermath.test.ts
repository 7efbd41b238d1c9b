/** What a crash ends without a word. */
import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../src/history/index.ts';
import { Aftermath } from '../../../src/run/aftermath.ts';
import {
  ARRAY,
  H2_LINK,
  login,
  logout,
  NEXUS,
  nexus,
  SWITCH,
  SWITCH_PORTS,
} from '../../helpers/audit-rig.ts';

function told(node: string, ...events: Happening[]): Aftermath {
  const aftermath = new Aftermath();
  for (const event of events) aftermath.observe({ at: 0, node, event });
  return aftermath;
}

describe('what a crash ends', () => {
  it('are the logins at a switch, where they are now', () => {
    const { nPortId, wwpn, port } = login();
    const toPort = SWITCH_PORTS[H2_LINK];
    const handed = told(SWITCH, login(), { type: 'handed-over', nPortId, wwpn, port, toPort });
    expect(handed.crashed(9, SWITCH)).toEqual([
      { at: 9, node: SWITCH, event: logout({ port: toPort, reason: 'link' }) },
    ]);
    expect(handed.crashed(10, SWITCH)).toEqual([]);
  });

  it('are the nexuses of an array, but not those that had ended', () => {
    const aftermath = told(
      ARRAY,
      nexus('began'),
      nexus('began', { address: 7 }),
      nexus('ended', { address: 7 }),
    );
    expect(aftermath.crashed(9, ARRAY)).toEqual([
      { at: 9, node: ARRAY, event: { type: 'nexus', state: 'ended', nexus: NEXUS } },
    ]);
  });

  it('is nothing of another node', () => {
    expect(told(SWITCH, login(), logout(), login()).crashed(9, ARRAY)).toEqual([]);
    expect(told(SWITCH, login(), logout()).crashed(9, SWITCH)).toEqual([]);
  });
});
