/** Data center bridging at the ports of an FCF: an exchange a port, on switches that want one. */
import { describe, expect, it } from 'vitest';
import { EtherType } from '../../../../src/codecs/ethernet/index.ts';
import { type Mac, macAt } from '../../../../src/codecs/layout/index.ts';
import { LLDP_NEAREST_BRIDGE, lldpdu, lldpTlvOf } from '../../../../src/codecs/lldp/index.ts';
import { Fcf } from '../../../../src/fabric/fcoe/fcf.ts';
import type { FcfOptions } from '../../../../src/fabric/fcoe/options.ts';
import type { FabricEvent } from '../../../../src/history/fabric.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { convergedSettings, NO_DCB } from '../../../../src/net/dcbx/settings.ts';
import { describeMachine } from '../../../../src/testing/machine-contract.ts';
import { DcbxEnd, drained } from '../../../helpers/dcbx.ts';
import { FABRIC_NAME, FCF_MAC, SWITCH_NAME } from '../../../helpers/fcf.ts';
import { drawnBy } from '../../../helpers/random.ts';

const CONVERGED = { willing: false, settings: convergedSettings() };
const make = (options: Partial<FcfOptions> = {}): Fcf =>
  new Fcf({
    name: 'fcf',
    fcfMac: FCF_MAC,
    fabricName: FABRIC_NAME,
    switchName: SWITCH_NAME,
    domain: 1,
    ports: 2,
    random: drawnBy(() => 0),
    dcbx: CONVERGED,
    ...options,
  });

const isLldp = (frame: Uint8Array) => ((frame[12]! << 8) | frame[13]!) === EtherType.LLDP;

function outputs(fcf: Fcf) {
  const frames: { readonly port: number; readonly frame: Uint8Array }[] = [];
  const events: FabricEvent[] = [];
  for (let one = fcf.poll(); one !== undefined; one = fcf.poll()) {
    if ('event' in one) events.push(one.event);
    else if (isLldp(one.send)) frames.push({ port: one.port, frame: one.send });
  }
  return { frames, events: events.filter(({ type }) => type === 'dcbx' || type === 'protocol') };
}

const HOST_MAC = '02:00:00:00:00:01' as Mac;
const host = (dialect: 'ieee' | 'cee' = 'ieee') =>
  new DcbxEnd(HOST_MAC, { willing: true, settings: NO_DCB, dialect });
const [IEEE, CEE] = [host(), host('cee')].map((one) => drained(one).frames[0]!);

describeMachine({ describe, it }, 'an FCF that speaks DCBX', () => make(), {
  ports: [0, 1],
  frames: [IEEE!, CEE!],
});

describe('an FCF', () => {
  it('says nothing of it unless it is to', () => {
    const fcf = make({ dcbx: 'off' });
    fcf.handleFrame(0, IEEE!, true, 0);
    expect(outputs(fcf)).toEqual({ frames: [], events: [] });
    expect(fcf.counters.ignored).toBe(1);
    expect(fcf.kept()).not.toHaveProperty(['LLDP neighbours']);
  });

  it('speaks at each port that is up, under a name of its own, and tells what is in force', () => {
    const fcf = make();
    const { frames, events } = outputs(fcf);
    expect(frames.map(({ port, frame }) => [port, macAt(frame, 0), macAt(frame, 6)])).toEqual(
      [0, 1].map((port) => [port, LLDP_NEAREST_BRIDGE, FCF_MAC]),
    );
    const names = frames.map(
      ({ frame }) => lldpTlvOf(lldpdu.decode(frame.subarray(14)), 'portId')!,
    );
    expect(names.map(({ portId }) => Buffer.from(portId).toString())).toEqual(['port 0', 'port 1']);
    expect(events).toMatchObject(
      [0, 1].map((port) => ({ type: 'dcbx', port, isAgreed: false, pfcEnabled: 8 })),
    );
  });

  it('its peer takes what it has, and it hears so; a link that goes forgets it', () => {
    const fcf = make();
    const end = host();
    const { frame } = outputs(fcf).frames[0]!;
    drained(end);
    end.handleFrame(0, frame, true, SECOND);
    for (const sent of drained(end).frames) fcf.handleFrame(0, sent, true, SECOND);
    expect(end.port.agreement).toMatchObject({ isAgreed: true, pfcEnabled: 8 });
    expect(outputs(fcf).events).toMatchObject([{ type: 'dcbx', port: 0, isAgreed: true }]);
    expect(fcf.kept()['LLDP neighbours']).toBe(1);
    fcf.linkDown(0, 2 * SECOND);
    expect(fcf.kept()['LLDP neighbours']).toBe(0);
    fcf.linkUp(0, 2 * SECOND);
    expect(outputs(fcf).events).toMatchObject([{ type: 'dcbx', port: 0, isAgreed: false }]);
    fcf.restart(3 * SECOND);
    expect(outputs(fcf).frames).toHaveLength(2);
  });

  it('what does not decode is dropped and counted', () => {
    const fcf = make();
    fcf.handleFrame(0, IEEE!.slice(0, 21), true, 0);
    expect(fcf.counters.dropped.malformed).toBe(1);
  });
});
