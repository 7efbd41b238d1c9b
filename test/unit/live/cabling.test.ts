/** What is plugged in where: the array first, then guests, each in the first port that is free. */
import { beforeEach, describe, expect, test } from 'vitest';
import { Cabling } from '../../../src/live/cabling.ts';
import { LiveDriver } from '../../../src/live/driver.ts';
import { buildFabrics, GUESTS_MAX, type LiveEvent } from '../../../src/live/links.ts';
import { ListenError, parseListenAddress } from '../../../src/live/listen-address.ts';
import { arrayOf, defaultPlan } from '../../../src/live/plan.ts';
import type { GuestWire, PluggedGuest } from '../../../src/live/stream-wire.ts';
import { streams } from '../../../src/machine/random.ts';
import { buildArray } from '../../../src/scenario/build-array.ts';
import { MemoryMedium } from '../../../src/scsi/medium/medium.ts';

const random = streams(1).stream;

function makeRig() {
  const listen = ['A=unix:a.sock', 'B=unix:b.sock'].map(parseListenAddress);
  const plan = defaultPlan({ listen, luns: [] });
  const array = arrayOf(plan);
  // Time stands still, so that nothing happens by itself.
  const driver = new LiveDriver<LiveEvent>({ onEvent: () => {}, clock: () => 0 });
  const fabrics = buildFabrics(plan.topology, random);
  for (const { node, fcf } of fabrics.values()) driver.addNode(node, fcf);
  driver.addNode(array.name, buildArray(array, [new MemoryMedium(16)], random('array')));
  const ruled: string[] = [];
  const said: [string, string, object][] = [];
  const cabling = new Cabling({
    driver,
    fabrics,
    faults: { applyTo: (link) => void ruled.push(link.name) },
    log: (level, event, _text, fields = {}) => said.push([level, event, fields]),
  });
  const b = fabrics.get('B')!;
  const wire = (): GuestWire => ({ send: () => {}, flush: () => {}, dropped: 2, waitingBytes: 0 });
  const plugIn = () => cabling.plugIn(b, 'unix:b.sock', wire());
  const links = () => [...b.links.values()].map(({ name }) => name);
  return { cabling, driver, plan, array, b, fabrics, ruled, said, plugIn, links };
}

let rig: ReturnType<typeof makeRig>;
beforeEach(() => {
  rig = makeRig();
  rig.cabling.cableArray(rig.plan.topology, rig.array.name);
  return () => rig.driver.stop();
});

test('the array has a link in each fabric, up and under the rules in force', () => {
  const { fabrics, ruled, b } = rig;
  expect(ruled).toEqual(['A.0', 'B.0']);
  expect(b.links.get(0)).toMatchObject({ name: 'B.0', to: { targetPort: 1 }, wire: undefined });
  expect([...fabrics.values()].map(({ fcf }) => fcf.portState(0).up)).toEqual([true, true]);
});

describe('guests', () => {
  test('take the first free port; one that went away leaves it to the next', () => {
    const first = rig.plugIn() as PluggedGuest;
    rig.plugIn();
    expect(rig.links()).toEqual(['B.0', 'B.1', 'B.2']);
    expect(rig.b.fcf.portState(1).up).toBe(true);
    first.closed(undefined);
    expect(rig.b.fcf.portState(1).up).toBe(false);
    expect(rig.links()).toEqual(['B.0', 'B.2']);
    rig.plugIn();
    expect(rig.b.links.get(1)).toMatchObject({ name: 'B.1', to: { address: 'unix:b.sock' } });
    expect(rig.ruled.slice(2)).toEqual(['B.1', 'B.2', 'B.1']);
  });

  test('are told of in the log when they come and go, as a fault where they end badly', () => {
    (rig.plugIn() as PluggedGuest).closed('closed in the middle of a frame');
    expect(rig.said).toEqual([
      ['info', 'connected', { link: 'B.1', address: 'unix:b.sock' }],
      [
        'error',
        'disconnected',
        { link: 'B.1', why: 'closed in the middle of a frame', framesDropped: 2, logins: [] },
      ],
    ]);
  });

  test('have room for so many; the next hears why not', () => {
    for (let i = 0; i < GUESTS_MAX; i++) expect(typeof rig.plugIn()).toBe('object');
    expect(rig.plugIn()).toBe(`no room for another guest on B: ${GUESTS_MAX} are connected`);
    expect(rig.said.at(-1)![1]).toBe('refused');
  });
});

test('an address of a fabric that nobody serves is refused with those that are', async () => {
  const refused = rig.cabling.listen(parseListenAddress('C=unix:c.sock'));
  await expect(refused).rejects.toThrow(ListenError);
  await expect(refused).rejects.toThrow(
    '--listen C=unix:c.sock: there is no fabric C; there is A, B',
  );
});
