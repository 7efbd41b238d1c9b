/** Credentials, held to the layout that RFC 5531 prints. */
import { describe, expect, it } from 'vitest';
import {
  AuthFlavor,
  authSys,
  authSysCredential,
  callerOf,
  opaqueAuth,
} from '../../../../src/codecs/rpc/index.ts';
import { checkVector } from '../../../helpers/vector.ts';

const CALLER = { stamp: 1, machineName: 'host7', uid: 1000, gid: 100, gids: [4, 27] };

describe('an AUTH_SYS credential', () => {
  it('is a stamp, a name, a user and groups', () => {
    const hex = `00000001 00000005 686f737437000000 000003e8 00000064 00000002 00000004 0000001b`;
    checkVector(authSys, hex, CALLER);
  });

  it('is the body of a credential, and read from one', () => {
    const credential = opaqueAuth.decode(opaqueAuth.encode(authSysCredential(CALLER)));
    expect(credential).toMatchObject({ flavor: AuthFlavor.AUTH_SYS, bodyLengthBytes: 36 });
    expect(callerOf(credential)).toMatchObject(CALLER);
  });

  it('names nobody where the body is none, or goes on behind its end', () => {
    const { body } = opaqueAuth.decode(opaqueAuth.encode(authSysCredential(CALLER)));
    const longer = Uint8Array.from([...body, 0, 0, 0, 0]);
    for (const other of [body.subarray(0, 30), new Uint8Array(), longer]) {
      const credential = opaqueAuth.decode(opaqueAuth.encode({ flavor: 1, body: other }));
      expect(callerOf(credential)).toBeUndefined();
    }
    expect(callerOf(opaqueAuth.decode(opaqueAuth.encode({ body })))).toBeUndefined();
  });

  it('has 16 groups at most', () => {
    const gids = Array.from({ length: 17 }, (_, i) => i);
    const bytes = authSys.encode({ ...CALLER, gids });
    expect(() => authSys.decode(bytes)).toThrow('more than 16 elements');
  });
});
