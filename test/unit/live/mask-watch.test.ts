/** Who still holds the view of a mask that has changed. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ArrayEvent } from '../../../src/array/storage-array.ts';
import { fcInitiatorPort, fcTargetPort } from '../../../src/history/port-name.ts';
import { MaskWatch } from '../../../src/live/mask-watch.ts';
import { until } from '../../helpers/live-bench.ts';
import { type ControlRig, controlRig } from '../../helpers/live-control.ts';

const WWPN = 0xc050_7600_0000_0100n;
const TEXT = 'c0:50:76:00:00:00:01:00';
const initiator = fcInitiatorPort(WWPN);
const target = fcTargetPort(1n);
const nexus = { initiator, target, epoch: 1, address: 0x010101 };
const SECOND_NS = 1e9;

class Rig {
  view: Record<string, string> = { 0: 'data', 1: 'logs' };
  readonly #watch = new MaskWatch(
    { who: (wwpn) => (wwpn === WWPN ? 'vm1' : undefined), targetPort: () => 0 },
    () => new Map(Object.entries(this.view).map(([lun, unit]) => [Number(lun), unit])),
  );

  tell(event: object, at = 0) {
    return this.#watch.lines({ at, node: 'array', event: event as ArrayEvent });
  }

  texts = (event: object, at = 0) =>
    this.tell(event, at).map(({ text }) => text.replace(`target port 0: ${TEXT} (vm1) `, ''));

  mask(view: Record<string, string>, at = 0) {
    this.view = view;
    return this.texts({ type: 'mask' }, at);
  }
}

const login = (state: 'began' | 'ended', epoch = 1) =>
  ({ type: 'nexus', state, nexus: { ...nexus, epoch } }) as const;
const done = (command: string, lun = 0n, status = 0) =>
  ({ type: 'command-done', nexus, lun, command, status }) as const;
const write = (lun = 0n) => ({ type: 'apply', nexus, lun }) as const;

describe('a login', () => {
  let rig: Rig;
  beforeEach(() => {
    rig = new Rig();
    rig.tell(login('began'));
  });

  test('that has not looked is told of, when it writes, and when it has looked', () => {
    expect(rig.texts(write())).toEqual([]);
    expect(rig.mask({ 0: 'foreign', 1: 'logs' }, SECOND_NS)).toEqual([
      'has not looked at its logical units since its mask changed: LUN 0 was data, is foreign',
    ]);
    expect(rig.texts(write(), 2.5 * SECOND_NS)).toEqual([
      'writes LUN 0, which was data and has been foreign for 1.5 s; it has not asked again',
    ]);
    expect(rig.texts(write(1n))).toEqual([]);
    expect(rig.texts(done('INQUIRY', 1n))).toEqual([]);
    expect(rig.texts(done('REPORT LUNS'))).toEqual([]);
    expect(rig.texts(done('INQUIRY', 0n, 2))).toEqual([]);
    expect(rig.texts(done('READ(10)'))).toEqual([]);
    expect(rig.texts(done('INQUIRY'))).toEqual(['has looked at what its mask shows it']);
    expect(rig.texts(write())).toEqual([]);
  });

  test('need not ask a LUN for its name that came or went', () => {
    expect(rig.mask({ 0: 'data', 2: 'new' })).toEqual([
      'has not looked at its logical units since its mask changed: LUN 1 was logs, and is gone; LUN 2 is new, and was nothing',
    ]);
    expect(rig.texts(done('REPORT LUNS'))).toHaveLength(1);
  });

  test('whose mask is changed back knows what it sees, and each change is said once', () => {
    rig.mask({ 0: 'foreign', 1: 'logs' });
    expect(rig.mask({ 0: 'foreign', 1: 'logs' })).toEqual([]);
    expect(rig.mask({ 0: 'data', 1: 'logs' })).toEqual(['sees again what its mask shows it']);
    expect(rig.texts(write())).toEqual([]);
  });

  test('that ends, or begins anew, knows what there is then', () => {
    rig.mask({ 0: 'foreign' });
    rig.tell(login('began', 2));
    rig.tell(login('ended', 1));
    expect(rig.texts(write())).toEqual([]);
    expect(rig.mask({ 0: 'data' })).toHaveLength(1);
    rig.tell(login('ended', 2));
    expect(rig.mask({ 0: 'foreign' })).toEqual([]);
  });

  test('is a warning, and a write to another unit an error, a line a second', () => {
    rig.view = { 0: 'foreign' };
    const [line] = rig.tell({ type: 'mask' });
    expect(line).toMatchObject({ level: 'warn', event: 'mask-unseen' });
    expect(line!.fields).toEqual({ wwpn: TEXT, targetPort: 0, luns: [0, 1] });
    expect(rig.tell(write())).toMatchObject([
      {
        level: 'error',
        event: 'mask-wrong-unit',
        limitKey: `mask-wrong-unit ${initiator} ${target} 0`,
        fields: { lun: 0, was: 'data', is: 'foreign' },
      },
    ]);
  });
});

describe('serve', () => {
  let rig: ControlRig;
  beforeEach(async () => {
    rig = await controlRig(2);
  });
  afterEach(() => rig.bench.end());

  test('says that a mask changed, who has not seen it, and who has', async () => {
    const { bench } = rig;
    const host = await bench.host();
    await host.begin(WWPN);
    const of = (event: string) => bench.log.filter((one) => one.event === event);
    expect(of('mask-unseen')).toEqual([]);
    await rig.ask({ command: 'mask', action: 'set', wwpn: TEXT, luns: { '0': 'lun1' } });
    expect(of('mask')).toMatchObject([
      { text: `mask of ${TEXT}: LUN 0 lun1`, fields: { wwpn: TEXT, luns: { '0': 'lun1' } } },
    ]);
    expect(of('mask-unseen').map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^target port 0: c0:50:76:00:00:00:01:00 \(\w+\) has not looked .*: LUN 0 was lun0, is lun1; LUN 1 was lun1, and is gone$/,
      ),
    ]);
    // Its next command is answered with 3F/0E, and the host looks again.
    await until(() => of('mask-seen').length > 0, 'the host has looked');
  });
});
