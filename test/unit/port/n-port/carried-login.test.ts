/** A login that goes over to another adapter. */
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../../src/machine/machine.ts';
import { fabricAccept, N_PORT_ID, NPortRig, PEER } from '../../../helpers/n-port-link.ts';

describe('a login that is carried over', () => {
  it('goes on elsewhere without a frame: address, time-outs, OX_IDs, remote ports', () => {
    const old = new NPortRig();
    old.lport.start();
    old.grant(fabricAccept(0xb000, 3000, 7000));
    while (old.lport.state !== 'ready') old.accept();
    old.lport.rport(PEER)!.adopt({
      portId: PEER,
      portName: 5n,
      nodeName: 6n,
      receiveBytes: 700,
      fcpParameters: 0x110,
    });
    // One that is still logging in stays behind.
    old.lport.rport(PEER + 1)!.login();
    const carried = old.lport.carriedLogin();
    expect(carried.rports.map((one) => one.portId)).toEqual([PEER]);

    const next = new NPortRig();
    next.lport.enterCarriedLogin(carried);
    expect(next.log).toEqual(['ready 10100', 'ready']);
    expect(next.link).toEqual(['attached 10200 mac']);
    expect([next.frames, next.logins]).toEqual([[], []]);
    expect(next.lport).toMatchObject({
      nPortId: N_PORT_ID,
      fabricFeatures: old.lport.fabricFeatures,
      eDTovNs: 3 * SECOND,
      rATovNs: 7 * SECOND,
    });
    expect(next.lport.rports.get(PEER)).toMatchObject({
      portName: 5n,
      nodeName: 6n,
      receiveBytes: 700,
      retry: true,
      state: 'ready',
    });
    const oldOxIds = new Set(old.frames.map((one) => one.header.oxId));
    next.lport.sendEls(PEER, Uint8Array.of(0x0e, 0, 0, 0), () => {});
    expect(oldOxIds.has(next.frames[0]!.header.oxId)).toBe(false);
    expect(next.frames[0]!.header.oxId).toBe(old.lport.exchanges.next);
  });
});
