import { describe, expect, it } from 'vitest';
import { ctRequest } from '../../../../src/codecs/ct/index.ts';
import { formatHex } from '../../../../src/codecs/layout/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { FabricRig } from '../../../helpers/f-port.ts';
import { FABRIC_CONTROLLER, Host, NAME_SERVER, Rig, rscnPages } from '../../../helpers/fcf.ts';

const MACS = ['52:54:00:aa:00:01', '52:54:00:aa:00:02', '52:54:00:aa:00:03'];
const W = [0x2000_0000_0000_0001n, 0x2000_0000_0000_0002n, 0x2000_0000_0000_0003n] as const;

function make(options = {}) {
  const rig = new Rig(options);
  const hosts = MACS.map((mac, port) => new Host(rig, port, mac));
  return { rig, hosts: hosts as [Host, Host, Host] };
}

describe('state change notification', () => {
  it('tells of registered FC-4 types and of logouts, in port format', () => {
    const { rig, hosts } = make();
    const a = hosts[0].join('FLOGI', W[0]);
    const b = hosts[1].flogi(W[1]).nPortId;
    expect(rig.take()).toEqual([]);
    hosts[1].plogi(b, NAME_SERVER, W[1]);
    rig.take();
    const fc4Types = new Uint8Array(32);
    fc4Types[2] = 1;
    const register = () => {
      rig.take();
      const header = { rCtl: 0x02, type: 0x20 };
      const request = new Uint8Array(16 + 36);
      request.set([1, 0, 0, 0, 0xfc, 2, 0, 0, 2, 0x17]);
      request.set([0, b >> 16, (b >> 8) & 0xff, b & 0xff], 16);
      request.set(fc4Types, 20);
      rig.feed(1, hosts[1].frame(b, NAME_SERVER, request, header));
      return rig.takeFc();
    };
    const [accept, notice] = register();
    expect(accept!.header.dId).toBe(b);
    // 61h, page length 4, payload length 8; changed name server object (1), port format (0).
    expect(formatHex(notice!.payload)).toBe('6104000804010002');
    expect(notice).toMatchObject({
      port: 0,
      destination: '0e:fc:00:01:00:01',
      header: {
        rCtl: 0x22,
        dId: a,
        sId: FABRIC_CONTROLLER,
        type: 1,
        fCtl: 0x29_0000,
        rxId: 0xffff,
      },
    });
    // Registering the same again changes nothing.
    expect(register()).toHaveLength(1);
    // Removed object (5).
    const { frames } = hosts[1].logo(b, W[1]);
    expect(rscnPages(frames)).toEqual(['10001: 14010002']);
    expect(rig.eventsOf('registered')).toMatchObject([
      { nPortId: a },
      { nPortId: b, fc4Types: [8] },
    ]);
  });

  it('reaches only those that registered for it', () => {
    const { rig, hosts } = make();
    const a = hosts[0].join('FLOGI', W[0]);
    const b = hosts[1].join('FLOGI', W[1]);
    hosts[0].scr(a, 255);
    hosts[1].scr(b, 2);
    rig.take();
    hosts[2].join('FLOGI', W[2]);
    rig.manage((fcf, now) => fcf.linkDown(2, now));
    expect(rscnPages(rig.take())).toEqual([]);
  });

  it('does not tell a port of itself', () => {
    const { rig, hosts } = make();
    const a = hosts[0].join('FLOGI', W[0]);
    const b = hosts[1].join('FLOGI', W[1]);
    hosts[0].ct(a, { kind: 'GPN_ID', portId: b });
    const request = { kind: 'RFF_ID', portId: a, fc4Features: 2, fc4Type: 8 } as const;
    const header = { rCtl: 0x02, type: 0x20 };
    rig.feed(0, hosts[0].frame(a, NAME_SERVER, ctRequest.encode(request), header));
    expect(rscnPages(rig.take())).toEqual(['10002: 04010001']);
  });

  it('of an address that changed hands is accepted by its new holder in vain', () => {
    const { rig, hosts } = make({ persistentFcIds: true, dBit: true });
    const a = hosts[0].join('FLOGI', W[0]);
    hosts[1].join('FLOGI', W[1]);
    rig.take();
    rig.manage((fcf, now) => fcf.linkDown(1, now));
    const notices = rig.take();
    hosts[0].logo(a, W[0]);
    expect(hosts[0].flogi(W[0]).nPortId).toBe(a);
    hosts[0].acceptRscns(notices);
    expect(rig.eventsOf('protocol')).toHaveLength(1);
  });

  it('of a port about itself reaches those that want to hear of ports', () => {
    const { rig, hosts } = make();
    const a = hosts[0].join('FLOGI', W[0]);
    const b = hosts[1].join('FLOGI', W[1]);
    hosts[1].scr(b, 2);
    rig.take();
    hosts[0].els(a, FABRIC_CONTROLLER, Uint8Array.of(0x61, 4, 0, 8, 0x08, 1, 0, 1));
    const frames = rig.takeFc();
    expect(formatHex(frames[0]!.payload)).toBe('02000000');
    expect(rscnPages(frames)).toEqual(['10002: 08010001']);
    hosts[0].els(a, FABRIC_CONTROLLER, Uint8Array.of(0x61, 4, 0, 8, 0, 1, 0, 2));
    expect(formatHex(rig.takeFc()[0]!.payload)).toBe('0100000000031f00');
  });

  it('is one message for all that a link takes along', () => {
    const { rig, hosts } = make();
    hosts[0].join('FLOGI', W[0]);
    hosts[1].join('FLOGI', W[1]);
    for (let i = 0n; i < 5n; i++) hosts[1].join('FDISC', W[1] + 100n + i);
    rig.take();
    rig.manage((fcf, now) => fcf.linkDown(1, now));
    const frames = rig.takeFc();
    expect(frames).toHaveLength(1);
    expect(rscnPages(frames)).toHaveLength(6);
    expect(rscnPages(frames)).toContain('10001: 14010002');
  });

  it('is tried once more after 2 x R_A_TOV and then given up', () => {
    const { rig, hosts } = make({ dBit: true });
    hosts[1].join('FLOGI', W[1]);
    hosts[0].join('FLOGI', W[0]);
    rig.take();
    rig.manage((fcf, now) => fcf.linkDown(1, now));
    const notices = () => rig.takeFc().filter(({ payload }) => payload[0] === 0x61);
    const [first] = notices();
    rig.advance(20 * SECOND - 1);
    expect(notices()).toEqual([]);
    rig.advance(1);
    const [again] = notices();
    expect(again!.payload).toEqual(first!.payload);
    expect(again!.header.oxId).not.toBe(first!.header.oxId);
    expect(rig.eventsOf('rscn-unanswered')).toEqual([]);
    rig.advance(60 * SECOND);
    expect(notices()).toEqual([]);
    expect(rig.eventsOf('rscn-unanswered')).toEqual([{ type: 'rscn-unanswered', to: 0x010002 }]);
  });

  it('is not repeated once accepted, and an accept out of nowhere is noted', () => {
    const { rig, hosts } = make({ dBit: true });
    hosts[0].join('FLOGI', W[0]);
    hosts[0].acceptRscns(rig.take());
    hosts[1].join('FLOGI', W[1]);
    rig.take();
    rig.manage((fcf, now) => fcf.linkDown(1, now));
    const frames = rig.take();
    hosts[0].acceptRscns(frames);
    expect(rig.eventsOf('protocol')).toEqual([]);
    hosts[0].acceptRscns(frames);
    expect(rig.eventsOf('protocol')).toHaveLength(1);
  });

  it('collects for a listener that is slow, up to a message for the whole fabric', () => {
    const { rig, hosts } = make({ dBit: true });
    const a = hosts[0].join('FLOGI', W[0]);
    rig.take();
    const change = (nPortId: number) =>
      rig.manage((fcf, now) => fcf.sendRscn([{ nPortId }], now, [a]));
    for (let i = 0; i < 20; i++) change(0x01_1000 + i);
    const underWay = rig.take();
    expect(rscnPages(underWay)).toHaveLength(8);
    // One page for a port that changed twice.
    change(0x01_1010);
    hosts[0].acceptRscns(underWay.slice(0, 1));
    const next = rig.take();
    expect(next).toHaveLength(1);
    expect(rscnPages(next)).toHaveLength(12);
    for (let i = 0; i < 200; i++) change(0x01_2000 + i);
    hosts[0].acceptRscns(next);
    expect(rscnPages(rig.take())).toEqual(['10001: 03000000']);
  });

  it('can be sent by the owner in any format to anybody who registered', () => {
    const { rig, hosts } = make();
    hosts[0].join('FLOGI', W[0]);
    const b = hosts[1].join('FLOGI', W[1]);
    hosts[2].flogi(W[2]);
    rig.take();
    rig.manage((fcf, now) => fcf.sendRscn([{ nPortId: 0x01_0000, addressFormat: 2 }], now));
    expect(rscnPages(rig.take())).toEqual(['10001: 02010000', '10002: 02010000']);
    rig.manage((fcf, now) =>
      fcf.sendRscn([{ nPortId: 5, eventQualifier: 2 }], now, [b, 0x01_0003]),
    );
    expect(rscnPages(rig.take())).toEqual(['10002: 08000005']);
  });
});

describe('the scope of RSCNs', () => {
  it.each([
    ['zone', 1],
    ['all', 2],
    ['none', 0],
  ] as const)('scope %s: a port that goes is told to %i of two listeners', (rscn, heard) => {
    const vm = 0x2100_5254_00cc_0001n;
    const { rig, hosts } = make({
      rscn,
      zoning: {
        enforced: 'soft',
        zones: [{ name: 'z', members: [vm, 3n] }],
        defaultZone: 'deny',
      },
    });
    const [one, two, target] = hosts;
    one.flogi(1n);
    const second = two.flogi(2n).nPortId;
    const t = target.flogi(3n).nPortId;
    two.scr(second);
    target.scr(t);
    const { nPortId } = one.fdisc(vm);
    rig.events = [];
    one.logo(nPortId, vm);
    expect(rig.eventsOf('rscn')).toHaveLength(heard);
  });
});

describe('the fabric controller', () => {
  const listening = (registrationFunction = 3) => {
    const rig = new FabricRig();
    const login = rig.login('FLOGI', 1n);
    const { controller } = rig.fabric;
    expect(controller.register(login, registrationFunction)).toBe(true);
    rig.fPort.takeFrames();
    return { rig, login, controller };
  };

  it('puts 63 pages into one RSCN, 256 bytes', () => {
    const { rig, login, controller } = listening();
    for (let i = 0; i < 64; i++) controller.noteTo(login, { nPortId: 0x01_1000 + i });
    rig.settle();
    expect(rig.fPort.frames.map((one) => one.payload.length)).toEqual([256, 8]);
  });

  it('tells of two changes of one port the last, in the place of the last', () => {
    const { rig, login, controller } = listening();
    controller.noteTo(login, { nPortId: 5, eventQualifier: 1 });
    controller.noteTo(login, { nPortId: 6 });
    controller.noteTo(login, { nPortId: 5, eventQualifier: 5 });
    rig.settle();
    expect(formatHex(rig.fPort.frames[0]!.payload)).toBe('6104000c0000000614000005');
  });

  it('knows the registration functions 1, 2, 3 and 255', () => {
    const { login, controller } = listening();
    const taken = [0, 1, 2, 3, 4, 254, 255].filter((one) => controller.register(login, one));
    expect(taken).toEqual([1, 2, 3, 255]);
    expect(login.rscns).toBeUndefined();
  });

  it('says when an RSCN was rejected, and does not send it again', () => {
    const { rig, login, controller } = listening();
    controller.noteTo(login, { nPortId: 5 });
    rig.settle();
    const [frame] = rig.fPort.takeFrames();
    rig.answer(frame!, Uint8Array.of(1, 0, 0, 0, 0, 9, 0, 0));
    rig.advance(100 * SECOND);
    expect(rig.eventsOf('protocol')).toMatchObject([{ what: 'RSCN was rejected' }]);
    expect(rig.fPort.frames).toEqual([]);
  });

  it('forgets what it had to tell a port that is gone', () => {
    const { rig, login, controller } = listening();
    controller.noteTo(login, { nPortId: 5 });
    rig.fabric.logouts.end(login, 'LOGO');
    rig.settle();
    expect(rig.fPort.frames).toEqual([]);
  });
});
