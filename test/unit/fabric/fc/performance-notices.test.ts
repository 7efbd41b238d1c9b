/** Who is told that frames wait, and what a port and the fabric say that they can signal. */
import { expect, it } from 'vitest';
import {
  edc,
  edcAccept,
  fpin,
  LsDescriptorTag,
  rdf,
  rdfAccept,
} from '../../../../src/codecs/els/index.ts';
import { F_PORT_CONTROLLER, FABRIC_CONTROLLER, Host, Rig } from '../../../helpers/fcf.ts';

const WWPNS = [0x2000_5254_00aa_0001n, 0x2000_5254_00aa_0002n, 0x2000_5254_00aa_0003n] as const;
const { CONGESTION_NOTIFICATION, PEER_CONGESTION_NOTIFICATION, DELIVERY_NOTIFICATION } =
  LsDescriptorTag;

function make(options = {}) {
  const rig = new Rig(options);
  const hosts = WWPNS.map((wwpn, port) => {
    const host = new Host(rig, port, `52:54:00:aa:00:0${port + 1}`);
    const nPortId = host.flogi(wwpn).nPortId;
    const ask = (service: number, payload: Uint8Array): Uint8Array => {
      rig.take();
      host.els(nPortId, service, payload);
      return rig.takeFc()[0]!.payload;
    };
    const register = (...tags: number[]) =>
      ask(FABRIC_CONTROLLER, rdf.encode({ descriptors: [{ kind: 'FPIN_REGISTRATION', tags }] }));
    return { nPortId, ask, register };
  });
  const waits = (kind: 'clear' | 'credit-stall' | 'oversubscription', port = 0) => {
    rig.take();
    rig.manage((fcf, now) => fcf.portWaits(port, kind, 500, now));
    return rig.takeFc().map(({ header, payload }) => ({ header, ...fpin.decode(payload) }));
  };
  return { rig, hosts, waits };
}

it('a registration is answered with what of it will be told', () => {
  const { hosts } = make();
  const { descriptors } = rdfAccept.decode(
    hosts[0]!.register(DELIVERY_NOTIFICATION, CONGESTION_NOTIFICATION),
  );
  expect(descriptors).toMatchObject([
    { kind: 'LINK_SERVICE_REQUEST_INFORMATION', command: 0x19 },
    { kind: 'FPIN_REGISTRATION', tags: [CONGESTION_NOTIFICATION] },
  ]);
});

it('a virtual link has no signals; only what was asked for is answered', () => {
  const { hosts } = make();
  const congestion = {
    kind: 'CONGESTION_SIGNALING_CAPABILITY',
    transmitCapability: 2,
    transmitPeriod: 100,
    transmitUnit: 2,
    receiveCapability: 2,
    receivePeriod: 100,
    receiveUnit: 2,
  } as const;
  const accept = hosts[0]!.ask(F_PORT_CONTROLLER, edc.encode({ descriptors: [congestion] }));
  expect(edcAccept.decode(accept).descriptors).toMatchObject([
    { kind: 'LINK_SERVICE_REQUEST_INFORMATION', command: 0x17 },
    { kind: 'CONGESTION_SIGNALING_CAPABILITY', transmitCapability: 0, receiveCapability: 0 },
  ]);
  expect(hosts[0]!.ask(FABRIC_CONTROLLER, edc.encode({ descriptors: [] }))[0]).toBe(1);
});

it('the port that is waited for is told, and those who see it; each change once, and no reply', () => {
  const { rig, hosts, waits } = make();
  hosts[0]!.register(CONGESTION_NOTIFICATION);
  hosts[1]!.register(PEER_CONGESTION_NOTIFICATION, CONGESTION_NOTIFICATION);
  const told = waits('oversubscription');
  expect(told.map(({ header: { dId, sId, fCtl, rCtl } }) => [dId, sId, fCtl, rCtl])).toEqual(
    [0, 1].map((index) => [hosts[index]!.nPortId, FABRIC_CONTROLLER, 0x38_0000, 0x22]),
  );
  expect(told.map(({ descriptors }) => descriptors)).toMatchObject([
    [{ kind: 'CONGESTION_NOTIFICATION', eventType: 3, eventPeriodMs: 500, severity: 0xf1 }],
    [
      {
        kind: 'PEER_CONGESTION_NOTIFICATION',
        detectingPortName: rig.fcf.portState(0).portName,
        attachedPortName: WWPNS[0],
        eventType: 3,
        portNames: [WWPNS[0]],
      },
    ],
  ]);
  expect(waits('oversubscription'), 'the same is not said again').toEqual([]);
  expect(waits('clear')).toHaveLength(2);
  expect(waits('clear')).toEqual([]);
  expect(rig.eventsOf('fpin').map(({ about, kind }) => [about, kind])).toEqual([
    ['own', 'oversubscription'],
    ['peer', 'oversubscription'],
    ['own', 'clear'],
    ['peer', 'clear'],
  ]);
});

it('who is in no zone with the port hears nothing of it', () => {
  const zones = [
    { name: 'z1', members: [WWPNS[0], WWPNS[1]] },
    { name: 'z2', members: [WWPNS[2]] },
  ];
  const { hosts, waits } = make({ zoning: { enforced: 'hard', defaultZone: 'deny', zones } });
  for (const one of hosts) one.register(PEER_CONGESTION_NOTIFICATION);
  expect(waits('credit-stall').map(({ header }) => header.dId)).toEqual([hosts[1]!.nPortId]);
});
