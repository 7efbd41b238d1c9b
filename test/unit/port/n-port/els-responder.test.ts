/** What an N_Port answers to link services of others. */
import { describe, expect, it } from 'vitest';
import {
  type ElsRequestInput,
  elsRequest,
  lsRjt,
  plogiAccept,
  recAccept,
  rtvAccept,
} from '../../../../src/codecs/els/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { plogiPayload, prliPayload } from '../../../../src/port/n-port/login-parameters.ts';
import type { LportListener, LportOptions } from '../../../../src/port/n-port/lport.ts';
import { NPortRig, PEER, PEER_NAME } from '../../../helpers/n-port-link.ts';

const other = (portName = PEER_NAME, role: 'initiator' | 'target' = 'target') => ({
  portName,
  nodeName: 5n,
  role,
  receiveBytes: 1024,
});

function make(options: Partial<LportOptions> = {}, listener: LportListener = {}) {
  const rig = new NPortRig(options, listener);
  rig.up();
  rig.take();
  /** The answer to a request: `LS_ACC`, or `03/1e` of an LS_RJT; `undefined` for none. */
  const ask = (payload: Uint8Array | ElsRequestInput, header: object = {}) => {
    rig.take();
    rig.request(payload instanceof Uint8Array ? payload : elsRequest.encode(payload), header);
    const [answer] = rig.frames;
    if (answer === undefined) return undefined;
    expect(answer.header).toMatchObject({ rCtl: 0x23, oxId: 0x77, dId: PEER, fCtl: 0x99_0000 });
    if (answer.payload[0] === 2) return 'LS_ACC';
    const { reason, explanation } = lsRjt.decode(answer.payload);
    return `${reason.toString(16)}/${explanation.toString(16)}`;
  };
  const plogi = (portName = PEER_NAME, header = {}) =>
    ask(plogiPayload(other(portName), 2000), header);
  const prli = (role: 'initiator' | 'target' = 'target', header = {}) =>
    ask(prliPayload(other(PEER_NAME, role)), header);
  /** Logged in from the other side. */
  const joined = () => {
    plogi();
    prli(rig.lport.options.role === 'target' ? 'initiator' : 'target', { oxId: 0x77 });
    rig.take();
    rig.takeLog();
    return rig.lport.rports.get(PEER)!;
  };
  return { rig, ask, plogi, prli, joined };
}

describe('PLOGI', () => {
  it('is accepted with our names, and makes the port known', () => {
    const { rig, plogi } = make({ receiveBytes: 2048 });
    expect(plogi()).toBe('LS_ACC');
    const accept = plogiAccept.decode(rig.frames[0]!.payload);
    expect(accept.portName).toBe(rig.lport.portName);
    expect(accept.common.bbReceiveDataFieldSizeBytes).toBe(2048);
    expect(rig.lport.rports.get(PEER)).toMatchObject({ portName: PEER_NAME, receiveBytes: 1024 });
  });

  it('that crosses ours is carried out where it comes from the higher name', () => {
    const lower = make();
    lower.rig.lport.rport(PEER)!.login();
    expect(lower.plogi(1n)).toBe('e/0');
    const higher = make();
    higher.rig.lport.rport(PEER)!.login();
    expect(higher.plogi(0x7000_0000_0000_0000n)).toBe('LS_ACC');
  });

  it('that comes twice to a target is carried out once', () => {
    const { rig, plogi } = make({ role: 'target' });
    expect(plogi()).toBe('LS_ACC');
    expect(plogi()).toBeUndefined();
    expect(rig.contradictions).toEqual(['PLOGI that came twice']);
    rig.clock.run(2 * SECOND);
    expect(plogi()).toBe('LS_ACC');
  });

  it('that comes again to an initiator is answered again', () => {
    const { plogi } = make({ role: 'initiator' });
    expect([plogi(), plogi()]).toEqual(['LS_ACC', 'LS_ACC']);
  });
});

describe('PRLI', () => {
  it('needs PLOGI, and a page for FCP', () => {
    const { prli, ask, plogi } = make();
    expect(prli()).toBe('9/1e');
    plogi();
    const page = prliPayload(other()).slice();
    page[4] = 0x28;
    expect(ask(page)).toBe('9/2c');
  });

  it('of the other kind makes the port ready, of our own kind does not', () => {
    for (const [role, kind, state] of [
      ['initiator', 'target', 'ready'],
      ['initiator', 'initiator', 'init'],
      ['target', 'initiator', 'ready'],
      ['target', 'target', 'init'],
    ] as const) {
      const { rig, plogi, prli } = make({ role });
      plogi();
      expect(prli(kind, { oxId: 0x77 })).toBe('LS_ACC');
      const rport = rig.lport.rports.get(PEER)!;
      expect([rport.state, rport.prliOxId]).toEqual([state, 0x77]);
    }
  });
});

describe('LOGO and PRLO', () => {
  const logo = (portName = PEER_NAME, nPortId = PEER) =>
    ({ kind: 'LOGO', nPortId, portName }) as const;
  const prlo = { kind: 'PRLO', pages: [] } as unknown as ElsRequestInput;

  it('end the login of a target for good', () => {
    const { rig, ask, joined } = make({ role: 'target' });
    joined();
    expect(ask(logo())).toBe('LS_ACC');
    expect(rig.log).toEqual(['gone 10100 LOGO from the other side, cleared']);
    expect(rig.lport.rports.size).toBe(0);
    rig.take();
    rig.clock.run(100 * SECOND);
    expect(rig.frames).toEqual([]);
  });

  it.each([
    ['LOGO', logo()],
    ['PRLO', prlo],
  ])('%s: an initiator logs in anew after E_D_TOV', (_, request) => {
    const { rig, ask, joined } = make();
    joined();
    expect(ask(request)).toBe('LS_ACC');
    rig.take();
    rig.clock.run(2 * SECOND - 1);
    expect(rig.frames).toEqual([]);
    rig.clock.run(1);
    expect(rig.asked()).toEqual(['PLOGI to 10100']);
  });

  it('an initiator does not log in anew when it was reset meanwhile', () => {
    const { rig, ask, joined } = make();
    joined();
    ask(logo());
    rig.lport.enterReset('link down', false);
    rig.take();
    rig.clock.run(100 * SECOND);
    expect(rig.frames).toEqual([]);
  });

  it('for another port is accepted and changes nothing', () => {
    const { rig, ask, joined } = make();
    const rport = joined();
    expect(ask(logo(1n, 1))).toBe('LS_ACC');
    expect([rport.state, rig.log]).toEqual(['ready', []]);
  });
});

describe('other link services', () => {
  it('ADISC is accepted from a port that is logged in under this name', () => {
    const { ask, joined } = make();
    const adisc = (portName: bigint) =>
      ({ kind: 'ADISC', hardAddress: 0, portName, nodeName: 5n, nPortId: PEER }) as ElsRequestInput;
    expect(ask(adisc(PEER_NAME))).toBe('3/1e');
    joined();
    expect(ask(adisc(PEER_NAME))).toBe('LS_ACC');
    expect(ask(adisc(1n))).toBe('3/1e');
  });

  it('RTV tells the time-outs of the fabric', () => {
    const { rig, ask } = make();
    rig.lport.eDTovNs = 3 * SECOND;
    expect(ask({ kind: 'RTV' } as ElsRequestInput)).toBe('LS_ACC');
    const values = rtvAccept.decode(rig.frames[0]!.payload);
    expect(values).toMatchObject({ rATovMs: 10_000, eDTov: 3000 });
  });

  it('RSCN is answered to anybody, and believed of the fabric controller', () => {
    const { rig } = make({ discovers: true });
    rig.take();
    const rscn = Uint8Array.of(0x61, 4, 0, 8, 0, 1, 1, 0);
    rig.request(rscn);
    expect(rig.asked()).toEqual(['LS_ACC to 10100']);
    rig.take();
    rig.request(rscn, { sId: 0xff_fffd });
    expect(rig.asked()).toEqual(['LS_ACC to fffffd', 'GPN_ID to fffffc']);
    rig.take();
    rig.request(Uint8Array.of(0x61, 4, 0, 8, 2, 1, 0, 0), { sId: 0xff_fffd });
    // The first question is still under way: the list is asked for when it ends.
    expect(rig.asked()[0]).toBe('LS_ACC to fffffd');
  });

  it('REC tells of an exchange that the owner knows', () => {
    const asked: unknown[] = [];
    const { rig, ask } = make(
      {},
      {
        readExchange: (_rport, ids) => {
          asked.push(ids);
          return ids.oxId === 5 ? { rxId: 6, bytes: 4096, status: 0x2000_0000 } : undefined;
        },
      },
    );
    const rec = (oxId: number) =>
      ({ kind: 'REC', originatorId: PEER, oxId, rxId: 0xffff }) as ElsRequestInput;
    expect(ask(rec(7))).toBe('3/17');
    expect(ask(rec(5))).toBe('LS_ACC');
    expect(recAccept.decode(rig.frames[0]!.payload)).toMatchObject({
      oxId: 5,
      rxId: 6,
      originatorId: PEER,
      responderId: rig.lport.nPortId,
      fc4Value: 4096,
      eStat: 0x2000_0000,
    });
    expect(asked[1]).toMatchObject({ oxId: 5, rxId: 0xffff });
    expect(make().ask(rec(5))).toBe('3/17');
  });

  it('FPIN is not even refused', () => {
    const { ask } = make();
    expect(ask({ kind: 'FPIN', descriptors: [] } as unknown as ElsRequestInput)).toBeUndefined();
  });

  it('RRQ is accepted; FLOGI and what is unknown are not', () => {
    const { ask } = make();
    expect(ask({ kind: 'RRQ', originatorId: PEER, oxId: 1, rxId: 2 } as ElsRequestInput)).toBe(
      'LS_ACC',
    );
    const flogi = new Uint8Array(116);
    flogi[0] = 4;
    expect(ask(flogi)).toBe('9/2c');
    expect(ask(Uint8Array.of(0xee, 0, 0, 0))).toBe('b/2c');
  });

  it('what does not decode is a contradiction without an answer', () => {
    const { rig, ask } = make();
    expect(ask(Uint8Array.of(3, 0, 0, 0))).toBeUndefined();
    expect(rig.contradictions).toHaveLength(1);
    expect(rig.contradictions[0]).toMatch(/from 010100$|from 01\.01\.00$|from 0x010100$/);
  });
});
