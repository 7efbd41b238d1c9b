import { describe, expect, it } from 'vitest';
import { ElsCommand } from '../../../../src/codecs/els/index.ts';
import {
  ARRAY,
  ARRAY_LINK,
  AuditRig,
  CRASHED,
  done,
  NEXUS,
  nexus,
  reservation,
} from '../../../helpers/audit-rig.ts';
import {
  abts,
  baAcc,
  command,
  elsReply,
  elsRequest,
  response,
} from '../../../helpers/fc-frames.ts';

const LOGO = Uint8Array.of(ElsCommand.LOGO, 0, 0, 0);
const ACC = Uint8Array.of(ElsCommand.LS_ACC, 0, 0, 0);

describe('I16, clearing effects', () => {
  it('finds a target that answers what it has confirmed to abort', () => {
    const rig = new AuditRig().see(ARRAY_LINK, 'out', command(1), abts(1));
    rig.see(ARRAY_LINK, 'in', baAcc(1), response(1));
    expect(rig.verdict('I16')).toMatchObject({
      detail: expect.stringContaining('goes on after it has confirmed the abort'),
      frames: [1, 4],
    });
  });

  it('finds one that answers under a login whose end it has confirmed', () => {
    const rig = new AuditRig().see(ARRAY_LINK, 'out', command(1), elsRequest(2, LOGO));
    rig.see(ARRAY_LINK, 'in', elsReply(2, ACC), response(1));
    expect(rig.verdict('I16')).toMatchObject({
      detail: expect.stringContaining('confirmed the end of the login'),
      frames: [1, 3, 4],
    });
  });

  it('finds a command that ends well after its login, and a reservation that outlives it', () => {
    const rig = new AuditRig().see(ARRAY_LINK, 'out', command(1));
    rig.tell(ARRAY, nexus('began'), nexus('ended'), done(1), reservation({ spc2Holder: NEXUS }));
    const { detail } = rig.verdict('I16');
    expect(detail).toContain('the command with OX_ID 0001 of 010101 ran to its end');
    expect(detail).toContain(
      'an SPC-2 reservation of logical unit 600102030405060708090a0b0c0d0e0f outlives its login',
    );
  });

  it('finds a login whose end takes persistent reservations along', () => {
    const rig = new AuditRig().see(ARRAY_LINK, 'out', command(1)).tell(ARRAY, reservation());
    rig.tell(ARRAY, reservation({ cause: 'nexus-lost', registrations: [] }));
    expect(rig.verdict('I16').detail).toContain(
      "a login's end changed the persistent reservations",
    );
  });

  it('passes a target that is silent about what it ended, and one that fell', () => {
    const rig = new AuditRig().see(ARRAY_LINK, 'out', command(1), abts(1), command(2));
    rig.see(ARRAY_LINK, 'in', baAcc(1), response(2)).tell(ARRAY, nexus('began'), nexus('ended'));
    rig.tell(ARRAY, CRASHED, done(1));
    expect(rig.verdict('I16').result).toBe('holds');
  });

  it('says nothing where nothing was ended', () => {
    const rig = new AuditRig()
      .see(ARRAY_LINK, 'out', command(1))
      .see(ARRAY_LINK, 'in', response(1));
    expect(rig.verdict('I16').result).toBe('not-observable');
  });
});
