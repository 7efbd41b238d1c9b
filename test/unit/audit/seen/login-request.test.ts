import { describe, expect, it } from 'vitest';
import { loginIn } from '../../../../src/audit/seen/login-request.ts';
import { ElsCommand, logo } from '../../../../src/codecs/els/index.ts';
import { loginPayload } from '../../../helpers/fcf.ts';

const WWPN = 0x2000_0025_b500_0001n;
const WWNN = 0x2000_0025_b500_0000n;

describe('a login request', () => {
  it.each(['FLOGI', 'FDISC'] as const)('%s is known as far as both its names are there', (kind) => {
    const payload = loginPayload(kind, WWPN, WWNN);
    for (let kept = 0; kept <= payload.length; kept++) {
      const found = loginIn(payload.subarray(0, kept));
      // Port name and node name end at byte 36.
      if (kept < 36) expect(found).toBeUndefined();
      else expect(found).toMatchObject({ kind, portName: WWPN, nodeName: WWNN });
    }
  });

  it('LOGO is one, other services and noise are none', () => {
    const payload = logo.encode({ nPortId: 0x010203, portName: WWPN });
    expect(loginIn(payload)).toMatchObject({ kind: 'LOGO', nPortId: 0x010203, portName: WWPN });
    expect(loginIn(new Uint8Array([ElsCommand.ECHO, 0, 0, 0]))).toBeUndefined();
    expect(loginIn(new Uint8Array(0))).toBeUndefined();
  });
});
