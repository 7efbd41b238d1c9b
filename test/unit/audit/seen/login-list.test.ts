import { describe, expect, it } from 'vitest';
import { LoginList } from '../../../../src/audit/seen/login-list.ts';
import { ElsCommand } from '../../../../src/codecs/els/index.ts';
import { FcType, RCtl } from '../../../../src/codecs/fc/index.ts';
import { fipEncapsulate } from '../../../../src/codecs/fip/index.ts';
import { Conversation, decodeFrame } from '../../../../src/codecs/frame/index.ts';
import { ADDRESS } from '../../../helpers/audit-rig.ts';
import { elsReply, elsRequest, fip } from '../../../helpers/fc-frames.ts';
import { loginPayload } from '../../../helpers/fcf.ts';

const WWPN = 0x2000_0025_b500_0001n;
const ASKED = loginPayload('FLOGI', WWPN, WWPN);

function answer(command: number): Uint8Array {
  const payload = ASKED.slice();
  payload[0] = command;
  return payload;
}

/** FLOGI in FIP, or its answer. */
function inFip(payload: Uint8Array, ends: { sId: number; dId: number; isReply: boolean }) {
  const { sId, dId, isReply } = ends;
  const rCtl = RCtl[isReply ? 'ELS Reply' : 'ELS Request'];
  const header = {
    rCtl,
    type: FcType.ELS,
    fCtl: isReply ? 0x99_0000 : 0x29_0000,
    oxId: 1,
    sId,
    dId,
  };
  const descriptors = [fipEncapsulate('flogi', header, payload)];
  return fip({ operation: 2, subcode: isReply ? 2 : 1, descriptors });
}

function rowsOf(...frames: Uint8Array[]) {
  const list = new LoginList();
  const conversation = new Conversation();
  for (const [index, bytes] of frames.entries())
    list.add(decodeFrame(bytes, { conversation }), index + 1, '');
  return list.rows;
}

const asked = inFip(ASKED, { sId: 0, dId: 0xff_fffe, isReply: false });
const replied = (command: number) =>
  inFip(answer(command), { sId: 0xff_fffe, dId: ADDRESS, isReply: true });

describe('logins of a capture', () => {
  it('are accepted, rejected or unanswered', () => {
    const row = { by: 'FLOGI', wwpn: '20:00:00:25:b5:00:00:01', frame: 1 };
    expect(rowsOf(asked)).toMatchObject([{ ...row, result: 'unanswered', nPortId: '' }]);
    expect(rowsOf(asked, replied(ElsCommand.LS_ACC))).toMatchObject([
      { ...row, result: 'accepted', nPortId: '010101' },
    ]);
    expect(rowsOf(asked, replied(ElsCommand.LS_RJT))).toMatchObject([
      { ...row, result: 'rejected' },
    ]);
  });

  it('are one, however often the request is seen', () => {
    expect(rowsOf(asked, asked, replied(ElsCommand.LS_ACC))).toHaveLength(1);
  });

  it('of ports with each other are those of PLOGI', () => {
    const plogi = answer(ElsCommand.PLOGI);
    const rows = rowsOf(elsRequest(7, plogi), elsReply(7, answer(ElsCommand.LS_ACC)));
    expect(rows).toMatchObject([{ by: 'PLOGI', nPortId: '010101', result: 'accepted' }]);
  });
});
