/** Leaving the fabric: whom the port tells, in which order, and what it does without answers. */
import { describe, expect, it } from 'vitest';
import { logo } from '../../../../src/codecs/els/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { N_PORT_ID, NPortRig, PEER } from '../../../helpers/n-port-link.ts';

const login = (portId: number) => ({
  portId,
  portName: BigInt(portId),
  nodeName: 1n,
  receiveBytes: 2112,
  fcpParameters: 0x10,
});

/** A port that is logged in with two others. */
function make() {
  const rig = new NPortRig();
  rig.up();
  rig.take();
  for (const portId of [PEER, PEER + 1]) rig.lport.rport(portId)!.adopt(login(portId));
  rig.takeLog();
  const ends: unknown[] = [];
  return { rig, ends, done: (end?: boolean) => ends.push(end) };
}

describe('leaving in good order', () => {
  it('tells every port, then the name server, then the fabric', () => {
    const { rig, ends, done } = make();
    rig.lport.enterLogo(done);
    expect(rig.asked()).toEqual(['LOGO to 10100', 'LOGO to 10101']);
    rig.accept();
    expect(rig.asked()).toEqual(['LOGO to 10101']);
    rig.accept();
    expect(rig.asked()).toEqual(['LOGO to fffffc']);
    expect(rig.logins).toEqual([]);
    rig.accept();
    const [toFabric] = rig.logins;
    expect(toFabric).toMatchObject({ kind: 'logo', timeoutNs: 2 * SECOND });
    expect(logo.decode(toFabric!.payload)).toMatchObject({
      nPortId: N_PORT_ID,
      portName: rig.lport.portName,
    });
    expect(ends).toEqual([]);
    toFabric!.done({ result: 'timeout' });
    expect(ends).toEqual([true]);
    expect(rig.log).toEqual([
      'logo',
      'gone 10100 logged out, cleared',
      'gone 10101 logged out, cleared',
      'disabled: logged out',
    ]);
    expect(rig.link.at(-1)).toBe('detached 10200');
  });

  it('says so when a port did not answer, and goes on', () => {
    const { rig, ends, done } = make();
    rig.lport.enterLogo(done);
    rig.accept();
    rig.next();
    rig.clock.run(20 * SECOND);
    expect(rig.asked()).toEqual(['LOGO to fffffc']);
    // The name server is given E_D_TOV.
    rig.next();
    rig.clock.run(2 * SECOND - 1);
    expect(rig.logins).toEqual([]);
    rig.clock.run(1);
    rig.logins[0]!.done({ result: 'closed' });
    expect(ends).toEqual([false]);
  });

  it('takes an OX_ID of the port that no exchange has, and gives it back', () => {
    const { rig, done } = make();
    rig.lport.enterFabricLogo(() => done());
    const { oxId } = rig.logins[0]!;
    expect(rig.lport.exchanges.get(oxId!)).toBeDefined();
    rig.logins[0]!.done({ result: 'timeout' });
    expect(rig.lport.exchanges.size).toBe(0);
  });

  it('ends at once without an N_Port_ID', () => {
    const rig = new NPortRig();
    const ends: boolean[] = [];
    rig.lport.enterLogo((end) => ends.push(end));
    expect([ends, rig.frames, rig.logins]).toEqual([[true], [], []]);
    expect(rig.log).toEqual(['disabled: logged out']);
  });

  it('ends unconfirmed, and once, when the port is reset meanwhile', () => {
    const { rig, ends, done } = make();
    rig.lport.enterLogo(done);
    rig.lport.enterReset('link down', false);
    for (const one of rig.logins) one.done({ result: 'closed' });
    rig.clock.run(100 * SECOND);
    expect(ends).toEqual([false]);
    expect([rig.lport.nPortId, rig.lport.state]).toEqual([0, 'disabled']);
  });
});

describe('leaving the fabric alone', () => {
  it('tells no port, whose tasks are not cleared', () => {
    const { rig, ends, done } = make();
    rig.lport.enterFabricLogo(() => done());
    expect(rig.frames).toEqual([]);
    expect(rig.logins.map(({ kind }) => kind)).toEqual(['logo']);
    rig.logins[0]!.done({ result: 'timeout' });
    expect(rig.log).toEqual([
      'logo',
      'gone 10100 logged out',
      'gone 10101 logged out',
      'disabled: logged out',
    ]);
    expect(ends).toHaveLength(1);
  });

  it('ends at once without an N_Port_ID', () => {
    const rig = new NPortRig();
    let ends = 0;
    rig.lport.enterFabricLogo(() => ends++);
    expect([ends, rig.logins]).toEqual([1, []]);
  });
});
