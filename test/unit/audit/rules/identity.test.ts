import { describe, expect, it } from 'vitest';
import { ctRequest } from '../../../../src/codecs/ct/index.ts';
import { FcType, RCtl } from '../../../../src/codecs/fc/index.ts';
import {
  ADDRESS,
  AuditRig,
  H1,
  H1_LINK,
  IDENTITIES,
  login,
  OTHER,
  SWITCH,
  sent,
  submit,
} from '../../../helpers/audit-rig.ts';
import { fc } from '../../../helpers/fc-frames.ts';

describe('I24, no foreign identity', () => {
  it("finds an attempt under another name, and passes the guest's own", () => {
    const told = () => new AuditRig().tell('', IDENTITIES).tell(H1, submit(1));
    expect(
      told()
        .tell(H1, sent(1, { initiator: OTHER }))
        .verdict('I24').detail,
    ).toBe(`I/O 1 of vm1 went out from h1 as ${OTHER}, which is not its name`);
    expect(told().tell(H1, sent(1)).verdict('I24').result).toBe('holds');
  });
});

describe('I28, the symbolic name tells whose I/O it is', () => {
  const named = (name: string) =>
    fc({
      header: { rCtl: RCtl['Unsolicited Control'], type: FcType.CT },
      to: 0xff_fffc,
      payload: ctRequest.encode({
        kind: 'RSPN_ID',
        portId: ADDRESS,
        name,
      }),
    });

  it('finds a port that is registered for another guest', () => {
    const rig = new AuditRig().tell(SWITCH, login()).see(H1_LINK, 'in', named('vm2'));
    expect(rig.tell(H1, submit(1), sent(1)).verdict('I28')).toMatchObject({
      result: 'violated',
      detail: "010101 is registered as 'vm2' and carries the I/O of vm1",
      frames: [1],
    });
  });

  it("passes the guest's own name, and forgets a name with its login", () => {
    const own = new AuditRig().see(H1_LINK, 'in', named('vm1')).tell(H1, submit(1), sent(1));
    expect(own.verdict('I28').result).toBe('holds');
    const again = new AuditRig().see(H1_LINK, 'in', named('vm2')).tell(SWITCH, login());
    expect(again.tell(H1, submit(1), sent(1)).verdict('I28').result).toBe('not-observable');
  });
});
