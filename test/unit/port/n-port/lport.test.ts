/** An N_Port as a whole: what reaches it in which state, and what a reset leaves. */
import { describe, expect, it } from 'vitest';
import { FcType, RCtl } from '../../../../src/codecs/fc/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { fabricAccept, N_PORT_ID, NPortRig, PEER } from '../../../helpers/n-port-link.ts';

const RTV = Uint8Array.of(0x0e, 0, 0, 0);
const login = (portId: number) => ({
  portId,
  portName: BigInt(portId),
  nodeName: 1n,
  receiveBytes: 700,
  fcpParameters: 0x10,
});

describe('frames for an N_Port', () => {
  it('of each kind go where they belong, with the remote port they are from', () => {
    const seen: string[] = [];
    const rig = new NPortRig(
      {},
      {
        commandFrame: (rport, header, frame, at, end) =>
          seen.push(`FCP ${rport?.portId} ${header.oxId} ${frame.subarray(at, end).length}`),
        abts: (rport, header) => seen.push(`ABTS ${rport?.portId} ${header.oxId}`),
      },
    );
    rig.up();
    rig.take();
    const fcp = { rCtl: RCtl['Unsolicited Command'], type: FcType.FCP };
    rig.request(new Uint8Array(32), fcp);
    rig.lport.rport(PEER)!.adopt(login(PEER));
    rig.request(new Uint8Array(32), fcp);
    rig.request(new Uint8Array(0), { rCtl: RCtl.ABTS, type: FcType.BLS });
    expect(seen).toEqual([`FCP undefined 119 32`, `FCP ${PEER} 119 32`, `ABTS ${PEER} 119`]);
    expect(rig.frames).toEqual([]);
  });

  it('that answer no exchange of ours are contradictions', () => {
    const rig = new NPortRig();
    rig.up();
    rig.request(new Uint8Array(4), { fCtl: 0x99_0000, oxId: 0xabc });
    expect(rig.contradictions).toHaveLength(1);
    expect(rig.contradictions[0]).toContain('answer to no open exchange, OX_ID abc');
  });

  it('find nobody while its address is not clean', () => {
    const rig = new NPortRig({ honoursCleanAddress: true });
    rig.lport.start();
    rig.grant(fabricAccept(0x3000));
    rig.request(RTV);
    expect(rig.frames).toEqual([]);
    rig.clock.run(10 * SECOND);
    rig.take();
    rig.request(RTV);
    expect(rig.asked()).toEqual(['LS_ACC to 10100']);
  });
});

describe('an ELS request of the port', () => {
  it('has 2 x R_A_TOV for its answer', () => {
    const rig = new NPortRig();
    rig.up();
    const replies: string[] = [];
    rig.lport.sendEls(PEER, RTV, ({ result }) => replies.push(result));
    rig.clock.run(20 * SECOND - 1);
    expect(replies).toEqual([]);
    rig.clock.run(1);
    expect(replies).toEqual(['timeout']);
  });

  it('without a free OX_ID has no answer, at once', () => {
    const rig = new NPortRig({ oxIds: { first: 1, last: 20 } });
    rig.up();
    const replies: string[] = [];
    for (let i = 0; i < 21; i++) rig.lport.sendEls(PEER, RTV, ({ result }) => replies.push(result));
    expect(replies).toEqual(['timeout']);
  });

  it('is not sent for an aborted exchange of a port that is gone', () => {
    const rig = new NPortRig();
    rig.up();
    rig.take();
    let done = 0;
    rig.lport.recoveryQualifierOver(PEER, 5, 6, () => done++);
    expect([rig.frames, done]).toEqual([[], 1]);
    rig.lport.rport(PEER)!.adopt(login(PEER));
    rig.lport.recoveryQualifierOver(PEER, 5, 6, () => done++);
    expect(rig.els(rig.frames[0]!)).toMatchObject({
      kind: 'RRQ',
      originatorId: N_PORT_ID,
      oxId: 5,
      rxId: 6,
    });
    expect(done).toBe(1);
    rig.reject(3, 0);
    expect(done).toBe(2);
  });
});

describe('a reset', () => {
  it('ends logins and exchanges, takes the address away, and counts an epoch', () => {
    const rig = new NPortRig();
    rig.up();
    rig.take();
    rig.lport.rport(PEER)!.adopt(login(PEER));
    rig.takeLog();
    const replies: string[] = [];
    rig.lport.sendEls(PEER, RTV, ({ result }) => replies.push(result));
    rig.lport.sendEls(0xff_fffc, RTV, ({ result }) => replies.push(result));
    const { epoch } = rig.lport;
    rig.lport.enterReset('why', true);
    expect(replies).toEqual(['closed', 'closed']);
    expect(rig.log).toEqual(['gone 10100 why, cleared', 'disabled: why']);
    expect(rig.link).toEqual(['attached 10200 mac', 'detached 10200']);
    expect(rig.lport).toMatchObject({ epoch: epoch + 1, nPortId: 0, linkAddress: '' });
    expect([rig.lport.rports.size, rig.lport.exchanges.size]).toEqual([0, 0]);
  });

  it('of a port without an address tells its link nothing', () => {
    const rig = new NPortRig();
    rig.lport.start();
    rig.lport.enterReset('why', false);
    expect(rig.link).toEqual([]);
  });
});

describe('remote ports', () => {
  it('are 65,536 at most', () => {
    const { lport } = new NPortRig();
    for (let i = 0; i < 65_536; i++) lport.rports.set(i, undefined as never);
    expect(lport.rport(0x70_0000)).toBeUndefined();
    lport.rports.delete(0);
    expect(lport.rport(0x70_0000)).toBeDefined();
  });
});
