import { describe, expect, it } from 'vitest';
import { ElsCommand } from '../../../../src/codecs/els/index.ts';
import {
  ARRAY,
  ARRAY_LINK,
  AuditRig,
  CRASHED,
  H1_LINK,
  login,
  nexus,
  SECOND,
  SWITCH,
} from '../../../helpers/audit-rig.ts';
import { command, elsReply, elsRequest } from '../../../helpers/fc-frames.ts';

const ACC = Uint8Array.of(ElsCommand.LS_ACC, 0, 0, 0);
const ask = (oxId: number, els: number) => elsRequest(oxId, Uint8Array.of(els, 0, 0, 0));
/** Accept of PRLI whose one page of FCP was executed. */
const PRLI_ACC = Uint8Array.of(2, 0x10, 0, 20, 8, 0, 0x21, 0, ...new Uint8Array(12));

/** The guest's port asks, and the target answers. */
function asked(rig: AuditRig, oxId: number, els: number, answer = ACC): AuditRig {
  return rig.see(H1_LINK, 'in', ask(oxId, els)).see(H1_LINK, 'out', elsReply(oxId, answer));
}

const sends = (rig: AuditRig) => rig.see(H1_LINK, 'in', command(9)).verdict('I15');

describe('I15, no command outside a process login', () => {
  it('finds a command before PRLI', () => {
    expect(sends(asked(new AuditRig(), 1, ElsCommand.PLOGI)).detail).toContain('before PRLI');
  });

  it('finds one behind LOGO, and behind PRLO', () => {
    const rig = () =>
      asked(asked(new AuditRig(), 1, ElsCommand.PLOGI), 2, ElsCommand.PRLI, PRLI_ACC);
    expect(sends(rig().see(H1_LINK, 'in', ask(3, ElsCommand.LOGO))).detail).toContain(
      'without a login',
    );
    expect(sends(asked(rig(), 3, ElsCommand.PRLO)).detail).toContain('before PRLI');
  });

  it('finds one of a port that has just logged in to the fabric anew', () => {
    const rig = asked(asked(new AuditRig(), 1, ElsCommand.PLOGI), 2, ElsCommand.PRLI, PRLI_ACC);
    expect(sends(rig.tell(SWITCH, login())).detail).toContain('without a login');
  });

  it('finds a host that goes on long after the target has ended its login', () => {
    const rig = new AuditRig().tell(ARRAY, nexus('began'), nexus('ended')).wait(31 * SECOND);
    expect(rig.see(ARRAY_LINK, 'out', command(1)).verdict('I15').detail).toContain(
      'has ended its login',
    );
  });

  it('passes commands in a process login', () => {
    const rig = asked(asked(new AuditRig(), 1, ElsCommand.PLOGI), 2, ElsCommand.PRLI, PRLI_ACC);
    expect(sends(rig).result).toBe('holds');
    expect(sends(rig).detail).toBe('2 commands seen, none outside a process login');
  });

  it('says nothing of commands whose login it has not seen', () => {
    expect(sends(new AuditRig())).toMatchObject({
      result: 'not-observable',
      detail: 'nothing here shows the logins of the ports that sent 1 commands',
    });
    const fallen = asked(new AuditRig(), 1, ElsCommand.PLOGI).tell(ARRAY, CRASHED);
    expect(sends(fallen).result).toBe('not-observable');
  });
});
