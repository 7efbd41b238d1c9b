/** Which remote ports there are: what is asked of the name server, and what its answers change. */

import { describe, expect, it } from 'vitest';
import { gpnFtAccept, gpnIdAccept } from '../../../../src/codecs/ct/index.ts';
import { RscnAddressFormat } from '../../../../src/codecs/els/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import type { LportOptions } from '../../../../src/port/n-port/lport.ts';
import { N_PORT_ID, NPortRig, PEER } from '../../../helpers/n-port-link.ts';

const login = (portId: number, portName = BigInt(portId)) => ({
  portId,
  portName,
  nodeName: 1n,
  receiveBytes: 2112,
  fcpParameters: 0x10,
});
const listOf = (...portIds: number[]) =>
  gpnFtAccept.encode({
    ports: portIds.map((portId, i) => ({
      control: i === portIds.length - 1 ? 0x80 : 0,
      portId,
      reserved1: 0,
      portName: BigInt(portId),
    })),
  });
const nameOf = (portName: bigint) => gpnIdAccept.encode({ portName });
/** Reason and explanations of a name server that has no such port, or nobody of the type. */
const UNABLE = 9;
const BUSY = 5;

function make(options: Partial<LportOptions> = { discovers: true }) {
  const rig = new NPortRig(options);
  rig.up();
  return rig;
}

/** A port whose list has been asked for and answered by these, all logged in. */
function knowing(...portIds: number[]) {
  const rig = make();
  rig.accept(listOf(...portIds));
  rig.take();
  for (const portId of portIds) rig.lport.rport(portId)!.adopt(login(portId));
  rig.takeLog();
  return rig;
}

/** What an RSCN says of a port alone, and of its whole area. */
const onePort = (nPortId: number) => [{ nPortId, addressFormat: RscnAddressFormat.PORT }];
const area = (nPortId: number) => [{ nPortId, addressFormat: RscnAddressFormat.AREA }];

describe('discovery', () => {
  it('begins when the port is ready, and logs in with all but itself', () => {
    const rig = make();
    expect(rig.frames.map((one) => rig.ct(one))).toMatchObject([{ kind: 'GPN_FT', fc4Type: 8 }]);
    expect(rig.lport.discovery.completed).toBe(false);
    rig.accept(listOf(PEER, N_PORT_ID, PEER + 1));
    expect(rig.asked()).toEqual(['PLOGI to 10100', 'PLOGI to 10101']);
    expect(rig.log).toEqual(['discovered']);
    expect(rig.lport.discovery.completed).toBe(true);
  });

  it('is for ports that look for others', () => {
    expect(make({ discovers: false }).frames).toEqual([]);
  });

  it('takes "unable to perform" for an empty list: whoever was there is gone', () => {
    const rig = knowing(PEER);
    rig.lport.discovery.start();
    rig.reject(UNABLE, 7);
    expect(rig.log).toEqual(['gone 10100 gone from the name server', 'discovered', 'discovered']);
    expect(rig.lport.rports.size).toBe(0);
  });

  it('asks three times at most, E_D_TOV apart, and starts counting when it is answered', () => {
    const rig = make();
    for (let i = 0; i < 2; i++) {
      rig.reject(BUSY, 0);
      rig.clock.run(2 * SECOND - 1);
      expect(rig.frames).toEqual([]);
      rig.clock.run(1);
      expect(rig.asked()).toEqual(['GPN_FT to fffffc']);
    }
    rig.reject(BUSY, 0);
    rig.clock.run(100 * SECOND);
    expect(rig.frames).toEqual([]);
    expect(rig.log).toEqual([]);
  });

  it('takes no half entry for a port', () => {
    const rig = make();
    rig.accept(listOf(PEER, PEER + 1).subarray(0, 16 + 16 + 9));
    expect(rig.asked()).toEqual(['PLOGI to 10100']);
  });

  it('asks once more when it is started while a question is under way', () => {
    const rig = make();
    rig.lport.discovery.start();
    rig.lport.discovery.start();
    expect(rig.frames).toHaveLength(1);
    rig.accept(listOf(N_PORT_ID));
    expect(rig.asked()).toEqual(['GPN_FT to fffffc']);
    rig.accept(listOf(N_PORT_ID));
    expect(rig.frames).toEqual([]);
  });

  it('takes no answer of an earlier login', () => {
    const rig = make();
    const [question] = rig.take();
    rig.lport.enterReset('link down', false);
    rig.lport.start();
    rig.reply(question!, listOf(PEER));
    expect(rig.lport.rports.size).toBe(0);
    expect(rig.lport.discovery.completed).toBe(false);
  });

  it('asks nothing more after a reset', () => {
    const rig = make();
    rig.reject(BUSY, 0);
    rig.lport.enterReset('link down', false);
    rig.clock.run(100 * SECOND);
    expect(rig.frames).toEqual([]);
  });
});

describe('a list that changed', () => {
  it('asks those that are there by ADISC, and ends those that are not', () => {
    const rig = knowing(PEER, PEER + 1);
    rig.lport.discovery.start();
    rig.accept(listOf(PEER, PEER + 2));
    expect(rig.asked()).toEqual(['ADISC to 10100', 'PLOGI to 10102']);
    expect(rig.log).toEqual(['gone 10101 gone from the name server', 'discovered', 'discovered']);
  });

  it('ends a login whose address has another port now', () => {
    const rig = knowing(PEER);
    rig.lport.rports.get(PEER)!.portName = 0xbadn;
    rig.lport.discovery.start();
    rig.accept(listOf(PEER));
    expect(rig.log[0]).toBe('gone 10100 another port has its address');
    expect(rig.asked()).toEqual(['PLOGI to 10100']);
  });
});

describe('an RSCN', () => {
  it('of one port asks for its name alone', () => {
    const rig = knowing(PEER);
    rig.lport.discovery.changed(onePort(PEER));
    expect(rig.frames.map((one) => rig.ct(one))).toMatchObject([{ kind: 'GPN_ID', portId: PEER }]);
    rig.accept(nameOf(BigInt(PEER)));
    expect(rig.asked()).toEqual(['ADISC to 10100']);
  });

  it('of a port that the name server does not know ends its login', () => {
    const rig = knowing(PEER);
    rig.lport.discovery.changed(onePort(PEER));
    rig.reject(UNABLE, 1);
    expect(rig.log).toEqual(['gone 10100 gone from the name server', 'discovered']);
    expect(rig.lport.rports.size).toBe(0);
  });

  it('without an answer of the name server changes nothing', () => {
    const rig = knowing(PEER);
    rig.lport.discovery.changed(onePort(PEER));
    rig.next();
    rig.clock.run(30 * SECOND);
    rig.lport.discovery.changed(onePort(PEER));
    rig.accept(nameOf(1n).subarray(0, 18));
    expect(rig.contradictions).toHaveLength(1);
    expect(rig.log).toEqual([]);
    expect(rig.lport.rports.size).toBe(1);
  });

  it('of more than a port asks for the whole list', () => {
    const rig = knowing(PEER);
    rig.lport.discovery.changed(area(0x01_0000));
    expect(rig.asked()).toEqual(['GPN_FT to fffffc']);
  });

  it('about the port itself, or before it is ready, asks nothing', () => {
    const rig = knowing(PEER);
    rig.lport.discovery.changed(onePort(N_PORT_ID));
    rig.lport.enterReset('link down', false);
    rig.lport.discovery.changed(onePort(PEER));
    expect(rig.frames).toEqual([]);
  });

  it('makes a target ask for initiators that it knows, and end those that changed', () => {
    const rig = make({ role: 'target', discovers: false });
    rig.lport.rport(PEER)!.adopt(login(PEER));
    rig.lport.rport(PEER + 1)!.adopt(login(PEER + 1));
    rig.takeLog();
    rig.lport.discovery.changed(onePort(PEER));
    expect(rig.asked()).toEqual(['GPN_ID to fffffc']);
    rig.accept(nameOf(BigInt(PEER)));
    expect(rig.log).toEqual([]);
    rig.lport.discovery.changed(area(0x01_0000));
    expect(rig.frames).toHaveLength(2);
    rig.accept(nameOf(0xbadn));
    rig.reject(UNABLE, 1);
    expect(rig.log.filter((line) => line.startsWith('gone'))).toEqual([
      'gone 10100 gone from the name server',
      'gone 10101 gone from the name server',
    ]);
  });

  it('makes a target ask nothing about a port that it does not know', () => {
    const rig = make({ role: 'target', discovers: false });
    rig.lport.discovery.changed(onePort(PEER));
    expect(rig.frames).toEqual([]);
  });
});
