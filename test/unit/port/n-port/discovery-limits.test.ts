/** RSCNs that name more than there is. */
import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../../../scripts/fuzz/world.ts';
import { RscnAddressFormat, rscn } from '../../../../src/codecs/els/index.ts';
import { FCTL_REQUEST, FcType, RCtl, WellKnownAddress } from '../../../../src/codecs/fc/index.ts';
import { Eof, encodeFcoeFrame, Sof } from '../../../../src/codecs/fcoe/index.ts';
import type { Fcf } from '../../../../src/fabric/fcoe/fcf.ts';
import { LittleNet } from '../../../../src/testing/little-net.ts';

/** A world at work, and what an RSCN from its fabric controller brings about at a port. */
function rig() {
  const world = makeWorld(0);
  const net: LittleNet = new LittleNet(world.machines, world.cables, (node, event) =>
    world.handleEvent(node, event, net.now),
  );
  net.plugIn();
  while (world.done() < 10) net.step();
  const fcf = world.machines.get('fcf') as Fcf;
  const tell = (node: string, pages: { nPortId: number; addressFormat: number }[]): number => {
    // The last to log in at a port: a guest's port behind a host's own.
    const target = fcf
      .logins()
      .reverse()
      .find((one) => one.port === (node === 'array' ? 2 : 0))!;
    const frame = encodeFcoeFrame({
      destination: target.mac,
      source: fcf.config.fcfMac,
      vlan: { vid: fcf.config.vlan },
      sof: Sof.SOFi3,
      eof: Eof.EOFt,
      header: {
        rCtl: RCtl['ELS Request'],
        dId: target.nPortId,
        sId: WellKnownAddress['Fabric Controller'],
        type: FcType.ELS,
        fCtl: FCTL_REQUEST,
        oxId: 0x7777,
      },
      payload: rscn.encode({ pages: pages.map((page) => ({ ...page, reserved1: 0 })) }),
    });
    net.outputsMost = 0;
    net.deliver({ node, port: 0 }, frame);
    return net.outputsMost;
  };
  // A port that the other side is logged in with: a guest's for the array, the array's for a guest.
  const known = (node: string): number =>
    fcf.logins().find((one) => (node === 'array' ? one.by === 'FDISC' : one.port === 2))!.nPortId;
  return { tell, known, logins: fcf.logins().length };
}

const many = (page: (i: number) => { nPortId: number; addressFormat: number }) =>
  Array.from({ length: 500 }, (_, i) => page(i));

describe('an RSCN', () => {
  it.each(['array', 'h1'])('of 500 pages asks once for each port that %s knows', (node) => {
    const { tell, known, logins } = rig();
    const nPortId = known(node);
    const same = { nPortId, addressFormat: RscnAddressFormat.PORT };
    const area = { nPortId, addressFormat: RscnAddressFormat.AREA };
    // The accept, and a query.
    expect(tell(node, [same])).toBe(2);
    expect(
      tell(
        node,
        many(() => same),
      ),
    ).toBe(2);
    expect(
      tell(
        node,
        many(() => area),
      ),
    ).toBeLessThanOrEqual(1 + logins);
    expect(
      tell(
        node,
        many((i) => (i % 2 === 0 ? same : area)),
      ),
    ).toBeLessThanOrEqual(2 + logins);
  });

  it('that names ports nobody knows leaves a target alone, and stops an initiator in time', () => {
    const { tell } = rig();
    const page = (first: number) => (i: number) => ({
      nPortId: 0x02_0000 + first + i,
      addressFormat: RscnAddressFormat.PORT,
    });
    expect(tell('array', many(page(0)))).toBe(1);
    let queries = 0;
    for (let first = 0; first < 5_000; first += 500) queries += tell('h1', many(page(first)));
    expect(queries).toBeGreaterThan(1_000);
    // 1,024 queries, ten accepts, and the events that say what was left out.
    expect(queries).toBeLessThan(1_024 + 10 + 5_000);
  });
});
