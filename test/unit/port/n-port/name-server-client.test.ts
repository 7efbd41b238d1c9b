/** What an N_Port tells the name server, and how it reads answers. */
import { describe, expect, it } from 'vitest';
import { ctRequest } from '../../../../src/codecs/ct/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import {
  type CtReply,
  registrations,
  sendCt,
} from '../../../../src/port/n-port/name-server-client.ts';
import { CT_ACCEPT, ctRejection, NPortRig } from '../../../helpers/n-port-link.ts';

const identity = (role: 'initiator' | 'target') => ({
  portName: 1n,
  nodeName: 2n,
  role,
  receiveBytes: 2112,
  symbolicName: 'sym',
});

function ask() {
  const rig = new NPortRig();
  const replies: CtReply[] = [];
  const request = registrations(identity('initiator'), 5)[0]!.request;
  sendCt(rig.lport, request, (reply) => replies.push(reply));
  return { rig, replies, frame: rig.frames[0]! };
}

describe('registrations', () => {
  it.each([
    ['initiator', 2],
    ['target', 1],
  ] as const)('of an %s, in order', (role, fc4Features) => {
    const fc4Types = new Uint8Array(32);
    // FCP is bit 0 of the first word, CT bit 0 of the second.
    fc4Types.set([0, 0, 1, 0, 0, 0, 0, 1]);
    const made = registrations(identity(role), 0x01_0200);
    expect(made.map(({ name }) => name)).toEqual([
      'RNN_ID',
      'RSNN_NN',
      'RSPN_ID',
      'RFT_ID',
      'RFF_ID',
    ]);
    expect(made.map(({ request }) => ctRequest.decode(request))).toMatchObject([
      { kind: 'RNN_ID', portId: 0x01_0200, nodeName: 2n },
      { kind: 'RSNN_NN', nodeName: 2n, name: 'sym' },
      { kind: 'RSPN_ID', portId: 0x01_0200, name: 'sym' },
      { kind: 'RFT_ID', portId: 0x01_0200, fc4Types },
      { kind: 'RFF_ID', portId: 0x01_0200, fc4Features, fc4Type: 8 },
    ]);
  });
});

describe('a CT request', () => {
  it('goes to the directory server as unsolicited control', () => {
    const { header } = ask().frame;
    expect(header).toMatchObject({ dId: 0xff_fffc, rCtl: 2, type: 0x20, fCtl: 0x29_0000 });
  });

  it('is accepted, refused with reason and explanation, or refused without', () => {
    const accepted = ask();
    accepted.rig.reply(accepted.frame, CT_ACCEPT);
    expect(accepted.replies).toMatchObject([{ result: 'accept', payload: CT_ACCEPT }]);
    const refused = ask();
    refused.rig.reply(refused.frame, ctRejection(9, 7));
    expect(refused.replies).toEqual([{ result: 'reject', reason: 9, explanation: 7 }]);
    const short = ask();
    short.rig.reply(short.frame, CT_ACCEPT.subarray(0, 15));
    expect(short.replies).toEqual([{ result: 'reject', reason: 0, explanation: 0 }]);
  });

  it('is joined from several frames', () => {
    const { rig, replies, frame } = ask();
    const whole = Uint8Array.from([...CT_ACCEPT, ...CT_ACCEPT]);
    rig.reply(frame, whole.subarray(0, 16), { fCtl: 0x80_0000 });
    expect(replies).toEqual([]);
    rig.reply(frame, whole.subarray(16), { seqCnt: 1 });
    expect(replies).toMatchObject([{ result: 'accept', payload: whole }]);
  });

  it('has no answer after 3 x R_A_TOV, and is closed with the login', () => {
    const { rig, replies } = ask();
    rig.clock.run(30 * SECOND - 1);
    expect(replies).toEqual([]);
    rig.clock.run(1);
    expect(replies).toEqual([{ result: 'timeout' }]);
    const closed = ask();
    closed.rig.lport.exchanges.close();
    expect(closed.replies).toEqual([{ result: 'closed' }]);
  });

  it('has no answer at once where no OX_ID is free', () => {
    const rig = new NPortRig({ oxIds: { first: 1, last: 1 } });
    const replies: CtReply[] = [];
    const { request } = registrations(identity('initiator'), 5)[0]!;
    sendCt(rig.lport, request, () => {});
    sendCt(rig.lport, request, (reply) => replies.push(reply));
    expect(replies).toEqual([{ result: 'timeout' }]);
  });
});
