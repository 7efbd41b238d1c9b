/** The array's address on the Ethernet of a fabric: an initiator behind a guest's cable logs in by frames. */
import { afterEach, describe, expect, it } from 'vitest';
import { LiveDriver } from '../../../src/live/driver.ts';
import { ISCSI_TARGET_NAME } from '../../../src/live/iscsi-plan.ts';
import { parseLanAddress } from '../../../src/live/lan-address.ts';
import { parseListenAddress } from '../../../src/live/listen-address.ts';
import { defaultPlan, withLan } from '../../../src/live/plan.ts';
import { type Served, serve } from '../../../src/live/program.ts';
import { SECOND } from '../../../src/machine/machine.ts';
import { streams } from '../../../src/machine/random.ts';
import { StreamNode } from '../../../src/net/stream-node.ts';
import { IscsiInitiator, type IscsiInitiatorEvent } from '../../../src/port/iscsi/initiator.ts';
import { countedIsids } from '../../../src/port/iscsi/isid.ts';
import type { Answered, CommandOutcome, InitiatorNexus } from '../../../src/scsi/transport.ts';

const ARRAY = '192.0.2.1';
const LIMIT_MS = 20_000;
let served: Served | undefined;
let driver: LiveDriver<IscsiInitiatorEvent> | undefined;
afterEach(async () => {
  driver?.stop();
  await served?.close();
  served = undefined;
});

/** An initiator with a network card whose cable is in the fabric's switch. */
async function guest(address: string, mac: string) {
  const running = new LiveDriver<IscsiInitiatorEvent>({ onEvent: () => {} });
  driver = running;
  const machine = new IscsiInitiator({
    name: 'iqn.2026-01.com.example:guest',
    isids: countedIsids,
    hash: () => new Uint8Array(16),
    challenge: (bytes) => new Uint8Array(bytes),
  });
  const port = { mac, address };
  const random = streams(1).stream('guest');
  const node = new StreamNode({ port, machine, random, linkUp: false });
  running.addNode('guest', node);
  const cable = served!.plug((bytes: Uint8Array) => running.receive('guest', 0, [bytes]));
  running.attach('guest', 0, {
    send: (bytes: Uint8Array) => cable.send(bytes),
    flush: () => {},
  });
  const drive = <T>(work: (now: number) => T): T => {
    let value: T;
    running.act('guest', (_, now) => {
      machine.setTime(now);
      value = work(now);
      node.drain(now);
    });
    return value!;
  };
  const nexus = await new Promise<InitiatorNexus>((resolve, reject) => {
    setTimeout(() => reject(new Error('no session')), LIMIT_MS).unref();
    const at = { name: ISCSI_TARGET_NAME, address: ARRAY, port: 3260 };
    drive((now) =>
      machine.login(
        at,
        {
          sessionBegan: (_, begun) => resolve(begun),
          sessionLost: () => {},
          sessionEnded: (_, why) => reject(new Error(why)),
        },
        now,
      ),
    );
  });
  const run = (cdb: Uint8Array, data: { dataOut?: Uint8Array; dataInBytes?: number } = {}) =>
    new Promise<Answered>((resolve, reject) =>
      drive(() =>
        nexus.execute({
          lun: 0n,
          cdb,
          timeoutNs: 10 * SECOND,
          ...data,
          onDone: (outcome: CommandOutcome) =>
            outcome.end === 'answered' ? resolve(outcome) : reject(new Error(outcome.end)),
        }),
      ),
    );
  return { nexus, run };
}

describe('an address of the array on a fabric', () => {
  it('is an iSCSI portal for whoever is behind a cable there; the tap sees its frames', async () => {
    served = await serve({ listen: ['tcp:127.0.0.1:0', `lan:${ARRAY}`], luns: ['8M'] });
    const { nexus, run } = await guest('192.0.2.9', '52:54:00:00:00:09');
    expect(nexus.targetPort).toBe(`${ISCSI_TARGET_NAME},t,0x0001`);
    const dataOut = Uint8Array.from({ length: 64 * 512 }, (_, i) => (i * 7) & 0xff);
    const cdb = (code: number) => Uint8Array.of(code, 0, 0, 0, 0, 8, 0, 0, 64, 0);
    expect((await run(cdb(0x2a), { dataOut })).status).toBe(0);
    const { data } = await run(cdb(0x28), { dataInBytes: dataOut.length });
    expect(Buffer.compare(data, dataOut)).toBe(0);
    expect((await served.ask({ command: 'logins' })).nexuses).toMatchObject([
      { fabric: 'A', wwpn: 'iqn.2026-01.com.example:guest,i,0x00023d000001' },
    ]);
    await served.until(
      'nexus',
      ({ state, nexus: { target } }) => state === 'began' && target === nexus.targetPort,
    );
  });

  it('is refused where there is no such fabric, twice, or as what is none', () => {
    const lan = ['lan:192.0.2.1', 'lan:192.0.2.1'].map(parseLanAddress);
    const plan = defaultPlan({ listen: [parseListenAddress('unix:/tmp/a')], luns: [] });
    expect(() => withLan(plan, lan)).toThrow(
      '--listen lan:192.0.2.1: given twice; each needs its own',
    );
    expect(() => withLan(plan, [parseLanAddress('C=lan:192.0.2.1')])).toThrow(
      '--listen C=lan:192.0.2.1: no guests are let in there; say --listen C=unix:PATH too',
    );
    expect(() => parseLanAddress('lan:host')).toThrow(
      '--listen lan:host: needs lan:ADDRESS, as lan:192.0.2.1',
    );
  });
});
