/** Which values of CS_CTL a port may give to machines behind it, and who has which. */
import { expect, it } from 'vitest';
import { lsRjt, qfpa, qfpaAccept, uvem } from '../../../../src/codecs/els/index.ts';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import { F_PORT_CONTROLLER, FABRIC_CONTROLLER, Host, Rig } from '../../../helpers/fcf.ts';

const WWPN = 0x2000_5254_00aa_0001n;
const UUIDS = ['11', '22'].map((byte) => byte.repeat(16)) as [string, string];

function make() {
  const rig = new Rig();
  const host = new Host(rig, 0, '52:54:00:aa:00:01');
  const id = host.flogi(WWPN).nPortId;
  const ask = (payload: Uint8Array, service = F_PORT_CONTROLLER): Uint8Array => {
    rig.take();
    host.els(id, service, payload);
    return rig.takeFc()[0]!.payload;
  };
  const update = (
    kind: 'INSTANTIATED_VE' | 'DEINSTANTIATED_VE',
    uuid: string,
    localVeId: number,
    nPortId = id,
  ) =>
    ask(uvem.encode({ descriptors: [{ kind, globalVeId: parseHex(uuid), nPortId, localVeId }] }));
  return { rig, host, id, ask, update };
}

it('leaves a range to machines, of which lpfc takes the even and the odd', () => {
  const { ask } = make();
  const { descriptors } = qfpaAccept.decode(ask(qfpa.encode({})));
  expect(descriptors).toMatchObject([
    { kind: 'PRIORITY_RANGE', lowRange: 1, highRange: 63, qosPriority: 0, localVeIdUse: 3 },
  ]);
  expect(ask(qfpa.encode({}), FABRIC_CONTROLLER)[0], 'the F_Port alone').toBe(1);
});

it('a machine comes, changes its tag and goes, each told once', () => {
  const { rig, update } = make();
  for (let twice = 0; twice < 2; twice++) expect(update('INSTANTIATED_VE', UUIDS[0], 2)[0]).toBe(2);
  update('INSTANTIATED_VE', UUIDS[0], 127);
  update('DEINSTANTIATED_VE', UUIDS[0], 127);
  const told = rig.eventsOf('virtual-entity').map((one) => [one.entity, one.tag, one.state]);
  expect(told).toEqual([
    [UUIDS[0], 2, 'here'],
    [UUIDS[0], 2, 'gone'],
    [UUIDS[0], 127, 'here'],
    [UUIDS[0], 127, 'gone'],
  ]);
});

it("refuses a tag outside the range, another machine's, and another port's, and changes nothing", () => {
  const { rig, id, update, ask } = make();
  update('INSTANTIATED_VE', UUIDS[0], 2);
  for (const [tag, port] of [
    [1, id],
    [128, id],
    [2, id],
    [3, id + 1],
  ] as const)
    expect(update('INSTANTIATED_VE', UUIDS[1], tag, port)[0], `${tag}`).toBe(1);
  const fits = { kind: 'INSTANTIATED_VE', nPortId: id, globalVeId: parseHex(UUIDS[1]) } as const;
  const both = uvem.encode({
    descriptors: [
      { ...fits, localVeId: 5 },
      { ...fits, localVeId: 0 },
    ],
  });
  expect(lsRjt.decode(ask(both)).reason).toBe(3);
  expect(rig.eventsOf('virtual-entity')).toHaveLength(1);
});
